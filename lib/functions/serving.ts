/** The models as they are served: which versions answer, and what is stored with each of them. */
import type { z } from "zod";
import { CLUSTER_NAMES, type ClusterNames, readClusterNames } from "../cluster_names.ts";
import type { Session } from "../session.ts";
import { deploymentsOf, findEndpoint, type Vertex } from "../vertex.ts";
import { AnswerError } from "./answer_error.ts";
import { type Cache, createCache } from "./cache.ts";
import { type AskEndpoint, endpointRequests } from "./endpoint_request.ts";

/** A version of a model that is deployed. */
export interface Version {
  deployedModelId: string;
  /** `projects/…/models/…@2` */
  name: string;
}

/** An endpoint, and what is deployed to it. */
interface Served {
  endpoint: string;
  /** Those that answer a share of the requests, the highest first; one or more. */
  versions: Version[];
}

/** Which version of a model has answered. */
export interface ModelVersion {
  displayName: string;
  versionId: string;
  deployedModelId: string;
}

/** The endpoints of a session's models. */
export interface Serving {
  askEndpoint: AskEndpoint;
  /** By the model's name. Kept for a minute. */
  served: Cache<Served>;
  /** By the version's name. A version never changes. */
  notes: Cache<ClusterNames>;
}

const MINUTE_MS = 60_000;

/** Nothing is asked before it is needed. */
export function createServing(session: Session, vertex: Vertex): Serving {
  return {
    askEndpoint: endpointRequests(session, vertex),
    served: createCache((model) => look(vertex, model), { maxEntries: 10, ttlMs: MINUTE_MS }),
    notes: createCache((version) => readNotes(session, { vertex, version }), {
      ...{ maxEntries: 20, ttlMs: 60 * MINUTE_MS },
    }),
  };
}

async function look(vertex: Vertex, model: string): Promise<Served> {
  const endpoint = await findEndpoint(vertex, model);
  const deployments = endpoint ? deploymentsOf(endpoint) : [];
  const versions = deployments.filter(({ percent }) => percent > 0)
    .map(({ id, model, version }) => ({ deployedModelId: id, name: `${model}@${version}` }));
  if (!endpoint?.name || versions.length === 0) throw notDeployed(model);
  return { endpoint: endpoint.name, versions };
}

const notDeployed = (model: string) =>
  new AnswerError(
    "unavailable",
    `Cannot answer as no version of ${model} is deployed: run \`deno task deploy\``,
  );

/** What `deno task deploy` has put beside a version's graph. */
async function readNotes(
  session: Session,
  { vertex, version }: { vertex: Vertex; version: string },
): Promise<ClusterNames> {
  const [{ artifactUri }] = await vertex.models.getModel({ name: version });
  try {
    return await readClusterNames(session, artifactUri ?? "");
  } catch (cause) {
    if ((cause as { code?: unknown }).code !== 404) throw cause;
    throw new AnswerError(
      "unavailable",
      "Cannot name the clusters as the version of user_clusters that is deployed has no " +
        `${CLUSTER_NAMES} beside it: deploy it by \`deno task deploy\``,
      { cause },
    );
  }
}

/** A question for an endpoint that any of the deployed versions can answer. */
export interface Question<Prediction> {
  /** One instance for whichever version answers, or one for each of them, in their order. */
  instances: (versions: readonly Version[]) => Promise<object[]>;
  prediction: z.ZodType<Prediction>;
}

/** What a version answered. */
export interface ServedAnswer<Prediction> {
  prediction: Prediction;
  /** `projects/…/models/…@2` */
  version: string;
  model: ModelVersion;
}

/**
 * Asks the endpoint of a model. While two versions share the requests nobody knows which of them
 * will answer: the instance is sent as each of them needs it, and that of the one that answered is
 * taken.
 *
 * @throws {AnswerError} `unavailable` if nothing is deployed.
 */
export async function ask<Prediction>(
  serving: Serving,
  model: string,
  question: Question<Prediction>,
): Promise<ServedAnswer<Prediction>> {
  // What is deployed can change within the minute for which it is kept: then it is looked at anew.
  for (let attempt = 0; attempt < 3; attempt++) {
    const { endpoint, versions } = await serving.served.get(model);
    const instances = await question.instances(versions);
    const { prediction } = question;
    const answer = await serving.askEndpoint(endpoint, { instances, prediction });
    const deployedModelId = answer?.deployedModelId ?? "";
    const index = versions.findIndex((version) => version.deployedModelId === deployedModelId);
    if (answer && index >= 0) {
      const { predictions, modelDisplayName: displayName, modelVersionId: versionId } = answer;
      return {
        prediction: predictions[Math.min(index, instances.length - 1)],
        version: versions[index].name,
        model: { displayName, versionId, deployedModelId },
      };
    }
    serving.served.forget(model);
  }
  throw notDeployed(model);
}
