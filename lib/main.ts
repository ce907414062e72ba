/** The commands; what each takes and answers is in `arguments.ts`. */
import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import { readArguments, type Settings, USAGE } from "./arguments.ts";
import { describeCost } from "./cost.ts";
import { badInput, EXIT, type ExitCode, Failure, toFailure } from "./failure.ts";
import { defaultStyle, startProgress } from "./progress.ts";
import { summarize } from "./report.ts";
import { retrain, type RetrainResult } from "./retrain.ts";
import { openSession, type Session } from "./session.ts";

const STARTING = "Starting the local cloud; the first start on a machine fetches its packages";

/** Runs a command and answers its exit code. */
export async function main([command, ...args]: string[]): Promise<ExitCode> {
  let settings: Settings | undefined;
  try {
    if (command !== "retrain") {
      throw badInput(`Cannot run "${command ?? ""}": the command is retrain`);
    }
    settings = readArguments(args);
    if (settings) await runRetrain(settings);
    else console.log(USAGE);
    return EXIT.done;
  } catch (error) {
    const where = settings?.project ? "cloud" : "local";
    const { project = "local-cloud", dataset = "", location } = settings ?? {};
    const failure = toFailure(error, { project, dataset, location, where });
    console.error(failure.message);
    return failure.exitCode;
  }
}

async function runRetrain(settings: Settings): Promise<void> {
  const { project, dataset, location, dataFolder, isQuiet } = settings;
  const signal = stopSignal();
  await checkJsonFile(settings);
  const where = { project, dataset, location, dataFolder };
  const onStart = isQuiet ? undefined : () => console.error(STARTING);
  const session = await openSession({ ...where, signal, onStart });
  try {
    if (session.where === "cloud") await confirmCost(session, settings);
    const style = isQuiet ? "none" : defaultStyle();
    const result = await retrain(session, settings, (total) => startProgress(total, style));
    await print(result, settings);
  } finally {
    session.close();
  }
}

/** Aborts at the first Ctrl-C, so that running jobs are cancelled; the second one ends at once. */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, () => {
      if (controller.signal.aborted) Deno.exit(EXIT.interrupted);
      controller.abort();
    });
  }
  return controller.signal;
}

/** Says what will be billed, and asks. */
async function confirmCost(session: Session, settings: Settings): Promise<void> {
  const lines = await describeCost(session, settings);
  if (!settings.isQuiet || !settings.isConfirmed) console.error(lines.join("\n"));
  if (settings.isConfirmed) return;
  if (!Deno.stdin.isTerminal()) {
    throw new Failure(
      "Cannot ask whether to go on as this is no terminal: add --yes",
      EXIT.declined,
    );
  }
  if (!confirm("Go on?")) throw new Failure("Stopped: nothing was run", EXIT.declined);
}

/** Finds out before the work whether its results can be written; the file is left as it is. */
async function checkJsonFile({ json }: Settings): Promise<void> {
  if (json === undefined || json === "-") return;
  const isFolder = async (path: string) =>
    (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
  if (await isFolder(json)) throw badInput(`Cannot write the results to ${json} as it is a folder`);
  if (!await isFolder(dirname(json))) {
    throw badInput(`Cannot write the results to ${json} as there is no such folder`);
  }
}

async function print(result: RetrainResult, { json, isQuiet }: Settings): Promise<void> {
  const text = `${JSON.stringify(result, null, 2)}\n`;
  if (json === "-") await Deno.stdout.write(new TextEncoder().encode(text));
  else if (json !== undefined) await Deno.writeTextFile(json, text);
  if (isQuiet) return;
  const stream = json === "-" ? Deno.stderr : Deno.stdout;
  const summary = summarize(result, { isColored: stream.isTerminal() && !Deno.noColor });
  if (json === "-") console.error(summary);
  else console.log(summary);
}

if (import.meta.main) Deno.exit(await main(Deno.args));
