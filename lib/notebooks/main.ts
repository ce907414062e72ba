/** The command `deno task notebooks`: runs the notebooks in a real kernel and keeps their outputs. */
import { basename, relative } from "node:path";
import { parseArguments, typedPath } from "../command_line.ts";
import { badInput, EXIT, type ExitCode, Failure } from "../failure.ts";
import { describeDifferences } from "./difference.ts";
import { executeNotebook } from "./execute.ts";
import {
  formatNotebook,
  notebooksIn,
  parseNotebook,
  readNotebook,
  writeNotebook,
} from "./notebook.ts";

const USAGE = `Runs notebooks in a real Deno kernel, each on a fresh local cloud.

  deno task notebooks [options] [FILE…]

Without files: all of notebooks/, in the order of their names. What the cells show is written into
the notebook; running it again changes no byte. A cell that throws ends the run, and its notebook is
left as it was.

  --check              write nothing; say which cells show something else than is written
  --timeout SECONDS    how long a cell may take (default 600)
  --json               print what was done as JSON
  --help

Exit codes: 0 done · 1 a cell failed, or --check found a difference · 2 wrong arguments · 130 Ctrl-C`;

/** Seconds; a timer of the runtime counts no further than 2³¹ milliseconds. */
const LONGEST = 2_000_000;

interface Settings {
  files: string[];
  isCheck: boolean;
  isJson: boolean;
  /** Seconds. */
  timeout: number;
}

/** What became of a notebook. */
interface Result {
  file: string;
  cells: number;
  seconds: number;
  state: "written" | "unchanged" | "differs";
}

/** Runs the command and answers its exit code. */
export async function main(args: string[]): Promise<ExitCode> {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) Deno.exit(EXIT.interrupted);
    controller.abort();
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  signals.forEach((signal) => Deno.addSignalListener(signal, stop));
  try {
    const settings = await readSettings(args);
    if (!settings) {
      console.log(USAGE);
      return EXIT.done;
    }
    return await runAll(settings, controller.signal);
  } catch (error) {
    const isStopped = controller.signal.aborted;
    const message = isStopped ? "Stopped: the notebook that ran was left as it was" : error;
    console.error(message instanceof Failure ? message.message : message);
    return isStopped ? EXIT.interrupted : error instanceof Failure ? error.exitCode : EXIT.failed;
  } finally {
    signals.forEach((signal) => Deno.removeSignalListener(signal, stop));
  }
}

async function readSettings(args: string[]): Promise<Settings | undefined> {
  const { values, positionals } = parse(args);
  if (values.help) return undefined;
  const timeout = Number(values.timeout ?? 600);
  if (!(timeout > 0 && timeout <= LONGEST)) {
    throw badInput(
      `Cannot use --timeout as it must be seconds above 0, at most ${LONGEST}: current value is ${values.timeout}`,
    );
  }
  const files = positionals.length > 0
    ? positionals.map((file) => relative(Deno.cwd(), typedPath(file)))
    : await notebooksIn("notebooks");
  if (files.length === 0) throw badInput("Cannot run notebooks as there are none in notebooks/");
  return { files, timeout, isCheck: values.check === true, isJson: values.json === true };
}

function parse(args: string[]) {
  const flag = { type: "boolean" } as const;
  const options = { check: flag, json: flag, help: flag, timeout: { type: "string" } } as const;
  return parseArguments({ args, options, allowPositionals: true });
}

async function runAll(settings: Settings, signal: AbortSignal): Promise<ExitCode> {
  const { files, isCheck, isJson } = settings;
  // All are read first: a wrong name is found out at once.
  for (const file of files) await readNotebook(file);
  const results: Result[] = [];
  for (const file of files) {
    const result = await runOne(file, { ...settings, signal });
    results.push(result);
    console.error(
      `${basename(file, ".ipynb")}  ${result.cells} cells  ${result.seconds} s  ${result.state}`,
    );
  }
  if (isJson) console.log(JSON.stringify(results, null, 2));
  const differing = results.filter(({ state }) => state === "differs").length;
  if (isCheck && differing > 0) {
    console.error(
      `${differing} of ${results.length} notebooks differ from what is written: ` +
        "run deno task notebooks and look at the change",
    );
    return EXIT.failed;
  }
  return EXIT.done;
}

async function runOne(
  file: string,
  { isCheck, timeout, signal }: Settings & { signal: AbortSignal },
): Promise<Result> {
  const before = await Deno.readTextFile(file);
  const notebook = parseNotebook(before, file);
  const begun = Date.now();
  const seconds = () => Math.round((Date.now() - begun) / 1000);
  const show = Deno.stderr.isTerminal() ? (line: string) => writeOver(line) : () => {};
  const onCell = (done: number, total: number) =>
    show(`${basename(file, ".ipynb")}  ${done}/${total} cells  ${seconds()} s`);
  const run = await executeNotebook(notebook, { file, timeout, signal, onCell })
    .finally(() => show(""));
  const { length: cells } = run.cells.filter(({ cell_type }) => cell_type === "code");
  if (await Deno.readTextFile(file) !== before) {
    throw new Failure(
      `Cannot keep what ${file} shows as it was changed while it ran: run it again`,
      EXIT.failed,
    );
  }
  if (before === formatNotebook(run)) {
    return { file, cells, seconds: seconds(), state: "unchanged" };
  }
  if (!isCheck) {
    await writeNotebook(file, run);
    return { file, cells, seconds: seconds(), state: "written" };
  }
  const paragraphs = describeDifferences(file, { written: notebook, run });
  const form = `${file} shows the same, but is not in the form that deno task notebooks writes`;
  (paragraphs.length > 0 ? paragraphs : [form]).forEach((each) => console.error(`${each}\n`));
  return { file, cells, seconds: seconds(), state: "differs" };
}

/** Shows a line in place of the one before. */
function writeOver(line: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(`\r\x1b[K${line}`));
}

if (import.meta.main) Deno.exit(await main(Deno.args));
