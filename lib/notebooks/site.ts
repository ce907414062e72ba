/** The command `deno task site`: the notebooks as a book of HTML pages. */
import { basename, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArguments, typedPath } from "../command_line.ts";
import { badInput, EXIT, type ExitCode, toFailure } from "../failure.ts";
import { notebooksIn, readNotebook } from "./notebook.ts";
import { type Source, toBook } from "./site/book.ts";
import { checkOwn, replaceFolder } from "./site/folder.ts";
import { linkedTexts } from "./site/links.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const STYLE = new URL("./site/style.css", import.meta.url);

const HELP = `Makes one static book of HTML pages from the notebooks and the outputs stored in them.

  deno task site [options] [FILE…]

Each page holds all it shows: it works from the disk, without a server, network or script. Markdown
files of the project that a chapter links to are pages too. Nothing is executed; \`deno task notebooks\`
fills the notebooks with outputs.

  FILE…        notebooks, in the order of the chapters (default: notebooks/*.ipynb)
  --out DIR    folder for the pages (default: site in this project); what an earlier run wrote there
               is replaced, a folder that holds anything else is refused
  --help       this text

Exit codes: 0 done, 1 something broke, 2 wrong arguments, files or folder.
After any code but 0 the former book is still whole.`;

const OPTIONS = {
  out: { type: "string" },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** Runs the command and answers its exit code. */
export async function main(args: string[]): Promise<ExitCode> {
  try {
    const { values, positionals } = parse(args);
    if (values.help) console.log(HELP);
    else await writeBook(await filesOf(positionals), outOf(values.out));
    return EXIT.done;
  } catch (error) {
    const failure = toFailure(error, { project: "", dataset: "", where: "local" });
    console.error(failure.message);
    return failure.exitCode;
  }
}

function parse(args: string[]) {
  return parseArguments({ args, options: OPTIONS, allowPositionals: true });
}

function outOf(out: string | undefined): string {
  if (out === "") throw badInput("Cannot use --out as it must be a folder: it is empty");
  return out === undefined ? join(ROOT, "site") : typedPath(out);
}

async function filesOf(given: readonly string[]): Promise<string[]> {
  return given.length > 0 ? given.map(typedPath) : await notebooksIn(join(ROOT, "notebooks"));
}

async function writeBook(files: readonly string[], out: string): Promise<void> {
  checkNames(files);
  await checkOwn(out);
  const sources: Source[] = [];
  for (const file of files) {
    sources.push({ name: basename(file), notebook: await readNotebook(file) });
  }
  const options = { style: await Deno.readTextFile(STYLE), texts: await readTexts(sources) };
  const { chapters, pages } = toBook(sources, options);
  await replaceFolder(out, pages);
  for (const { notebook } of chapters.filter(({ isExecuted }) => !isExecuted)) {
    console.error(
      `${notebook} has no outputs: run \`deno task notebooks\` first to have them here`,
    );
  }
  const encoder = new TextEncoder();
  const size = [...pages.values()].reduce((sum, page) => sum + encoder.encode(page).length, 0);
  console.log(`Wrote ${chapters.length} chapters and the index, ${megabytes(size)} in all.`);
  console.log(`Open ${shortest(join(out, "index.html"))}`);
}

/** The project's Markdown files that the chapters link to. */
async function readTexts(sources: readonly Source[]): Promise<Map<string, string>> {
  const prose = sources.flatMap(({ notebook: { cells } }) =>
    cells.flatMap(({ cell_type, source }) => cell_type === "markdown" ? [source] : [])
  );
  const texts = new Map<string, string>();
  for (const path of new Set(prose.flatMap((source) => linkedTexts(source, "notebooks")))) {
    const text = await Deno.readTextFile(join(ROOT, path)).catch(() => undefined);
    if (text !== undefined) texts.set(path, text);
  }
  return texts;
}

/** @throws {Failure} If two pages, or a page and the index, would have the same name. */
function checkNames(files: readonly string[]): void {
  const seen = new Set(["index.ipynb"]);
  for (const file of files) {
    const name = basename(file);
    if (!name.endsWith(".ipynb")) {
      throw badInput(`Cannot make a chapter of ${file} as its name does not end in .ipynb`);
    }
    if (seen.has(name)) {
      throw badInput(`Cannot make a chapter of ${file} as another page has its name: rename it`);
    }
    seen.add(name);
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** A path as one types it where the command was started. */
function shortest(path: string): string {
  const near = relative(typedPath("."), path);
  return near.startsWith("..") ? path : near;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
