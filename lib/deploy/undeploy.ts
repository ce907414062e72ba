/** Removes endpoints, and finds out what is left. */
import type { Model } from "../arguments.ts";
import type { Progress, StageTime } from "../progress.ts";
import type { Session } from "../session.ts";
import { deploymentsOf, listEndpoints, openVertex, type Vertex } from "../vertex.ts";
import type { PlaceSettings } from "./arguments.ts";
import { deleteEndpoint } from "./endpoints.ts";
import { stagingName } from "./staging.ts";
import { listVersions } from "./versions.ts";

/** An endpoint that was removed. */
export interface RemovedEndpoint {
  /** `user_clusters`, or `user_clusters_staging` for what a broken test had left. */
  name: string;
  /** `projects/…/endpoints/…` */
  endpoint: string;
  /** How many versions were deployed to it. */
  deployed: number;
}

/** What is left of a model, and can be deployed again. */
export interface LeftModel {
  model: Model;
  /** `projects/…/models/…`: free of charge. Nothing where only files are left. */
  resource: string;
  versions: number;
  /** `gs://BUCKET/models/MODEL`; one for each bucket that the model was exported to. */
  folders: { uri: string; bytes: number }[];
}

/** What was undeployed. */
export interface UndeployResult {
  where: Session["where"];
  project: string;
  dataset: string;
  /** Of Vertex AI. */
  region: string;
  removed: RemovedEndpoint[];
  left: LeftModel[];
  stages: StageTime[];
}

/**
 * Undeploys everything from the endpoints of the models that the settings name, and deletes the
 * endpoints. Where there are none, nothing is done.
 *
 * @param start Begins to show progress, given the number of stages.
 */
export async function undeploy(
  session: Session,
  settings: PlaceSettings,
  start: (stages: number) => Progress,
): Promise<UndeployResult> {
  const { where, project, dataset, signal } = session;
  const { models } = settings;
  const vertex = await openVertex(session, settings);
  const progress = start(models.length + 1);
  try {
    const removed: RemovedEndpoint[] = [];
    for (const model of models) {
      signal?.throwIfAborted();
      removed.push(
        ...await progress.stage(`undeploy ${model}`, () => remove(vertex, { model, signal })),
      );
    }
    const left = await progress.stage("see what is left", () => findLeft(session, vertex, models));
    const about = { where, project, dataset, region: vertex.region };
    return { ...about, removed, left, stages: progress.times };
  } finally {
    progress.stop();
    await vertex.close();
  }
}

async function remove(
  vertex: Vertex,
  { model, signal }: { model: Model; signal?: AbortSignal },
): Promise<RemovedEndpoint[]> {
  const removed: RemovedEndpoint[] = [];
  for (const name of [stagingName(model), model]) {
    for (const endpoint of await listEndpoints(vertex, name)) {
      await deleteEndpoint(vertex, { name: endpoint.name ?? "", signal });
      const deployed = deploymentsOf(endpoint).length;
      removed.push({ name, endpoint: endpoint.name ?? "", deployed });
    }
  }
  return removed;
}

async function findLeft(
  session: Session,
  vertex: Vertex,
  models: readonly Model[],
): Promise<LeftModel[]> {
  const left: LeftModel[] = [];
  for (const model of models) {
    const versions = await listVersions(vertex, model);
    for (const resource of new Set(versions.map((version) => version.model))) {
      const own = versions.filter((version) => version.model === resource);
      const uris = new Set(own.map(({ artifact }) => artifact.replace(/\/[^/]*$/, "")));
      const folders = await Promise.all([...uris].map((uri) => measure(session, uri)));
      left.push({ model, resource, versions: own.length, folders });
    }
  }
  return left;
}

async function measure({ storage }: Session, uri: string): Promise<{ uri: string; bytes: number }> {
  const [, name, folder] = /^gs:\/\/([^/]+)\/(.*)$/.exec(uri) ?? [];
  const bucket = storage.bucket(name);
  const [isThere] = await bucket.exists();
  if (!isThere) return { uri, bytes: 0 };
  const [files] = await bucket.getFiles({ prefix: `${folder}/` });
  return { uri, bytes: files.reduce((sum, { metadata }) => sum + Number(metadata.size ?? 0), 0) };
}
