/**
 * CREATE MODEL of a TensorFlow model: a SavedModel's files in a bucket become a model.
 *
 * @see https://docs.cloud.google.com/bigquery/docs/reference/standard-sql/bigqueryml-syntax-create-tensorflow
 */
import { CloudError } from "../../errors.ts";
import { loadSavedModel } from "../../saved_model/mod.ts";
import type { ModelRef } from "../../warehouse/catalogue.ts";
import { writeFiles } from "../../warehouse/imported_files.ts";
import { importedBody, importedSpec } from "../../warehouse/imported_resource.ts";
import type { Resolved } from "../compile.ts";
import type { Execution } from "../execution.ts";
import type { ImportOptions } from "../model_options.ts";
import type { StatementOutcome } from "../mod.ts";
import { operationOn, writeModel } from "./model_entry.ts";
import { ddlOutcome } from "./targets.ts";

/** How large the files of a model may be together, as in BigQuery. */
const MOST_BYTES = 450 * 2 ** 20;

/**
 * Copies the files, once they are known to be a model that can be run.
 *
 * @throws {CloudError} `notFound` files; `invalid`: the path, too large, no SavedModel, one with an
 * operation, a type or a shape that is not supported.
 */
export async function importModel(
  ref: ModelRef,
  { modelPath }: ImportOptions,
  resolved: Resolved,
  execution: Execution,
): Promise<StatementOutcome> {
  const operation = await operationOn(ref, resolved, execution, execution.connection);
  const outcome = ddlOutcome("CREATE_MODEL", operation);
  if (operation === "SKIP" || execution.request.dryRun) return outcome;
  const files = await readObjects(modelPath, execution);
  const spec = readable(modelPath, files);
  const done = await writeModel(ref, resolved, execution, async (connection, storage) => {
    await writeFiles(connection, storage, files);
    return { spec, resource: importedBody(spec, modelPath) };
  });
  return { ...outcome, ddl: { operation: done } };
}

/** The objects below a folder by their paths in it. */
async function readObjects(
  modelPath: string,
  { objects, request: { signal } }: Execution,
): Promise<Map<string, Uint8Array>> {
  const [, bucket, folder] = /^gs:\/\/([^/]+)\/(.*\/)?\*$/s.exec(modelPath) ?? [];
  if (bucket === undefined) {
    throw refused(modelPath, "it must be a folder with all in it: gs://bucket/folder/*");
  }
  return await objects.withFiles(modelPath, async (found) => {
    const bytes = found.reduce((sum, { size }) => sum + size, 0);
    if (bytes > MOST_BYTES) {
      const size = Math.ceil(bytes / 2 ** 20);
      throw refused(modelPath, `its files have ${size} MB, and 450 MB is the most`);
    }
    const files = new Map<string, Uint8Array>();
    for (const { name, path } of found) {
      // Consoles make a folder by an empty object that ends in a slash.
      if (name.endsWith("/")) continue;
      files.set(name.slice(folder?.length ?? 0), await Deno.readFile(path, { signal }));
    }
    return files;
  });
}

function readable(modelPath: string, files: ReadonlyMap<string, Uint8Array>) {
  try {
    return importedSpec(loadSavedModel(files));
  } catch (error) {
    if (error instanceof CloudError) throw refused(modelPath, error.message);
    throw error;
  }
}

const refused = (modelPath: string, why: string) =>
  new CloudError("invalid", `Cannot import the model from ${modelPath}: ${why}`);
