/** `deno task notebooks` as a person runs it, in a real kernel. */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { find } from "../../../lib/local_cloud/mod.ts";
import { formatNotebook, type Notebook, readNotebook } from "../../../lib/notebooks/notebook.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const COMMAND = ["run", "--quiet", "-A", join(ROOT, "lib/notebooks/main.ts")];

/** A folder with a notebook in it, removed in the end. */
async function writeCells(sources: string[], tags: string[] = []) {
  const folder = await Deno.makeTempDir({ prefix: "notebooks-test-" });
  const file = join(folder, "chapter.ipynb");
  const cells = sources.map((source): Notebook["cells"][number] => ({
    cell_type: "code",
    ...{ source, metadata: tags.length > 0 ? { tags } : {}, execution_count: null, outputs: [] },
  }));
  const text = formatNotebook({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 });
  await Deno.writeTextFile(file, text);
  const run = async (...args: string[]) => {
    const command = new Deno.Command(Deno.execPath(), {
      args: [...COMMAND, ...args, file],
      ...{ cwd: ROOT, env: { NO_COLOR: "1", INIT_CWD: ROOT }, stdin: "null" },
    });
    const { code, stdout, stderr } = await command.output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    return { code, stdout: text(stdout), stderr: text(stderr) };
  };
  return {
    file,
    text,
    run,
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

async function outputsOf(file: string) {
  const { cells } = await readNotebook(file);
  return cells.map((cell) => cell.cell_type === "code" ? cell.outputs : []);
}

Deno.test("what cells show is written into the notebook, and a second run changes no byte", async () => {
  await using chapter = await writeCells([
    "const four = 2 + 2;\nconsole.log('a');\nconsole.log('b');\nfour",
    "await new Promise((done) => setTimeout(done, 20));\n" +
    '({ [Symbol.for("Jupyter.display")]: () => ({ "text/html": "<b>x</b>", "text/plain": "x" }) })',
    "console.error('careful');\nfour * 2",
    "const quiet = 1;",
  ]);
  assertEquals((await chapter.run()).code, 0);
  const [first, second, third, fourth] = await outputsOf(chapter.file);
  assertEquals(first.map((output) => output.output_type), ["stream", "execute_result"]);
  assert(first[0].output_type === "stream");
  assertEquals(first[0].text, "a\nb\n");
  assert("data" in first[1] && "data" in second[0]);
  assertEquals(first[1].data, { "text/plain": "4" });
  assertEquals(second[0].data, { "text/html": "<b>x</b>", "text/plain": "x" });
  assertEquals(third.map((output) => output.output_type), ["stream", "execute_result"]);
  assertEquals(fourth, []);
  const written = await Deno.readTextFile(chapter.file);
  assertStringIncludes((await chapter.run()).stderr, "unchanged");
  assertEquals(await Deno.readTextFile(chapter.file), written);
});

Deno.test("--check names the cell whose number changed, and writes nothing", async () => {
  const json =
    '({ [Symbol.for("Jupyter.display")]: () => ({ "application/json": { z: 1, a: 2 } }) })';
  await using chapter = await writeCells(["1 + 1", "40 + 2", json]);
  await chapter.run();
  const changed = (await Deno.readTextFile(chapter.file)).replace('"42"', '"41"');
  await Deno.writeTextFile(chapter.file, changed);
  const { code, stderr } = await chapter.run("--check");
  assertEquals(code, 1);
  assertStringIncludes(stderr, "cell 2: 40 + 2");
  assertStringIncludes(stderr, "- 41");
  assertStringIncludes(stderr, "+ 42");
  assert(!/cell [13]:/.test(stderr), stderr);
  assertEquals(await Deno.readTextFile(chapter.file), changed);
});

Deno.test("a cell that throws ends the run with its number, source and error", async () => {
  await using chapter = await writeCells([
    "1",
    "const name = 'x';\nthrow new TypeError(name);",
    "2",
  ]);
  const { code, stderr } = await chapter.run();
  assertEquals(code, 1);
  assertStringIncludes(stderr, "Cannot run cell 2 of ");
  assertStringIncludes(stderr, "TypeError: x");
  assertStringIncludes(stderr, "2  throw new TypeError(name);");
  assertEquals(await Deno.readTextFile(chapter.file), chapter.text);
});

Deno.test("a cell that is meant to fail keeps its error, without a trace of folders", async () => {
  await using chapter = await writeCells(["throw new RangeError('too far')"], ["raises-exception"]);
  assertEquals((await chapter.run()).code, 0);
  const [[error]] = await outputsOf(chapter.file);
  assert(error.output_type === "error");
  assertEquals(error.traceback, ["RangeError: too far"]);
});

Deno.test("a cell that shows a folder of this machine is refused", async () => {
  await using chapter = await writeCells(["Deno.cwd()"]);
  const { code, stderr } = await chapter.run();
  assertEquals(code, 1);
  assertStringIncludes(stderr, "its output tells of this machine");
  assertEquals(await Deno.readTextFile(chapter.file), chapter.text);
});

Deno.test("a cell without an end is ended with its kernel when its time is over", async () => {
  await using chapter = await writeCells(["for (;;);"]);
  const { code, stderr } = await chapter.run("--timeout", "2");
  assertEquals(code, 1);
  assertStringIncludes(stderr, "it took longer than 2 s");
});

Deno.test("a kernel that ends itself is told of", async () => {
  await using chapter = await writeCells(["Deno.exit(7)"]);
  const { code, stderr } = await chapter.run();
  assertEquals(code, 1);
  assertStringIncludes(stderr, "the kernel ended (exit code 7)\n");
});

Deno.test("a cell that is no TypeScript is told of, though the kernel says nothing", async () => {
  await using chapter = await writeCells(["const a = ;"]);
  const { code, stderr } = await chapter.run();
  assertEquals(code, 1);
  assertStringIncludes(stderr, "a syntax error");
});

Deno.test("no output is lost or moved to the next cell, though the kernel may send it late", async () => {
  const sources = Array.from({ length: 30 }, (_, i) => `console.log("line ${i}"); ${i}`);
  const many = "for (let i = 0; i < 300; i++) console.log(i);";
  await using chapter = await writeCells([...sources, many]);
  assertEquals((await chapter.run()).code, 0);
  const shown = (await outputsOf(chapter.file)).map((outputs) =>
    outputs.map((output) => "text" in output ? output.text : "data" in output ? output.data : "")
  );
  const expected = sources.map((_, i) => [`line ${i}\n`, { "text/plain": String(i) }]);
  const lines = Array.from({ length: 300 }, (_, i) => `${i}\n`).join("");
  assertEquals(shown, [...expected, [lines]]);
});

for (
  const [what, signal] of [["Ctrl-C", "SIGINT"], ["A terminal that closes", "SIGHUP"]] as const
) {
  Deno.test(`${what} ends the run, its kernel and its local cloud, and leaves nothing behind`, () =>
    stoppedBy(signal));
}

async function stoppedBy(signal: Deno.Signal) {
  await using chapter = await writeCells([
    "await Deno.writeTextFile('started', Deno.env.get('LOCAL_CLOUD_DATA') ?? '');\nfor (;;);",
  ]);
  const running = new Deno.Command(Deno.execPath(), {
    args: [...COMMAND, chapter.file],
    ...{ cwd: ROOT, env: { NO_COLOR: "1", INIT_CWD: ROOT }, stdin: "null" },
    ...{ stdout: "null", stderr: "piped" },
  }).spawn();
  const dataFolder = await fileOf(join(dirname(chapter.file), "started"));
  assert(await find(dataFolder), "the local cloud runs");
  running.kill(signal);
  const { code, stderr } = await running.output();
  assertEquals([code, new TextDecoder().decode(stderr).trim()], [
    130,
    "Stopped: the notebook that ran was left as it was",
  ]);
  assertEquals(await Deno.readTextFile(chapter.file), chapter.text);
  assertEquals(await find(dataFolder), undefined);
  await assertRejects(() => Deno.stat(dirname(dataFolder)), Deno.errors.NotFound);
}

/** What a file says, once it says something. */
async function fileOf(file: string): Promise<string> {
  for (const begun = Date.now(); Date.now() - begun < 60_000;) {
    const text = await Deno.readTextFile(file).catch(() => "");
    if (text !== "") return text;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`${file} was not written`);
}

Deno.test("a path is meant from the folder where the command was typed", async () => {
  await using chapter = await writeCells(["1"]);
  const { code, stderr } = await chapter.run("--check", basename(chapter.file));
  assertEquals(code, 2, stderr);
  const elsewhere = { INIT_CWD: dirname(chapter.file) };
  const command = new Deno.Command(Deno.execPath(), {
    args: [...COMMAND, basename(chapter.file), chapter.file],
    ...{ cwd: ROOT, env: { NO_COLOR: "1", ...elsewhere }, stdin: "null", stdout: "null" },
    stderr: "null",
  });
  assertEquals((await command.output()).code, 0);
});

Deno.test("--json says of each notebook what became of it", async () => {
  await using chapter = await writeCells(["1"]);
  const { stdout } = await chapter.run("--json");
  const [result] = JSON.parse(stdout);
  assertEquals(basename(result.file), "chapter.ipynb");
  assertEquals([result.cells, result.state], [1, "written"]);
});

Deno.test("a file that is no notebook is refused before anything runs", async () => {
  await using chapter = await writeCells([]);
  await Deno.writeTextFile(chapter.file, '{"cells": [{"cell_type": "odd"}]}');
  const { code, stderr } = await chapter.run();
  assertEquals(code, 2);
  assertStringIncludes(stderr, "Cannot read the notebook");
});

Deno.test("a notebook that is changed while it runs keeps the change", async () => {
  await using chapter = await writeCells([
    "await new Promise((done) => setTimeout(done, 1500)); 1",
  ]);
  const running = chapter.run();
  await new Promise((done) => setTimeout(done, 1000));
  const changed = chapter.text.replace("1500", "1400");
  await Deno.writeTextFile(chapter.file, changed);
  const { code, stderr } = await running;
  assertEquals(code, 1);
  assertStringIncludes(stderr, "it was changed while it ran");
  assertEquals(await Deno.readTextFile(chapter.file), changed);
});
