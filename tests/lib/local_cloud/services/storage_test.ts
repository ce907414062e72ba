import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { Storage } from "@google-cloud/storage";
import { Buffer } from "node:buffer";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { type Server, startServer } from "../../../../lib/local_cloud/server.ts";

interface Here {
  storage: Storage;
  url: string;
  folder: string;
  server: Server;
}

/** A server of its own and Google's client for it, as the environment variable would point it. */
async function withStorage(use: (here: Here) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  const server = await startServer({ dataFolder: join(folder, "data"), port: 0 });
  Deno.env.set("STORAGE_EMULATOR_HOST", server.url);
  try {
    const storage = new Storage({ projectId: "local-cloud" });
    await use({ storage, url: server.url, folder, server });
  } finally {
    Deno.env.delete("STORAGE_EMULATOR_HOST");
    await server.stop();
    await Deno.remove(folder, { recursive: true });
  }
}

/** The client keeps sockets and timers of its own. */
const clientTest = (name: string, fn: () => Promise<void>) =>
  Deno.test({ name, fn, sanitizeOps: false, sanitizeResources: false });

const failure = async (call: () => Promise<unknown>) =>
  await assertRejects(call) as Error & { code: number; errors: { reason: string }[] };

clientTest(
  "buckets are made, listed, changed and deleted by Google's client",
  () =>
    withStorage(async ({ storage }) => {
      const [bucket] = await storage.createBucket("shop-data", { location: "eu" });
      assertEquals(bucket.metadata.location, "EU");
      assert(bucket.metadata.iamConfiguration?.uniformBucketLevelAccess?.enabled);
      assertEquals((await storage.bucket("shop-data").exists())[0], true);
      assertEquals((await storage.bucket("other").exists())[0], false);
      await storage.createBucket("shop-models");
      assertEquals((await storage.getBuckets())[0].map(({ name }) => name), [
        "shop-data",
        "shop-models",
      ]);
      await bucket.setLabels({ team: "data", step: "one" });
      await bucket.setMetadata({ labels: { step: null } });
      assertEquals((await bucket.getMetadata())[0].labels, { team: "data" });
      assertEquals((await failure(() => storage.createBucket("shop-data"))).code, 409);
      const invalid = await failure(() => storage.createBucket("Shop"));
      assertEquals([invalid.code, invalid.errors[0].reason], [400, "invalid"]);
      await bucket.file("o").save("x");
      assertEquals((await failure(() => bucket.delete())).code, 409);
      await bucket.file("o").delete();
      await bucket.delete();
      assertEquals((await bucket.exists())[0], false);
    }),
);

clientTest(
  "an object goes up simply or resumably and comes back whole, whatever its name",
  () =>
    withStorage(async ({ storage }) => {
      const [bucket] = await storage.createBucket("bucket");
      const names = ["plain.txt", "a/b c/ü€😀.csv", "50%.txt", "a%2Fb", "?x=1&y#z", "../up", "+ +"];
      for (const resumable of [false, true]) {
        for (const name of names) {
          const file = bucket.file(name);
          await file.save(`${name} ${resumable}`, {
            resumable,
            contentType: "text/csv",
            metadata: { metadata: { user: "ä" } },
          });
          assertEquals(String((await file.download())[0]), `${name} ${resumable}`);
          const [metadata] = await file.getMetadata();
          assertEquals(metadata.name, name);
          assertEquals(metadata.contentType, "text/csv");
          assertEquals(metadata.metadata, { user: "ä" });
          assertMatch(String(metadata.generation), /^\d{16}$/);
        }
      }
      assertEquals((await bucket.getFiles())[0].map(({ name }) => name), names.toSorted());
    }),
);

