/** Extract jobs: a model into a bucket. */
import { z } from "zod";
import { CloudError } from "../errors.ts";
import { exportModel, type ModelBuckets, type ModelExport } from "../warehouse/export_model.ts";
import type { Warehouse } from "../warehouse/engine.ts";
import { parse } from "./input.ts";
import type { JobResult } from "./jobs.ts";
import { checkId } from "./names.ts";

const configuration = z.strictObject({
  sourceModel: z.strictObject({
    projectId: z.string().optional(),
    datasetId: z.string(),
    modelId: z.string(),
  }),
  destinationUri: z.string().optional(),
  destinationUris: z.array(z.string()).optional(),
  destinationFormat: z.string().default("ML_TF_SAVED_MODEL"),
});

/**
 * The export that a job's `configuration.extract` asks for.
 *
 * @param projectId The job's, for a model without one.
 * @throws {CloudError} `invalid` or `required`, naming the option; `notImplemented` for a table.
 */
export function extractOf(extract: unknown, projectId: string): ModelExport {
  if (!z.object({ sourceModel: z.unknown() }).required().safeParse(extract).success) {
    throw new CloudError(
      "notImplemented",
      "Extract jobs of tables are not supported by the local cloud: only models can be extracted",
    );
  }
  const given = parse(configuration, extract, "configuration.extract");
  const { sourceModel: { datasetId, modelId, projectId: owner = projectId } } = given;
  if (given.destinationFormat.toUpperCase() !== "ML_TF_SAVED_MODEL") {
    throw new CloudError(
      "invalid",
      `Destination format ${given.destinationFormat} is not supported for this type of model: use ` +
        "ML_TF_SAVED_MODEL",
      "destinationFormat",
    );
  }
  const [uri, ...others] = given.destinationUris ??
    (given.destinationUri === undefined ? [] : [given.destinationUri]);
  if (uri === undefined) {
    throw new CloudError(
      "required",
      "Required parameter is missing: destinationUris",
      "destinationUris",
    );
  }
  if (others.length > 0) {
    const message = "A model is extracted to exactly one destination URI";
    throw new CloudError("invalid", message, "destinationUris");
  }
  const ref = {
    projectId: owner,
    datasetId: checkId("dataset", datasetId),
    modelId: checkId("model", modelId),
  };
  return { ref, uri };
}

/** Runs an extract as a job's work. */
export async function runExtract(
  { warehouse, buckets }: { warehouse: Warehouse; buckets: ModelBuckets },
  extract: ModelExport,
  signal: AbortSignal,
): Promise<JobResult> {
  const { files, bytes } = await exportModel({ warehouse, buckets }, extract, { signal });
  const counts = { destinationUriFileCounts: [String(files)], inputBytes: String(bytes) };
  return { statistics: { extract: counts } };
}
