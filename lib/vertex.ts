/**
 * Vertex AI of a session: Google's clients, led to Google Cloud or to the local cloud, and the few
 * questions that all who deploy or ask a model have in common.
 */
import { createHash } from "node:crypto";
import type { helpers, protos, v1 } from "@google-cloud/aiplatform";
import { PassThroughClient } from "google-auth-library";
import { z } from "zod";
import { badInput } from "./failure.ts";
import type { Session } from "./session.ts";

/** An endpoint as Vertex AI describes it. */
export type Endpoint = protos.google.cloud.aiplatform.v1.IEndpoint;
type DeployedModel = protos.google.cloud.aiplatform.v1.IDeployedModel;

/** Google's clients for Vertex AI, and where they work. */
export interface Vertex {
  models: v1.ModelServiceClient;
  endpoints: v1.EndpointServiceClient;
  predictions: v1.PredictionServiceClient;
  /** Such as `us-central1`. */
  region: string;
  /** `projects/PROJECT/locations/REGION`, the path that models and endpoints are under. */
  parent: string;
  /** `https://us-central1-aiplatform.googleapis.com`, or the local cloud's address. */
  url: string;
  /** The dataset whose models are served. Endpoints of the same name can serve other datasets. */
  dataset: string;
  /**
   * Milliseconds for which requests may still go where an endpoint's traffic went before it was moved:
   * a minute on Google Cloud, 0 in the local cloud.
   */
  settleMs: number;
  /** Ends the connections. */
  close(): Promise<void>;
  /** How the clients write and read values whose type is not known before. */
  convert: typeof helpers;
}

/**
 * Opens Vertex AI where the session is. The clients are loaded here and not before, as that takes
 * half a second.
 *
 * @param options The region to work in. Default: {@link regionOf} the dataset's location.
 * @throws {Failure} If the session is on an emulator that has no Vertex AI.
 */
export async function openVertex(
  session: Session,
  { region = regionOf(session.location) }: { region?: string } = {},
): Promise<Vertex> {
  const { project, dataset } = session;
  const { options, url } = address(session, region);
  const { v1, helpers } = await import("@google-cloud/aiplatform");
  const models = new v1.ModelServiceClient(options);
  const endpoints = new v1.EndpointServiceClient(options);
  const predictions = new v1.PredictionServiceClient(options);
  return {
    ...{ models, endpoints, predictions, region, url, dataset, convert: helpers },
    parent: `projects/${project}/locations/${region}`,
    settleMs: session.isEmulated ? 0 : 60_000,
    close: async () => {
      await Promise.all([models, endpoints, predictions].map((client) => client.close()));
    },
  };
}

function address({ isEmulated, vertexHost, project: projectId }: Session, region: string) {
  if (!isEmulated) {
    const apiEndpoint = `${region}-aiplatform.googleapis.com`;
    return { options: { apiEndpoint, projectId }, url: `https://${apiEndpoint}` };
  }
  if (!vertexHost) {
    throw badInput(
      "Cannot find the emulator of Vertex AI as VERTEX_AI_EMULATOR_HOST is not set while " +
        "BIGQUERY_EMULATOR_HOST is: set both, or neither",
    );
  }
  const { protocol, hostname, port } = new URL(vertexHost);
  const options = {
    ...{ apiEndpoint: hostname, port: Number(port), protocol: protocol.slice(0, -1), projectId },
    // Plain HTTP, and nothing added to a request.
    ...{ fallback: true, authClient: new PassThroughClient() },
  };
  return { options, url: vertexHost.replace(/\/$/, "") };
}

/**
 * The region of Vertex AI for a dataset's location: itself, or for a location that spans several
 * regions one of them.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(["US", "EU", "asia-east1"].map(regionOf), [
 *   "us-central1",
 *   "europe-west4",
 *   "asia-east1",
 * ]);
 * ```
 */
export function regionOf(location: string): string {
  const region = location.toLowerCase();
  return { us: "us-central1", eu: "europe-west4" }[region] ?? region;
}

/**
 * The label `dataset` of the models and endpoints that belong to a dataset: its name, or as labels have
 * no capitals and at most 63 characters, what is left of it and a checksum, which tells `Shop` from
 * `shop`.
 */
export function datasetLabel(dataset: string): string {
  if (/^[a-z0-9_]{1,63}$/.test(dataset)) return dataset;
  const checksum = createHash("sha256").update(dataset).digest("hex").slice(0, 12);
  return `${dataset.toLowerCase().slice(0, 50)}-${checksum}`;
}

/**
 * The endpoint that serves a model of the vertex's dataset; nothing where there is none.
 *
 * @param name The endpoint's display name, which is the model's: `user_clusters`.
 */
export async function findEndpoint(vertex: Vertex, name: string): Promise<Endpoint | undefined> {
  return (await listEndpoints(vertex, name))[0];
}

