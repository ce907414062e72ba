/** A file of events on its way: in a form that BigQuery loads, then in a bucket. */
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, extname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Bucket, File } from "@google-cloud/storage";
import { csvToJson } from "./csv_events.ts";
import { ensureBucket } from "./bucket.ts";
import type { Column } from "./event_columns.ts";
import { badInput } from "./failure.ts";
import type { Session } from "./session.ts";

const SCHEMA = new URL("../data-samples/schema.json", import.meta.url);

/** The columns of events_flat_data, as BigQuery's schema files have them. */
export async function eventColumns(): Promise<Column[]> {
  return JSON.parse(await Deno.readTextFile(SCHEMA));
}

/**
 * Puts a file into a bucket, under a name made of its content, unless it is there.
 *
 * @param bucket Made if it does not exist. Default `{project}-{dataset}`.
 * @returns The object with its metadata.
 * @throws {Failure} If the file is missing, empty, or of a kind that cannot be loaded.
 */
export async function uploadFile(
  session: Session,
  { file, bucket: name }: { file: string; bucket?: string },
): Promise<File> {
  const folder = await mkdtemp(join(tmpdir(), "events-"));
  try {
    const loadable = await inLoadableForm(file, folder);
    const bucket = await ensureBucket(session, { name });
    return await upload(loadable, bucket);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
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

/** What BigQuery calls the format of a file, by the end of its name. */
export function formatOf(file: string) {
  const format = FORMATS[extname(file).toLowerCase()];
  if (format) return format;
  throw badInput(
    `Cannot load ${file} as its name must end in ${Object.keys(FORMATS).join(", ")}`,
  );
}

async function upload(file: string, bucket: Bucket): Promise<File> {
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

async function md5Of(file: string): Promise<string> {
  const hash = createHash("md5");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}
