/** Runs a notebook from its first cell to its last in a kernel and a local cloud of its own. */
import { dirname, join, resolve } from "node:path";
import { EXIT, Failure } from "../failure.ts";
import { startLocalCloud } from "../session.ts";
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

/** Variables that tell of an account; those that say where the cloud is are the run's own. */
const ACCOUNT = /^(GOOGLE_|GCLOUD_)/;

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
  // Named in the environment, it is where even a session with a project leads: a run bills nobody.
  const cloud = await startLocalCloud(join(temporary, "cloud"));
  parts.defer(() => cloud.stop());
  const env = { ...environment(), ...cloud.env };
  const kernel = parts.use(
    await startKernel({ folder: dirname(resolve(options.file)), env, signal: options.signal }),
  );
  const total = notebook.cells.filter(({ cell_type }) => cell_type === "code").length;
  const cells: Notebook["cells"] = [];
  let done = 0;
  for (const cell of notebook.cells) {
    const metadata = withoutNoise(cell.metadata);
    if (cell.cell_type !== "code") cells.push({ ...cell, metadata });
    else {
      options.onCell?.(done, total);
      const place = { ...options, number: cells.length + 1, count: ++done };
      const outputs = await runCell(kernel, cell, place);
      cells.push({ ...cell, metadata, execution_count: done, outputs });
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
  const kept = Object.entries(Deno.env.toObject()).filter(([name]) => !ACCOUNT.test(name));
  return { ...Object.fromEntries(kept), NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" };
}

/** What programs note in a cell about its last run, such as when it was. */
const NOISE = new Set(["execution", "ExecuteTime", "vscode", "trusted"]);

function withoutNoise(metadata: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(metadata).filter(([key]) => !NOISE.has(key)));
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
    if (!error) stop(WORDLESS);
    else stop(`${error.ename}: ${error.evalue}`, error.traceback.join("\n").split("\n"));
  }
  const told = findPrivate(outputs);
  if (told !== undefined) stop(`its output tells of this machine: ${told}`);
  return outputs;
}

/** Deno's kernel does not say why it could not even begin a cell. */
const WORDLESS = "the kernel did not run it, as it does with a syntax error or a package that is " +
  "not to be had";

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
