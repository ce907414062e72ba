import { assert, assertEquals, assertLess, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { lookUp, StartError } from "../../../lib/local_cloud/data_folder.ts";
import { type Server, type ServerOptions, startServer } from "../../../lib/local_cloud/server.ts";

async function withServer(
  use: (server: Server, folder: string) => Promise<void>,
  options: Partial<ServerOptions> = {},
) {
  const folder = await Deno.makeTempDir();
  const dataFolder = join(folder, "data");
  const server = await startServer({ dataFolder, port: 0, ...options });
  try {
    await use(server, dataFolder);
  } finally {
    await server.stop();
    await Deno.remove(folder, { recursive: true });
  }
}

const post = (url: string, body: unknown) =>
  fetch(url, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "content-type": "application/json" },
  });

/** Status and body of a request as a browser or a resolver's trick might send it. */
async function raw(port: number, headers: string): Promise<string> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const request = `GET /b HTTP/1.1\r\n${headers}\r\nConnection: close\r\n\r\n`;
  await connection.write(new TextEncoder().encode(request));
  return await new Response(connection.readable).text();
}

Deno.test("both services answer, with and without their prefix", async () => {
  await withServer(async ({ url }) => {
    await (await post(`${url}/storage/v1/b`, { name: "bucket" })).body?.cancel();
    for (const path of ["/b/bucket", "/storage/v1/b/bucket"]) {
      assertEquals((await (await fetch(url + path)).json()).kind, "storage#bucket");
    }
    for (const path of ["/projects/p/datasets", "/bigquery/v2/projects/p/datasets"]) {
      assertEquals((await (await fetch(url + path)).json()).kind, "bigquery#datasetList");
    }
    assertStringIncludes(await (await fetch(url)).text(), "local cloud");
    const unknown = await fetch(`${url}/nonsense`);
    assertEquals([unknown.status, (await unknown.json()).error.status], [404, "NOT_FOUND"]);
  });
});

Deno.test("only programs on this machine are answered, no web page of another site", async () => {
  await withServer(async ({ port }) => {
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`]) {
      assertStringIncludes(await raw(port, `Host: ${host}`), "200 OK");
    }
    for (const host of ["evil.example", `127.0.0.1.evil.example:${port}`, "localhost.evil"]) {
      assertStringIncludes(await raw(port, `Host: ${host}`), "403 Forbidden");
    }
    const here = `Host: localhost:${port}\r\n`;
    assertStringIncludes(await raw(port, `${here}Origin: https://evil.example`), "403");
    assertStringIncludes(await raw(port, `${here}Sec-Fetch-Site: cross-site`), "403");
    assertStringIncludes(await raw(port, `${here}Origin: http://localhost:8888`), "200 OK");
  });
});

Deno.test("a folder has one server, and is free again when it has stopped", async () => {
  await withServer(async (server, dataFolder) => {
    await assertRejects(() => startServer({ dataFolder, port: 0 }), StartError, "runs there");
    const state = await lookUp(dataFolder);
    assert(state && state !== "starting");
    assertEquals([state.url, state.pid], [server.url, Deno.pid]);
    await Promise.all([server.stop(), server.stop()]);
    await server.finished;
    assertEquals(await lookUp(dataFolder), undefined);
    const again = await startServer({ dataFolder, port: server.port });
    assertEquals(again.port, server.port);
    await again.stop();
  });
});

Deno.test("a port that is taken and a folder that cannot be used are said in one sentence", async () => {
  await withServer(async ({ port }, used) => {
    const folder = await Deno.makeTempDir();
    const fails = (dataFolder: string, message: string, port = 0) =>
      assertRejects(() => startServer({ dataFolder, port }), StartError, message);
    await fails(join(folder, "a"), `Cannot listen on port ${port} as another program does`, port);
    await Deno.writeTextFile(join(folder, "file"), "");
    await fails(join(folder, "file", "data"), "Cannot keep data in");
    await fails(folder, "it holds other files, such as ");
    await Deno.writeTextFile(join(folder, "a", "format.json"), '{"format": 99}');
    await fails(join(folder, "a"), "a newer version of the local cloud made it");
    await fails(used, "Cannot start on");
    await Deno.remove(folder, { recursive: true });
  });
});

Deno.test("an idle server ends itself, one that is asked something does not", async () => {
  await withServer(async ({ url, finished }) => {
    let ended = false;
    finished.then(() => ended = true);
    for (let i = 0; i < 8; i++) {
      await (await fetch(`${url}/healthz`)).body?.cancel();
      await new Promise((done) => setTimeout(done, 100));
      assert(!ended);
    }
    await finished;
  }, { idleSeconds: 0.4 });
});

Deno.test("stopping ends a query that runs", async () => {
  await withServer(async (server) => {
    const numbers = "UNNEST(GENERATE_ARRAY(1, 1000000))";
    const query = `SELECT SUM(MOD(a * b, 7)) FROM ${numbers} AS a, ${numbers} AS b`;
    const configuration = { query: { query, useLegacySql: false } };
    const job = await (await post(`${server.url}/projects/p/jobs`, { configuration })).json();
    assertEquals(job.status.state, "RUNNING");
    await new Promise((done) => setTimeout(done, 300));
    const begun = performance.now();
    await server.stop();
    assertLess(performance.now() - begun, 4000);
  });
});

Deno.test("every request is one line of the log", async () => {
  const lines: string[] = [];
  await withServer(async ({ url }) => {
    await (await fetch(`${url}/b?prefix=x`)).body?.cancel();
    await (await fetch(`${url}/b/none`)).body?.cancel();
  }, { log: (line) => lines.push(line.replace(/[\d.]+ ms/, "T")) });
  assertEquals(lines, ["GET /b 200 T", "GET /b/none 404 T"]);
});
