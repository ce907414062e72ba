/** Runs a notebook from its first cell to its last in a kernel and a local cloud of its own. */
import { dirname, join, resolve } from "node:path";
import { EXIT, Failure } from "../failure.ts";
import { endLocalCloud } from "../session.ts";
import { type Kernel, startKernel } from "./kernel.ts";
import type { CodeCell, Notebook, Output } from "./notebook.ts";
import { collectOutputs, findPrivate } from "./outputs.ts";

/** How to run a notebook. */
export interface ExecuteOptions {
  /** Where it is: its cells import relative to that. */
  file: string;
  /** Seconds that a cell may take. Default 600. */
  timeout?: number;
  signal?: AbortSignal;
  /** Called before each code cell, with how many have run. */
  onCell?: (done: number, total: number) => void;
}

/** Variables that would lead a notebook to anything but a fresh local cloud. */
const ELSEWHERE = /^(BIGQUERY_EMULATOR_HOST|STORAGE_EMULATOR_HOST|GOOGLE_|GCLOUD_|LOCAL_CLOUD_)/;

/**
 * The notebook with what its cells show now, in canonical form; the file is left as it is.
 *
 * @throws {Failure} If a cell throws, takes too long, or shows what is private to this machine.
 */
export async function executeNotebook(
  notebook: Notebook,
  options: ExecuteOptions,
): Promise<Notebook> {
  await using parts = new AsyncDisposableStack();
  const temporary = await Deno.makeTempDir({ prefix: "notebook-" });
  parts.defer(() => Deno.remove(temporary, { recursive: true }));
  const cloud = join(temporary, "cloud");
  parts.defer(() => endLocalCloud(cloud));
  const env = { ...environment(), LOCAL_CLOUD_DATA: cloud };
  const kernel = parts.use(
    await startKernel({ folder: dirname(resolve(options.file)), env, signal: options.signal }),
  );
  const total = notebook.cells.filter(({ cell_type }) => cell_type === "code").length;
  const cells: Notebook["cells"] = [];
  let done = 0;
  for (const cell of notebook.cells) {
    const about = { source: cell.source, metadata: tagsOf(cell.metadata), id: cell.id };
    if (cell.cell_type !== "code") cells.push({ ...cell, ...about });
    else {
      options.onCell?.(done, total);
      const place = { ...options, number: cells.length + 1, count: ++done };
      const outputs = await runCell(kernel, cell, place);
      cells.push({ ...cell, ...about, execution_count: done, outputs });
    }
  }
  return { ...notebook, cells, metadata: METADATA };
}

/** What every notebook says of itself: no version, as that changes without the notebook. */
const METADATA = {
  kernelspec: { display_name: "Deno", language: "typescript", name: "deno" },
  language_info: {
    file_extension: ".ts",
    mimetype: "text/x.typescript",
    name: "typescript",
    nbconvert_exporter: "script",
    pygments_lexer: "typescript",
  },
};

function environment(): Record<string, string> {
  const kept = Object.entries(Deno.env.toObject()).filter(([name]) => !ELSEWHERE.test(name));
  return { ...Object.fromEntries(kept), NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" };
}

/** Of a cell's metadata only its tags mean anything. */
function tagsOf(metadata: Record<string, unknown>): Record<string, unknown> {
  return "tags" in metadata ? { tags: metadata.tags } : {};
}

interface Place extends ExecuteOptions {
  /** Among all cells, from 1. */
  number: number;
  /** Among the code cells, from 1. */
  count: number;
}

async function runCell(kernel: Kernel, cell: CodeCell, place: Place): Promise<Output[]> {
  const { timeout: seconds = 600, signal, count } = place;
  const stop = (why: string, trace: string[] = []): never => {
    throw new Failure(describe(cell, { ...place, why, trace }), EXIT.failed);
  };
  const { published, isGood } = await kernel.execute(cell.source, { seconds, signal })
    .catch((error) => error instanceof Failure ? stop(error.message) : Promise.reject(error));
  const outputs = collectOutputs(published, count).map(brief(cell));
  const error = outputs.find((output) => output.output_type === "error");
  if (!isExpected(cell) && (error || !isGood)) {
    const { ename = "Error", evalue = "it failed", traceback = [] } = error ?? {};
    stop(`${ename}: ${evalue}`, traceback.join("\n").split("\n"));
  }
  const told = findPrivate(outputs);
  if (told !== undefined) stop(`its output tells of this machine: ${told}`);
  return outputs;
}

/** Jupyter's own tag for a cell that is there to fail. */
function isExpected({ metadata: { tags } }: CodeCell): boolean {
  return Array.isArray(tags) && tags.includes("raises-exception");
}

/** Of an error that is meant to be there the sentence is kept: a trace names folders. */
const brief = (cell: CodeCell) => (output: Output): Output =>
  output.output_type === "error" && isExpected(cell)
    ? { ...output, traceback: [`${output.ename}: ${output.evalue}`] }
    : output;

function describe(
  { source }: CodeCell,
  { file, number, why, trace }: Place & { why: string; trace: string[] },
): string {
  const code = source.split("\n").map((line, i) => `  ${String(i + 1).padStart(3)}  ${line}`);
  const told = trace.filter((line) => line.trim() !== "" && !line.includes(why));
  return [
    `Cannot run cell ${number} of ${file}: ${why}`,
    ...code,
    ...told.slice(0, 20).map((line) => `  ${line}`),
  ].join("\n");
}
