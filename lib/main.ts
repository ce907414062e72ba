/** The commands; what each takes and answers is in `arguments.ts`. */
import { readArguments, type Settings, USAGE } from "./arguments.ts";
import { askToGoOn, printResult } from "./command_line.ts";
import { inSession, sceneOf } from "./command_session.ts";
import { describeCost } from "./cost.ts";
import { badInput, EXIT, type ExitCode, toFailure } from "./failure.ts";
import { defaultStyle, startProgress } from "./progress.ts";
import { summarize } from "./report.ts";
import { retrain } from "./retrain.ts";
import type { Session } from "./session.ts";

/** Runs a command and answers its exit code. */
export async function main([command, ...args]: string[]): Promise<ExitCode> {
  let settings: Settings | undefined;
  try {
    if (command !== "retrain") {
      throw badInput(`Cannot run "${command ?? ""}": the command is retrain`);
    }
    const given = settings = readArguments(args);
    if (given) await inSession(given, (session) => runRetrain(session, given));
    else console.log(USAGE);
    return EXIT.done;
  } catch (error) {
    const failure = toFailure(error, sceneOf(settings));
    console.error(failure.message);
    return failure.exitCode;
  }
}

async function runRetrain(session: Session, settings: Settings): Promise<void> {
  if (session.where === "cloud") askToGoOn(await describeCost(session, settings), settings);
  const style = settings.isQuiet ? "none" : defaultStyle();
  const result = await retrain(session, settings, (total) => startProgress(total, style));
  await printResult({ result, settings, summarize: (style) => summarize(result, style) });
}

if (import.meta.main) Deno.exit(await main(Deno.args));
