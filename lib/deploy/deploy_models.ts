/** The commands `deploy` and `undeploy` for who calls them from code: no questions, no progress. */
import type { Model } from "../arguments.ts";
import { startProgress } from "../progress.ts";
import type { Session } from "../session.ts";
import type { Vertex } from "../vertex.ts";
import { type DeploySettings, readDeployArguments } from "./arguments.ts";
import { deploy } from "./deploy.ts";
import { estimateMachineCost, type MachineCost } from "./machine_cost.ts";
import type { ServedModel } from "./served_model.ts";
import { undeploy, type UndeployResult } from "./undeploy.ts";

const quiet = (stages: number) => startProgress(stages, "none");

/**
 * Deploys the present state of a model as a new version, as `deno task deploy --model` does. On Google
 * Cloud this is billed, and nobody is asked.
 *
 * @param options `canary`: percent of the traffic for the new version, 1 … 99. Default: all.
 * @throws {Failure} If the model is missing, the bucket is in another location, or the version answers
 * otherwise than BigQuery.
 */
export async function deployModel(
  session: Session,
  { model, canary }: { model: Model; canary?: number },
): Promise<ServedModel> {
  return await served(session, { ...settingsFor([model]), canary });
}

/**
 * Goes back to the version that answered before, as `deno task deploy --rollback` does.
 *
 * @throws {Failure} If nothing is deployed, or there is no version before.
 */
export async function rollBackModel(
  session: Session,
  { model }: { model: Model },
): Promise<ServedModel> {
  return await served(session, { ...settingsFor([model]), isRollback: true });
}

/** Removes the endpoints of models, as `deno task undeploy` does. */
export async function undeployModels(
  session: Session,
  { models }: { models: readonly Model[] },
): Promise<UndeployResult> {
  return await undeploy(session, settingsFor(models), quiet);
}

/** What the machines of models cost on Google Cloud while one version of each is deployed. */
export async function machineCosts(
  vertex: Vertex,
  { models }: { models: readonly Model[] },
): Promise<MachineCost[]> {
  return await estimateMachineCost(vertex, settingsFor(models));
}

async function served(session: Session, settings: DeploySettings): Promise<ServedModel> {
  const { models: [model] } = await deploy(session, settings, quiet);
  return model;
}

/** What the command does without any option, on some models. */
function settingsFor(models: readonly Model[]): DeploySettings {
  return { ...readDeployArguments([])!, models };
}
