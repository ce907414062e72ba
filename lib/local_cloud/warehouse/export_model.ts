/**
 * Exports a model to a bucket, as a statement and as a job ask for it.
 *
 * @see https://docs.cloud.google.com/bigquery/docs/exporting-models
 */
import type { DuckDBConnection } from "@duckdb/node-api";
import { CloudError, notFound } from "../errors.ts";
import type { ObjectStore } from "../object_store.ts";
import type { WrittenFiles } from "../saved_model/write.ts";
import type { ModelEntry, ModelRef } from "./catalogue.ts";
import type { Warehouse } from "./engine.ts";
import { exportFactorization } from "./export_factorization.ts";
import { exportKMeans } from "./export_kmeans.ts";
import { readFiles } from "./imported_files.ts";
import { modelName, specOf } from "./model_spec.ts";

/** Where models are exported to. */
export type ModelBuckets = Pick<ObjectStore, "delete" | "getBucket" | "put">;

/** An export to run. */
export interface ModelExport {
  ref: ModelRef;
  /** `gs://bucket/folder`, with or without a slash at its end. */
  uri: string;
}

/** What was written. */
export interface Exported {
  files: number;
  bytes: number;
}

/** What makes a folder a SavedModel. */
const SAVED_MODEL = "saved_model.pb";

/**
 * Writes a model's files below a URI, `saved_model.pb` as the last: what fails half-way, or is
 * cancelled, leaves no model there, neither half of it nor the one before.
 *
 * @param options.dryRun Checks everything and writes nothing.
 * @throws {CloudError} `invalid` URI, location or model; `notFound` model or bucket; `stopped`.
 */
export async function exportModel(
  { warehouse, buckets }: { warehouse: Warehouse; buckets: ModelBuckets },
  { ref, uri }: ModelExport,
  options: { signal: AbortSignal; dryRun?: boolean },
): Promise<Exported> {
  const { signal, dryRun = false } = options;
  const place = placeOf(uri);
  const files = await warehouse.transaction(async (connection) => {
    const entry = await foundModel(warehouse, connection, ref);
    await checkLocation({ warehouse, buckets }, connection, { ref, ...place });
    return dryRun ? undefined : await filesOf(connection, entry);
  }, signal);
  if (files === undefined) return { files: 0, bytes: 0 };
  await writeFiles(buckets, place, files, signal);
  const bytes = [...files.values()].reduce((sum, { length }) => sum + length, 0);
  return { files: files.size, bytes };
}

async function foundModel(
  { catalogue }: Warehouse,
  connection: DuckDBConnection,
  ref: ModelRef,
): Promise<ModelEntry> {
  const entry = await catalogue.model(connection, ref);
  if (entry !== undefined) return entry;
  const { projectId, datasetId } = ref;
  const dataset = await catalogue.dataset(connection, ref);
  throw notFound(dataset ? `Model ${modelName(ref)}` : `Dataset ${projectId}:${datasetId}`);
}

async function filesOf(
  connection: DuckDBConnection,
  entry: ModelEntry,
): Promise<WrittenFiles> {
  const spec = specOf(entry);
  switch (spec.modelType) {
    case "KMEANS":
      return await exportKMeans(connection, entry.storage, spec);
    case "MATRIX_FACTORIZATION": {
      const named = { spec, name: modelName(entry.ref) };
      return await exportFactorization(connection, entry.storage, named);
    }
    case "TENSORFLOW": // the very files it was imported from, as BigQuery does
      return await readFiles(connection, entry.storage);
  }
}

interface Place {
  bucket: string;
  /** Empty, or with a slash at its end. */
  folder: string;
}

function placeOf(uri: string): Place {
  const [, bucket, path] = /^gs:\/\/([^/]+)(?:\/(.*))?$/s.exec(uri) ?? [];
  const wrong = bucket === undefined
    ? "expected gs://bucket/folder"
    : /[*\r\n]/.test(uri)
    ? "a model is exported to one folder, without wildcards"
    : /^\/|\/\//.test(path ?? "")
    ? "several slashes in a row are not allowed"
    : undefined;
  if (wrong !== undefined) throw new CloudError("invalid", `Invalid URI '${uri}': ${wrong}`, "uri");
  return { bucket, folder: (path ?? "").replace(/([^/])$/, "$1/") };
}

/** Multi-regions, with what the names of the regions and dual-regions in them begin with. */
const WITHIN: Record<string, RegExp> = { US: /^(US-|NAM4$)/, EU: /^(EUROPE-|EUR4$)/ };

async function checkLocation(
  { warehouse, buckets }: { warehouse: Warehouse; buckets: ModelBuckets },
  connection: DuckDBConnection,
  { ref, bucket }: Place & { ref: ModelRef },
): Promise<void> {
  const dataset = await warehouse.catalogue.dataset(connection, ref);
  const source = dataset?.location ?? "US";
  const destination = locationOf(buckets, bucket);
  const [from, to] = [source.toUpperCase(), destination.toUpperCase()];
  if (from === to || WITHIN[from]?.test(to)) return;
  throw new CloudError(
    "invalid",
    `Cannot read and write in different locations: source: ${source}, destination: ${destination}`,
  );
}

function locationOf(buckets: ModelBuckets, bucket: string): string {
  try {
    return String(buckets.getBucket(bucket).settings.location ?? "US");
  } catch (error) {
    if (error instanceof CloudError && error.reason === "notFound") {
      throw notFound(`Bucket ${bucket}`);
    }
    throw error;
  }
}

async function writeFiles(
  buckets: ModelBuckets,
  { bucket, folder }: Place,
  files: WrittenFiles,
  signal: AbortSignal,
): Promise<void> {
  await removeIfThere(buckets, bucket, folder + SAVED_MODEL);
  const rest = [...files].filter(([name]) => name !== SAVED_MODEL);
  for (const [name, bytes] of [...rest, [SAVED_MODEL, files.get(SAVED_MODEL)!] as const]) {
    if (signal.aborted) throw new CloudError("stopped", "Job execution was cancelled");
    await buckets.put(bucket, folder + name, bytes);
  }
}

async function removeIfThere(buckets: ModelBuckets, bucket: string, name: string): Promise<void> {
  try {
    await buckets.delete(bucket, name);
  } catch (error) {
    if (!(error instanceof CloudError) || error.reason !== "notFound") throw error;
  }
}