clientTest(
  "a large object goes up in chunks, and ranges of it come back",
  () =>
    withStorage(async ({ storage }) => {
      const [bucket] = await storage.createBucket("bucket");
      const bytes = randomBytes(3 * 1024 * 1024 + 17);
      const file = bucket.file("large.bin");
      await file.save(bytes, { resumable: true, chunkSize: 1024 * 1024, validation: "md5" });
      const [whole] = await file.download({ validation: "md5" });
      assert(bytes.equals(whole));
      const [part] = await file.download({ start: 1_000_000, end: 1_000_009 });
      assert(bytes.subarray(1_000_000, 1_000_010).equals(part));
      const [tail] = await file.download({ end: -5 });
      assert(bytes.subarray(-5).equals(tail));
      await bucket.file("empty").save("", { resumable: true });
      assertEquals((await bucket.file("empty").download())[0].length, 0);
    }),
);

clientTest(
  "a file of the disk goes up and comes down as a file, compressed ones as they are",
  () =>
    withStorage(async ({ storage, folder }) => {
      const [bucket] = await storage.createBucket("bucket");
      const path = join(folder, "events.json");
      await Deno.writeTextFile(path, '{"a":1}\n'.repeat(1000));
      const [file] = await bucket.upload(path, { destination: "in/events.json", gzip: true });
      assertEquals(file.metadata.contentEncoding, "gzip");
      assertEquals(file.metadata.contentType, "application/json");
      assert(Number(file.metadata.size) < 1000);
      const copy = join(folder, "copy.json");
      await file.download({ destination: copy });
      assertEquals(await Deno.readTextFile(copy), await Deno.readTextFile(path));
      const plain = await fetch(file.metadata.mediaLink!, { headers: { "accept-encoding": "" } });
      assertEquals(await plain.text(), await Deno.readTextFile(path));
      await bucket.file("given.gz").save(gzipSync("x"), { contentType: "application/gzip" });
      assert(gzipSync("x").equals((await bucket.file("given.gz").download())[0]));
    }),
);

clientTest(
  "objects are listed by prefix and folder, page by page",
  () =>
    withStorage(async ({ storage }) => {
      const [bucket] = await storage.createBucket("bucket");
      for (const name of ["a/1", "a/2", "a/b/3", "c"]) await bucket.file(name).save(name);
      const options = { prefix: "a/", delimiter: "/", autoPaginate: false, maxResults: 2 };
      const [files, next, response] = await bucket.getFiles(options);
      assertEquals(files.map(({ name }) => name), ["a/1", "a/2"]);
      const [rest, , last] = await bucket.getFiles(next!);
      assertEquals(rest.length, 0);
      assertEquals((response as { prefixes?: string[] }).prefixes, undefined);
      assertEquals((last as { prefixes?: string[] }).prefixes, ["a/b/"]);
      const [all] = await bucket.getFiles({ maxResults: 3 });
      assertEquals(all.length, 3);
      await bucket.deleteFiles({ prefix: "a/" });
      assertEquals((await bucket.getFiles())[0].map(({ name }) => name), ["c"]);
    }),
);

clientTest(
  "objects are copied, moved, joined and described",
  () =>
    withStorage(async ({ storage }) => {
      const [bucket] = await storage.createBucket("bucket");
      const [other] = await storage.createBucket("other-bucket");
      await bucket.file("a").save("one ", { contentType: "text/plain" });
      await bucket.file("b").save("two");
      await bucket.file("a").copy(other.file("x/y z"));
      assertEquals(String((await other.file("x/y z").download())[0]), "one ");
      assertEquals((await other.file("x/y z").getMetadata())[0].contentType, "text/plain");
      await bucket.combine(["a", "b"], "ab");
      assertEquals(String((await bucket.file("ab").download())[0]), "one two");
      await bucket.file("b").move("moved");
      assertEquals((await bucket.file("b").exists())[0], false);
      const file = bucket.file("a");
      await file.setMetadata({ cacheControl: "no-store", metadata: { k: "v", gone: "x" } });
      await file.setMetadata({ metadata: { gone: null } });
      const [metadata] = await file.getMetadata();
      assertEquals([metadata.cacheControl, metadata.metadata], ["no-store", { k: "v" }]);
      assertEquals(String(metadata.metageneration), "3");
    }),
);

