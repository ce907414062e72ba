/** Tables and views: insert, get, list, change, delete. */
import type { DuckDBConnection } from "@duckdb/node-api";
import { z } from "zod";
import { CloudError, notFound } from "../errors.ts";
import { bytesOf } from "../sql/statements/measures.ts";
import type { DatasetRef, TableEntry, TableRef } from "../warehouse/catalogue.ts";
import type { Warehouse } from "../warehouse/engine.ts";
import type { Field } from "../warehouse/types.ts";
import { addColumns, countRows, createStorage } from "../warehouse/table_storage.ts";
import { DEFAULT_LOCATION } from "./datasets.ts";
import { labels, parse, type Query } from "./input.ts";
import { checkId } from "./names.ts";
import { listPage } from "./pages.ts";
import { checkEtag, etagOf, patched } from "./resource.ts";
import { fromRestSchema, restSchema, toRestSchema } from "./schema.ts";
import { changedColumns, tableName } from "./schema_change.ts";

/** Partitions make no difference to what a query answers, unless by time of arrival. */
const timePartitioning = z.strictObject({ type: z.string(), field: z.string() });
const changeable = {
  friendlyName: z.string().nullish(),
  description: z.string().nullish(),
  labels: labels.nullish(),
  clustering: z.strictObject({ fields: z.array(z.string()) }).nullish(),
  timePartitioning: timePartitioning.nullish(),
};
const answered = {
  kind: z.unknown().optional(),
  id: z.unknown().optional(),
  etag: z.unknown().optional(),
  selfLink: z.unknown().optional(),
  creationTime: z.unknown().optional(),
  lastModifiedTime: z.unknown().optional(),
  numRows: z.unknown().optional(),
  numBytes: z.unknown().optional(),
  location: z.unknown().optional(),
  type: z.unknown().optional(),
};
const reference = z.object({
  projectId: z.string().optional(),
  datasetId: z.string().optional(),
  tableId: z.string(),
});
const newTable = z.strictObject({
  ...changeable,
  ...answered,
  tableReference: reference,
  schema: restSchema.optional(),
});
const change = z.strictObject({
  ...changeable,
  ...answered,
  tableReference: reference.optional(),
  schema: restSchema.optional(),
});

function settable(body: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.keys(changeable).map((name) => [name, body[name]]));
}

/** The part of a table that lists show too. */
function summary(entry: TableEntry): Record<string, unknown> {
  const { ref, type, created, resource, viewQuery } = entry;
  const { friendlyName, labels, clustering, timePartitioning } = resource;
  const view = viewQuery === undefined ? undefined : { query: viewQuery, useLegacySql: false };
  return {
    kind: "bigquery#table",
    id: tableName(ref),
    tableReference: ref,
    friendlyName,
    labels,
    clustering,
    timePartitioning,
    type,
    view,
    creationTime: String(created),
  };
}

/** Tables of a warehouse, in REST's terms. */
export class Tables {
  constructor(private readonly warehouse: Warehouse) {}

  /** @throws {CloudError} `duplicate` if the name is taken, `notFound` without its dataset. */
  async insert(dataset: DatasetRef, body: unknown): Promise<unknown> {
    if (body !== null && typeof body === "object" && "view" in body) {
      const message = "view is not supported by the local cloud: use CREATE VIEW";
      throw new CloudError("invalid", message, "view");
    }
    const given = parse(newTable, body);
    const ref = { ...dataset, tableId: checkId("table", given.tableReference.tableId) };
    const columns = fromRestSchema(given.schema?.fields ?? []);
    return await this.warehouse.transaction(async (c) => {
      await this.#checkDataset(c, dataset);
      const entry = newTableEntry(ref, columns, this.warehouse.newStorage("table"));
      entry.resource = patched({}, settable(given));
      await createStorage(c, entry.storage, columns);
      await this.warehouse.catalogue.putTable(c, entry, { onlyNew: true });
      return await this.#resource(c, entry);
    });
  }

