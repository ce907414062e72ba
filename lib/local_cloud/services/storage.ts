/**
 * Cloud Storage's JSON API, as far as Google's clients ask for buckets and objects.
 *
 * @see https://docs.cloud.google.com/storage/docs/json_api/v1
 */
import { type Context, Hono } from "hono";
import type { ObjectPlace, ObjectStore } from "../object_store.ts";
import { readJson } from "./input.ts";
import { insertBucket, listBuckets, patchBucket } from "./storage/buckets.ts";
import { orPlainText, sendContents } from "./storage/media.ts";
import {
  composeObject,
  copyObject,
  findObject,
  listObjects,
  patchObject,
  receiveObject,
  rewriteObject,
} from "./storage/objects.ts";
import { conditionsOf } from "./storage/requests.ts";
import { bucketResource, objectResource } from "./storage/resources.ts";
import type { Uploads } from "./upload.ts";

const OBJECT = "/b/:bucket/o/:object";

/** Answers below `/storage/v1`, `/download/storage/v1`, `/upload/storage/v1`, and below `/`. */
export function storageRoutes(store: ObjectStore, uploads: Uploads): Hono {
  const routes = new Hono();
  const json = jsonRoutes(store);
  // With an emulator's host the clients leave the prefix out of some URLs and keep it in others.
  routes.route("/storage/v1", json);
  routes.route("/", json);
  routes.get(`/download/storage/v1${OBJECT}`, (c) => download(store, c));
  for (const upload of ["/upload/storage/v1/b/:bucket/o", "/upload/b/:bucket/o"]) {
    routes.post(
      upload,
      (c) => uploads.post(c.req.raw, receiveObject(store, c.req.param("bucket")!)),
    );
    routes.put(upload, (c) => uploads.put(c.req.raw));
    routes.delete(upload, (c) => uploads.cancel(c.req.raw));
  }
  return routes;
}

function jsonRoutes(store: ObjectStore): Hono {
  const json = new Hono();
  json.get("/b", (c) => c.json(listBuckets(store, c.req.query(), originOf(c))));
  json.post("/b", async (c) => c.json(await insertBucket(store, await body(c), originOf(c))));
  json.get("/b/:bucket", (c) => {
    const bucket = store.getBucket(c.req.param("bucket"));
    return c.json(bucketResource(bucket, originOf(c)));
  });
  json.patch(
    "/b/:bucket",
    async (c) => c.json(await patchBucket(store, c.req.param("bucket"), await request(c))),
  );
  json.delete("/b/:bucket", async (c) => {
    await store.deleteBucket(c.req.param("bucket"), conditionsOf(c.req.query()));
    return c.body(null, 204);
  });
  json.get(
    "/b/:bucket/o",
    (c) => c.json(listObjects(store, c.req.param("bucket"), c.req.query(), originOf(c))),
  );
  objectRoutes(json, store);
  return json;
}

function objectRoutes(json: Hono, store: ObjectStore): void {
  json.get(OBJECT, (c) => {
    if (c.req.query("alt") === "media") return download(store, c);
    return c.json(objectResource(findObject(store, place(c), c.req.query()), originOf(c)));
  });
  json.patch(OBJECT, async (c) => c.json(await patchObject(store, place(c), await request(c))));
  json.delete(OBJECT, async (c) => {
    const { bucket, name } = findObject(store, place(c), c.req.query());
    await store.delete(bucket, name, conditionsOf(c.req.query()));
    return c.body(null, 204);
  });
  json.post(
    `${OBJECT}/copyTo/b/:toBucket/o/:toObject`,
    async (c) => c.json(await copyObject(store, fromTo(c), await request(c))),
  );
  json.post(
    `${OBJECT}/rewriteTo/b/:toBucket/o/:toObject`,
    async (c) => c.json(await rewriteObject(store, fromTo(c), await request(c))),
  );
  json.post(
    `${OBJECT}/compose`,
    async (c) => c.json(await composeObject(store, place(c), await request(c))),
  );
}

const originOf = (c: Context): string => new URL(c.req.url).origin;
const body = (c: Context): Promise<unknown> => readJson(c.req.raw);
const place = (c: Context): ObjectPlace => ({
  bucket: c.req.param("bucket")!,
  name: c.req.param("object")!,
});
const fromTo = (c: Context) => ({
  from: place(c),
  to: { bucket: c.req.param("toBucket")!, name: c.req.param("toObject")! },
});
const request = async (c: Context) => ({
  query: c.req.query(),
  origin: originOf(c),
  body: await body(c),
});

const download = (store: ObjectStore, c: Context): Promise<Response> =>
  orPlainText(async () =>
    await sendContents(store, findObject(store, place(c), c.req.query()), c.req.raw)
  );
