import { assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { checkJsonFile } from "../../lib/command_line.ts";
import { Failure } from "../../lib/failure.ts";

Deno.test("results can be written to a file that is there or not, and to the standard output", async () => {
  const folder = await Deno.makeTempDir();
  const file = join(folder, "found.json");
  await Deno.writeTextFile(file, "kept");
  for (const json of [undefined, "-", file, join(folder, "new.json")]) {
    await checkJsonFile({ json });
  }
  assertEquals(await Deno.readTextFile(file), "kept");
  await assertRejects(() => checkJsonFile({ json: folder }), Failure, "as it is a folder");
  const nowhere = join(folder, "missing", "found.json");
  await assertRejects(
    () => checkJsonFile({ json: nowhere }),
    Failure,
    "as there is no such folder",
  );
  await Deno.remove(folder, { recursive: true });
});

/** Runs a few lines in a process of its own, without a terminal. */
async function alone(lines: string) {
  const module = new URL("../../lib/command_line.ts", import.meta.url);
  const code = `import { askToGoOn, printResult } from "${module}"; ${lines}`;
  const args = ["run", "--quiet", "-A", "--config", "deno.json", "--ext=ts", "-"];
  const root = new URL("../..", import.meta.url);
  const child = new Deno.Command(Deno.execPath(), {
    ...{ args, cwd: root, stdin: "piped", stdout: "piped", stderr: "piped" },
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(code));
  await writer.close();
  const { stdout, stderr } = await child.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { stdout: text(stdout), stderr: text(stderr) };
}

Deno.test("what is billed is said unless all is quiet and confirmed, and asked of a terminal alone", async () => {
  const ask = async (isQuiet: boolean, isConfirmed: boolean) => {
    const settings = JSON.stringify({ isQuiet, isConfirmed });
    const { stderr } = await alone(`
      try { askToGoOn(["It costs 5 dollars"], ${settings}); console.error("run"); }
      catch ({ message, exitCode }) { console.error(message, exitCode); }`);
    return stderr.trim().split("\n");
  };
  const refused = "Cannot ask whether to go on as this is no terminal: add --yes 4";
  assertEquals(await ask(false, true), ["It costs 5 dollars", "run"]);
  assertEquals(await ask(true, true), ["run"]);
  assertEquals(await ask(true, false), ["It costs 5 dollars", refused]);
});

Deno.test("with --json - the standard output is JSON alone, with --quiet there is no summary", async () => {
  const print = (json: string, isQuiet: boolean) =>
    alone(`await printResult({
      result: { found: 1 },
      settings: { json: ${json}, isQuiet: ${isQuiet} },
      summarize: ({ isColored }) => "summary " + isColored,
    });`);
  const text = '{\n  "found": 1\n}\n';
  assertEquals(await print("undefined", false), { stdout: "summary false\n", stderr: "" });
  assertEquals(await print('"-"', false), { stdout: text, stderr: "summary false\n" });
  assertEquals(await print('"-"', true), { stdout: text, stderr: "" });
  assertEquals(await print("undefined", true), { stdout: "", stderr: "" });
});
