/** Buckets: made, changed, deleted. */
import { CloudError } from "../errors.ts";
import type { Index } from "./index.ts";
import { checkBucketName } from "./names.ts";
import {
  type BucketRecord,
  checkConditions,
  type Conditions,
  merged,
  type Settings,
} from "./records.ts";

/** @throws {CloudError} `invalid` name, or `duplicate`. */
export function createBucket(index: Index, name: string, settings: Settings) {
  return index.inTurn(async () => {
    checkBucketName(name);
    if (index.buckets.has(name)) {
      const message =
        `Your previous request to create the named bucket succeeded and you already ` +
        `own it: ${name}`;
      throw new CloudError("duplicate", message);
    }
    const created = new Date().toISOString();
    const bucket: BucketRecord = { name, metageneration: 1, settings, created, updated: created };
    await index.apply({ bucket });
    return bucket;
  });
}

/** @throws {CloudError} `notFound`. */
export function getBucket(index: Index, name: string): BucketRecord {
  const bucket = index.buckets.get(name);
  if (!bucket) throw new CloudError("notFound", "The specified bucket does not exist.");
  return bucket;
}

/** All buckets by name. */
export function listBuckets(index: Index): BucketRecord[] {
  return [...index.buckets.values()].sort((a, b) => a.name < b.name ? -1 : 1);
}

/** @throws {CloudError} `notFound` or `conditionNotMet`. */
export function updateBucket(index: Index, name: string, patch: Settings, conditions: Conditions) {
  return index.inTurn(async () => {
    const current = getBucket(index, name);
    checkConditions(current, conditions);
    const bucket: BucketRecord = {
      ...current,
      metageneration: current.metageneration + 1,
      settings: merged(current.settings, patch),
      updated: new Date().toISOString(),
    };
    await index.apply({ bucket });
    return bucket;
  });
}

/** @throws {CloudError} `notFound`, `conditionNotMet`, or 409 where it still has objects. */
export function deleteBucket(index: Index, name: string, conditions: Conditions): Promise<void> {
  return index.inTurn(async () => {
    checkConditions(getBucket(index, name), conditions);
    if (index.objects(name).size > 0) {
      throw new CloudError("duplicate", "The bucket you tried to delete is not empty.");
    }
    await index.apply({ dropBucket: name });
  });
}
