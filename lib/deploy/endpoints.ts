/** What is done with an endpoint: made, given a version, its traffic moved, emptied, deleted. */
import { setTimeout } from "node:timers/promises";
import { z } from "zod";
import {
  datasetLabel,
  type Deployment,
  deploymentsOf,
  type Endpoint,
  listEndpoints,
  servingDeployment,
  type Vertex,
} from "../vertex.ts";
import type { MachineSettings } from "./arguments.ts";
import { finished } from "./operation.ts";
import type { ModelVersion } from "./versions.ts";

/** The machine of a first version. */
const MACHINE = "n1-standard-2";

const named = z.object({ name: z.string() });

/** The endpoint of a name, made if there is none. */
export async function ensureEndpoint(
  vertex: Vertex,
  { name, signal }: { name: string; signal?: AbortSignal },
): Promise<Endpoint> {
  const [found] = await listEndpoints(vertex, name);
  if (found) return found;
  const labels = { dataset: datasetLabel(vertex.dataset) };
  const endpoint = { displayName: name, labels };
  const { parent, endpoints } = vertex;
  const made = await finished(endpoints.createEndpoint({ parent, endpoint }), signal);
  return await readEndpoint(vertex, named.parse(made).name);
}

/** The endpoint as it is now. */
export async function readEndpoint({ endpoints }: Vertex, name: string): Promise<Endpoint> {
  const [endpoint] = await endpoints.getEndpoint({ name });
  return endpoint;
}

/** Whether a deployment is that of a version, and on the machines that are asked for. */
export function isOf(
  { model, version }: Pick<ModelVersion, "model" | "version">,
  { machine, minReplicas, maxReplicas }: MachineSettings = {},
): (deployment: Deployment) => boolean {
  const id = model.split("/").at(-1);
  return (deployed) =>
    // Vertex AI writes the project's number where its id was given.
    deployed.model.split("/").at(-1) === id && deployed.version === version &&
    (machine ?? deployed.machine) === deployed.machine &&
    (minReplicas ?? deployed.minReplicas) === deployed.minReplicas &&
    (maxReplicas ?? deployed.maxReplicas) === deployed.maxReplicas;
}

/** What to deploy, and how. */
export interface Deploy {
  /** The endpoint's full name. */
  endpoint: string;
  version: ModelVersion;
  machines: MachineSettings;
  signal?: AbortSignal;
}

/**
 * Deploys a version beside what the endpoint serves, which keeps all traffic; where nothing has any,
 * the version gets it. If it is deployed on such machines already, nothing is done.
 */
export async function deployVersion(vertex: Vertex, options: Deploy): Promise<Endpoint> {
  const { endpoint: name, version, machines, signal } = options;
  const endpoint = await readEndpoint(vertex, name);
  if (deploymentsOf(endpoint).some(isOf(version, machines))) return endpoint;
  const serving = servingDeployment(endpoint);
  const { machine: machineType, ...replicas } = machinesFor(machines, serving);
  await finished(
    vertex.endpoints.deployModel({
      endpoint: name,
      deployedModel: {
        model: `${version.model}@${version.version}`,
        displayName: endpoint.displayName,
        dedicatedResources: {
          machineSpec: { machineType },
          minReplicaCount: replicas.minReplicas,
          maxReplicaCount: replicas.maxReplicas,
        },
      },
      // "0" is the one to be deployed; without a split the present one stays.
      trafficSplit: serving ? undefined : { "0": 100 },
    }),
    signal,
  );
  return await readEndpoint(vertex, name);
}

/** The machines of a new deployment: what is asked for, else as the one that answers now. */
export function machinesFor(
  { machine, minReplicas, maxReplicas }: MachineSettings,
  serving?: Deployment,
): Required<MachineSettings> {
  const least = minReplicas ?? Math.min(serving?.minReplicas ?? 1, maxReplicas ?? Infinity);
  return {
    machine: machine ?? (serving?.machine || MACHINE),
    minReplicas: least,
    maxReplicas: maxReplicas ?? Math.max(serving?.maxReplicas ?? 1, least),
  };
}

/**
 * Sets the shares of the traffic in one step, unless they are so already.
 *
 * @param endpoint As it was read. Refused if someone else has changed it since.
 */
export async function moveTraffic(
  { endpoints }: Vertex,
  endpoint: Endpoint,
  trafficSplit: Readonly<Record<string, number>>,
): Promise<void> {
  const isSet = deploymentsOf(endpoint).every(({ id, percent }) =>
    percent === (trafficSplit[id] ?? 0)
  );
  if (isSet) return;
  await endpoints.updateEndpoint({
    endpoint: { name: endpoint.name, etag: endpoint.etag, trafficSplit },
    updateMask: { paths: ["traffic_split"] },
  });
}

/** Undeploys what has no traffic, when the last of its requests is answered. */
export async function undeployIdle(
  vertex: Vertex,
  { name, signal }: { name: string; signal?: AbortSignal },
): Promise<void> {
  const idle = idleOf(await readEndpoint(vertex, name));
  if (idle.length > 0) await pause(vertex.settleMs, signal);
  for (const { id } of idle) await undeploy(vertex, { name, id, signal });
}

function idleOf(endpoint: Endpoint): Deployment[] {
  return deploymentsOf(endpoint).filter(({ percent }) => percent === 0);
}

async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { signal }).catch(() => signal?.throwIfAborted());
}

/** Undeploys everything and deletes the endpoint. */
export async function deleteEndpoint(
  vertex: Vertex,
  { name, signal }: { name: string; signal?: AbortSignal },
): Promise<void> {
  const endpoint = await readEndpoint(vertex, name);
  const serving = servingDeployment(endpoint);
  // Others can go when all traffic is with one, and the last one can always go.
  if (serving) await moveTraffic(vertex, endpoint, { [serving.id]: 100 });
  const others = deploymentsOf(endpoint).filter(({ id }) => id !== serving?.id);
  for (const { id } of [...others, ...(serving ? [serving] : [])]) {
    await undeploy(vertex, { name, id, signal });
  }
  await finished(vertex.endpoints.deleteEndpoint({ name }), signal);
}

async function undeploy(
  { endpoints }: Vertex,
  { name, id, signal }: { name: string; id: string; signal?: AbortSignal },
): Promise<void> {
  await finished(endpoints.undeployModel({ endpoint: name, deployedModelId: id }), signal);
}
