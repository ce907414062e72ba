/** The bucket of a dataset: where events go in and models come out. */
import type { Bucket } from "@google-cloud/storage";
import { badInput, EXIT, Failure } from "./failure.ts";
import { PATTERNS } from "./option_values.ts";
import type { Session } from "./session.ts";
import { datasetLabel, regionOf } from "./vertex.ts";

/**
 * A bucket, made if it does not exist, with access that is the same for all its objects. For a dataset
 * in several regions it is made in the one of them where Vertex AI works, which wants models in buckets
 * of its own region; BigQuery takes any of them.
 *
 * @see https://docs.cloud.google.com/vertex-ai/docs/model-registry/import-model
 *
 * @param options Its name, as for {@link namedBucket}, and the region where it is made. Default:
 * {@link regionOf} the dataset's location.
 * @throws {Failure} If it has no name and none can be made of the dataset's.
 */
export async function ensureBucket(
  session: Session,
  { name, region = regionOf(session.location) }: { name?: string; region?: string } = {},
): Promise<Bucket> {
  const bucket = namedBucket(session, name);
  const [exists] = await bucket.exists();
  if (exists) return bucket;
  try {
    await bucket.create({
      location: region,
      iamConfiguration: { uniformBucketLevelAccess: { enabled: true } },
    });
  } catch (error) {
    // Another run made it in between; a bucket of someone else's fails at the upload.
    if ((error as { code?: number }).code !== 409) throw error;
  }
  return bucket;
}

/**
 * A bucket by its name; it need not exist.
 *
 * @param name Default `{project}-{dataset}`; of a dataset with capitals, which buckets do not have, what
 * {@link datasetLabel} makes of it.
 * @throws {Failure} If the default cannot be the name of a bucket.
 */
export function namedBucket(session: Session, name?: string): Bucket {
  return session.storage.bucket(name ?? defaultName(session));
}

function defaultName({ project, dataset }: Session): string {
  const name = `${project}-${datasetLabel(dataset)}`;
  if (PATTERNS.bucket.test.test(name)) return name;
  throw badInput(
    `Cannot call a bucket ${name} after the project and the dataset as names of buckets have at most ` +
      "63 characters and end in a letter or a digit: name a bucket by --bucket",
  );
}

/**
 * Makes sure that BigQuery can export from the session's dataset to a bucket.
 *
 * @returns where the bucket is, in capitals: `US`, `US-CENTRAL1`, or the two regions `NAM4`.
 * @throws {Failure} If the bucket is in another location.
 */
export async function checkBucketLocation(session: Session, bucket: Bucket): Promise<string> {
  const [metadata] = await bucket.getMetadata();
  const location = (metadata.location ?? "US").toUpperCase();
  if (isWithin(location, session.location)) return location;
  throw new Failure(
    `Cannot export to the bucket ${bucket.name} as it is in ${location} and the dataset in ` +
      `${session.location}: name a bucket in ${session.location} by --bucket`,
    EXIT.access,
  );
}

/** Regions of Europe that are not in the multi-region EU. */
const OUTSIDE_EU = ["EUROPE-WEST2", "EUROPE-WEST6"];

/**
 * Whether a bucket's location is the dataset's or a part of it.
 *
 * @param location Of the bucket, such as `US`, `US-CENTRAL1` or the two regions `NAM4`.
 *
 * @see https://docs.cloud.google.com/bigquery/docs/exporting-data#data-locations
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(isWithin("US-EAST1", "US"), true);
 * assertEquals(isWithin("US", "us-east1"), false);
 * assertEquals(isWithin("EUROPE-WEST2", "EU"), false);
 * ```
 */
export function isWithin(location: string, dataset: string): boolean {
  const [inner, outer] = [location, dataset].map((place) => place.toUpperCase());
  if (inner === outer) return true;
  if (outer === "US") return /^US-|^NAM\d+$/.test(inner);
  return outer === "EU" && /^EUROPE-|^EUR\d+$/.test(inner) && !OUTSIDE_EU.includes(inner);
}
