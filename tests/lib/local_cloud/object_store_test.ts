import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "node:path";
import { CloudError } from "../../../lib/local_cloud/errors.ts";
import { ObjectStore } from "../../../lib/local_cloud/object_store.ts";

const text = (text: string) => new TextEncoder().encode(text);
const read = async (store: ObjectStore, bucket: string, name: string) =>
  await new Response(await store.read(store.stat(bucket, name))).text();

async function withStore(use: (store: ObjectStore, folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  const store = await ObjectStore.open(folder);
  try {
    await use(store, folder);
  } finally {
    await store.close();
    await Deno.remove(folder, { recursive: true });
  }
}

const fileCount = (store: ObjectStore) => [...Deno.readDirSync(store.folder)].length;

Deno.test("an object comes back after the store is opened again, with its hashes", async () => {
  await withStore(async (store, folder) => {
    await store.createBucket("shop-data", { labels: { team: "a" } });
    const put = await store.put("shop-data", "a/b.txt", text("123456789"), {
      contentType: "text/plain",
      metadata: { who: "me" },
    });
    const again = await ObjectStore.open(folder);
    assertEquals(again.stat("shop-data", "a/b.txt"), put);
    assertEquals(again.getBucket("shop-data").settings, { labels: { team: "a" } });
    assertEquals(await read(again, "shop-data", "a/b.txt"), "123456789");
    assertEquals(put.crc32c, "4waSgw==");
    assertEquals(put.md5Hash, "JfnnlDI7RTiF9RgfG2JNCw==");
    await again.close();
  });
});

Deno.test("a name never becomes a path", async () => {
  await withStore(async (store, folder) => {
    await store.createBucket("bucket");
    for (const name of ["../../escaped", "/etc/passwd", "a/../../b", "con", "x".repeat(1024)]) {
      await store.put("bucket", name, text(name));
      assertEquals(await read(store, "bucket", name), name);
    }
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name).sort(), [
      "contents",
      "index.jsonl",
    ]);
    assertEquals(fileCount(store), 5);
  });
});

Deno.test("replaced and deleted contents leave no file, unless someone reads it", async () => {
  await withStore(async (store) => {
    await store.createBucket("bucket");
    await store.put("bucket", "o", text("one"));
    await store.withFiles("gs://bucket/o", async ([{ path }]) => {
      await store.put("bucket", "o", text("two"));
      assertEquals(await Deno.readTextFile(path), "one");
    });
    assertEquals(fileCount(store), 1);
    await store.delete("bucket", "o");
    assertEquals(fileCount(store), 0);
  });
});

Deno.test("a failed upload leaves the old object and no file", async () => {
  await withStore(async (store) => {
    await store.createBucket("bucket");
    await store.put("bucket", "o", text("old"));
    const broken = (async function* () {
      yield text("ne");
      await Promise.resolve();
      throw new Error("broken off");
    })();
    await assertRejects(() => store.put("bucket", "o", broken), Error, "broken off");
    assertEquals(await read(store, "bucket", "o"), "old");
    assertEquals(fileCount(store), 1);
  });
});