  async get(ref: TableRef): Promise<unknown> {
    return await this.warehouse.transaction(async (c) =>
      await this.#resource(c, await findTable(this.warehouse, c, ref))
    );
  }

  async list(dataset: DatasetRef, query: Query): Promise<unknown> {
    const all = await this.warehouse.transaction(async (c) => {
      await this.#checkDataset(c, dataset);
      return await this.warehouse.catalogue.tables(c, dataset);
    });
    const { entries, nextPageToken } = listPage(all, query);
    const tables = entries.map(summary);
    const found = tables.length > 0 ? { tables } : {};
    const etag = etagOf(tables);
    return { kind: "bigquery#tableList", etag, nextPageToken, ...found, totalItems: all.length };
  }

  /** @param whole Whether fields that the body lacks go (PUT) or stay (PATCH). */
  async change(ref: TableRef, body: unknown, whole: boolean, ifMatch?: string): Promise<unknown> {
    const given = parse(change, body);
    return await this.warehouse.retried(async (c) => {
      const before = await findTable(this.warehouse, c, ref);
      checkEtag(before, ifMatch);
      const entry = given.schema === undefined
        ? before
        : await widened(c, before, fromRestSchema(given.schema.fields));
      const resource = patched(whole ? {} : before.resource, settable(given));
      const changed = { ...entry, resource, modified: Date.now() };
      await this.warehouse.catalogue.putTable(c, changed);
      return await this.#resource(c, changed);
    });
  }

  async delete(ref: TableRef): Promise<void> {
    await this.warehouse.transaction(async (c) => {
      await findTable(this.warehouse, c, ref);
      await this.warehouse.catalogue.removeTable(c, ref);
    });
  }

  async #checkDataset(c: DuckDBConnection, ref: DatasetRef): Promise<void> {
    if (await this.warehouse.catalogue.dataset(c, ref)) return;
    throw notFound(`Dataset ${ref.projectId}:${ref.datasetId}`);
  }

  async #resource(c: DuckDBConnection, entry: TableEntry): Promise<unknown> {
    const dataset = await this.warehouse.catalogue.dataset(c, entry.ref);
    const counted = entry.type === "VIEW" ? {} : {
      numRows: String(await countRows(c, entry.storage)),
      numBytes: String(await bytesOf([entry], c)),
      numLongTermBytes: "0",
    };
    return {
      ...summary(entry),
      etag: etagOf(entry),
      description: entry.resource.description,
      schema: toRestSchema(entry.columns),
      ...counted,
      lastModifiedTime: String(entry.modified),
      location: dataset?.location ?? DEFAULT_LOCATION,
    };
  }
}

/** The entry of a table that is made now. */
export function newTableEntry(ref: TableRef, columns: Field[], storage: string): TableEntry {
  const now = Date.now();
  return { ref, type: "TABLE", columns, storage, created: now, modified: now, resource: {} };
}

/**
 * A table or view.
 *
 * @throws {CloudError} `notFound`, for the dataset if that is missing.
 */
export async function findTable(
  { catalogue }: Warehouse,
  c: DuckDBConnection,
  ref: TableRef,
): Promise<TableEntry> {
  const entry = await catalogue.table(c, ref);
  if (entry !== undefined) return entry;
  if (await catalogue.dataset(c, ref) === undefined) {
    throw notFound(`Dataset ${ref.projectId}:${ref.datasetId}`);
  }
  throw notFound(`Table ${tableName(ref)}`);
}

/** A table with the columns of a new schema, added to its storage too. */
export async function widened(
  c: DuckDBConnection,
  entry: TableEntry,
  given: Field[],
): Promise<TableEntry> {
  const { columns, added } = changedColumns(entry.ref, entry.columns, given);
  if (entry.storage !== "") {
    const first = entry.columns.length === 0 && added.length > 0;
    await addColumns(c, entry.storage, { added, first });
  }
  return { ...entry, columns };
}
