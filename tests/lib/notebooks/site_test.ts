import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const COMMAND = fileURLToPath(new URL("../../../lib/notebooks/site.ts", import.meta.url));

/** Runs the command in a fresh folder that holds one notebook. */
async function withNotebook(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "site-" });
  try {
    await Deno.writeTextFile(join(folder, "01_one.ipynb"), JSON.stringify(NOTEBOOK));
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const NOTEBOOK = {
  nbformat: 4,
  nbformat_minor: 5,
  metadata: {},
  cells: [
    { cell_type: "markdown", id: "a", metadata: {}, source: ["# One\n", "\n", "Text."] },
    { cell_type: "code", id: "b", metadata: {}, source: "1 + 1", execution_count: 1, outputs: [] },
  ],
};

async function run(folder: string, ...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", COMMAND, ...args],
    env: { INIT_CWD: folder },
  }).output();
  const [said, warned] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, said, warned };
}

async function namesIn(folder: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
}

Deno.test("the book is written, said where, and replaced by the next run with the same bytes", () =>
  withNotebook(async (folder) => {
    const book = join(folder, "book");
    const { code, said, warned } = await run(folder, "--out", "book", "01_one.ipynb");
    assertEquals(code, 0);
    assertStringIncludes(said, "Open book/index.html");
    assertStringIncludes(warned, "01_one.ipynb has no outputs: run `deno task notebooks` first");
    const page = await Deno.readTextFile(join(book, "01_one.html"));
    await Deno.writeTextFile(join(book, "02_gone.html"), page);
    assertEquals((await run(folder, "--out", "book", "01_one.ipynb")).code, 0);
    assertEquals(await namesIn(book), ["01_one.html", "index.html"]);
    assertEquals(await Deno.readTextFile(join(book, "01_one.html")), page);
    assertEquals(await namesIn(folder), ["01_one.ipynb", "book"]);
  }));

Deno.test("a folder that holds something else is refused and left as it is", () =>
  withNotebook(async (folder) => {
    const { code, warned } = await run(folder, "--out", ".", "01_one.ipynb");
    assertEquals(code, 2);
    assertStringIncludes(warned, "as it holds 01_one.ipynb, which this command did not write");
    await Deno.mkdir(join(folder, "web"));
    await Deno.writeTextFile(join(folder, "web", "index.html"), "<p>Mine");
    assertEquals((await run(folder, "--out", "web", "01_one.ipynb")).code, 2);
    assertEquals(await Deno.readTextFile(join(folder, "web", "index.html")), "<p>Mine");
    assertEquals(await namesIn(folder), ["01_one.ipynb", "web"]);
  }));

Deno.test("after a notebook that cannot be read the former book is still whole", () =>
  withNotebook(async (folder) => {
    assertEquals((await run(folder, "--out", "book", "01_one.ipynb")).code, 0);
    const before = await Deno.readTextFile(join(folder, "book", "index.html"));
    const missing = await run(folder, "--out", "book", "01_one.ipynb", "02_none.ipynb");
    assertEquals(missing.code, 2);
    assertStringIncludes(missing.warned, "02_none.ipynb: there is no such file");
    await Deno.writeTextFile(join(folder, "03_broken.ipynb"), "{");
    assertEquals((await run(folder, "--out", "book", "03_broken.ipynb")).code, 2);
    assertEquals(await Deno.readTextFile(join(folder, "book", "index.html")), before);
  }));

Deno.test("wrong arguments are refused in a sentence, and help is given", async () => {
  const wrong = [
    [["--colour"], "Unknown option '--colour'"],
    [["notes.txt"], "as its name does not end in .ipynb"],
    [["a/one.ipynb", "b/one.ipynb"], "as another page has its name"],
    [["index.ipynb"], "as another page has its name"],
  ] as const;
  for (const [args, sentence] of wrong) {
    const { code, warned } = await run("/", ...args);
    assertEquals(code, 2);
    assertStringIncludes(warned, sentence);
    assertEquals(warned.trim().split("\n").length, 1);
  }
  const { code, said } = await run("/", "--help");
  assertEquals(code, 0);
  assert(said.startsWith("Makes one static book"));
});
