/** Goes back to the version before. */
import type { Model } from "../arguments.ts";
import { badInput } from "../failure.ts";
import { deploymentsOf, type Endpoint, findEndpoint, type Vertex } from "../vertex.ts";
import { deployVersion, isOf, moveTraffic, readEndpoint, undeployIdle } from "./endpoints.ts";
import { readKnownOf } from "./export_model.ts";
import { describeServed, type ServedModel } from "./served_model.ts";
import { listVersions, type ModelVersion, PREVIOUS } from "./versions.ts";
import type { Work } from "./work.ts";

/** Where to go back to. */
export interface Rollback {
  endpoint: Endpoint;
  version: ModelVersion;
}

/**
 * The version to go back to: with a canary the one beside it, else the one that answered before the
 * one that answers now.
 *
 * @throws {Failure} If nothing is deployed, or there is no such version.
 */
export async function findRollback(vertex: Vertex, model: Model): Promise<Rollback> {
  const endpoint = await findEndpoint(vertex, model);
  const answering = deploymentsOf(endpoint ?? {}).filter(({ percent }) => percent > 0);
  if (!endpoint || answering.length === 0) {
    throw badInput(
      `Cannot roll back ${model} as it is not deployed: run \`deno task deploy --model ${model}\``,
    );
  }
  const versions = await listVersions(vertex, model);
  const [oldest, ...newer] = [...answering].sort((a, b) => a.version - b.version);
  const version = newer.length > 0
    ? versions.find((each) => isOf(each)(oldest))
    : versions.find(({ aliases }) => aliases.includes(PREVIOUS));
  if (version && !(newer.length === 0 && isOf(version)(oldest))) return { endpoint, version };
  throw badInput(
    `Cannot roll back ${model} as no version is known that answered before version ` +
      `${oldest.version}: train and deploy another one`,
  );
}

/**
 * Deploys the version before beside the present one, moves the traffic and removes the present one. It
 * is not tested again: it has answered before, and a way back must be short.
 */
export async function rollBack(work: Work, model: Model): Promise<ServedModel> {
  const { session, vertex, settings: machines, stage } = work;
  const { signal } = session;
  const { endpoint: found, version } = await findRollback(vertex, model);
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
  return await describeServed(vertex, { model, name, version, known });
}
