/** The one process of a local cloud: opens everything, answers on loopback, closes everything. */
import { join } from "node:path";
import { Hono } from "hono";
import { Activity } from "./activity.ts";
import { consoleRoutes, type ConsoleSources, sandboxContents } from "./console/routes.ts";
import {
  claimFolder,
  prepareFolder,
  removeState,
  type ServerState,
  StartError,
  writeState,
} from "./data_folder.ts";
import { CloudError, notFound } from "./errors.ts";
import { guardLoopback } from "./loopback.ts";
import { ObjectStore } from "./object_store.ts";
import { type BigQueryCloud, bigqueryRoutes } from "./services/bigquery.ts";
import { renderError } from "./services/error_response.ts";
import { Jobs } from "./services/jobs.ts";
import { storageRoutes } from "./services/storage.ts";
import { Uploads } from "./services/upload.ts";
import { openVertex, type VertexCloud } from "./services/vertex/mod.ts";
import { vertexRoutes } from "./services/vertex/routes.ts";
import { openSqlEngine } from "./sql/engine.ts";
import { Warehouse } from "./warehouse/engine.ts";

/** How to start a server. */
export interface ServerOptions {
  /** Where the data is; made where it is missing. One server at a time may have it. */
  dataFolder: string;
  /** 0 for any free one. Default: {@link USUAL_PORT}, or any free one where that is taken. */
  port?: number;
  /** Seconds without a request and without a running job after which it stops. Default: never. */
  idleSeconds?: number;
  /** Takes one line for each request. */
  log?: (line: string) => void;
}

/** A server that runs in this process. */
export interface Server extends ServerState {
  dataFolder: string;
  /** Ends running jobs, closes everything. Calling it again waits for the same end. */
  stop(): Promise<void>;
  /** Resolves when the server has stopped, for whatever reason. */
  finished: Promise<void>;
}

/** The port of a local cloud where nobody asks for another one. */
const USUAL_PORT = 9050;

/** How long requests and jobs have to end when the server stops. */
const GRACE_MS = 3_000;

/**
 * Opens a data folder and answers for it on a port of 127.0.0.1.
 *
 * @throws {StartError} The folder cannot be used or has a server, or the port is taken.
 */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { dataFolder, port, idleSeconds, log } = options;
  await prepareFolder(dataFolder);
  await using opened = new AsyncDisposableStack();
  const cloud = await openCloud(dataFolder, opened);
  const activity = new Activity();
  const state = { id: crypto.randomUUID(), token: crypto.randomUUID() };
  const finished = Promise.withResolvers<void>();
  const app = routes(cloud, { ...state, activity, log, stop: () => stop() });
  const http = listen(app, port);
  // A client that hangs is left behind: ending its connection by a signal, after `shutdown`, makes
  // Deno 2.9 throw where nobody can catch it.
  opened.defer(() => within(GRACE_MS, http.shutdown()));
  opened.defer(() => within(GRACE_MS, cloud.jobs.close()));
  const started = new Date().toISOString();
  const listening = http.addr.port;
  const url = `http://127.0.0.1:${listening}`;
  const said = { ...state, url, port: listening, pid: Deno.pid, started };
  await writeState(dataFolder, said);
  opened.defer(() => removeState(dataFolder));
  opened.defer(() => activity.end());
  const parts = opened.move();
  let stopping: Promise<void> | undefined;
  const stop = () => stopping ??= parts.disposeAsync().finally(finished.resolve);
  const busy = () => cloud.jobs.running > 0 || cloud.vertex.operations.running > 0;
  activity.whenIdle(idleSeconds, busy, stop);
  return { ...said, dataFolder, stop, finished: finished.promise };
}

interface Cloud extends BigQueryCloud {
  objects: ObjectStore;
  jobs: WatchedJobs;
  vertex: VertexCloud;
}

/** Opens what the services stand on; each part is closed with `opened`, last opened first. */
async function openCloud(dataFolder: string, opened: AsyncDisposableStack): Promise<Cloud> {
  const lock = await claimFolder(dataFolder);
  if (!lock) throw new StartError(`Cannot start on ${dataFolder} as a local cloud runs there`);
  opened.defer(() => lock.close());
  await removeState(dataFolder);
  const objects = await ObjectStore.open(join(dataFolder, "objects"));
  opened.defer(() => objects.close());
  const vertex = await openVertex({ folder: join(dataFolder, "vertex"), objects });
  opened.defer(() => vertex.close());
  const folder = join(dataFolder, "warehouse");
  const warehouse = await Warehouse.open(folder, { readable: [objects.folder] });
  opened.defer(() => warehouse.close());
  const engine = await openSqlEngine(warehouse, objects);
  opened.defer(() => engine.close());
  const jobs = new WatchedJobs({ release: (storage) => engine.release(storage) });
  return { objects, warehouse, engine, jobs, vertex };
}

/** Jobs, and how many of them run. */
class WatchedJobs extends Jobs {
  running = 0;

  override start(...request: Parameters<Jobs["start"]>) {
    const job = super.start(...request);
    this.running++;
    job.done.then(() => this.running--);
    return job;
  }
}

interface Control {
  id: string;
  token: string;
  activity: Activity;
  log?: (line: string) => void;
  stop: () => Promise<void>;
}

/** Every URL: what the services answer, each listed in its own file, and the server's own. */
function routes(cloud: Cloud, { id, token, activity, log, stop }: Control): Hono {
  const app = new Hono();
  app.use(guardLoopback);
  app.use((c, next) => activity.during(c, next, log));
  app.use(sandboxContents);
  app.get("/healthz", (c) => c.json({ status: "ok", id }));
  app.post("/local-cloud/stop", (c) => {
    if (c.req.header("authorization") !== `Bearer ${token}`) {
      throw new CloudError("accessDenied", "Only who can read the data folder may stop the server");
    }
    setTimeout(stop);
    return c.body(null, 202);
  });
  app.route("/", consoleRoutes(consoleSources(cloud)));
  app.route("/", vertexRoutes(cloud.vertex));
  app.route("/", storageRoutes(cloud.objects, new Uploads()));
  app.route("/", bigqueryRoutes(cloud));
  app.notFound((c) => renderError(notFound(`URL ${c.req.method} ${c.req.path}`)));
  app.onError(renderError);
  return app;
}

function consoleSources({ objects, warehouse, vertex }: Cloud): ConsoleSources {
  return {
    objects,
    projects: () => warehouse.transaction((c) => warehouse.catalogue.projects(c)),
    vertexNames: () => vertex.names(),
  };
}

function listen(app: Hono, port?: number): Deno.HttpServer<Deno.NetAddr> {
  const on = (port: number) => {
    const options = { hostname: "127.0.0.1", port, onListen: () => {} };
    return Deno.serve(options, (request) => app.fetch(request));
  };
  try {
    return on(port ?? USUAL_PORT);
  } catch (error) {
    if (port === undefined) return on(0);
    if (error instanceof Deno.errors.AddrInUse) {
      throw new StartError(`Cannot listen on port ${port} as another program does`);
    }
    const why = error instanceof Error ? error.message : String(error);
    throw new StartError(`Cannot listen on port ${port}: ${why}`);
  }
}

/** Waits for work, but not longer than some milliseconds. */
async function within(ms: number, work: Promise<void>): Promise<void> {
  const enough = Promise.withResolvers<void>();
  const timer = setTimeout(enough.resolve, ms);
  await Promise.race([work, enough.promise]).finally(() => clearTimeout(timer));
}
