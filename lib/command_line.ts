/** What all commands do alike with their arguments. */
import { stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { parseArgs, type ParseArgsConfig } from "node:util";
import { badInput, EXIT, Failure } from "./failure.ts";
import { matching, PATTERNS } from "./option_values.ts";

/** What a command says before a local cloud is started. */
export const STARTING =
  "Starting the local cloud; the first start on a machine fetches its packages";

/**
 * Arguments as Node's `parseArgs` reads them.
 *
 * @throws {Failure} If it refuses them.
 */
export function parseArguments<const Config extends ParseArgsConfig>(config: Config) {
  try {
    return parseArgs(config);
  } catch (error) {
    // Node's messages go on with hints about `--`; the first sentence says what is wrong.
    const [what] = (error as Error).message.split(/\. |\n/);
    throw badInput(`Cannot read the arguments: ${what.replace(/\.$/, "")} (see --help)`);
  }
}

/**
 * A path as it was meant where the command was typed: `deno task` runs in the project's folder, and
 * names the other one in INIT_CWD.
 */
export function typedPath(path: string): string {
  return resolve(Deno.env.get("INIT_CWD") ?? ".", path);
}

/** Options that say where a command works, as they were typed. */
interface PlaceOptions {
  project?: string;
  dataset: string;
  location?: string;
  data?: string;
}

/**
 * Where a command works.
 *
 * @throws {Failure} If a value cannot be.
 */
export function readPlace({ project, dataset, location, data }: PlaceOptions) {
  return {
    project: project && matching("--project", project, PATTERNS.project),
    dataset: matching("--dataset", dataset, PATTERNS.dataset),
    location: location && matching("--location", location, PATTERNS.location),
    dataFolder: data === undefined ? undefined : typedPath(data),
  };
}

/** Aborts at the first Ctrl-C, so that running jobs are cancelled; the second one ends at once. */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, () => {
      if (controller.signal.aborted) Deno.exit(EXIT.interrupted);
      controller.abort();
    });
  }
  return controller.signal;
}

/**
 * Says what will be billed or taken away, and asks.
 *
 * @param lines What is said, unless it is confirmed already and nothing is to be printed.
 * @throws {Failure} If the answer is no, or there is no terminal to ask.
 */
export function askToGoOn(
  lines: readonly string[],
  { isQuiet, isConfirmed }: { isQuiet: boolean; isConfirmed: boolean },
): void {
  if (!isQuiet || !isConfirmed) console.error(lines.join("\n"));
  if (isConfirmed) return;
  if (!Deno.stdin.isTerminal()) {
    throw new Failure(
      "Cannot ask whether to go on as this is no terminal: add --yes",
      EXIT.declined,
    );
  }
  if (!confirm("Go on?")) throw new Failure("Stopped: nothing was run", EXIT.declined);
}

/**
 * Finds out before the work whether its results can be written; the file is left as it is.
 *
 * @throws {Failure} If `json` is a folder, or in none.
 */
export async function checkJsonFile({ json }: { json?: string }): Promise<void> {
  if (json === undefined || json === "-") return;
  const isFolder = async (path: string) =>
    (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
  if (await isFolder(json)) throw badInput(`Cannot write the results to ${json} as it is a folder`);
  if (!await isFolder(dirname(json))) {
    throw badInput(`Cannot write the results to ${json} as there is no such folder`);
  }
}

/**
 * Prints a summary, and writes the results as JSON where that is asked for; with `--json -` they take
 * the standard output and the summary the error output.
 *
 * @param options The results, the settings, and what makes the summary for a stream with or without
 * colours.
 */
export async function printResult(options: {
  result: unknown;
  settings: { json?: string; isQuiet: boolean };
  summarize: (style: { isColored: boolean }) => string;
}): Promise<void> {
  const { result, settings: { json, isQuiet }, summarize } = options;
  const text = `${JSON.stringify(result, null, 2)}\n`;
  if (json === "-") await Deno.stdout.write(new TextEncoder().encode(text));
  else if (json !== undefined) await Deno.writeTextFile(json, text);
  if (isQuiet) return;
  const stream = json === "-" ? Deno.stderr : Deno.stdout;
  const summary = summarize({ isColored: stream.isTerminal() && !Deno.noColor });
  if (json === "-") console.error(summary);
  else console.log(summary);
}
