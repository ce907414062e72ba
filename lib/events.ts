/** Raw events into the warehouse: a file → the bucket → a load job → events_flat_data. */
import { randomUUID } from "node:crypto";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import type { Table } from "@google-cloud/bigquery";
import type { File } from "@google-cloud/storage";
import { eventColumns, formatOf, uploadFile } from "./event_files.ts";
import { badInput, reasonOf } from "./failure.ts";
import { renamed, type Session } from "./session.ts";
import { cancellable } from "./sql.ts";

/** The committed sample. */
export const SAMPLE = fileURLToPath(
  new URL("../data-samples/events_flat_data.parquet", import.meta.url),
);
const TABLE = "events_flat_data";

/** What to load. */
export interface LoadOptions {
  /** `.parquet`, `.ndjson`, `.jsonl`, `.json` (one object per line) or `.csv`. */
  file: string;
  /** Where the file is put first; made if it does not exist. Default `{project}-{dataset}`. */
  bucket?: string;
  /** The table to fill, replaced as a whole. Default `events_flat_data`. */
  table?: string;
  /**
   * Throws if the rows must not replace the former ones; in the session that it gets,
   * `events_flat_data` is the table that they are in until then. Default: any rows are good.
   */
  check?: (loaded: Session) => Promise<void>;
}

/**
 * Loads a file into a table. The rows replace the former ones in one step, when they are found good,
 * so that a failure changes nothing. If the table still holds exactly what was loaded from the same
 * bytes before, nothing is done.
 *
 * @returns Whether rows were loaded.
 * @throws {Failure} If the file is missing, of another kind, or does not fit the columns.
 */
export async function loadEvents(session: Session, options: LoadOptions): Promise<boolean> {
  const { file, bucket, table: id = TABLE, check = async () => {} } = options;
  const object = await uploadFile(session, { file, bucket });
  const table = session.bigquery.dataset(session.dataset).table(id);
  if (await holds(table, object)) return false;
  const [exists] = await table.exists();
  const loading: Loading = { session, object, table, check, source: basename(file) };
  const size = exists ? await replaceRows(loading) : await firstRows(loading);
  await remember(table, object, size);
  return true;
}

interface Loading {
  session: Session;
  object: File;
  table: Table;
  check: (loaded: Session) => Promise<void>;
  source: string;
}

/** Rows and bytes of a table; the same for its copy. */
interface Size {
  numRows?: string;
  numBytes?: string;
}

/** Where there is no table yet, the rows go into it at once: a copy less. */
async function firstRows(loading: Loading): Promise<Size> {
  const { session, table, check } = loading;
  try {
    await load(loading, table);
  } catch (error) {
    // Another run made the table in between.
    if (reasonOf(error) === "duplicate") return await replaceRows(loading);
    throw error;
  }
  const [metadata] = await table.getMetadata();
  try {
    await check(renamed(session, { [TABLE]: table.id ?? "" }));
    return metadata;
  } catch (error) {
    const [now] = await table.getMetadata();
    // What another run has put there since is not ours to delete.
    if (now.lastModifiedTime === metadata.lastModifiedTime) await table.delete();
    throw error;
  }
}

/** Loads the object beside the table, checks it, and puts it in the table's place. */
async function replaceRows(loading: Loading): Promise<Size> {
  const { session, table, check } = loading;
  const id = `${table.id}_loading_${randomUUID().slice(0, 8)}`;
  const fresh = session.bigquery.dataset(session.dataset).table(id);
  try {
    await load(loading, fresh);
    const [metadata] = await fresh.getMetadata();
    await check(renamed(session, { [TABLE]: id }));
    const [copy] = await fresh.createCopyJob(table, { writeDisposition: "WRITE_TRUNCATE" });
    await cancellable(session, copy, () => copy.promise());
    return metadata;
  } finally {
    await fresh.delete({ ignoreNotFound: true });
  }
}

/** Loads the object into a table that must have no rows. */
async function load({ session, object, source }: Loading, into: Table): Promise<void> {
  const options = { ...await loadOptions(object.name), writeDisposition: "WRITE_EMPTY" };
  const [job] = await into.createLoadJob(object, options);
  try {
    await cancellable(session, job, () => job.promise());
  } catch (error) {
    if (reasonOf(error) !== "invalid") throw error;
    // "Error while reading data, error message: WHAT; row: 1. File: gs://…"
    const what = (error as Error).message.replace(/^.*error message: /s, "")
      .replace(/\.? File: gs:.*$/s, "");
    throw badInput(`Cannot load ${source}: ${what}`);
  }
}

/** A Parquet file says itself what it holds; GA4's arrays are groups called `list` in it. */
async function loadOptions(object: string) {
  const sourceFormat = formatOf(object);
  if (sourceFormat === "PARQUET") {
    return { sourceFormat, parquetOptions: { enableListInference: true } };
  }
  return { sourceFormat, schema: { fields: await eventColumns() }, ignoreUnknownValues: true };
}

/** What tells the present state of a table from any other. */
function stateOf(lastModifiedTime: string | undefined, { numRows, numBytes }: Size): string {
  return `${lastModifiedTime}-${numRows}-${numBytes}`;
}

/** The object remembers which table it was loaded into, and the state the table was in then. */
const keyOf = (table: Table) => `loaded_into_${table.dataset.id}_${table.id}`;

async function holds(table: Table, object: File): Promise<boolean> {
  const remembered = object.metadata.metadata?.[keyOf(table)];
  const [exists] = await table.exists();
  if (!exists || remembered === undefined) return false;
  const [metadata] = await table.getMetadata();
  return remembered === stateOf(metadata.lastModifiedTime, metadata);
}

/** If someone else replaced the rows in between, the size is another one and is not recognised. */
async function remember(table: Table, object: File, size: Size): Promise<void> {
  const [{ lastModifiedTime }] = await table.getMetadata();
  await object.setMetadata({ metadata: { [keyOf(table)]: stateOf(lastModifiedTime, size) } });
}
