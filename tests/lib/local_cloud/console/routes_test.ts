import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { PAGE_FILES } from "../../../../lib/local_cloud/console/routes.ts";
import { startServer } from "../../../../lib/local_cloud/server.ts";
import { stockedServer } from "./stocked_server.ts";

const FOLDER = join(import.meta.dirname!, "../../../../lib/local_cloud/console/page");

async function withServer(use: (url: string, port: number) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  const server = await startServer({ dataFolder: join(folder, "data"), port: 0 });
  try {
    await use(server.url, server.port);
  } finally {
    await server.stop();
    await Deno.remove(folder, { recursive: true });
  }
}

const browser = { accept: "text/html,application/xhtml+xml,*/*;q=0.8" };

/** A request with its path as it is written: `fetch` would tidy it up. */
async function raw(port: number, path: string, headers: string[] = []): Promise<string> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const lines = [`GET ${path} HTTP/1.1`, `Host: 127.0.0.1:${port}`, ...headers];
  const request = [...lines, "Connection: close", "", ""].join("\r\n");
  await connection.write(new TextEncoder().encode(request));
  return await new Response(connection.readable).text();
}

Deno.test("every file of the page is served with its type and the same strict policy", async () => {
  await withServer(async (url) => {
    for (const file of PAGE_FILES) {
      const response = await fetch(`${url}/console/${file}`);
      assertEquals(await response.text(), await Deno.readTextFile(join(FOLDER, file)));
      const header = (name: string) => response.headers.get(name) ?? "";
      const type = { html: "text/html", css: "text/css", js: "text/javascript" }[
        file.split(".")[1]
      ];
      assertEquals(header("content-type"), `${type}; charset=utf-8`);
      assertEquals([header("x-content-type-options"), header("cache-control")], [
        "nosniff",
        "no-cache",
      ]);
      const policy = header("content-security-policy");
      for (const part of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"]) {
        assertStringIncludes(policy, part);
      }
      assert(!/unsafe|https?:|\*/.test(policy), policy);
    }
  });
});

Deno.test("the list of files is the folder", async () => {
  const found: string[] = [];
  for await (const { name } of Deno.readDir(FOLDER)) found.push(name);
  assertEquals([...PAGE_FILES].sort(), found.sort());
});

Deno.test("a browser gets the page at /, anything else the short text", async () => {
  await withServer(async (url) => {
    const page = await fetch(url, { headers: browser });
    assertStringIncludes(await page.text(), "<!DOCTYPE html>");
    assertEquals(page.headers.get("vary"), "accept");
    for (const accept of ["*/*", "text/plain"]) {
      const text = await fetch(url, { headers: { accept } });
      assertStringIncludes(text.headers.get("content-type") ?? "", "text/plain");
      assertStringIncludes(await text.text(), "local cloud");
    }
  });
});

Deno.test("no other file can be asked for, however its name is written", async () => {
  await withServer(async (_, port) => {
    const paths = ["nonsense.js", "../routes.ts", "..%2froutes.ts", "%2e%2e/routes.ts", ""];
    for (
      const path of [...paths, "..%5croutes.ts", "/etc/passwd", "%2fetc%2fpasswd", "main.js%00"]
    ) {
      assertStringIncludes(await raw(port, `/console/${path}`), "404 Not Found");
    }
  });
});

Deno.test("a page of another site reaches neither the console nor what it calls", async () => {
  await withServer(async (_, port) => {
    for (const path of ["/", "/console/main.js", "/console/known.json", "/storage/v1/b"]) {
      for (const header of ["Origin: https://evil.example", "Origin: null"]) {
        assertStringIncludes(await raw(port, path, [header]), "403 Forbidden");
      }
      assertStringIncludes(await raw(port, path, ["Sec-Fetch-Site: cross-site"]), "403 Forbidden");
      assertStringIncludes(await raw(port, path, ["Sec-Fetch-Site: same-origin"]), "200 OK");
    }
  });
});

Deno.test("what is stored runs no script when a browser opens it, and reaches clients as ever", async () => {
  await withServer(async (url) => {
    const json = { method: "POST", headers: { "content-type": "application/json" } };
    await (await fetch(`${url}/storage/v1/b`, { ...json, body: '{"name":"bucket"}' })).body
      ?.cancel();
    const upload = `${url}/upload/storage/v1/b/bucket/o?uploadType=media&name=x.html`;
    const script = {
      method: "POST",
      body: "<script>1</script>",
      headers: { "content-type": "text/html" },
    };
    await (await fetch(upload, script)).body?.cancel();
    const object = `${url}/download/storage/v1/b/bucket/o/x.html?alt=media`;
    const opened = await fetch(object, { headers: { "sec-fetch-mode": "navigate" } });
    assertEquals(opened.headers.get("content-security-policy"), "sandbox; default-src 'none'");
    assertEquals(await opened.text(), "<script>1</script>");
    const plain = await fetch(object);
    await plain.body?.cancel();
    assertEquals(plain.headers.get("content-type"), "text/html");
  });
});

Deno.test("projects are known once they have a dataset, and forgotten with the last one", async () => {
  await withServer(async (url) => {
    const known = async () => await (await fetch(`${url}/console/known.json`)).json();
    assertEquals(await known(), { projects: [], locations: [] });
    for (const project of ["one", "two"]) {
      const body = JSON.stringify({ datasetReference: { datasetId: "d" } });
      const made = await fetch(`${url}/bigquery/v2/projects/${project}/datasets`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body,
      });
      await made.body?.cancel();
    }
    assertEquals((await known()).projects, ["one", "two"]);
    const gone = await fetch(`${url}/bigquery/v2/projects/one/datasets/d`, { method: "DELETE" });
    await gone.body?.cancel();
    assertEquals((await known()).projects, ["two"]);
  });
});

Deno.test("a signature is asked for by a folder that has a model, or the answer says what is wrong", async () => {
  await withServer(async (url) => {
    const ask = async (query: string) => {
      const response = await fetch(`${url}/console/signature.json${query}`);
      const { error } = await response.json();
      return [response.status, error.message];
    };
    assertEquals((await ask(""))[0], 400);
    assertEquals((await ask("?artifacts=/etc"))[0], 400);
    assertEquals((await ask("?artifacts=gs://none/x"))[0], 404);
  });
});

Deno.test({
  name: "the signature of an exported model has its inputs and outputs, by name",
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    await using server = await stockedServer({ withEndpoint: false });
    for (const folder of ["gs://files/models/groups", "gs://files/models/groups/"]) {
      const response = await fetch(`${server.url}/console/signature.json?artifacts=${folder}`);
      const { name, inputs, outputs } = await response.json();
      assertEquals(name, "serving_default");
      assertEquals(inputs, [
        { name: "spent", dtype: "float64", shape: [-1] },
        { name: "visits", dtype: "float64", shape: [-1] },
      ]);
      assertEquals(outputs.map(({ name }: { name: string }) => name), [
        "centroid_distances",
        "centroid_ids",
        "nearest_centroid_id",
      ]);
    }
  },
});
