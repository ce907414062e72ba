/** SELECT: rows into an anonymous result, or into a table. */
import { outputSchema, type Resolved } from "../compile.ts";
import { storedRows } from "../stored.ts";
import { invalidQuery } from "../../errors.ts";
import type { Field } from "../../warehouse/types.ts";
import type { Execution } from "../execution.ts";
import { answered } from "../fallback.ts";
import type { StatementOutcome } from "../mod.ts";
import type { QueryStmt } from "../resolved.ts";
import { bytesOf, countOf } from "./measures.ts";
import { writeDestination } from "./destination.ts";

export async function query(resolved: Resolved, execution: Execution): Promise<StatementOutcome> {
  const { outputColumnList, query } = resolved.statement as unknown as QueryStmt;
  const schema = outputSchema(outputColumnList);
  refuseDuplicates(schema);
  const { request, connection } = execution;
  const outcome = {
    statementType: "SELECT",
    schema,
    referencedTables: resolved.names.tables.map(({ ref }) => ref),
    bytesProcessed: await bytesOf(resolved.names.tables, connection),
  };
  return await answered([outputColumnList, query], resolved, execution, async (answer) => {
    const { sql, evaluator } = answer;
    if (request.dryRun) return { ...outcome, evaluator };
    const rows = await writeResult(sql, schema, execution);
    if (request.destination) {
      const names = schema.map((_, i) => `c${i} AS k${i}`).join(", ");
      const made = `SELECT ${names} FROM ${rows.storage}`;
      await writeDestination(made, schema, request.destination, execution);
    }
    return { ...outcome, evaluator, rows };
  });
}

async function writeResult(
  sql: string,
  schema: Field[],
  { warehouse, request }: Execution,
): Promise<NonNullable<StatementOutcome["rows"]>> {
  const stored = storedRows(sql, schema, schema.map((_, i) => `c${i}`));
  const storage = warehouse.newStorage("result");
  return await warehouse.transaction(async (connection) => {
    await connection.run(`CREATE TABLE ${storage} AS ${stored}`);
    return { storage, count: await countOf(storage, connection) };
  }, request.signal);
}

/** A result has each name once, in any case. */
function refuseDuplicates(schema: Field[]): void {
  const names = schema.map(({ name }) => name.toLowerCase());
  const twice = schema.find(({ name }, i) => names.indexOf(name.toLowerCase()) < i);
  if (twice === undefined) return;
  throw invalidQuery(
    `Duplicate column names in the result are not supported. Found duplicate(s): ${twice.name}`,
  );
}
