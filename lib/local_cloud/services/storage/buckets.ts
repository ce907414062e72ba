/** Buckets: what is asked and answered. */
import { z } from "zod";
import { CloudError } from "../../errors.ts";
import type { ObjectStore } from "../../object_store.ts";
import { listPage } from "../../object_store/listing.ts";
import { numberParameter, parse, type Query } from "../input.ts";
import { bucketSettings, conditionsOf } from "./requests.ts";
import { bucketResource } from "./resources.ts";

const named = z.looseObject({ name: z.string() });

/** Makes a bucket of a body with at least its name. */
export async function insertBucket(store: ObjectStore, body: unknown, origin: string) {
  const { name } = parse(named, body);
  const bucket = await store.createBucket(name, parse(bucketSettings, body));
  return bucketResource(bucket, origin);
}

/** One page of all buckets: every project of the local cloud sees the same ones. */
export function listBuckets(store: ObjectStore, query: Query, origin: string) {
  const names = store.listBuckets().map(({ name }) => name);
  const { prefix, pageToken } = query;
  const maxResults = numberParameter(query, "maxResults");
  const page = listPage(names, { prefix, pageToken, maxResults });
  const items = page.names.map((name) => bucketResource(store.getBucket(name), origin));
  return { kind: "storage#buckets", items, nextPageToken: page.nextPageToken };
}

/** Changes a bucket's settings; null removes one. */
export async function patchBucket(
  store: ObjectStore,
  name: string,
  { body, query, origin }: { body: unknown; query: Query; origin: string },
) {
  const patch = parse(bucketSettings, body);
  if ("retentionPolicy" in patch) {
    throw new CloudError("notImplemented", "retentionPolicy is not supported by the local cloud");
  }
  return bucketResource(await store.updateBucket(name, patch, conditionsOf(query)), origin);
}
