/** Objects: what is asked and answered, contents aside. */
import { z } from "zod";
import { CloudError } from "../../errors.ts";
import type { ObjectPlace, ObjectRecord, ObjectStore } from "../../object_store.ts";
import { checkConditions } from "../../object_store/records.ts";
import { numberParameter, parse, type Query } from "../input.ts";
import type { Begin } from "../upload.ts";
import {
  conditionsOf,
  detailsPatch,
  generationParameter,
  newDetails,
  refuseParameters,
} from "./requests.ts";
import { objectResource } from "./resources.ts";

/** A request about an object, besides where the object is. */
export interface ObjectRequest {
  query: Query;
  /** Scheme, host and port, for the links in the answer. */
  origin: string;
  body?: unknown;
}

/** The object that a request names, as it is now. */
export function findObject(store: ObjectStore, place: ObjectPlace, query: Query): ObjectRecord {
  const object = store.stat(place.bucket, place.name, generationParameter(query, "generation"));
  checkConditions(object, conditionsOf(query));
  return object;
}

/** One page of a bucket's objects. */
export function listObjects(store: ObjectStore, bucket: string, query: Query, origin: string) {
  refuseParameters(query, ["includeTrailingDelimiter", "matchGlob", "softDeleted"]);
  const maxResults = numberParameter(query, "maxResults");
  const { objects, prefixes, nextPageToken } = store.list(bucket, { ...query, maxResults });
  const items = objects.map((object) => objectResource(object, origin));
  return {
    kind: "storage#objects",
    ...(items.length > 0 && { items }),
    ...(prefixes.length > 0 && { prefixes }),
    nextPageToken,
  };
}

/** Changes an object's details; null removes one. */
export async function patchObject(store: ObjectStore, place: ObjectPlace, request: ObjectRequest) {
  const patch = parse(detailsPatch, request.body);
  const object = await store.update(place, patch, conditionsOf(request.query));
  return objectResource(object, request.origin);
}

/** Copies an object; details in the body take the place of the source's. */
export async function copyObject(
  store: ObjectStore,
  { from, to }: { from: ObjectPlace; to: ObjectPlace },
  { body, query, origin }: ObjectRequest,
) {
  const source = store.stat(from.bucket, from.name, generationParameter(query, "sourceGeneration"));
  checkConditions(source, conditionsOf(query, "Source"));
  const details = parse(newDetails, body);
  const given = Object.keys(details).length > 0 ? details : undefined;
  return objectResource(await store.copy(source, to, given, conditionsOf(query)), origin);
}

/** {@link copyObject} in the terms of rewriteTo: done in one call, whatever the size. */
export async function rewriteObject(...request: Parameters<typeof copyObject>) {
  const resource = await copyObject(...request) as { size: string };
  const { size } = resource;
  return {
    kind: "storage#rewriteResponse",
    totalBytesRewritten: size,
    objectSize: size,
    done: true,
    resource,
  };
}

/** Python's client writes a generation that it does not ask for as null. */
const composed = z.object({
  name: z.string(),
  generation: z.string().nullish().transform((given) => given ?? ""),
});
const composition = z.object({
  sourceObjects: z.array(composed).min(1).max(32),
  destination: newDetails.optional(),
});

/** Joins up to 32 objects of a bucket into one. */
export async function composeObject(
  store: ObjectStore,
  place: ObjectPlace,
  { body, query, origin }: ObjectRequest,
) {
  const { sourceObjects, destination } = parse(composition, body);
  const sources = sourceObjects.map((source) =>
    store.stat(place.bucket, source.name, generationParameter(source, "generation"))
  );
  const { bucket, name } = place;
  const all = contentsOf(store, sources);
  const object = await store.put(bucket, name, all, destination, conditionsOf(query));
  return { ...objectResource(object, origin), componentCount: sources.length };
}

async function* contentsOf(store: ObjectStore, objects: ObjectRecord[]) {
  for (const object of objects) yield* await store.read(object);
}

/** Takes an upload as an object of a bucket. */
export function receiveObject(store: ObjectStore, bucket: string): Begin {
  return async ({ metadata, contentType, url }) => {
    const query = Object.fromEntries(url.searchParams);
    const conditions = conditionsOf(query);
    const place = { bucket, name: query.name ?? String(metadata.name ?? "") };
    const details = { contentType, ...parse(newDetails, metadata) };
    store.checkPlace(place, conditions);
    const draft = await store.draft();
    return {
      get size() {
        return draft.size;
      },
      write: (bytes) => draft.write(bytes),
      discard: () => draft.discard(),
      async finish(headers) {
        const digest = await draft.finish();
        checkDigest(digest, metadata);
        checkDigest(digest, hashesIn(headers));
        return objectResource(await store.commit(place, draft, details, conditions), url.origin);
      },
    };
  };
}

/** `x-goog-hash: crc32c=…,md5=…`; a base64 text may end in `=`. */
function hashesIn(headers: Headers): Record<string, unknown> {
  const hashes: Record<string, string> = {};
  for (const part of (headers.get("x-goog-hash") ?? "").split(",")) {
    const [, name, value] = /^\s*(crc32c|md5)=(\S+)/.exec(part) ?? [];
    if (name) hashes[name === "md5" ? "md5Hash" : name] = value;
  }
  return hashes;
}

function checkDigest(
  { md5Hash, crc32c }: { md5Hash: string; crc32c: string },
  expected: Record<string, unknown>,
): void {
  const hashes = [["MD5 hash", md5Hash, expected.md5Hash], ["CRC32C", crc32c, expected.crc32c]];
  for (const [name, actual, claimed] of hashes) {
    if (claimed === undefined || claimed === null || claimed === actual) continue;
    const message = `Provided ${name} "${claimed}" doesn't match calculated ${name} "${actual}".`;
    throw new CloudError("invalid", message);
  }
}
