/** `deno task jupyter` where there is no JupyterLab, and what it tells other programs. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

async function jupyter(args: string[], PATH: string) {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", join(ROOT, "lib/notebooks/jupyter.ts"), ...args],
    ...{ cwd: ROOT, env: { PATH, NO_COLOR: "1" }, stdin: "null" },
  });
  const { code, stdout, stderr } = await command.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

Deno.test("without JupyterLab one line says how to get it", async () => {
  const empty = await Deno.makeTempDir();
  const { code, stderr } = await jupyter([], empty);
  await Deno.remove(empty);
  assertEquals([code, stderr.trim().split("\n").length], [2, 1]);
  assertStringIncludes(stderr, "pipx install jupyterlab");
});

Deno.test("the kernel spec is this very Deno, in a folder of the project's own", async () => {
  const { code, stdout } = await jupyter(["--spec-only"], Deno.env.get("PATH") ?? "");
  assertEquals(code, 0);
  const folder = stdout.trim().replace("JUPYTER_PATH=", "");
  assertEquals(folder, join(ROOT, ".jupyter"));
  const spec = JSON.parse(await Deno.readTextFile(join(folder, "kernels/deno/kernel.json")));
  assertEquals(spec.argv.slice(0, 3), [Deno.execPath(), "jupyter", "--kernel"]);
});
