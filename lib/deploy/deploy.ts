/** Deploys models: which stages there are, and in which order. */
import type { Bucket } from "@google-cloud/storage";
import type { Model } from "../arguments.ts";
import { checkBucketLocation, ensureBucket } from "../bucket.ts";
import type { Progress } from "../progress.ts";
import type { Session } from "../session.ts";
import { deploymentsOf, listEndpoints, openVertex, type Vertex } from "../vertex.ts";
import type { DeploySettings } from "./arguments.ts";
import {
  deployVersion,
  ensureEndpoint,
  isOf,
  moveTraffic,
  readEndpoint,
  undeployIdle,
} from "./endpoints.ts";
import { type ExportedModel, exportModel } from "./export_model.ts";
import { trainingTime } from "./model_state.ts";
import { checkPlace } from "./place.ts";
import { planRollback, rollBack, type RollbackPlan } from "./rollback.ts";
import { removeStaging, testVersion } from "./staging.ts";
import { answeringBeside, splitTraffic } from "./traffic.ts";
import { markLastAsPrevious, markPrevious, type ModelVersion, uploadVersion } from "./versions.ts";
import { describeServed, type ServedModel } from "./served_model.ts";
import type { DeployResult, Work } from "./work.ts";

const STAGES = { bucket: 1, deploy: 6, rollback: 3 };

/**
 * Deploys the models that the settings name, or rolls them back. Each stage finds what an earlier run
 * has done of it, so that a run that was broken off is continued by the next one. Until its traffic is
 * moved, in one step, an endpoint answers as before.
 *
 * @param start Begins to show progress, given the number of stages.
 * @throws {Failure} If a model or the version before is missing, the bucket is in another location, or
 * a version answers otherwise than BigQuery.
 */
export async function deploy(
  session: Session,
  settings: DeploySettings,
  start: (stages: number) => Progress,
): Promise<DeployResult> {
  const { where, project, dataset } = session;
  const vertex = await openVertex(session, settings);
  try {
    const { models: able, refused } = await checkModels(session, vertex, settings);
    const own = { ...settings, models: able };
    const progress = start(countStages(own));
    const stage: Progress["stage"] = (name, work) => {
      session.signal?.throwIfAborted();
      return progress.stage(name, work);
    };
    try {
      const models = await deployEach({ session, vertex, settings: own, stage });
      const { region } = vertex;
      const console = where === "local" ? `${vertex.url}/` : undefined;
      const about = { where, project, dataset, region, canary: settings.canary, console };
      const { isRollback } = settings;
      return { ...about, isRollback, models, refused, stages: progress.times };
    } finally {
      progress.stop();
    }
  } finally {
    await vertex.close();
  }
}

function countStages({ models, isRollback }: DeploySettings): number {
  return isRollback
    ? STAGES.rollback * models.length
    : STAGES.bucket + STAGES.deploy * models.length;
}

/**
 * Finds out before the work which models can be deployed or rolled back.
 *
 * @throws {Failure} If a model is missing, none can be rolled back, or the region or the bucket does
 * not fit.
 */
export async function checkModels(
  session: Session,
  vertex: Vertex,
  { models, isRollback, bucket }: DeploySettings,
): Promise<RollbackPlan> {
  if (isRollback) return await planRollback({ session, vertex }, models);
  for (const model of models) await trainingTime(session, model);
  await checkPlace(session, { region: vertex.region, bucket });
  return { models: [...models], refused: [] };
}

async function deployEach(work: Work): Promise<ServedModel[]> {
  const { session, vertex, settings: { models, bucket: name, isRollback }, stage } = work;
  const served: ServedModel[] = [];
  if (isRollback) {
    for (const model of models) served.push(await rollBack(work, model));
    return served;
  }
  const bucket = await stage("prepare the bucket", async () => {
    const made = await ensureBucket(session, { name, region: vertex.region });
    await checkBucketLocation(session, made);
    return made;
  });
  for (const model of models) served.push(await deployModel(work, { model, bucket }));
  return served;
}

async function deployModel(
  work: Work,
  { model, bucket }: { model: Model; bucket: Bucket },
): Promise<ServedModel> {
  const { session, vertex, settings, stage } = work;
  const { signal } = session;
  const exported = await stage(`export ${model}`, () => exportModel(session, { model, bucket }));
  const version = await stage(
    `upload ${model}`,
    () => uploadVersion(vertex, { model, uri: exported.uri, signal }),
  );
  await stage(`test ${model}`, () => testUnlessServed(work, { model, version, exported }));
  const { name: endpoint } = await stage(`deploy ${model}`, async () => {
    const { name } = await ensureEndpoint(vertex, { name: model, signal });
    const machines = settings;
    return await deployVersion(vertex, { endpoint: name ?? "", version, machines, signal });
  });
  const name = endpoint ?? "";
  await stage(`move traffic of ${model}`, () => giveTraffic(work, { model, name, version }));
  await stage(`tidy up ${model}`, async () => {
    await undeployIdle(vertex, { name, signal });
    await removeStaging(vertex, model);
  });
  return await describeServed(vertex, { model, name, version, known: exported.known });
}

/** A version is only ever deployed to the endpoint in use after its test. */
async function testUnlessServed(
  { session: { signal }, vertex, settings: { machine } }: Work,
  { model, version, exported }: { model: Model; version: ModelVersion; exported: ExportedModel },
): Promise<void> {
  const [endpoint] = await listEndpoints(vertex, model);
  if (endpoint && deploymentsOf(endpoint).some(isOf(version))) return;
  await testVersion(vertex, { model, version, known: exported.known, machine, signal });
}

/** Moves the traffic to a version, or a canary's share of it. */
async function giveTraffic(
  { vertex, settings }: Work,
  { model, name, version }: { model: Model; name: string; version: ModelVersion },
): Promise<void> {
  const endpoint = await readEndpoint(vertex, name);
  const deployments = deploymentsOf(endpoint);
  const target = deployments.find(isOf(version, settings));
  if (!target) throw new RangeError(`Cannot move traffic as version ${version.version} is gone`);
  const beside = answeringBeside(deployments, target);
  const isReplaced = beside && settings.canary === undefined && !isOf(version)(beside);
  // Before the traffic, so that the way back is known whenever it is needed.
  if (isReplaced) await markPrevious(vertex, beside);
  if (!beside) await markLastAsPrevious(vertex, { name: model, served: version });
  await moveTraffic(vertex, endpoint, splitTraffic(deployments, target, settings.canary));
}