Deno.test("what a crash cut short is dropped, and its files are removed", async () => {
  const folder = await Deno.makeTempDir();
  const store = await ObjectStore.open(folder);
  await store.createBucket("bucket");
  await store.put("bucket", "kept", text("kept"));
  await Deno.writeTextFile(join(store.folder, "left-over"), "half");
  const journal = join(folder, "index.jsonl");
  await Deno.writeTextFile(journal, '{"object":{"bucket":"bucket","na', { append: true });
  await Deno.writeTextFile(`${journal}.new`, "{");
  const again = await ObjectStore.open(folder);
  assertEquals(await read(again, "bucket", "kept"), "kept");
  assertEquals(fileCount(again), 1);
  await again.put("bucket", "next", text("next"));
  const last = await ObjectStore.open(folder);
  assertEquals(last.list("bucket").objects.map(({ name }) => name), ["kept", "next"]);
  for (const one of [store, again, last]) await one.close();
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a damaged line of the journal before the last one, or alone, is reported", async () => {
  for (const rest of ['{"dropBucket":"x"}\n', ""]) {
    const folder = await Deno.makeTempDir();
    const journal = join(folder, "index.jsonl");
    await Deno.writeTextFile(journal, `{"bucket":\n${rest}`);
    await assertRejects(() => ObjectStore.open(folder), SyntaxError, "line 1 is damaged");
    assertEquals(await Deno.readTextFile(journal), `{"bucket":\n${rest}`, "as it was");
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("conditions are held against what is there when the object is written", async () => {
  await withStore(async (store) => {
    await store.createBucket("bucket");
    const none = { ifGenerationMatch: 0 };
    const tries = Array.from(
      { length: 8 },
      (_, i) => store.put("bucket", "once", text(String(i)), {}, none),
    );
    const done = await Promise.allSettled(tries);
    assertEquals(done.filter(({ status }) => status === "fulfilled").length, 1);
    assertEquals(fileCount(store), 1);
    const { generation } = store.stat("bucket", "once");
    const next = await store.put("bucket", "once", text("x"), {}, {
      ifGenerationMatch: generation,
    });
    assert(next.generation > generation);
    const error = await assertRejects(
      () => store.delete("bucket", "once", { ifGenerationMatch: generation }),
      CloudError,
    );
    assertEquals([error.reason, error.code], ["conditionNotMet", 412]);
  });
});

Deno.test("thousands of objects are put, listed in pages and found again", async () => {
  await withStore(async (store, folder) => {
    await store.createBucket("bucket");
    const names = Array.from({ length: 1500 }, (_, i) => `part/${String(i).padStart(5, "0")}`);
    await Promise.all(names.map((name) => store.put("bucket", name, text(name))));
    const seen: string[] = [];
    for (let pageToken: string | undefined, first = true; first || pageToken; first = false) {
      const page = store.list("bucket", { pageToken, maxResults: 700 });
      seen.push(...page.objects.map(({ name }) => name));
      pageToken = page.nextPageToken;
    }
    assertEquals(seen, names);
    const again = await ObjectStore.open(folder);
    assertEquals(again.list("bucket", { prefix: "part/0149" }).objects.length, 10);
    await again.close();
  });
});

Deno.test("a listing with a delimiter shows folders once, across pages too", async () => {
  await withStore(async (store) => {
    await store.createBucket("bucket");
    for (const name of ["a", "b/", "b/1", "b/2", "b/c/3", "d"]) {
      await store.put("bucket", name, text(""));
    }
    const show = (page: ReturnType<ObjectStore["list"]>) => [
      ...page.objects.map(({ name }) => name),
      ...page.prefixes.map((prefix) => `${prefix}*`),
    ];
    assertEquals(show(store.list("bucket", { delimiter: "/" })), ["a", "d", "b/*"]);
    assertEquals(show(store.list("bucket", { delimiter: "/", prefix: "b/" })), [
      "b/",
      "b/1",
      "b/2",
      "b/c/*",
    ]);
    const first = store.list("bucket", { delimiter: "/", maxResults: 2 });
    const pageToken = first.nextPageToken;
    assertEquals(show(first), ["a", "b/*"]);
    assertEquals(show(store.list("bucket", { delimiter: "/", maxResults: 2, pageToken })), ["d"]);
  });
});

Deno.test("a URI with a star names all objects that match, slashes included", async () => {
  await withStore(async (store) => {
    await store.createBucket("bucket");
    for (const name of ["e/1.csv", "e/x/2.csv", "e/3.json", "e.csv"]) {
      await store.put("bucket", name, text(name));
    }
    const found = await store.resolve("gs://bucket/e/*.csv");
    assertEquals(found.map(({ name, size, uri }) => ({ name, size, uri })), [
      { name: "e/1.csv", size: 7, uri: "gs://bucket/e/1.csv" },
      { name: "e/x/2.csv", size: 9, uri: "gs://bucket/e/x/2.csv" },
    ]);
    assertEquals(await Deno.readTextFile(found[1].path), "e/x/2.csv");
    for (const uri of ["gs://bucket/none", "gs://nowhere/x", "gs://bucket/e/1.csv*csv"]) {
      await assertRejects(() => store.resolve(uri), CloudError, `Not found: URI ${uri}`);
    }
    for (const uri of ["s3://bucket/x", "gs://bucket", "gs://bucket/*/*"]) {
      const error = await assertRejects(() => store.resolve(uri), CloudError);
      assertEquals(error.reason, "invalid");
    }
  });
});

Deno.test("a bucket has a name that Google would accept, and is deleted only when empty", async () => {
  await withStore(async (store) => {
    const bad = ["ab", "Upper", "a_", "-ab", "1.2.3.4", "goog-x", "my-google", "a..b", "a/b", ""];
    for (const name of [...bad, "x".repeat(64)]) {
      await assertRejects(
        () => store.createBucket(name),
        CloudError,
        `Invalid bucket name: '${name}'`,
      );
    }
    await store.createBucket("a.b-c_1");
    await assertRejects(() => store.createBucket("a.b-c_1"), CloudError, "already own it");
    await store.put("a.b-c_1", "o", text(""));
    const error = await assertRejects(() => store.deleteBucket("a.b-c_1"), CloudError);
    assertEquals(error.code, 409);
    await store.delete("a.b-c_1", "o");
    await store.deleteBucket("a.b-c_1");
    assertThrows(() => store.getBucket("a.b-c_1"), CloudError, "does not exist");
  });
});

Deno.test("a copy has the same bytes and lives on without its source", async () => {
  await withStore(async (store) => {
    await store.createBucket("bucket");
    const source = await store.put("bucket", "a", text("same"), { contentType: "x/y" });
    const copy = await store.copy(source, { bucket: "bucket", name: "b" });
    await store.delete("bucket", "a");
    assertEquals(await read(store, "bucket", "b"), "same");
    assertEquals([copy.details, copy.crc32c], [source.details, source.crc32c]);
  });
});
