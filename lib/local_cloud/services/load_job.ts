/** Load jobs: files of a bucket into a table. */
import type { DuckDBConnection } from "@duckdb/node-api";
import { z } from "zod";
import { CloudError } from "../errors.ts";
import type { ObjectStore } from "../object_store.ts";
import type { Warehouse } from "../warehouse/engine.ts";
import { withHeader } from "../warehouse/csv_files.ts";
import { fileColumns, insertFile, type LoadFormat } from "../warehouse/load_files.ts";
import type { LoadFile } from "../warehouse/load_target.ts";
import type { Field } from "../warehouse/types.ts";
import { labels, parse, wholeNumber, yesOrNo } from "./input.ts";
import type { JobResult } from "./jobs.ts";
import { checkId } from "./names.ts";
import { createDisposition, tableReference, writeDisposition } from "./query_job.ts";
import { fromRestSchema, restSchema } from "./schema.ts";
import { columnNamed } from "./schema_change.ts";
import { openTarget, type Target } from "./target_table.ts";

const configuration = z.strictObject({
  sourceUris: z.array(z.string()).optional(),
  destinationTable: tableReference,
  destinationTableProperties: z.strictObject({
    friendlyName: z.string().optional(),
    description: z.string().optional(),
    labels: labels.optional(),
  }).optional(),
  schema: restSchema.optional(),
  sourceFormat: z.string().default("CSV"),
  autodetect: yesOrNo.default(false),
  writeDisposition: writeDisposition.default("WRITE_APPEND"),
  createDisposition: createDisposition.default("CREATE_IF_NEEDED"),
  schemaUpdateOptions: z.array(z.enum(["ALLOW_FIELD_ADDITION"])).default([]),
  maxBadRecords: wholeNumber.default(0),
  ignoreUnknownValues: yesOrNo.default(false),
  skipLeadingRows: wholeNumber.optional(),
  fieldDelimiter: z.string().default(","),
  quote: z.string().default('"'),
  nullMarker: z.string().default(""),
  allowQuotedNewlines: yesOrNo.default(false),
  allowJaggedRows: yesOrNo.default(false),
  encoding: z.enum(["UTF-8", "UTF8"]).optional(),
  parquetOptions: z.strictObject({
    enableListInference: yesOrNo.default(false),
    enumAsString: z.literal(true).optional(),
  }).optional(),
});

type Options = z.infer<typeof configuration>;

/** A load to run. */
export interface Load {
  target: Target;
  format: LoadFormat;
  /** Columns given with the job. */
  columns?: Field[];
  autodetect: boolean;
  maxBadRecords: number;
  ignoreUnknownValues: boolean;
  sourceUris: string[];
}

/** Where the bytes of loads lie. */
export type ObjectFiles = Pick<ObjectStore, "withFiles" | "draft">;

/**
 * The load that a job's `configuration.load` asks for.
 *
 * @param projectId The job's, for a destination without one.
 * @throws {CloudError} `invalid`, naming the option.
 */
export function loadOf(load: unknown, projectId: string): Load {
  const given = parse(configuration, load, "configuration.load");
  const { projectId: owner = projectId, datasetId, tableId } = given.destinationTable;
  for (const uri of given.sourceUris ?? []) checkUri(uri);
  return {
    target: {
      ref: {
        projectId: owner,
        datasetId: checkId("dataset", datasetId),
        tableId: checkId("table", tableId),
      },
      writeDisposition: given.writeDisposition,
      createDisposition: given.createDisposition,
      allowFieldAddition: given.schemaUpdateOptions.length > 0,
      properties: given.destinationTableProperties,
    },
    format: formatOf(given),
    columns: given.schema && fromRestSchema(given.schema.fields),
    autodetect: given.autodetect,
    maxBadRecords: given.maxBadRecords,
    ignoreUnknownValues: given.ignoreUnknownValues,
    sourceUris: given.sourceUris ?? [],
  };
}

