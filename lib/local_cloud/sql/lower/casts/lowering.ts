/** What the casts of a pair of types have in common. */
import type { FunctionCall } from "../../resolved.ts";

/**
 * What becomes of a value that cannot be cast, or that a function is not defined for.
 *
 * @param message The error's text, as an expression in DuckDB SQL.
 */
export type Fail = (message: string) => string;

/** An error. */
export const raising: Fail = (message) => `error(${message})`;
/** NULL, as SAFE_CAST and SAFE. want it; errors of the value itself stay errors. */
export const nulling: Fail = () => "NULL";

/** The failure of a function call. */
export const failure = (call: FunctionCall): Fail =>
  call.errorMode === "SAFE_ERROR_MODE" ? nulling : raising;

/** Writes a cast of `value`, which is safe to repeat; NULL must stay NULL. */
export type CastLowering = (value: string, fail: Fail) => string;

/** `Bad int64 value: abc` */
export const message = (text: string, value: string): string =>
  `'${text.replaceAll("'", "''")}' || ${value}`;

/** `Invalid date: 'x'` */
export const quoted = (text: string, value: string): string => `'${text} ''' || ${value} || ''''`;

/** `converted`, or a failure where that is NULL although `value` is not. */
export const orFail = (value: string, converted: string, failed: string): string =>
  `CASE WHEN ${value} IS NOT NULL THEN coalesce(${converted}, ${failed}) END`;