clientTest(
  "preconditions and missing things are refused as Google refuses them",
  () =>
    withStorage(async ({ storage }) => {
      const [bucket] = await storage.createBucket("bucket");
      const file = bucket.file("o");
      const onlyNew = { preconditionOpts: { ifGenerationMatch: 0 } };
      for (const resumable of [false, true]) {
        await file.save("1", { resumable, ...onlyNew });
        const again = await failure(() => file.save("2", { resumable, ...onlyNew }));
        assertEquals(Number(again.code), 412);
        assertEquals(String((await file.download())[0]), "1");
        await file.delete();
      }
      const missing = await failure(() => bucket.file("none").download());
      assertEquals([missing.code, missing.message], [404, "No such object: bucket/none"]);
      assertEquals((await failure(() => bucket.file("none").getMetadata())).code, 404);
      const nowhere = await failure(() => storage.bucket("nowhere").file("x").save("1"));
      assertEquals(nowhere.code, 404);
      assertMatch(nowhere.message, /The specified bucket does not exist/);
      assertEquals((await failure(() => storage.bucket("nowhere").getFiles())).code, 404);
    }),
);

clientTest(
  "a resumable upload goes on where the connection broke",
  () =>
    withStorage(async ({ storage, url }) => {
      const [bucket] = await storage.createBucket("bucket");
      const [session] = await bucket.file("o").createResumableUpload();
      assert(session.startsWith(`${url}/upload/storage/v1/b/bucket/o?`));
      const put = async (range: string, body: string) => {
        const response = await fetch(session, {
          method: "PUT",
          headers: { "content-range": range },
          body,
          redirect: "manual",
        });
        const text = await response.text();
        return [response.status, response.headers.get("range") ?? (text && JSON.parse(text).size)];
      };
      assertEquals(await put("bytes */10", ""), [308, ""]);
      assertEquals(await put("bytes 0-3/10", "0123"), [308, "bytes=0-3"]);
      assertEquals(await put("bytes */*", ""), [308, "bytes=0-3"]);
      assertEquals(await put("bytes 2-5/10", "2345"), [308, "bytes=0-5"]);
      assertEquals((await put("bytes 8-9/10", "89"))[0], 400);
      assertEquals(await put("bytes 6-9/10", "6789"), [200, "10"]);
      assertEquals(await put("bytes */10", ""), [200, "10"]);
      assertEquals(String((await bucket.file("o").download())[0]), "0123456789");
      const lost = await fetch(`${session}x`, { method: "PUT", body: "" });
      assertEquals([lost.status, (await lost.json()).error.errors[0].reason], [404, "notFound"]);
    }),
);

clientTest(
  "contents that arrived damaged are refused",
  () =>
    withStorage(async ({ storage, url }) => {
      await storage.createBucket("bucket");
      const response = await fetch(`${url}/upload/storage/v1/b/bucket/o?uploadType=media&name=o`, {
        method: "POST",
        headers: { "x-goog-hash": "crc32c=AAAAAA==" },
        body: "x",
      });
      assertEquals(response.status, 400);
      assertMatch((await response.json()).error.message, /doesn't match calculated CRC32C/);
      assertEquals((await storage.bucket("bucket").file("o").exists())[0], false);
      const { crc32c } = await (await fetch(
        `${url}/upload/storage/v1/b/bucket/o?uploadType=media&name=o`,
        { method: "POST", body: "x", headers: { "content-type": "a/b" } },
      )).json();
      assertEquals(Buffer.from(crc32c, "base64").length, 4);
    }),
);

clientTest(
  "objects are joined also where a client writes the generation it leaves open as null",
  () =>
    withStorage(async ({ storage, url }) => {
      const [bucket] = await storage.createBucket("parts");
      for (const name of ["a", "b"]) await bucket.file(name).save(name);
      const sourceObjects = ["a", "b"].map((name) => ({ name, generation: null }));
      const answer = await fetch(`${url}/storage/v1/b/parts/o/ab/compose`, {
        method: "POST",
        body: JSON.stringify({ sourceObjects }),
      });
      assertEquals((await answer.json()).componentCount, 2);
      assertEquals(String((await bucket.file("ab").download())[0]), "ab");
    }),
);
