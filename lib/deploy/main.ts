/** The commands `deploy` and `undeploy`; what each takes and answers is in `arguments.ts`. */
import { askToGoOn, printResult } from "../command_line.ts";
import { inSession, sceneOf } from "../command_session.ts";
import { badInput, EXIT, type ExitCode, Failure } from "../failure.ts";
import { defaultStyle, type Progress, startProgress } from "../progress.ts";
import type { Session } from "../session.ts";
import { openVertex } from "../vertex.ts";
import {
  DEPLOY_USAGE,
  type DeploySettings,
  type PlaceSettings,
  readDeployArguments,
  readUndeployArguments,
  UNDEPLOY_USAGE,
} from "./arguments.ts";
import { checkModels, deploy } from "./deploy.ts";
import { toDeployFailure } from "./deploy_failure.ts";
import { standing, stoppedDeploying, stoppedUndeploying, waysOn } from "./interruption.ts";
import { describeMachineCost } from "./machine_cost.ts";
import type { Place } from "./place.ts";
import { type ReportStyle, summarizeDeployed, summarizeUndeployed } from "./report.ts";
import { undeploy } from "./undeploy.ts";

/** Runs a command and answers its exit code. */
export async function main([command, ...args]: string[]): Promise<ExitCode> {
  let settings: PlaceSettings | undefined;
  try {
    if (command === "deploy") {
      const given = settings = readDeployArguments(args);
      if (given) await inSession(given, (session) => runDeploy(session, given));
      else console.log(DEPLOY_USAGE);
    } else if (command === "undeploy") {
      const given = settings = readUndeployArguments(args);
      if (given) await inSession(given, (session) => runUndeploy(session, given));
      else console.log(UNDEPLOY_USAGE);
    } else {
      throw badInput(`Cannot run "${command ?? ""}": the commands are deploy and undeploy`);
    }
    return EXIT.done;
  } catch (error) {
    const failure = toDeployFailure(error, sceneOf(settings));
    console.error(failure.message);
    return failure.exitCode;
  }
}

async function runDeploy(session: Session, settings: DeploySettings): Promise<void> {
  const isBilled = session.where === "cloud";
  if (isBilled) askToGoOn(await machineCost(session, settings), settings);
  const begun: string[] = [];
  const reached = { ...placeOf(session, settings), begun };
  try {
    const result = await deploy(session, settings, noting(begun, progressOf(settings)));
    await printResult({ result, settings, summarize: (style) => summarizeDeployed(result, style) });
  } catch (error) {
    if (session.signal?.aborted) throw stopped(stoppedDeploying(reached), error);
    const left = standing(reached);
    if (isBilled && left) console.error(`As it ended: ${left}; ${waysOn(reached)}`);
    throw error;
  }
}

function placeOf(
  { where, project, dataset }: Session,
  { region }: Pick<PlaceSettings, "region">,
): Place {
  return { where, project, dataset, region };
}

function stopped(sentence: string, cause: unknown): Failure {
  return new Failure(sentence, EXIT.interrupted, { cause });
}

/** Progress that notes the names of the stages as they are begun. */
function noting(
  begun: string[],
  start: (stages: number) => Progress,
): (stages: number) => Progress {
  return (stages) => {
    const progress = start(stages);
    return {
      ...progress,
      stage(name, work) {
        begun.push(name);
        return progress.stage(name, work);
      },
    };
  };
}

async function machineCost(session: Session, settings: DeploySettings): Promise<string[]> {
  const vertex = await openVertex(session, settings);
  try {
    // Nobody wants to be asked about what cannot be done.
    const { models, refused } = await checkModels(session, vertex, settings);
    return [
      ...refused.map(({ reason }) => reason),
      ...await describeMachineCost(vertex, { ...settings, models }),
    ];
  } finally {
    await vertex.close();
  }
}

async function runUndeploy(session: Session, settings: PlaceSettings): Promise<void> {
  if (session.where === "cloud") {
    const names = settings.models.join(" and ");
    askToGoOn(
      [`In project ${session.project} the endpoints of ${names} will be removed.`],
      settings,
    );
  }
  const begun: string[] = [];
  try {
    const result = await undeploy(session, settings, noting(begun, progressOf(settings)));
    const summarize = (style: ReportStyle) => summarizeUndeployed(result, style);
    await printResult({ result, settings, summarize });
  } catch (error) {
    if (!session.signal?.aborted) throw error;
    throw stopped(stoppedUndeploying({ ...placeOf(session, settings), begun }), error);
  }
}

function progressOf({ isQuiet }: PlaceSettings): (stages: number) => Progress {
  const style = isQuiet ? "none" : defaultStyle();
  return (stages) => startProgress(stages, style);
}

if (import.meta.main) Deno.exit(await main(Deno.args));
