/** The DuckDB tables behind the catalogue's tables. */
import type { DuckDBConnection } from "@duckdb/node-api";
import { duckdbType, type Field, quote } from "./types.ts";

/** A column's definition. An ARRAY is never NULL: one that is missing is empty, as in BigQuery. */
function definition({ name, type }: Field): string {
  return `${quote(name)} ${duckdbType(type)}${type.kind === "ARRAY" ? " DEFAULT []" : ""}`;
}

/** Makes the table `storage` for rows of `columns`. */
export async function createStorage(
  connection: DuckDBConnection,
  storage: string,
  columns: Field[],
): Promise<void> {
  // DuckDB has no table without columns; nothing ever reads this one.
  const definitions = columns.length === 0 ? ['"$none" BOOLEAN'] : columns.map(definition);
  await connection.run(`CREATE TABLE ${storage} (${definitions.join(", ")})`);
}

/** Adds columns at the end; rows that are there have NULL in them, or an empty ARRAY. */
export async function addColumns(
  connection: DuckDBConnection,
  storage: string,
  { added, first }: { added: Field[]; first: boolean },
): Promise<void> {
  for (const { name, type } of added) {
    await connection.run(
      `ALTER TABLE ${storage} ADD COLUMN ${quote(name)} ${duckdbType(type)}`,
    );
  }
  if (first) await connection.run(`ALTER TABLE ${storage} DROP COLUMN "$none"`);
  // `ADD COLUMN … DEFAULT` needs a setting that is locked, and an ALTER after an UPDATE of the same
  // transaction fails to commit: so all defaults, and then all values.
  const arrays = added.filter(({ type }) => type.kind === "ARRAY").map(({ name }) => quote(name));
  for (const name of arrays) {
    await connection.run(`ALTER TABLE ${storage} ALTER COLUMN ${name} SET DEFAULT []`);
  }
  if (arrays.length === 0) return;
  await connection.run(`UPDATE ${storage} SET ${arrays.map((name) => `${name} = []`).join(", ")}`);
}

/** Rows of a table. */
export async function countRows(connection: DuckDBConnection, storage: string): Promise<number> {
  const reader = await connection.runAndReadAll(`SELECT count(*) FROM ${storage}`);
  return Number(reader.value(0, 0));
}
