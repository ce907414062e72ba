/** Raw events into the warehouse: a file → the bucket → a load job → events_flat_data. */
import { Buffer } from "node:buffer";
import { createHash, randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, extname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import type { Bucket, File } from "@google-cloud/storage";
import type { Table } from "@google-cloud/bigquery";
import { csvToJson } from "./csv_events.ts";
import type { Column } from "./event_columns.ts";
import { badInput, reasonOf } from "./failure.ts";
import { renamed, type Session } from "./session.ts";
import { cancellable } from "./sql.ts";

/** The committed sample. */
export const SAMPLE = fileURLToPath(
  new URL("../data-samples/events_flat_data.parquet", import.meta.url),
);
const SCHEMA = new URL("../data-samples/schema.json", import.meta.url);
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
 * Loads a file into a table. The rows go into a table of their own first and replace the former ones
 * in one step when they are found good, so that a failure changes nothing. If the table still holds
 * exactly what was loaded from the same bytes before, nothing is done.
 *
 * @returns Whether rows were loaded.
 * @throws {Failure} If the file is missing, of another kind, or does not fit the columns.
 */
export async function loadEvents(session: Session, options: LoadOptions): Promise<boolean> {
  const { table: id = TABLE, check } = options;
  const folder = await mkdtemp(join(tmpdir(), "events-"));
  try {
    const file = await inLoadableForm(options.file, folder);
    const object = await uploaded(session, { file, bucket: options.bucket });
    const table = session.bigquery.dataset(session.dataset).table(id);
    if (await holds(table, object)) return false;
    const source = basename(options.file);
    const size = await replaceRows(session, { object, table, check, source });
    await remember(table, object, size);
    return true;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The columns of events_flat_data, as BigQuery's schema files have them. */
export async function eventColumns(): Promise<Column[]> {
  return JSON.parse(await Deno.readTextFile(SCHEMA));
}

/** The file itself, or for CSV the same rows as JSON in the folder. */
async function inLoadableForm(file: string, folder: string): Promise<string> {
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile()) throw badInput(`Cannot load ${file} as there is no such file`);
  if (found.size === 0) throw badInput(`Cannot load ${file} as it is empty`);
  if (formatOf(file) !== "CSV") return file;
  const text = createReadStream(file, { encoding: "utf8" });
  const json = join(folder, `${basename(file, extname(file))}.ndjson`);
  const lines = Readable.from(csvToJson(text, await eventColumns()));
  await pipeline(lines, createWriteStream(json));
  return json;
}

const FORMATS: Record<string, "PARQUET" | "NEWLINE_DELIMITED_JSON" | "CSV"> = {
  ".parquet": "PARQUET",
  ".ndjson": "NEWLINE_DELIMITED_JSON",
  ".jsonl": "NEWLINE_DELIMITED_JSON",
  ".json": "NEWLINE_DELIMITED_JSON",
  ".csv": "CSV",
};

function formatOf(file: string) {
  const format = FORMATS[extname(file).toLowerCase()];
  if (format) return format;
  throw badInput(
    `Cannot load ${file} as its name must end in ${Object.keys(FORMATS).join(", ")}`,
  );
}

/** Puts the file into the bucket, under a name made of its content, unless it is there. */
async function uploaded(
  session: Session,
  { file, bucket: name }: { file: string; bucket?: string },
): Promise<File> {
  const bucket = session.storage.bucket(name ?? `${session.project}-${session.dataset}`);
  await ensureBucket(bucket, session.location);
  const md5 = await md5Of(file);
  const object = bucket.file(`events/${md5}${extname(file).toLowerCase()}`);
  const [isThere] = await object.exists();
  if (isThere) {
    await object.getMetadata();
    if (object.metadata.md5Hash === Buffer.from(md5, "hex").toString("base64")) return object;
  }
  await bucket.upload(file, { destination: object.name });
  await object.getMetadata();
  return object;
}

async function ensureBucket(bucket: Bucket, location: string): Promise<void> {
  const [exists] = await bucket.exists();
  if (exists) return;
  try {
    await bucket.create({ location });
  } catch (error) {
    // Another run made it in between; a bucket of someone else's fails at the upload.
    if ((error as { code?: number }).code !== 409) throw error;
  }
}

async function md5Of(file: string): Promise<string> {
  const hash = createHash("md5");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

/** Rows and bytes of a table; the same for its copy. */
interface Size {
  numRows?: string;
  numBytes?: string;
}

/** Loads the object beside the table, checks it, and puts it in the table's place. */
async function replaceRows(
  session: Session,
  { object, table, check, source }: Pick<LoadOptions, "check"> & {
    object: File;
    table: Table;
    source: string;
  },
): Promise<Size> {
  const fresh = session.bigquery.dataset(session.dataset).table(
    `${table.id}_loading_${randomUUID().slice(0, 8)}`,
  );
  try {
    await load(session, { object, fresh, source });
    const [metadata] = await fresh.getMetadata();
    await check?.(renamed(session, { [TABLE]: fresh.id ?? "" }));
    const [copy] = await fresh.createCopyJob(table, { writeDisposition: "WRITE_TRUNCATE" });
    await cancellable(session, copy, () => copy.promise());
    return metadata;
  } finally {
    await fresh.delete({ ignoreNotFound: true });
  }
}

async function load(
  session: Session,
  { object, fresh, source }: { object: File; fresh: Table; source: string },
): Promise<void> {
  const [job] = await fresh.createLoadJob(object, await loadOptions(object.name));
  try {
    await cancellable(session, job, () => job.promise());
  } catch (error) {
    if (reasonOf(error) !== "invalid") throw error;
    // "Error while reading data, error message: WHAT; row: 1. File: gs://…"
    const what = (error as Error).message.replace(/^.*error message: /s, "").replace(
      /\.? File: gs:.*$/s,
      "",
    );
    throw badInput(`Cannot load ${source}: ${what}`);
  }
}

async function loadOptions(object: string) {
  const sourceFormat = formatOf(object);
  // A Parquet file says itself what it holds; GA4's arrays are groups called `list` in it.
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
