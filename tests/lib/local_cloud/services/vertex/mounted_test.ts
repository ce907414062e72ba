import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { startServer } from "../../../../../lib/local_cloud/server.ts";
import { PARENT } from "./vertex_server.ts";

Deno.test("the local cloud answers for Vertex AI beside the others, and keeps what it has", async () => {
  const folder = await Deno.makeTempDir();
  const dataFolder = join(folder, "data");
  const first = await startServer({ dataFolder, port: 0 });
  const created = await fetch(`${first.url}/v1/${PARENT}/endpoints?endpointId=mine`, {
    method: "POST",
    body: JSON.stringify({ displayName: "e" }),
  });
  const { name } = await created.json();
  await (await fetch(`${first.url}/v1/${name}:wait`, { method: "POST" })).body?.cancel();
  const page = await fetch(`${first.url}/v1/${PARENT}/endpoints`, {
    headers: { origin: "https://evil.example" },
  });
  assertEquals([page.status, (await page.json()).error.status], [403, "PERMISSION_DENIED"]);
  const missing = await (await fetch(`${first.url}/v1/${PARENT}/endpoints/none`)).json();
  assertEquals(Object.keys(missing.error), ["code", "message", "status"]);
  await first.stop();
  const second = await startServer({ dataFolder, port: 0 });
  const { endpoints } = await (await fetch(`${second.url}/v1/${PARENT}/endpoints`)).json();
  assertEquals(endpoints.length, 1);
  assertStringIncludes(endpoints[0].name, "endpoints/mine");
  await second.stop();
  await Deno.remove(folder, { recursive: true });
});
