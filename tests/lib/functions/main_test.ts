/** The command `deno task functions`, as a person runs it. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeProductMatrix, makeUserStats } from "../../../lib/features.ts";
import { EVENTS } from "../../fixtures.ts";
import { openShop } from "../../open_shop.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const options = { sanitizeOps: false, sanitizeResources: false };

function start(args: string[], env: Record<string, string> = {}): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", "lib/functions/main.ts", ...args],
    cwd: ROOT,
    env: { NO_COLOR: "1", ...env },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

async function finish(child: Deno.ChildProcess) {
  const { code, stdout, stderr } = await child.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

/** Reads what a process prints until it has printed as many lines. */
async function firstLines(child: Deno.ChildProcess, count: number): Promise<string[]> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of child.stdout.values({ preventCancel: true })) {
    text += decoder.decode(chunk, { stream: true });
    if (text.split("\n").length > count) break;
  }
  return text.split("\n");
}

Deno.test("help is printed, and a wrong option is refused", async () => {
  const help = await finish(start(["--help"]));
  assertEquals([help.code, help.stderr], [0, ""]);
  assertStringIncludes(help.stdout, "--allow-origin");
  const wrong = await finish(start(["--port", "x"]));
  assertEquals(wrong.code, 2);
  assertMatch(wrong.stderr, /^Cannot use --port as .*"x"\n$/);
});

Deno.test("on Cloud Run the local cloud is not started", async () => {
  const { code, stderr } = await finish(start([], { K_SERVICE: "functions", PROJECT: "" }));
  assertEquals(code, 2);
  assertStringIncludes(stderr, "PROJECT is not set");
});

Deno.test({
  name: "the lines that are printed work when pasted, and Ctrl-C ends the functions",
  ...options,
  async fn() {
    await using shop = await openShop(EVENTS);
    await makeUserStats(shop.session, "published");
    await makeProductMatrix(shop.session, "published");
    const data = ["--data", join(shop.folder, "cloud")];
    const child = start(["--port", "0", ...data]);
    const lines = await firstLines(child, 4);
    const [, url] = /(http:\/\/127\.0\.0\.1:\d+); Ctrl-C/.exec(lines[0])!;
    const curls = lines.filter((line) => line.startsWith("curl "));
    assertEquals(curls.length, 2);
    for (const line of curls) {
      const shell = new Deno.Command("sh", { args: ["-c", `${line} -s`] });
      const { error } = JSON.parse(new TextDecoder().decode((await shell.output()).stdout));
      // Nothing is deployed, which is what the lines then tell.
      if (error) assertEquals([error.code, error.status], [503, "UNAVAILABLE"]);
    }
    const other = await finish(start(["--port", new URL(url).port, ...data]));
    assertEquals(other.code, 2);
    assertStringIncludes(other.stderr, "is taken: choose another by --port");
    child.kill("SIGINT");
    const { success, code } = await child.status;
    assert(success, `exit code ${code}`);
    await child.stderr.cancel();
    const refused = await fetch(`${url}/healthz`).catch((error) => error);
    assert(refused instanceof TypeError);
  },
});
