/** What the casts of a pair of types have in common. */

/**
 * What becomes of a value that cannot be cast.
 *
 * @param message The error's text, as an expression in DuckDB SQL.
 */
export type Fail = (message: string) => string;

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
