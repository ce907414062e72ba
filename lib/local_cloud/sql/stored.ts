/** Values and rows as they are kept, in tables and in results. */
import {
  duckdbType,
  type Field,
  type SqlType,
  structFieldNames,
  type StructType,
  unstorable,
} from "../warehouse/types.ts";
import { once, raise, Unsupported } from "./lower/lowering.ts";

/**
 * A value as it is kept: exactly its GoogleSQL type, an empty array for a NULL one, and no NULL
 * inside an array.
 */
export function storedValue(sql: string, { name, type }: Field): string {
  const kind = unstorable(type);
  if (kind !== undefined) throw new Unsupported(`Storing a ${kind}`);
  return `CAST(${keptValue(sql, type, name)} AS ${duckdbType(type)})`;
}

/** Rows of a compiled query as they are kept, under the names `names`. */
export function storedRows(sql: string, schema: Field[], names: string[]): string {
  const list = schema.map((field, i) => `${storedValue(`k${i}`, field)} AS ${names[i]}`);
  return `SELECT ${list.join(", ")} FROM (${sql})`;
}

/** The arrays in a value, however deep in structs, as they are kept. */
function keptValue(sql: string, type: SqlType, path: string): string {
  if (!holdsArray(type)) return sql;
  if (type.kind === "ARRAY") {
    return once(sql, (array) => {
      const message = `Array cannot have a null element; error in writing field ${path}`;
      const kept = holdsArray(type.element)
        ? `list_transform(${array}, lambda x: ${keptValue("x", type.element, path)})`
        : array;
      return `CASE WHEN len(list_filter(${array}, lambda x: x IS NULL)) > 0 THEN ${
        raise(message)
      } ELSE coalesce(${kept}, []) END`;
    });
  }
  const { fields } = type as StructType;
  const names = structFieldNames(type as StructType);
  return once(sql, (struct) => {
    const parts = fields.map(({ name, type }, i) => {
      const key = `'${names[i].replaceAll("'", "''")}'`;
      return `${key}: ${keptValue(`struct_extract(${struct}, ${key})`, type, `${path}.${name}`)}`;
    });
    return `CASE WHEN ${struct} IS NOT NULL THEN {${parts.join(", ")}} END`;
  });
}

const holdsArray = (type: SqlType): boolean =>
  type.kind === "ARRAY" ||
  (type.kind === "STRUCT" && type.fields.some((field) => holdsArray(field.type)));
