/** Buckets and objects in the shapes of Cloud Storage's JSON API. */
import type { BucketRecord, ObjectRecord } from "../../object_store.ts";

const MULTI_REGIONS = ["US", "EU", "ASIA"];

/** `kind: storage#bucket`. */
export function bucketResource(bucket: BucketRecord, origin: string): object {
  const { name, metageneration, settings, created, updated } = bucket;
  const { location = "US" } = settings;
  return {
    kind: "storage#bucket",
    id: name,
    name,
    selfLink: `${origin}/storage/v1/b/${name}`,
    projectNumber: "0",
    generation: String(Date.parse(created) * 1000),
    metageneration: String(metageneration),
    location,
    locationType: MULTI_REGIONS.includes(String(location)) ? "multi-region" : "region",
    storageClass: "STANDARD",
    ...settings,
    iamConfiguration: {
      uniformBucketLevelAccess: { enabled: true },
      publicAccessPrevention: "inherited",
      ...settings.iamConfiguration as object | undefined,
    },
    etag: etag(0, metageneration),
    timeCreated: created,
    updated,
  };
}

/** `kind: storage#object`. */
export function objectResource(object: ObjectRecord, origin: string): object {
  const { bucket, name, size, md5Hash, crc32c, metageneration, details, created, updated } = object;
  const generation = String(object.generation);
  const path = `storage/v1/b/${bucket}/o/${encodeURIComponent(name)}`;
  return {
    kind: "storage#object",
    id: `${bucket}/${name}/${generation}`,
    selfLink: `${origin}/${path}`,
    mediaLink: `${origin}/download/${path}?generation=${generation}&alt=media`,
    name,
    bucket,
    generation,
    metageneration: String(metageneration),
    storageClass: "STANDARD",
    size: String(size),
    md5Hash,
    crc32c,
    etag: etag(object.generation, metageneration),
    timeCreated: created,
    updated,
    timeStorageClassUpdated: created,
    timeFinalized: created,
    ...details,
  };
}

/** Differs whenever the contents or the details do. */
function etag(generation: number, metageneration: number): string {
  return btoa(`${generation}/${metageneration}`);
}
