/** Vertex AI's service alone, on a port of its own, with Google's clients for it. */
import { v1 } from "@google-cloud/aiplatform";
import { PassThroughClient } from "google-auth-library";
import { ObjectStore } from "../../../../../lib/local_cloud/object_store.ts";
import { openVertex } from "../../../../../lib/local_cloud/services/vertex/mod.ts";
import { vertexRoutes } from "../../../../../lib/local_cloud/services/vertex/routes.ts";

// deno-lint-ignore no-explicit-any -- answers are looked into by the tests, field by field
export type Json = any;

export const PARENT = "projects/p/locations/us-central1";
export const IMAGE = "us-docker.pkg.dev/vertex-ai/prediction/tf2-cpu.2-15:latest";

export interface Served {
  url: string;
  objects: ObjectStore;
  /** Sends a request below {@link PARENT} and gives status and JSON. */
  call(method: string, path: string, body?: unknown): Promise<[number, Json]>;
  /** {@link call}, and then waits for the operation that it begins; gives the operation. */
  done(method: string, path: string, body?: unknown): Promise<Json>;
}

/** Where a test's server keeps its data, to be opened again. */
export interface Place {
  folder: string;
  random?: () => number;
}

/** Runs `work` with a server on a folder, which stays. */
export async function withServer(
  { folder, random }: Place,
  work: (served: Served) => Promise<void>,
): Promise<void> {
  const objects = await ObjectStore.open(`${folder}/objects`);
  const cloud = await openVertex({ folder: `${folder}/vertex`, objects, random });
  const options = { port: 0, hostname: "127.0.0.1", onListen: () => {} };
  const server = Deno.serve(options, vertexRoutes(cloud).fetch);
  const url = `http://127.0.0.1:${server.addr.port}`;
  const call = async (method: string, path: string, body?: unknown): Promise<[number, Json]> => {
    const response = await fetch(`${url}/v1/${PARENT}/${path}`, {
      method,
      body: typeof body === "string" || body === undefined ? body : JSON.stringify(body),
    });
    return [response.status, await response.json()];
  };
  const done = async (method: string, path: string, body?: unknown): Promise<Json> => {
    const [status, begun] = await call(method, path, body);
    if (status !== 200) throw new Error(begun.error.message);
    return (await call("POST", `${begun.name.slice(PARENT.length + 1)}:wait`))[1];
  };
  try {
    await work({ url, objects, call, done });
  } finally {
    await server.shutdown();
    await cloud.close();
    await objects.close();
  }
}

/** Runs `work` with a fresh server, which is gone afterwards. */
export async function withVertex(
  work: (served: Served) => Promise<void>,
  options: Omit<Place, "folder"> = {},
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await withServer({ ...options, folder }, work);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Google's clients, led to a server. */
export function clientsOf({ url }: Pick<Served, "url">) {
  const { hostname, port } = new URL(url);
  const options = {
    apiEndpoint: hostname,
    port: Number(port),
    protocol: "http",
    fallback: true,
    projectId: "p",
    authClient: new PassThroughClient() as never,
  };
  return {
    models: new v1.ModelServiceClient(options),
    endpoints: new v1.EndpointServiceClient(options),
    predictions: new v1.PredictionServiceClient(options),
  };
}

/** Puts the files of a model into the bucket `models`, which is made where it is missing. */
export async function putFiles(
  { objects }: Pick<Served, "objects">,
  folder: string,
  files: ReadonlyMap<string, Uint8Array>,
): Promise<string> {
  if (!objects.listBuckets().some(({ name }) => name === "models")) {
    await objects.createBucket("models");
  }
  for (const [path, bytes] of files) await objects.put("models", `${folder}/${path}`, bytes);
  return `gs://models/${folder}`;
}

/** A model to upload. */
export const modelAt = (artifactUri: string, more: object = {}) => ({
  displayName: "clusters",
  artifactUri,
  containerSpec: { imageUri: IMAGE },
  ...more,
});

/** What a model is to be deployed as. */
export const deployedAs = (model: string, more: object = {}) => ({
  model,
  dedicatedResources: { machineSpec: { machineType: "n1-standard-2" }, minReplicaCount: 1 },
  ...more,
});
