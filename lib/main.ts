/** The commands; what each takes and answers is in `arguments.ts`. */
import { readArguments, type Settings, USAGE } from "./arguments.ts";
import { askToGoOn, checkJsonFile, printResult, STARTING, stopSignal } from "./command_line.ts";
import { describeCost } from "./cost.ts";
import { badInput, EXIT, type ExitCode, toFailure } from "./failure.ts";
import { defaultStyle, startProgress } from "./progress.ts";
import { summarize } from "./report.ts";
import { retrain } from "./retrain.ts";
import { openSession } from "./session.ts";

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
    if (session.where === "cloud") askToGoOn(await describeCost(session, settings), settings);
    const style = isQuiet ? "none" : defaultStyle();
    const result = await retrain(session, settings, (total) => startProgress(total, style));
    await printResult({ result, settings, summarize: (style) => summarize(result, style) });
  } finally {
    session.close();
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
