/** Removes endpoints, and finds out what is left. */
import type { Model } from "../arguments.ts";
import { parseGsUri } from "../gs_uri.ts";
import type { Progress, StageTime } from "../progress.ts";
import type { Session } from "../session.ts";
import {
  deploymentsOf,
  listEndpoints,
  openVertex,
  servingDeployment,
  type Vertex,
} from "../vertex.ts";
import type { PlaceSettings } from "./arguments.ts";
import { lookElsewhere, type UnseenRegion } from "./elsewhere.ts";
import { deleteEndpoint } from "./endpoints.ts";
import { regionsOf } from "./place.ts";
import { stagingName } from "./staging.ts";
import { listVersions, markLast } from "./versions.ts";

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
  /** Other regions that were looked in, as the dataset's models can be served there. */
  elsewhere?: readonly string[];
  /** Those of them that did not answer, and why. */
  unseen?: readonly UnseenRegion[];
  removed: RemovedEndpoint[];
  left: LeftModel[];
  stages: StageTime[];
}

/**
 * Undeploys everything from the endpoints of the models that the settings name, and deletes the
 * endpoints: in the region that the settings name, or else in all where the dataset's models can be
 * served. Where there are none, nothing is done.
 *
 * @param start Begins to show progress, given the number of stages.
 */
export async function undeploy(
  session: Session,
  settings: PlaceSettings,
  start: (stages: number) => Progress,
): Promise<UndeployResult> {
  const { where, project, dataset } = session;
  const { models } = settings;
  const vertex = await openVertex(session, settings);
  const regions = settings.region ? [] : regionsOf(session.location);
  const elsewhere = regions.filter((region) => region !== vertex.region);
  const progress = start(models.length + (elsewhere.length > 0 ? 2 : 1));
  const used = [vertex];
  try {
    const unseen = elsewhere.length === 0
      ? []
      : await progress.stage("look in other regions", async () => {
        const { used: more, unseen } = await lookElsewhere(session, {
          vertex,
          regions: elsewhere,
          models,
        });
        used.push(...more);
        return unseen;
      });
    const removed = await removeAll(session, { models, used, progress });
    const left = await progress.stage("see what is left", async () => {
      const each = await Promise.all(used.map((vertex) => findLeft(session, vertex, models)));
      return each.flat();
    });
    const about = { where, project, dataset, region: vertex.region, elsewhere, unseen };
    return { ...about, removed, left, stages: progress.times };
  } finally {
    progress.stop();
    await Promise.all(used.map((vertex) => vertex.close()));
  }
}

/** Removes the endpoints of all models in all regions that are used. */
async function removeAll(
  { signal }: Session,
  { models, used, progress }: { models: readonly Model[]; used: Vertex[]; progress: Progress },
): Promise<RemovedEndpoint[]> {
  const removed: RemovedEndpoint[] = [];
  for (const model of models) {
    signal?.throwIfAborted();
    await progress.stage(`undeploy ${model}`, async () => {
      for (const vertex of used) removed.push(...await remove(vertex, { model, signal }));
    });
  }
  return removed;
}

async function remove(
  vertex: Vertex,
  { model, signal }: { model: Model; signal?: AbortSignal },
): Promise<RemovedEndpoint[]> {
  const removed: RemovedEndpoint[] = [];
  for (const name of [stagingName(model), model]) {
    for (const endpoint of await listEndpoints(vertex, name)) {
      const serving = name === model ? servingDeployment(endpoint) : undefined;
      if (serving) await markLast(vertex, serving);
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
  const place = parseGsUri(uri);
  const bucket = storage.bucket(place?.bucket ?? "");
  const [isThere] = await bucket.exists();
  if (!isThere) return { uri, bytes: 0 };
  const [files] = await bucket.getFiles({ prefix: `${place?.folder}/` });
  return { uri, bytes: files.reduce((sum, { metadata }) => sum + Number(metadata.size ?? 0), 0) };
}
