/** The code of the image as it runs in a container, which has none of the rest of the project. */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { openSession, startLocalCloud } from "../../../lib/session.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const options = { sanitizeOps: false, sanitizeResources: false };

/** What the Dockerfile copies, in a folder of its own. */
async function copyImage(folder: string): Promise<void> {
  const dockerfile = await Deno.readTextFile(join(ROOT, "lib/functions/Dockerfile"));
  const copies = dockerfile.replaceAll("\\\n", " ").matchAll(/^COPY (.+)$/gm);
  for (const [, words] of copies) {
    const names = words.trim().split(/\s+/);
    const to = names.pop()!;
    for (const name of (await Promise.all(names.map(expand))).flat()) {
      const path = join(folder, /\/$/.test(to) ? join(to, name.split("/").pop()!) : to);
      await Deno.mkdir(dirname(path), { recursive: true });
      await Deno.copyFile(join(ROOT, name), path);
    }
  }
}

/** The files of `folder/`, of `folder/*.ts`, or the file itself. */
async function expand(name: string): Promise<string[]> {
  const [, folder, end] = /^(.*\/)(?:\*(\.\w+))?$/.exec(name) ?? [];
  if (!folder) return [name];
  const files = await Array.fromAsync(Deno.readDir(join(ROOT, folder)));
  return files.map(({ name }) => folder + name).filter((name) => name.endsWith(end ?? ""));
}

function start(folder: string, env: Record<string, string>): Deno.ChildProcess {
  const allowed = ["net", "env", "read", "sys"].map((each) => `--allow-${each}`);
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--cached-only", "--no-prompt", ...allowed, "lib/functions/main.ts"],
    ...{ cwd: folder, env: { NO_COLOR: "1", ...env }, stdout: "piped", stderr: "piped" },
  }).spawn();
}

async function refusal(folder: string, env: Record<string, string>) {
  const { code, stderr } = await start(folder, env).output();
  return [code, new TextDecoder().decode(stderr)] as const;
}

function freePort(): number {
  const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  listener.close();
  return listener.addr.port;
}

/** The text at an address, as soon as somebody listens there. */
async function textAt(url: string): Promise<string> {
  for (let attempt = 0; attempt < 300; attempt++) {
    const response = await fetch(url).catch(() => undefined);
    if (response) return await response.text();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`Nobody listens at ${url}`);
}

/** Not on Cloud Run, and on it. */
const SURROUNDINGS: Record<string, string>[] = [{}, { K_SERVICE: "functions" }];

Deno.test({
  name:
    "the image's code says what is missing, and answers by PROJECT and PORT on Cloud Run or not",
  ...options,
  async fn() {
    const folder = await Deno.makeTempDir({ prefix: "image-" });
    const cloud = await startLocalCloud(join(folder, "cloud"));
    try {
      // Makes the dataset.
      (await openSession({ dataFolder: join(folder, "cloud") })).close();
      await copyImage(join(folder, "image"));
      const image = join(folder, "image");
      const [code, why] = await refusal(image, {});
      assertEquals(code, 2);
      assertMatch(why, /^Cannot start in the container as PROJECT is not set .*--env PROJECT=…\n$/);
      assertMatch((await refusal(image, { K_SERVICE: "functions" }))[1], /^Cannot .* on Cloud Run/);
      for (const own of SURROUNDINGS) {
        const port = freePort();
        const env = { ...cloud.env, PROJECT: "local-cloud", PORT: String(port), ...own };
        const child = start(image, env);
        // Whoever reaches a container does so by some other name than that of this machine.
        const about = await textAt(`http://0.0.0.0:${port}/`);
        assertStringIncludes(about, "POST /UserCluster");
        assertEquals(about.includes("/healthz"), !("K_SERVICE" in own));
        child.kill("SIGTERM");
        assertEquals((await child.output()).code, 0);
      }
    } finally {
      await cloud.stop();
      await Deno.remove(folder, { recursive: true });
    }
  },
});
