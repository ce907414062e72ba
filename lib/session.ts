/**
 * Where Google's clients point: at Google Cloud when a project is given, else at the local cloud on
 * this machine. Nothing else in lib knows the difference.
 */
import { BigQuery, type Dataset } from "@google-cloud/bigquery";
import { Storage } from "@google-cloud/storage";
import { PassThroughClient } from "google-auth-library";
import { EXIT, Failure, toFailure } from "./failure.ts";

/** The dataset that the statements of sql/ name. */
export const DATASET = "ecommerce_public";

/** Options of {@link openSession}. */
export interface SessionOptions {
  /** A Google Cloud project, which is billed. Default none: the local cloud. */
  project?: string;
  /** Default `ecommerce_public`. On Google Cloud it must exist; the local cloud makes it. */
  dataset?: string;
  /** Where the dataset is, such as `US` or `europe-west1`. Default: where it is. */
  location?: string;
  /** Where the local cloud keeps its data. Default `.local-cloud` in this project. */
  dataFolder?: string;
  /** Cancels running jobs when it aborts. */
  signal?: AbortSignal;
  /** Called before a local cloud is started, which takes a while the first time. */
  onStart?: () => void;
}

/** Google's clients and what the statements of sql/ are about. */
export interface Session {
  bigquery: BigQuery;
  storage: Storage;
  project: string;
  dataset: string;
  location: string;
  where: "local" | "cloud";
  /** Whether the clients are led to a local cloud or an emulator instead of Google's addresses. */
  isEmulated: boolean;
  /** `http://127.0.0.1:PORT` of the emulated Vertex AI; nothing where the emulator has none. */
  vertexHost?: string;
  /**
   * Relations that are called otherwise in this session: the name in sql/ → `name`, `dataset.name`
   * or `project.dataset.name`.
   */
  names: Readonly<Record<string, string>>;
  signal?: AbortSignal;
  /** Ends what was opened; the local cloud stays for the next session and ends itself when idle. */
  close(): void;
}

interface Clients {
  bigquery: BigQuery;
  storage: Storage;
}

/**
 * Opens a session, and starts the local cloud if no project is given and none runs on the data folder.
 *
 * @throws {Failure} If the credentials, the permission or the dataset are missing, or the dataset is
 * in another location.
 */
export async function openSession(options: SessionOptions = {}): Promise<Session> {
  const { dataset = DATASET, location, signal } = options;
  const where: Session["where"] = options.project ? "cloud" : "local";
  const scene = { project: options.project ?? "local-cloud", dataset, location, where };
  try {
    const endpoints = await endpointsOf(options);
    const project = options.project ?? endpoints?.GOOGLE_CLOUD_PROJECT ?? scene.project;
    const { bigquery, storage } = makeClients(project, endpoints);
    // The clients would ask Google without credentials first, and report its answer.
    if (!endpoints) await bigquery.authClient.getClient();
    const found = await locate(bigquery, scene);
    if (location && found.toUpperCase() !== location.toUpperCase()) {
      throw new Failure(
        `Cannot use the dataset ${project}.${dataset} in location ${location} as it is in ` +
          `${found}: leave --location out or name another dataset`,
        EXIT.access,
      );
    }
    bigquery.location = found;
    const about = { project, dataset, location: found, where, names: {}, signal };
    const emulated = {
      isEmulated: endpoints !== undefined,
      vertexHost: endpoints?.VERTEX_AI_EMULATOR_HOST,
    };
    return { ...about, ...emulated, bigquery, storage, close: () => {} };
  } catch (error) {
    throw toFailure(error, scene);
  }
}

/** The same session, with some relations called otherwise. */
export function renamed(session: Session, names: Readonly<Record<string, string>>): Session {
  return { ...session, names: { ...session.names, ...names } };
}

/** Where a relation or model of sql/ is in a session. */
export interface Relation {
  dataset: Dataset;
  /** Its name in the dataset. */
  id: string;
}

/** Where the session has what sql/ calls `name`. */
export function relationOf(session: Session, name: string): Relation {
  const own = session.names[name] ?? name;
  const [id, dataset = session.dataset, projectId] = own.split(".").reverse();
  return { id, dataset: session.bigquery.dataset(dataset, { projectId }) };
}

/** Environment variables that lead every session of a process to a local cloud, and its end. */
export interface OwnLocalCloud {
  env: Record<string, string>;
  /** Stops it; its data folder can be removed then. */
  stop(): Promise<void>;
}

/** Starts a local cloud of one's own, for the sessions of other processes. */
export async function startLocalCloud(dataFolder: string): Promise<OwnLocalCloud> {
  const { start, stop } = await import("./local_cloud/mod.ts");
  const { env } = await start({ dataFolder });
  return {
    env: { ...env, LOCAL_CLOUD_DATA: dataFolder },
    stop: () => stop(dataFolder).then(() => {}),
  };
}

/** An emulator that the environment names, or the local cloud; nothing for Google's own address. */
async function endpointsOf(options: SessionOptions): Promise<Record<string, string> | undefined> {
  const env = Deno.env.toObject();
  if (env.BIGQUERY_EMULATOR_HOST) return env;
  if (options.project) return undefined;
  const { find, start } = await import("./local_cloud/mod.ts");
  if (options.onStart && !await find(options.dataFolder)) options.onStart();
  return (await start({ dataFolder: options.dataFolder })).env;
}

function makeClients(projectId: string, endpoints: Record<string, string> | undefined): Clients {
  if (!endpoints) {
    return { bigquery: new BigQuery({ projectId }), storage: new Storage({ projectId }) };
  }
  // A client that adds nothing to a request: without one, the clients' upload path throws when
  // authentication is skipped for an emulator.
  const authClient = new PassThroughClient();
  const shared = { projectId, authClient, useAuthWithCustomEndpoint: true };
  const { BIGQUERY_EMULATOR_HOST: apiEndpoint, STORAGE_EMULATOR_HOST } = endpoints;
  return {
    bigquery: new BigQuery({ ...shared, apiEndpoint }),
    storage: new Storage({ ...shared, apiEndpoint: STORAGE_EMULATOR_HOST ?? apiEndpoint }),
  };
}

/** Where the dataset is; the local cloud is asked to make it. */
async function locate(
  bigquery: BigQuery,
  scene: { dataset: string; location?: string; where: "local" | "cloud" },
): Promise<string> {
  const dataset = bigquery.dataset(scene.dataset);
  if (scene.where === "local") {
    const [exists] = await dataset.exists();
    if (!exists) await createDataset(bigquery, scene);
  }
  const [metadata] = await dataset.getMetadata();
  return metadata.location ?? "US";
}

async function createDataset(
  bigquery: BigQuery,
  { dataset, location = "US" }: { dataset: string; location?: string },
): Promise<void> {
  try {
    await bigquery.createDataset(dataset, { location });
  } catch (error) {
    // Another session made it in between.
    if ((error as { code?: number }).code !== 409) throw error;
  }
}
