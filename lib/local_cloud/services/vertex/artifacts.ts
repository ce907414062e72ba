/** The files of a model in the object store. */
import type { ObjectRecord, ObjectStore } from "../../object_store.ts";
import type { ModelFiles } from "../../saved_model/mod.ts";
import { failedPrecondition } from "./errors.ts";
import type { ArtifactRecord } from "./records.ts";

/** Bucket of a `gs://bucket/folder`, and what the names of its objects begin with. */
function placeOf(uri: string): { bucket: string; prefix: string } {
  const [, bucket, folder] = /^gs:\/\/([^/]+)\/?(.*?)\/*$/.exec(uri) ?? [];
  return { bucket, prefix: folder === "" ? "" : `${folder}/` };
}

function objectsOf(objects: ObjectStore, uri: string): Map<string, ObjectRecord> {
  const { bucket, prefix } = placeOf(uri);
  const found = new Map<string, ObjectRecord>();
  let pageToken: string | undefined;
  do {
    const page = objects.list(bucket, { prefix, pageToken });
    for (const object of page.objects) found.set(object.name.slice(prefix.length), object);
    pageToken = page.nextPageToken;
  } while (pageToken);
  // Consoles make a folder by an empty object that ends in a slash.
  return new Map([...found].filter(([path]) => path !== "" && !path.endsWith("/")));
}

/**
 * What is in a model's folder now.
 *
 * @throws {CloudError} No such bucket, or no SavedModel is there.
 */
export function listArtifacts(objects: ObjectStore, uri: string): ArtifactRecord[] {
  const found = objectsOf(objects, uri);
  if (!found.has("saved_model.pb")) {
    throw failedPrecondition(
      `Model directory ${uri} is expected to contain saved_model.pb, which it does not: name the ` +
        "folder that a model was exported to",
    );
  }
  return [...found].map(([path, { crc32c }]) => ({ path, crc32c }));
}

/**
 * Reads a model's folder.
 *
 * @param expected What was there when the model was uploaded.
 * @throws {CloudError} `resourceInUse`: a file is missing or has other contents now.
 */
export async function readArtifacts(
  objects: ObjectStore,
  uri: string,
  expected: ArtifactRecord[],
): Promise<ModelFiles> {
  const found = objectsOf(objects, uri);
  const { bucket, prefix } = placeOf(uri);
  const files = new Map<string, Uint8Array>();
  for (const { path, crc32c } of expected) {
    const object = found.get(path);
    if (object?.crc32c === crc32c) {
      files.set(path, await new Response(await objects.read(object)).bytes());
      continue;
    }
    const what = object ? "has other contents than when it was uploaded" : "is missing";
    throw failedPrecondition(
      `Cannot load the model as gs://${bucket}/${prefix}${path} ${what}: export and upload it again`,
    );
  }
  return files;
}
