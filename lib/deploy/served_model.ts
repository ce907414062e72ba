/** A model that is served: what there is to say of it. */
import type { Model } from "../arguments.ts";
import { deploymentsOf, type Vertex } from "../vertex.ts";
import { readEndpoint } from "./endpoints.ts";
import type { KnownAnswers } from "./known_answers.ts";
import { listVersions, type ModelVersion, PREVIOUS } from "./versions.ts";

/** A version on an endpoint. */
export interface ServedVersion {
  version: number;
  /** Of the traffic. */
  percent: number;
  deployed_model_id: string;
  /** Such as `n1-standard-2`. */
  machine: string;
  min_replicas: number;
  max_replicas: number;
}

/** A model that is served. */
export interface ServedModel {
  model: Model;
  /** `projects/…/endpoints/…` */
  endpoint: string;
  /** Where to POST instances to. */
  predict_url: string;
  /** The folder of the SavedModel of the version that was deployed. */
  artifact: string;
  /** The version that was deployed, or gone back to. */
  version: number;
  /** All that answer, the highest share first. */
  traffic: ServedVersion[];
  /** The version that `--rollback` would go back to. */
  previous?: number;
  /** After a rollback: the version that deploying would serve again as the model is trained now. */
  next?: number;
  /** An instance to try; nothing where the exported files are gone. */
  instance?: Record<string, number | string>;
}

interface Served {
  model: Model;
  /** The endpoint's full name. */
  name: string;
  version: ModelVersion;
  known?: KnownAnswers;
}

/** What is served now. */
export async function describeServed(
  vertex: Vertex,
  { model, name, version, known }: Served,
): Promise<ServedModel> {
  const endpoint = await readEndpoint(vertex, name);
  const versions = await listVersions(vertex, model);
  const previous = versions.find(({ aliases }) => aliases.includes(PREVIOUS))?.version;
  return {
    model,
    endpoint: name,
    predict_url: `${vertex.url}/v1/${name}:predict`,
    artifact: version.artifact,
    version: version.version,
    traffic: deploymentsOf(endpoint).map(({ id, version, percent, machine, ...replicas }) => ({
      ...{ version, percent, deployed_model_id: id, machine },
      ...{ min_replicas: replicas.minReplicas, max_replicas: replicas.maxReplicas },
    })),
    previous: previous === version.version ? undefined : previous,
    instance: known?.instances[0],
  };
}
