/** What the compiler does not know: answered by Google's reference implementation on few rows. */
import { CloudError } from "../errors.ts";
import { typeName } from "../warehouse/types.ts";
import {
  compileQuery,
  type Compiler,
  outputSchema,
  refusal,
  type Resolved,
  type ResolvedView,
} from "./compile.ts";
import { refused, Unsupported } from "./lower/lowering.ts";
import type { StatementOutcome } from "./mod.ts";
import {
  evaluate,
  FEW,
  isUnknownToReference,
  rowsAsSql,
  TooMany,
  unstorableColumn,
} from "./reference.ts";
import type { OutputColumn, Scan } from "./resolved.ts";
import { isOurFault } from "./runtime_errors.ts";

/** A query's rows as DuckDB SQL (columns `k0`, `k1`, …), and who computes them. */
interface Answer {
  sql: string;
  evaluator: StatementOutcome["evaluator"];
}

/**
 * Hands a query to `use` as DuckDB SQL: compiled, or if the compiler refuses it, or DuckDB what was
 * compiled, the rows that the reference implementation answers with.
 *
 * @param dryRun Nothing is evaluated; `use` is not called for a query that was not compiled.
 * @throws {CloudError} a refusal by name if there are too many rows for the reference implementation
 *   or it does not know the query either.
 */
export async function answered<T>(
  [output, query]: [OutputColumn[], Scan],
  resolved: Resolved,
  compiler: Compiler & { request: { dryRun: boolean } },
  use: (answer: Answer) => Promise<T>,
): Promise<T> {
  let sql: string;
  try {
    sql = compileQuery(output, query, resolved);
  } catch (error) {
    if (!(error instanceof Unsupported)) throw error;
    return await use(await byReference(error, output, resolved, compiler));
  }
  try {
    return await use({ sql, evaluator: "duckdb" });
  } catch (error) {
    const what = unsupportedBy(error);
    if (what === undefined) throw error;
    return await use(await byReference(new Unsupported(what), output, resolved, compiler));
  }
}

/** What DuckDB does not know of the compiled query, or what in its rows the compiler does not. */
function unsupportedBy(error: unknown): string | undefined {
  const { message } = error as Error;
  if (isOurFault(error)) return `What this compiles to (${message})`;
  return refused(error);
}

async function byReference(
  unsupported: Unsupported,
  output: OutputColumn[],
  resolved: Resolved,
  compiler: Compiler & { request?: { dryRun: boolean } },
): Promise<Answer> {
  const refusedByName = refusal(unsupported, resolved);
  if (resolved.names.mlCalls.length > 0) throw refusedByName;
  if (compiler.request?.dryRun) return { sql: "", evaluator: "reference" };
  try {
    const answer = await evaluate(resolved, compiler, viewRows);
    const kind = unstorableColumn(answer);
    if (kind !== undefined) throw new Unsupported(`Storing a ${kind}`);
    const types = outputSchema(output).map(({ type }) => typeName(type));
    if (answer.columns.some(({ type }, i) => typeName(type) !== types[i])) throw refusedByName;
    const sql = rowsAsSql(answer);
    console.error(`Answered by Google's reference implementation: ${refusedByName.message}`);
    return { sql, evaluator: "reference" };
  } catch (error) {
    if (isUnknownToReference(error)) throw refusedByName;
    if (error instanceof TooMany) throw overBound(refusedByName);
    throw error;
  }
}

function overBound({ message }: CloudError): CloudError {
  const place = / at \[\d+:\d+\]$/.exec(message)?.[0] ?? "";
  const what = message.slice(0, message.length - place.length);
  const bound = `${FEW.rows} rows or ${FEW.bytes / 1e6} MB`;
  return new CloudError("invalidQuery", `${what} over more than ${bound}${place}`, "query");
}

/** A view's rows as DuckDB SQL, compiled if they can be. */
export async function viewRows({ resolved, within, output, query }: ResolvedView): Promise<string> {
  try {
    return compileQuery(output, query, resolved);
  } catch (error) {
    if (!(error instanceof Unsupported)) throw error;
    return (await byReference(error, output, resolved, within)).sql;
  }
}
