import { assert, assertEquals, assertMatch, assertNotEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { find, type LocalCloud, start, StartError, stop } from "../../../lib/local_cloud/mod.ts";
import { pause } from "../../../lib/local_cloud/data_folder.ts";

const wing = (name: string) =>
  fileURLToPath(new URL(`../../../lib/local_cloud/${name}`, import.meta.url));

async function withFolder(use: (dataFolder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  const dataFolder = join(folder, "data");
  try {
    await use(dataFolder);
  } finally {
    await stop(dataFolder);
    await Deno.remove(folder, { recursive: true });
  }
}

async function put(cloud: LocalCloud, name: string, body: string): Promise<void> {
  const url = `${cloud.url}/upload/storage/v1/b/bucket/o?uploadType=media&name=${name}`;
  const response = await fetch(url, { method: "POST", body });
  await response.body?.cancel();
  assertEquals(response.status, 200);
}

async function makeBucket(cloud: LocalCloud): Promise<void> {
  const init = { method: "POST", body: JSON.stringify({ name: "bucket" }) };
  await (await fetch(`${cloud.url}/b`, init)).body?.cancel();
}

async function run(args: string[], options: Deno.CommandOptions = {}) {
  const command = new Deno.Command(Deno.execPath(), { args, ...options });
  const { code, stdout, stderr } = await command.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

const command = (...args: string[]) => run(["run", "--quiet", "-A", wing("main.ts"), ...args]);

Deno.test("two that start at once get the same server, from one process or from several", async () => {
  await withFolder(async (dataFolder) => {
    const script = `import { start } from ${JSON.stringify(wing("mod.ts"))};
      console.log((await start({ dataFolder: Deno.args[0], port: 0 })).pid);`;
    const other = () => run(["eval", "--quiet", script, dataFolder]);
    const [a, b, c, d] = await Promise.all([
      start({ dataFolder, port: 0 }),
      start({ dataFolder, port: 0 }),
      other(),
      other(),
    ]);
    assertEquals([b, Number(c.stdout), Number(d.stdout)], [a, a.pid, a.pid], c.stderr);
    assertEquals(await find(dataFolder), a);
    assertEquals(a.env.STORAGE_EMULATOR_HOST, a.url);
    assertEquals(a.env.VERTEX_AI_EMULATOR_HOST, a.url);
    assertEquals(await stop(dataFolder), true);
    assertEquals(await find(dataFolder), undefined);
    assertEquals(await stop(dataFolder), false);
  });
});

Deno.test("a server that was killed is started anew and has all that it acknowledged", async () => {
  await withFolder(async (dataFolder) => {
    let cloud = await start({ dataFolder, port: 0 });
    await makeBucket(cloud);
    for (let round = 0; round < 3; round++) {
      const sending = Array.from(
        { length: 20 },
        (_, i) => put(cloud, `${round}-${i}`, `contents ${round}-${i}`).then(() => `${round}-${i}`),
      );
      await Promise.race(sending);
      Deno.kill(cloud.pid, "SIGKILL");
      const acknowledged = (await Promise.allSettled(sending))
        .flatMap((sent) => sent.status === "fulfilled" ? [sent.value] : []);
      assert(acknowledged.length > 0);
      const { pid } = cloud;
      cloud = await start({ dataFolder, port: 0 });
      assertNotEquals(cloud.pid, pid);
      for (const name of acknowledged) {
        const response = await fetch(`${cloud.url}/b/bucket/o/${name}?alt=media`);
        assertEquals(await response.text(), `contents ${name}`);
      }
    }
    const { items } = await (await fetch(`${cloud.url}/b/bucket/o`)).json();
    const files = [...Deno.readDirSync(join(dataFolder, "objects", "contents"))];
    assertEquals(files.length, items.length);
  });
});

Deno.test("one in the background ends itself when nobody uses it", async () => {
  await withFolder(async (dataFolder) => {
    const { pid } = await start({ dataFolder, port: 0, idleSeconds: 1 });
    while (await find(dataFolder)) await new Promise((done) => setTimeout(done, 1500));
    const again = await start({ dataFolder, port: 0 });
    assertNotEquals(again.pid, pid);
  });
});

Deno.test("a client that hangs in the middle of an upload does not keep a server from stopping", async () => {
  await withFolder(async (dataFolder) => {
    const cloud = await start({ dataFolder, port: 0 });
    await makeBucket(cloud);
    using hanging = await Deno.connect({ hostname: "127.0.0.1", port: cloud.port });
    const path = "/upload/storage/v1/b/bucket/o?uploadType=media&name=o";
    const head = `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999\r\n\r\n`;
    await hanging.write(new TextEncoder().encode(`${head}some`));
    assertEquals(await stop(dataFolder), true);
    // The folder is free a moment before the process ends.
    const log = () => Deno.readTextFile(join(dataFolder, "server.log"));
    for (let i = 0; i < 100 && !(await log()).endsWith("stopped\n"); i++) await pause(100);
    assertMatch(await log(), /stopped\n$/);
    const again = await start({ dataFolder, port: 0 });
    assertEquals((await (await fetch(`${again.url}/b/bucket/o`)).json()).items, undefined);
    assertEquals([...Deno.readDirSync(join(dataFolder, "objects", "contents"))].length, 0);
  });
});

Deno.test("why a server cannot be started is said by the caller's error", async () => {
  await withFolder(async (dataFolder) => {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr as Deno.NetAddr;
    await assertRejects(
      () => start({ dataFolder, port }),
      StartError,
      `Cannot listen on port ${port} as another program does`,
    );
    const cloud = await start({ dataFolder, port: 0 });
    assertEquals((await start({ dataFolder, port })).port, cloud.port);
  });
});

Deno.test("the command says whether one runs, in words, in JSON and by its exit code", async () => {
  await withFolder(async (dataFolder) => {
    const folder = ["--data", dataFolder];
    for (const asked of ["--status", "--stop"]) {
      const { code, stdout, stderr } = await command(asked, ...folder);
      assertEquals([code, stdout, stderr], [3, "", `No local cloud runs on ${dataFolder}.`]);
    }
    const started = await command("--background", "--json", "--port", "0", ...folder);
    const cloud: LocalCloud = JSON.parse(started.stdout);
    assertEquals(await find(dataFolder), cloud);
    const status = await command("--status", ...folder);
    assertEquals(status.code, 0);
    assertEquals(status.stdout.split("\n")[1], `export STORAGE_EMULATOR_HOST=${cloud.url}`);
    assertEquals((await command("--stop", ...folder)).code, 0);
    for (const wrong of [["--port", "x"], ["--unknown"], ["stray"]]) {
      assertEquals((await command(...wrong)).code, 2);
    }
    assertEquals((await command("--data", join(wing("main.ts"), "x"))).code, 1);
  });
});
