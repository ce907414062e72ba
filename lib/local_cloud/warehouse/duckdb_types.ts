/** DuckDB's types → GoogleSQL's, for files that bring types of their own. */
import {
  type DuckDBConnection,
  type DuckDBDecimalType,
  type DuckDBListType,
  type DuckDBStructType,
  type DuckDBType,
  DuckDBTypeId,
} from "@duckdb/node-api";
import type { Field, ScalarKind, SqlType } from "./types.ts";

const SCALARS: Partial<Record<DuckDBTypeId, ScalarKind>> = {
  [DuckDBTypeId.BOOLEAN]: "BOOL",
  [DuckDBTypeId.TINYINT]: "INT64",
  [DuckDBTypeId.SMALLINT]: "INT64",
  [DuckDBTypeId.INTEGER]: "INT64",
  [DuckDBTypeId.BIGINT]: "INT64",
  [DuckDBTypeId.UTINYINT]: "INT64",
  [DuckDBTypeId.USMALLINT]: "INT64",
  [DuckDBTypeId.UINTEGER]: "INT64",
  [DuckDBTypeId.UBIGINT]: "INT64", // a value above INT64's largest fails to load
  [DuckDBTypeId.FLOAT]: "FLOAT64",
  [DuckDBTypeId.DOUBLE]: "FLOAT64",
  [DuckDBTypeId.VARCHAR]: "STRING",
  [DuckDBTypeId.ENUM]: "STRING",
  [DuckDBTypeId.BLOB]: "BYTES",
  [DuckDBTypeId.DATE]: "DATE",
  [DuckDBTypeId.TIME]: "TIME",
  [DuckDBTypeId.TIMESTAMP]: "DATETIME",
  [DuckDBTypeId.TIMESTAMP_S]: "DATETIME",
  [DuckDBTypeId.TIMESTAMP_MS]: "DATETIME",
  [DuckDBTypeId.TIMESTAMP_NS]: "DATETIME",
  [DuckDBTypeId.TIMESTAMP_TZ]: "TIMESTAMP",
};

/** The type that holds every value of a DuckDB type, or `undefined` if there is none. */
export function sqlTypeOf(type: DuckDBType): SqlType | undefined {
  if (type.typeId === DuckDBTypeId.LIST) {
    const element = sqlTypeOf((type as DuckDBListType).valueType);
    return element === undefined || element.kind === "ARRAY"
      ? undefined
      : { kind: "ARRAY", element };
  }
  if (type.typeId === DuckDBTypeId.STRUCT) {
    const { entryNames, entryTypes } = type as DuckDBStructType;
    const fields = entryNames.map((name, i) => ({ name, type: sqlTypeOf(entryTypes[i]) }));
    if (fields.some((field) => field.type === undefined)) return undefined;
    return { kind: "STRUCT", fields: fields as Field[] };
  }
  if (type.typeId === DuckDBTypeId.DECIMAL) {
    const { width, scale } = type as DuckDBDecimalType;
    return scale <= 9 && width - scale <= 29 ? { kind: "NUMERIC" } : undefined;
  }
  if (type.alias === "JSON") return { kind: "JSON" };
  const kind = SCALARS[type.typeId];
  return kind === undefined ? undefined : { kind };
}

/** A column as DuckDB sees it. */
export interface DuckDBColumn {
  name: string;
  type: DuckDBType;
}

/** The columns of a query, without running it. */
export async function columnsOf(
  connection: DuckDBConnection,
  sql: string,
): Promise<DuckDBColumn[]> {
  const statement = await connection.prepare(sql);
  try {
    return Array.from({ length: statement.columnCount }, (_, i) => ({
      name: statement.columnName(i),
      type: statement.columnType(i),
    }));
  } finally {
    statement.destroySync();
  }
}
