/**
 * Tests a version before it gets any traffic.
 *
 * On the endpoint that is in use this is not possible: `:predict` and `:rawPredict` follow the traffic
 * split and nothing else, so a version without traffic answers nobody, and one with a little traffic
 * would answer customers. So the version is deployed to an endpoint of its own first,
 * `user_clusters_staging`, asked there, and the endpoint is deleted. That costs one more machine for
 * as long as a deployment and a few questions take.
 *
 * @see https://github.com/googleapis/python-aiplatform/issues/827
 */
import { z } from "zod";
import type { Model } from "../arguments.ts";
import { EXIT, Failure } from "../failure.ts";
import { deploymentsOf, type Endpoint, listEndpoints, predict, type Vertex } from "../vertex.ts";
import type { MachineSettings } from "./arguments.ts";
import { deleteEndpoint, deployVersion, ensureEndpoint, isOf } from "./endpoints.ts";
import { differenceOf, type KnownAnswers, toAnswer } from "./known_answers.ts";
import type { ModelVersion } from "./versions.ts";

/** The name of the endpoint on which a model is tested. */
export function stagingName(model: Model): string {
  return `${model}_staging`;
}

/** What to test. */
export interface VersionTest {
  model: Model;
  version: ModelVersion;
  known: KnownAnswers;
  /** One machine of this type. */
  machine?: string;
  signal?: AbortSignal;
}

/**
 * Deploys a version to an endpoint of its own, compares its answers with what is known, and deletes
 * the endpoint, whatever came out.
 *
 * @throws {Failure} If an answer differs, or the endpoint cannot be deleted.
 */
export async function testVersion(vertex: Vertex, test: VersionTest): Promise<void> {
  const { model, version, machine, signal } = test;
  const name = stagingName(model);
  const machines: MachineSettings = { machine, minReplicas: 1, maxReplicas: 1 };
  const ask = async () => {
    await removeOthers(vertex, { name, isUsable: isOf(version, machines), signal });
    const staging = await ensureEndpoint(vertex, { name, signal });
    const endpoint = staging.name ?? "";
    await deployVersion(vertex, { endpoint, version, machines, signal });
    await checkAnswers(vertex, { ...test, endpoint });
  };
  const [tested] = await Promise.allSettled([ask()]);
  const [removed] = await Promise.allSettled([removeStaging(vertex, model)]);
  const failure = tested.status === "rejected" ? tested.reason : undefined;
  if (removed.status === "rejected") throw withRemoval(name, { failure, removal: removed.reason });
  if (failure) throw failure;
}

/** What is to be said when the endpoint of a test could not be removed either. */
function withRemoval(name: string, { failure, removal }: { failure?: unknown; removal: Error }) {
  // Of an interruption, or of what is not of our own, the command says itself what may stand.
  if (failure !== undefined && !(failure instanceof Failure)) return failure;
  const why = removal.message.replace(/^\d+ [A-Z_]+: /, "").replace(/\.$/, "");
  const sentence = `Cannot remove the endpoint ${name} after the test (${why}): it may be billed ` +
    "until the same command is run again, or `deno task undeploy`";
  const text = failure ? `${failure.message}. ${sentence}` : sentence;
  return new Failure(text, EXIT.failed, { cause: failure ?? removal });
}

/** Deletes the endpoint on which a model is tested, if there is one. */
export async function removeStaging(vertex: Vertex, model: Model): Promise<void> {
  for (const { name } of await listEndpoints(vertex, stagingName(model))) {
    await deleteEndpoint(vertex, { name: name ?? "" });
  }
}

/**
 * Asks an endpoint what is known and compares.
 *
 * @throws {Failure} If an answer differs by more than a millionth.
 */
async function checkAnswers(
  vertex: Vertex,
  { model, known, endpoint }: Pick<VersionTest, "model" | "known"> & { endpoint: string },
): Promise<void> {
  const { instances, answers } = known;
  const { predictions, modelVersionId } = await predict(vertex, endpoint, {
    ...{ instances, prediction: z.unknown() },
  });
  predictions.forEach((prediction, i) => {
    const difference = differenceOf(toAnswer(model, prediction), answers[i]);
    if (difference === undefined) return;
    throw new Failure(
      `Cannot deploy ${model} as its version ${modelVersionId} answers otherwise than BigQuery: ` +
        `for ${JSON.stringify(instances[i])} ${difference}`,
      EXIT.failed,
    );
  });
}

/** What a broken run has left of another version. */
async function removeOthers(
  vertex: Vertex,
  { name, isUsable, signal }: {
    name: string;
    isUsable: (deployment: ReturnType<typeof deploymentsOf>[number]) => boolean;
    signal?: AbortSignal;
  },
): Promise<void> {
  const isLeft = (endpoint: Endpoint) =>
    deploymentsOf(endpoint).some((each) => each.percent < 100 || !isUsable(each));
  for (const endpoint of (await listEndpoints(vertex, name)).filter(isLeft)) {
    await deleteEndpoint(vertex, { name: endpoint.name ?? "", signal });
  }
}
