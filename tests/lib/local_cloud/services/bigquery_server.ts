/** BigQuery's service alone, on a port of its own, with Google's client for it. */
import { BigQuery } from "@google-cloud/bigquery";
import { PassThroughClient } from "google-auth-library";
import { ObjectStore } from "../../../../lib/local_cloud/object_store.ts";
import { bigqueryRoutes } from "../../../../lib/local_cloud/services/bigquery.ts";
import { Jobs } from "../../../../lib/local_cloud/services/jobs.ts";
import { openSqlEngine } from "../../../../lib/local_cloud/sql/engine.ts";
import type { SqlEngine } from "../../../../lib/local_cloud/sql/mod.ts";
import { Warehouse } from "../../../../lib/local_cloud/warehouse/engine.ts";

export interface Served {
  client: BigQuery;
  url: string;
  objects: ObjectStore;
  warehouse: Warehouse;
  jobs: Jobs;
  /** Puts text or bytes into the bucket `data` and gives the URI. */
  upload(name: string, contents: string | Uint8Array): Promise<string>;
  /** Sends a request and gives status and JSON. */
  call(method: string, path: string, body?: unknown): Promise<[number, Json]>;
}

// deno-lint-ignore no-explicit-any -- answers are looked into by the tests, field by field
export type Json = any;

/** The engine, opened when it is first needed: it starts a process. */
function lazyEngine(warehouse: Warehouse, objects: ObjectStore): SqlEngine {
  let engine: Promise<SqlEngine> | undefined;
  const open = () => engine ??= openSqlEngine(warehouse, objects);
  return {
    run: async (request) => (await open()).run(request),
    release: async (storage) => (await open()).release(storage),
    close: async () => (await engine)?.close(),
  };
}

/** Runs `work` with a fresh server, which is gone afterwards. */
export async function withBigQuery(
  work: (served: Served) => Promise<void>,
  limits: { limit?: number; maxAgeMs?: number } = {},
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const objects = await ObjectStore.open(`${folder}/objects`);
  const warehouse = await Warehouse.open(folder, { readable: [objects.folder] });
  const engine = lazyEngine(warehouse, objects);
  const jobs = new Jobs({ release: (storage) => engine.release(storage), ...limits });
  const app = bigqueryRoutes({ warehouse, engine, objects, jobs });
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, app.fetch);
  const url = `http://127.0.0.1:${server.addr.port}`;
  const options = {
    projectId: "p",
    apiEndpoint: url,
    useAuthWithCustomEndpoint: true, // the client reads it, its types do not have it
    authClient: new PassThroughClient() as never,
  };
  const client = new BigQuery(options);
  await objects.createBucket("data");
  const upload = async (name: string, contents: string | Uint8Array) => {
    const bytes = typeof contents === "string" ? new TextEncoder().encode(contents) : contents;
    await objects.put("data", name, bytes);
    return `gs://data/${name}`;
  };
  const call = async (method: string, path: string, body?: unknown): Promise<[number, Json]> => {
    const response = await fetch(`${url}/bigquery/v2/projects/p${path}`, {
      method,
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    return [response.status, text === "" ? undefined : JSON.parse(text)];
  };
  try {
    await work({ client, url, objects, warehouse, jobs, upload, call });
  } finally {
    await server.shutdown();
    await jobs.close();
    await engine.close();
    await warehouse.close();
    await objects.close();
    await Deno.remove(folder, { recursive: true });
  }
}

/** Loads objects into a table and gives the job's statistics, or throws what the job says. */
export async function load(
  { call, jobs }: Served,
  options: Record<string, unknown>,
  tableId = "t",
): Promise<Json> {
  const destinationTable = { projectId: "p", datasetId: "d", tableId };
  const [status, job] = await call("POST", "/jobs", {
    configuration: { load: { destinationTable, ...options } },
  });
  if (status !== 200) throw new Error(job.error.message);
  const { jobId } = job.jobReference;
  await jobs.get("p", jobId).done;
  const [, done] = await call("GET", `/jobs/${jobId}`);
  if (done.status.errorResult) throw new Error(done.status.errorResult.message);
  return done.statistics.load;
}

/** The values of all rows of a table, as REST writes them. */
export async function rowsOf({ call }: Served, tableId = "t"): Promise<Json[]> {
  const [, page] = await call("GET", `/datasets/d/tables/${tableId}/data`);
  return (page.rows ?? []).map((row: Json) => row.f.map((cell: Json) => cell.v));
}
