/** What every chapter keeps to; that it runs, and shows what is written, `deno task notebooks --check` sees. */
import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type CodeCell, type Notebook, readNotebook } from "../lib/notebooks/notebook.ts";
import { findPrivate } from "../lib/notebooks/outputs.ts";

const FOLDER = fileURLToPath(new URL("../notebooks/", import.meta.url));
const MEBIBYTE = 2 ** 20;

async function chapters(): Promise<[string, Notebook][]> {
  const files: string[] = [];
  for await (const { name } of Deno.readDir(FOLDER)) {
    if (name.endsWith(".ipynb")) files.push(name);
  }
  const read = files.sort().map(async (file): Promise<[string, Notebook]> => [
    file,
    await readNotebook(join(FOLDER, file)),
  ]);
  return await Promise.all(read);
}

const book = await chapters();
const codeOf = ({ cells }: Notebook) =>
  cells.filter((cell): cell is CodeCell => cell.cell_type === "code");
const linesOf = ({ source }: CodeCell) =>
  source.split("\n").filter((line) => line.trim() !== "").length;

Deno.test("a code cell has five lines or fewer as a rule, and never more than twenty", () => {
  for (const [file, notebook] of book) {
    const lines = codeOf(notebook).map(linesOf).sort((a, b) => a - b);
    const median = lines[Math.floor((lines.length - 1) / 2)];
    assert(median <= 5, `${file} has a median of ${median} lines`);
    assert(lines.at(-1)! <= 20, `${file} has a cell of ${lines.at(-1)} lines`);
  }
});

Deno.test("a code cell calls lib: it defines no function and holds no SQL", () => {
  for (const [file, notebook] of book) {
    for (const { source } of codeOf(notebook)) {
      const code = source.replaceAll(/\/\/.*$/gm, "");
      assert(!/\bfunction\b|=\s*(async\s*)?(\([^)]*\)|\w+)\s*=>/.test(code), `${file}: ${source}`);
      assert(!/["'`]\s*(SELECT|WITH|CREATE|INSERT)\b/.test(code), `${file}: ${source}`);
    }
  }
});

Deno.test("prose leads to the first code cell of a chapter and to most of the others", () => {
  for (const [file, { cells }] of book) {
    assertEquals(cells[0].cell_type, "markdown", file);
    assert(/^# \S/.test(cells[0].source), `${file} has no title`);
    const alone = cells.filter((cell, i) =>
      cell.cell_type === "code" && cells[i - 1]?.cell_type !== "markdown"
    );
    assert(alone.length <= cells.length / 10, `${file} has ${alone.length} cells without a word`);
  }
});

Deno.test("every code cell was run, in order, and none shows an error or a warning", () => {
  for (const [file, notebook] of book) {
    codeOf(notebook).forEach((cell, i) => {
      assertEquals(cell.execution_count, i + 1, `${file}: ${cell.source}`);
      const bad = cell.outputs.filter((output) =>
        output.output_type === "error" ||
        output.output_type === "stream" && output.name === "stderr"
      );
      assertEquals(bad, [], `${file}: ${cell.source}`);
    });
  }
});

Deno.test("no chapter tells of the machine it ran on, nor is one too big to read on GitHub", async () => {
  for (const [file, notebook] of book) {
    const told = findPrivate(codeOf(notebook).flatMap(({ outputs }) => outputs));
    assertEquals(told, undefined, file);
    const { size } = await Deno.stat(join(FOLDER, file));
    assert(size < 1.5 * MEBIBYTE, `${file} has ${size} bytes`);
  }
});

Deno.test("a link between chapters, or to a file of the project, leads somewhere", async () => {
  for (const [file, { cells }] of book) {
    for (const { cell_type, source } of cells) {
      if (cell_type !== "markdown") continue;
      for (const [, target] of source.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)) {
        if (/^https?:/.test(target)) continue;
        assert(await Deno.stat(join(FOLDER, target)).catch(() => false), `${file}: ${target}`);
      }
    }
  }
});

Deno.test("a chart is there for GitHub as well as for JupyterLab", () => {
  const bundles = book.flatMap(([, notebook]) => codeOf(notebook)).flatMap(({ outputs }) => outputs)
    .flatMap((output) => "data" in output ? [output.data] : []);
  const charts = bundles.filter((data) => "application/vnd.vegalite.v5+json" in data);
  assert(charts.length > 0);
  for (const data of charts) assert(String(data["image/svg+xml"]).startsWith("<svg"));
});

Deno.test("no chapter shows a name or a time that is another one each time", () => {
  for (const [file, notebook] of book) {
    const text = JSON.stringify(codeOf(notebook).map(({ outputs }) => outputs));
    assertEquals(/projects\/[^"]*\/locations|(?<![.\d])\d{16,}|\d{8}T\d{6}/.exec(text), null, file);
  }
});

Deno.test("a chapter that deploys says first what it costs, and takes everything down again", () => {
  const isDeploying = ({ source }: { source: string }) =>
    /\b(deployVersion|deployModel|ensureEndpoint)\(/.test(source);
  const deploying = book.filter(([, notebook]) => codeOf(notebook).some(isDeploying));
  assert(deploying.length > 0);
  for (const [file, { cells }] of deploying) {
    const first = cells.findIndex((cell) => cell.cell_type === "code" && isDeploying(cell));
    const before = cells.slice(0, first).filter(({ cell_type }) => cell_type === "markdown");
    assert(before.some(({ source }) => /\bbilled\b.*\bhour\b/s.test(source)), file);
    const last = cells.findLastIndex((cell) => cell.cell_type === "code" && isDeploying(cell));
    const after = cells.slice(last + 1).filter(({ cell_type }) => cell_type === "code");
    assert(after.some(({ source }) => source.includes("undeployModels(")), file);
  }
});