/**
 * All endpoints of a name for the vertex's dataset: those with a model first, then the oldest. There
 * can be two if a deployment was broken off while it made one.
 */
export async function listEndpoints(vertex: Vertex, name: string): Promise<Endpoint[]> {
  const { endpoints, parent } = vertex;
  const [found] = await endpoints.listEndpoints({ parent, filter: `display_name="${name}"` });
  const rank = (endpoint: Endpoint) => endpoint.deployedModels?.length ? 0 : 1;
  return ownOf(vertex, name, found).sort((a, b) => rank(a) - rank(b));
}

type Resource = Pick<Endpoint, "displayName" | "labels" | "createTime">;

/** Of what was found, what has the name and belongs to the vertex's dataset, the oldest first. */
export function ownOf<Found extends Resource>(
  { dataset }: Vertex,
  name: string,
  found: readonly Found[],
): Found[] {
  const seconds = ({ createTime }: Resource) => Number(createTime?.seconds ?? 0);
  return found
    .filter(({ displayName, labels }) =>
      displayName === name && labels?.dataset === datasetLabel(dataset)
    )
    .sort((a, b) => seconds(a) - seconds(b));
}

/** A version of a model that is deployed to an endpoint. */
export interface Deployment {
  /** Its id on the endpoint. */
  id: string;
  /** `projects/…/models/…`, without the version. */
  model: string;
  /** 1, 2, … */
  version: number;
  /** Share of the requests that it answers, 0 … 100. */
  percent: number;
  /** Such as `n1-standard-2`; empty where that is left to Vertex AI. */
  machine: string;
  minReplicas: number;
  maxReplicas: number;
  /** When it was deployed, milliseconds since 1970. */
  created: number;
}

/** What is deployed to an endpoint: the highest share of requests first, then the newest version. */
export function deploymentsOf({ deployedModels, trafficSplit }: Endpoint): Deployment[] {
  return (deployedModels ?? [])
    .map((deployed) => toDeployment(deployed, trafficSplit?.[deployed.id ?? ""] ?? 0))
    .sort((a, b) => b.percent - a.percent || b.version - a.version);
}

function toDeployment(deployed: DeployedModel, percent: number): Deployment {
  const { id, model, modelVersionId, dedicatedResources: on, createTime } = deployed;
  return {
    id: id ?? "",
    model: (model ?? "").replace(/@.*$/, ""),
    version: Number(modelVersionId || /@(\d+)$/.exec(model ?? "")?.[1] || 1),
    percent,
    machine: on?.machineSpec?.machineType ?? "",
    minReplicas: on?.minReplicaCount || 1,
    maxReplicas: on?.maxReplicaCount || on?.minReplicaCount || 1,
    created: Number(createTime?.seconds ?? 0) * 1000 + (createTime?.nanos ?? 0) / 1e6,
  };
}

/** What answers most requests of an endpoint; nothing where none are answered. */
export function servingDeployment(endpoint: Endpoint): Deployment | undefined {
  return deploymentsOf(endpoint).find(({ percent }) => percent > 0);
}

/** What an endpoint answered. */
export interface Answer<Prediction> {
  /** One for each instance, in their order. */
  predictions: Prediction[];
  /** Which deployment of the endpoint answered. */
  deployedModelId: string;
  /** `projects/…/models/…` */
  model: string;
  modelDisplayName: string;
  modelVersionId: string;
}

/** gRPC's number for a service that is busy or cannot be reached for a moment. */
export const UNAVAILABLE = 14;

/**
 * Asks an endpoint, and where it is not available for a moment again, for a minute at most.
 *
 * @param endpoint Its full name, `projects/…/endpoints/…`.
 * @param options Instances as the model's inputs are called, and the zod schema of a prediction.
 * @throws {z.ZodError} If a prediction is not as its schema says, or their number is another.
 */
export async function predict<Prediction>(
  { predictions, convert }: Pick<Vertex, "predictions" | "convert">,
  endpoint: string,
  options: { instances: readonly object[]; prediction: z.ZodType<Prediction> },
): Promise<Answer<Prediction>> {
  const { instances, prediction } = options;
  // Values of google.protobuf.Value as the clients take them; their types say less than they do.
  const values = instances.map((instance) => convert.toValue(instance)!);
  const [answer] = await predictions.predict(
    { endpoint, instances: values },
    { retry: { retryCodes: [UNAVAILABLE] } },
  );
  const rows = (answer.predictions ?? []).map((value) =>
    convert.fromValue(value as Parameters<typeof convert.fromValue>[0])
  );
  return {
    predictions: z.array(prediction).length(instances.length).parse(rows),
    deployedModelId: answer.deployedModelId ?? "",
    model: answer.model ?? "",
    modelDisplayName: answer.modelDisplayName ?? "",
    modelVersionId: answer.modelVersionId ?? "",
  };
}
