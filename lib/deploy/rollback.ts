/** Goes back to the version before. */
import type { Model } from "../arguments.ts";
import { badInput, Failure } from "../failure.ts";
import { deploymentsOf, type Endpoint, findEndpoint } from "../vertex.ts";
import { deployVersion, isOf, moveTraffic, readEndpoint, undeployIdle } from "./endpoints.ts";
import { readKnownOf } from "./export_model.ts";
import { exportFolder, trainingTime } from "./model_state.ts";
import { placeOptions } from "./place.ts";
import { describeServed, type ServedModel } from "./served_model.ts";
import { listVersions, type ModelVersion, PREVIOUS } from "./versions.ts";
import type { Refusal, Work } from "./work.ts";

/** Where to go back to. */
interface Rollback {
  endpoint: Endpoint;
  version: ModelVersion;
}

/** Which models can be rolled back. */
export interface RollbackPlan {
  models: Model[];
  refused: Refusal[];
}

/**
 * Which of the models can be rolled back, and why not the others.
 *
 * @throws {Failure} If none can be.
 */
export async function planRollback(
  place: Pick<Work, "session" | "vertex">,
  models: readonly Model[],
): Promise<RollbackPlan> {
  const plan: RollbackPlan = { models: [], refused: [] };
  for (const model of models) {
    try {
      await findRollback(place, model);
      plan.models.push(model);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      plan.refused.push({ model, reason: error.message });
    }
  }
  if (plan.models.length > 0) return plan;
  throw badInput(plan.refused.map(({ reason }) => reason).join("\n"));
}

/**
 * The version to go back to: with a canary the one beside it, else the one that answered before the
 * one that answers now.
 *
 * @throws {Failure} If nothing is deployed, or there is no such version.
 */
async function findRollback(
  { session, vertex }: Pick<Work, "session" | "vertex">,
  model: Model,
): Promise<Rollback> {
  const { where, project, dataset } = session;
  const endpoint = await findEndpoint(vertex, model);
  const answering = deploymentsOf(endpoint ?? {}).filter(({ percent }) => percent > 0);
  if (!endpoint || answering.length === 0) {
    throw badInput(
      `Cannot roll back ${model} as it is not deployed in ${vertex.region}: run ` +
        `\`deno task deploy --model ${model}${placeOptions({ where, project, dataset })}\``,
    );
  }
  const versions = await listVersions(vertex, model);
  const idle = deploymentsOf(endpoint).filter(({ percent }) => percent === 0);
  // A canary can be an older version, but it was deployed last.
  const [first, ...later] = answering
    .toSorted((a, b) => a.created - b.created || a.version - b.version);
  const present = versions.find((each) => isOf(each)(first));
  const previous = versions.find(({ aliases }) => aliases.includes(PREVIOUS));
  const isBack = previous !== undefined && isOf(previous)(first);
  // A rollback that was broken off before it tidied up is gone on with.
  const isHalfway = isBack ? idle.length > 0 : idle.some(({ created }) => created > first.created);
  const version = later.length > 0 || isHalfway ? present : isBack ? undefined : previous;
  if (version) return { endpoint, version };
  throw badInput(
    `Cannot roll back ${model} as no version is known that answered before version ` +
      `${first.version}: train and deploy another one`,
  );
}

/**
 * Deploys the version before beside the present one, moves the traffic and removes the present one. It
 * is not tested again: it has answered before, and a way back must be short.
 */
export async function rollBack(work: Work, model: Model): Promise<ServedModel> {
  const { session, vertex, settings: machines, stage } = work;
  const { signal } = session;
  const { endpoint: found, version } = await findRollback(work, model);
  const name = found.name ?? "";
  await stage(
    `deploy version ${version.version} of ${model}`,
    () => deployVersion(vertex, { endpoint: name, version, machines, signal }),
  );
  await stage(`move traffic of ${model}`, async () => {
    const endpoint = await readEndpoint(vertex, name);
    const target = deploymentsOf(endpoint).find(isOf(version, machines));
    if (!target) throw new RangeError(`Cannot move traffic as version ${version.version} is gone`);
    await moveTraffic(vertex, endpoint, { [target.id]: 100 });
  });
  await stage(`tidy up ${model}`, () => undeployIdle(vertex, { name, signal }));
  const known = await readKnownOf(session, version.artifact);
  const served = await describeServed(vertex, { model, name, version, known });
  return { ...served, next: await nextVersion(work, { model, but: version }) };
}

/** The version that the model's present state is, if it is another one. */
async function nextVersion(
  { session, vertex }: Work,
  { model, but }: { model: Model; but: ModelVersion },
): Promise<number | undefined> {
  const folder = exportFolder(model, await trainingTime(session, model).catch(() => ""));
  const versions = await listVersions(vertex, model);
  const next = versions.findLast(({ artifact }) => artifact.endsWith(`/${folder}`));
  return next?.version === but.version ? undefined : next?.version;
}
