/** Where a dataset's models can be served, and the options that lead a command there. */
import { checkBucketLocation, isWithin, namedBucket } from "../bucket.ts";
import { EXIT, Failure } from "../failure.ts";
import { DATASET, type Session } from "../session.ts";
import { regionOf } from "../vertex.ts";

/**
 * The regions of Vertex AI in the locations of BigQuery that span several.
 *
 * @see https://docs.cloud.google.com/vertex-ai/docs/general/locations
 */
const REGIONS: Readonly<Record<string, readonly string[]>> = {
  US: [
    ...["us-central1", "us-east1", "us-east4", "us-east5", "us-south1"],
    ...["us-west1", "us-west2", "us-west3", "us-west4"],
  ],
  EU: [
    ...["europe-west4", "europe-central2", "europe-north1", "europe-southwest1", "europe-west1"],
    ...["europe-west3", "europe-west8", "europe-west9", "europe-west12"],
  ],
};

/**
 * The regions in which models of a dataset can be served, the one that is used by default first.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(regionsOf("us").length, 9);
 * assertEquals(regionsOf("asia-east1"), ["asia-east1"]);
 * ```
 */
export function regionsOf(location: string): readonly string[] {
  return REGIONS[location.toUpperCase()] ?? [regionOf(location)];
}

/**
 * Makes sure, before anything is made, that a region fits the dataset, and a bucket that exists fits
 * both: BigQuery exports to a bucket in the dataset's location, and Vertex AI reads one in its region.
 *
 * @param options The region of Vertex AI, and the bucket if it is named.
 * @throws {Failure} If one does not fit.
 */
export async function checkPlace(
  session: Session,
  { region, bucket: name }: { region: string; bucket?: string },
): Promise<void> {
  const { location, dataset } = session;
  if (!isWithin(region, location)) {
    throw new Failure(
      `Cannot deploy in ${region} as the dataset ${dataset} is in ${location}: leave --region out, ` +
        `which is ${regionOf(location)} then`,
      EXIT.access,
    );
  }
  const bucket = namedBucket(session, name);
  const [exists] = await bucket.exists();
  if (!exists) return;
  const place = await checkBucketLocation(session, bucket);
  // A bucket of two regions, such as NAM4, does not say which ones.
  if (isWithin(region, place) || /^[A-Z]+\d+$/.test(place)) return;
  throw new Failure(
    `Cannot deploy in ${region} as the bucket ${bucket.name} is in ${place}: name one in ${region} ` +
      "by --bucket, which is made if it is missing, or another region by --region",
    EXIT.access,
  );
}

/** What leads a command to a session's place. */
export interface Place {
  where: Session["where"];
  project: string;
  dataset: string;
  /** Of Vertex AI; nothing for the dataset's. */
  region?: string;
}

/**
 * The options that lead the next command to the same place, with a blank before each; nothing for
 * what is so by default.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const place = { where: "cloud", project: "shop-1", dataset: "web" } as const;
 * assertEquals(placeOptions(place), " --project shop-1 --dataset web");
 * ```
 */
export function placeOptions({ where, project, dataset, region }: Place): string {
  const options = {
    project: where === "cloud" ? project : undefined,
    dataset: dataset === DATASET ? undefined : dataset,
    region: where === "cloud" ? region : undefined,
  };
  return Object.entries(options)
    .map(([name, value]) => value === undefined ? "" : ` --${name} ${value}`).join("");
}
