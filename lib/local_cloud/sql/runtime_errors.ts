/** DuckDB's errors while a query runs, in BigQuery's words. */
import { CloudError, invalidQuery } from "../errors.ts";

/** DuckDB's message → BigQuery's. The first that matches speaks. */
const MESSAGES: [RegExp, (...parts: string[]) => string][] = [
  [/^Out of Range Error: Overflow in (addition|subtraction|multiplication) of INT64 \((.*)\)!/, (
    _,
    __,
    operation,
  ) => `int64 overflow: ${operation}`],
  [/^Out of Range Error: (.*)/s, (_, what) => what],
  [
    /^Invalid Input Error: More than one row returned by a subquery/,
    () => "Scalar subquery produced more than one element",
  ],
  [
    /^Constraint Error: NOT NULL constraint failed: [^.]*\.(.*)/s,
    (_, column) => `Required column ${column} cannot be null`,
  ],
  [/^(?:Conversion|Invalid Input) Error: Type INT128 .* type INT64/s, () => "int64 overflow"],
  [/^Invalid Input Error: (.*)/s, (_, what) => what],
  [/^Conversion Error: (.*)/s, (_, what) => what],
];

/** What DuckDB shows of its own SQL, which the user never wrote. */
const EXCERPT = /\n\nLINE \d+: [^]*$/;

/** Errors that say the compiler, not the user, wrote something wrong. */
const OURS = /^(Binder|Parser|Catalog|Not implemented|INTERNAL) Error/;

const REPLACED = /^Catalog Error: Table with name [tm]\d+\w* does not exist/;

const textOf = (error: unknown) => error instanceof Error ? error.message : String(error);

/** Whether the storage that a name stood for is gone: another job replaced the table. */
export const isReplaced = (error: unknown): boolean => REPLACED.test(textOf(error));

/** Whether DuckDB refuses what the compiler wrote. */
export const isOurFault = (error: unknown): boolean =>
  !(error instanceof CloudError) && OURS.test(textOf(error)) && !isReplaced(error);

/**
 * What a failed query is answered with.
 *
 * @param signal tells an interrupt that was asked for from one that was not.
 */
export function runtimeError(error: unknown, signal?: AbortSignal): unknown {
  if (error instanceof CloudError) return error;
  if (signal?.aborted) return new CloudError("stopped", "Job execution was cancelled");
  const text = textOf(error);
  if (OURS.test(text)) {
    return new CloudError("internalError", `The local warehouse compiled this wrongly: ${text}`);
  }
  if (/^Out of Memory Error/.test(text)) {
    return new CloudError("resourcesExceeded", "Resources exceeded during query execution");
  }
  for (const [pattern, write] of MESSAGES) {
    const found = pattern.exec(text.replace(EXCERPT, ""));
    if (found !== null) return invalidQuery(write(...found));
  }
  return error;
}
