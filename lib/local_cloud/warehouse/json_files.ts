/** Files of newline-delimited JSON. */
import type { DuckDBConnection } from "@duckdb/node-api";
import { columnsOf, sqlTypeOf } from "./duckdb_types.ts";
import { compression } from "./compression.ts";
import { fileError, type LoadFile, type LoadTarget } from "./load_target.ts";
import { literal, textType } from "./text_values.ts";
import { type Field, quote, type SqlType } from "./types.ts";

async function options(file: LoadFile): Promise<string> {
  return `${literal(file.path)}, format = 'newline_delimited', compression = '${await compression(
    file.path,
  )}'`;
}

/** What all lines of a file look like together. */
async function looks(connection: DuckDBConnection, file: LoadFile) {
  if (file.size === 0) return [];
  return await columnsOf(
    connection,
    `SELECT * FROM read_json(${await options(file)}, records = 'true', sample_size = -1,
      map_inference_threshold = -1, field_appearance_threshold = 0)`,
  );
}

/** The columns that a file's lines have. */
export async function jsonColumns(connection: DuckDBConnection, file: LoadFile): Promise<Field[]> {
  const columns = await looks(connection, file);
  return columns.map(({ name, type }) => ({ name, type: detected(sqlTypeOf(type)) }));
}

/** Times in text are moments; what differs from line to line is text. */
function detected(type: SqlType | undefined): SqlType {
  if (type === undefined) return { kind: "STRING" };
  switch (type.kind) {
    case "JSON":
      return { kind: "STRING" };
    case "DATETIME":
      return { kind: "TIMESTAMP" };
    case "NUMERIC":
      return { kind: "FLOAT64" };
    case "ARRAY":
      return { kind: "ARRAY", element: detected(type.element) };
    case "STRUCT":
      return {
        kind: "STRUCT",
        fields: type.fields.map(({ name, type }) => ({ name, type: detected(type) })),
      };
    default:
      return type;
  }
}

/**
 * SQL that reads a file with text at its leaves, as columns `t0`, `t1`, ….
 *
 * @throws {CloudError} `invalid`, for a field that no column is for.
 */
export async function jsonSource(
  connection: DuckDBConnection,
  file: LoadFile,
  { columns, ignoreUnknownValues }: Pick<LoadTarget, "columns" | "ignoreUnknownValues">,
): Promise<string> {
  for (const { name, type } of await looks(connection, file)) {
    checkKnown({ name, type: sqlTypeOf(type) }, columns, { path: "", file, ignoreUnknownValues });
  }
  const types = columns.map(({ name, type }) => `${literal(name)}: ${literal(textType(type))}`);
  const list = columns.map(({ name }, i) => `${quote(name)} AS t${i}`).join(", ");
  return `SELECT ${list} FROM read_json(${await options(file)}, columns = {${types.join(", ")}})`;
}

/** A field in another case than its column's would be passed over by DuckDB without a word. */
function checkKnown(
  field: { name: string; type?: SqlType },
  columns: Field[],
  within: { path: string; file: LoadFile; ignoreUnknownValues?: boolean },
): void {
  const { path, file, ignoreUnknownValues } = within;
  const at = `${path}${field.name}`;
  const column = columns.find(({ name }) => name === field.name);
  if (column === undefined) {
    const like = columns.find(({ name }) => name.toLowerCase() === field.name.toLowerCase());
    if (like === undefined && ignoreUnknownValues) return;
    const hint = like === undefined ? "" : ` (the column is called ${like.name})`;
    throw fileError(file, `JSON parsing error: No such field: ${at}${hint}`);
  }
  const [is, wanted] = [field.type, column.type].map((type) =>
    type?.kind === "ARRAY" ? type.element : type
  );
  if (is?.kind !== "STRUCT" || wanted?.kind !== "STRUCT") return;
  for (const inner of is.fields) {
    checkKnown(inner, wanted.fields, { ...within, path: `${at}.` });
  }
}
