/** Addresses in Cloud Storage. */

/** A folder of a bucket. */
export interface BucketFolder {
  bucket: string;
  /** Without a slash at its end; empty for the bucket itself. */
  folder: string;
}

/**
 * What `gs://BUCKET/FOLDER/` names; nothing where it is no such address.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(parseGsUri("gs://shop/models/m/"), { bucket: "shop", folder: "models/m" });
 * assertEquals(parseGsUri("/models/m"), undefined);
 * ```
 */
export function parseGsUri(uri: string): BucketFolder | undefined {
  const [, bucket, folder] = /^gs:\/\/([^/]+)\/(.*?)\/*$/.exec(uri) ?? [];
  return bucket === undefined ? undefined : { bucket, folder };
}
