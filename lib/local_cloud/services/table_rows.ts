/** tabledata.list: the rows of a table in pages. */
import { CloudError } from "../errors.ts";
import type { TableRef } from "../warehouse/catalogue.ts";
import type { Warehouse } from "../warehouse/engine.ts";
import { countRows } from "../warehouse/table_storage.ts";
import { type Field, quote } from "../warehouse/types.ts";
import type { Query } from "./input.ts";
import { pageRequest, readPage } from "./pages.ts";
import { etagOf } from "./resource.ts";
import { timestampFormat } from "./rows.ts";
import { columnNamed } from "./schema_change.ts";
import { findTable } from "./tables.ts";

/**
 * The page of rows that the query parameters ask for.
 *
 * @throws {CloudError} `notFound`, `invalid` for a view or a field that is not there.
 */
export async function listRows(
  warehouse: Warehouse,
  ref: TableRef,
  query: Query,
): Promise<unknown> {
  const { entry, count } = await warehouse.transaction(async (c) => {
    const entry = await findTable(warehouse, c, ref);
    if (entry.type === "VIEW") {
      throw new CloudError("invalid", "Cannot list a table of type VIEW.");
    }
    return { entry, count: await countRows(c, entry.storage) };
  });
  const fields = selectedFields(entry.columns, query.selectedFields);
  const select = fields.map(({ name }) => quote(name)).join(", ");
  const page = await readPage(
    warehouse,
    { storage: entry.storage, fields, select, count },
    pageRequest(query),
    timestampFormat({
      useInt64Timestamp: query["formatOptions.useInt64Timestamp"],
      timestampOutputFormat: query["formatOptions.timestampOutputFormat"],
    }),
  );
  const { rows, pageToken } = page;
  return {
    kind: "bigquery#tableDataList",
    etag: etagOf([entry.modified, count]),
    totalRows: String(count),
    pageToken,
    ...(rows.length > 0 ? { rows } : {}),
  };
}

/** The columns that `a,b` names, in the table's order. */
function selectedFields(columns: Field[], names?: string): Field[] {
  if (names === undefined || names === "") return columns;
  const wanted = new Set(
    names.split(",").map((name) => {
      const column = columnNamed(columns, name.trim());
      if (column !== undefined) return column;
      const message = name.includes(".")
        ? `selectedFields with a field inside of a RECORD is not supported by the local cloud: ${name}`
        : `Field ${name} not found in schema`;
      throw new CloudError("invalid", message, "selectedFields");
    }),
  );
  return columns.filter((column) => wanted.has(column));
}