function checkUri(uri: string): void {
  if (/^gs:\/\/[^/*]+\/[^*]*\*?[^*]*$/.test(uri) && !uri.endsWith("://")) return;
  throw new CloudError(
    "invalid",
    `Source URI must be a Google Cloud Storage location with at most one *: ${uri}`,
    "sourceUris",
  );
}

function formatOf(given: Options): LoadFormat {
  const { sourceFormat, parquetOptions, quote, fieldDelimiter } = given;
  switch (sourceFormat.toUpperCase()) {
    case "PARQUET":
      return { kind: "PARQUET", enableListInference: parquetOptions?.enableListInference ?? false };
    case "NEWLINE_DELIMITED_JSON":
      return { kind: "JSON" };
    case "CSV": {
      const { skipLeadingRows, nullMarker, allowQuotedNewlines, allowJaggedRows } = given;
      const delimiter = /^(\\t|tab)$/i.test(fieldDelimiter) ? "\t" : fieldDelimiter;
      for (const [name, text] of [["quote", quote], ["fieldDelimiter", delimiter]]) {
        if (text.length <= 1) continue;
        throw new CloudError(
          "invalid",
          `Invalid value for ${name}: "${text}" is more than one character`,
          name,
        );
      }
      const options = {
        skipLeadingRows,
        quote,
        fieldDelimiter: delimiter,
        nullMarker,
        allowQuotedNewlines,
        allowJaggedRows,
      };
      return { kind: "CSV", options };
    }
    default: {
      const message = `Source format ${sourceFormat} is not supported by the local cloud`;
      throw new CloudError("invalid", message, "sourceFormat");
    }
  }
}

/**
 * Runs `use` with the files that URIs stand for; they stay as they are meanwhile.
 *
 * @throws {CloudError} `notFound`, for a URI without any.
 */
export async function withFiles<T>(
  objects: ObjectFiles,
  uris: string[],
  use: (files: LoadFile[]) => Promise<T>,
): Promise<T> {
  if (uris.length === 0) return await use([]);
  const [first, ...others] = uris;
  return await objects.withFiles(first, (found) => {
    const files = found.map(({ path, uri, size }) => ({ path, name: uri, size }));
    return withFiles(objects, others, (rest) => use([...files, ...rest]));
  });
}

/** Runs a load as a job's work: all files in one transaction. */
export async function runLoad(
  warehouse: Warehouse,
  load: Load,
  files: LoadFile[],
  signal: AbortSignal,
): Promise<JobResult> {
  return await warehouse.retried(async (c) => {
    const entry = await openTarget(
      warehouse,
      c,
      load.target,
      await columnsFor(warehouse, c, load, files),
    );
    let rows = 0;
    let bad = 0;
    for (const file of files) {
      const format = await formatFor(c, load, file);
      const loaded = await insertFile(c, file, format, {
        storage: entry.storage,
        columns: entry.columns,
        maxBadRecords: load.maxBadRecords - bad,
        ignoreUnknownValues: load.ignoreUnknownValues,
        connect: () => warehouse.connect(),
      });
      rows += loaded.rows;
      bad += loaded.bad;
    }
    const bytes = String(files.reduce((sum, { size }) => sum + size, 0));
    return {
      statistics: {
        load: {
          inputFiles: String(files.length),
          inputFileBytes: bytes,
          outputRows: String(rows),
          outputBytes: bytes,
          badRecords: String(bad),
        },
      },
    };
  }, signal);
}

/** The columns that the job brings; of a table that is appended to, its own come first. */
async function columnsFor(
  warehouse: Warehouse,
  c: DuckDBConnection,
  { target, format, columns, autodetect }: Load,
  files: LoadFile[],
): Promise<Field[] | undefined> {
  if (columns !== undefined) return columns;
  if (!autodetect && format.kind !== "PARQUET") return undefined;
  const own = await detected(c, format, files);
  const there = target.writeDisposition === "WRITE_TRUNCATE"
    ? undefined
    : await warehouse.catalogue.table(c, target.ref);
  const known = there?.columns ?? [];
  return [...known, ...own.filter(({ name }) => columnNamed(known, name) === undefined)];
}

/** What the files look like: Parquet's first speaks for all, of text every column of any. */
async function detected(
  c: DuckDBConnection,
  format: LoadFormat,
  files: LoadFile[],
): Promise<Field[]> {
  if (format.kind === "PARQUET") return await fileColumns(c, files[0], format);
  const columns: Field[] = [];
  for (const file of files) {
    for (const column of await fileColumns(c, file, format)) {
      const known = columnNamed(columns, column.name);
      if (known === undefined) columns.push(column);
      else if (known.type.kind === "INT64" && column.type.kind === "FLOAT64") {
        known.type = column.type;
      }
    }
  }
  return columns;
}

async function formatFor(
  c: DuckDBConnection,
  { format, columns, autodetect }: Load,
  file: LoadFile,
): Promise<LoadFormat> {
  if (format.kind !== "CSV" || columns !== undefined || !autodetect) return format;
  return { ...format, options: await withHeader(c, file, format.options) };
}
