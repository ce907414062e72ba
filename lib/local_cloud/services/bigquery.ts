/** Every URL of BigQuery's REST API that the local cloud answers. */
import { type Context, Hono } from "hono";
import { Datasets } from "./datasets.ts";
import { renderError } from "./error_response.ts";
import { readJson } from "./input.ts";
import { insertAll } from "./insert_all.ts";
import { type BigQueryCloud, JobService } from "./job_service.ts";
import { beginLoad } from "./load_upload.ts";
import { Models } from "./models.ts";
import { Queries } from "./queries.ts";
import { Routines } from "./routines.ts";
import { listRows } from "./table_rows.ts";
import { Tables } from "./tables.ts";
import { Uploads } from "./upload.ts";

export type { BigQueryCloud };

const project = (c: Context) => c.req.param("project")!;
const job = (c: Context) => c.req.param("job")!;
const dataset = (c: Context) => ({ projectId: project(c), datasetId: c.req.param("dataset")! });
const table = (c: Context) => ({ ...dataset(c), tableId: c.req.param("table")! });
const routine = (c: Context) => ({ ...dataset(c), routineId: c.req.param("routine")! });
const model = (c: Context) => ({ ...dataset(c), modelId: c.req.param("model")! });
const body = (c: Context) => readJson(c.req.raw);
const ifMatch = (c: Context) => c.req.header("if-match");
const query = (c: Context) => c.req.query();

/** A handler gives what to answer; nothing becomes 204. */
type Handler = (c: Context) => unknown;
const answer = (handler: Handler) => async (c: Context) => {
  const value = await handler(c);
  if (value instanceof Response) return value;
  return value === undefined ? c.body(null, 204) : c.json(value as object);
};

/**
 * BigQuery's REST API, version 2, under `/bigquery/v2` and, as clients ask an emulator host, under `/`.
 *
 * @param cloud What it stands on; the caller closes it.
 */
export function bigqueryRoutes(cloud: BigQueryCloud): Hono {
  const { warehouse } = cloud;
  const datasets = new Datasets(warehouse);
  const tables = new Tables(warehouse);
  const routines = new Routines(warehouse);
  const models = new Models(warehouse);
  const jobs = new JobService(cloud);
  const queries = new Queries(cloud);
  const uploads = new Uploads();

  const api = new Hono();
  const on = (method: string, path: string, handler: Handler) =>
    api.on(method, `/projects/:project${path}`, answer(handler));

  on("GET", "/datasets", (c) => datasets.list(project(c), query(c)));
  on("POST", "/datasets", async (c) => datasets.insert(project(c), await body(c)));
  on("GET", "/datasets/:dataset", (c) => datasets.get(dataset(c)));
  on(
    "PATCH",
    "/datasets/:dataset",
    async (c) => datasets.change(dataset(c), await body(c), false, ifMatch(c)),
  );
  on(
    "PUT",
    "/datasets/:dataset",
    async (c) => datasets.change(dataset(c), await body(c), true, ifMatch(c)),
  );
  on("DELETE", "/datasets/:dataset", (c) => datasets.delete(dataset(c), query(c)));

  on("GET", "/datasets/:dataset/tables", (c) => tables.list(dataset(c), query(c)));
  on("POST", "/datasets/:dataset/tables", async (c) => tables.insert(dataset(c), await body(c)));
  on("GET", "/datasets/:dataset/tables/:table", (c) => tables.get(table(c)));
  on(
    "PATCH",
    "/datasets/:dataset/tables/:table",
    async (c) => tables.change(table(c), await body(c), false, ifMatch(c)),
  );
  on(
    "PUT",
    "/datasets/:dataset/tables/:table",
    async (c) => tables.change(table(c), await body(c), true, ifMatch(c)),
  );
  on("DELETE", "/datasets/:dataset/tables/:table", (c) => tables.delete(table(c)));
  on(
    "GET",
    "/datasets/:dataset/tables/:table/data",
    (c) => listRows(warehouse, table(c), query(c)),
  );
  on(
    "POST",
    "/datasets/:dataset/tables/:table/insertAll",
    async (c) => insertAll(warehouse, table(c), await body(c)),
  );

  on("GET", "/datasets/:dataset/routines", (c) => routines.list(dataset(c), query(c)));
  on("POST", "/datasets/:dataset/routines", () => routines.insert());
  on("GET", "/datasets/:dataset/routines/:routine", (c) => routines.get(routine(c)));
  on("DELETE", "/datasets/:dataset/routines/:routine", (c) => routines.delete(routine(c)));

  on("GET", "/datasets/:dataset/models", (c) => models.list(dataset(c), query(c)));
  on("GET", "/datasets/:dataset/models/:model", (c) => models.get(model(c)));
  on(
    "PATCH",
    "/datasets/:dataset/models/:model",
    async (c) => models.change(model(c), await body(c), ifMatch(c)),
  );
  on("DELETE", "/datasets/:dataset/models/:model", (c) => models.delete(model(c)));

  on("POST", "/queries", async (c) => queries.query(project(c), await body(c)));
  on("GET", "/queries/:job", (c) => queries.results(project(c), job(c), query(c)));

  on("POST", "/jobs", async (c) => jobs.answer(project(c), await body(c)));
  on("GET", "/jobs", (c) => jobs.list(project(c), query(c), c.req.queries("stateFilter") ?? []));
  on("GET", "/jobs/:job", (c) => jobs.get(project(c), job(c), query(c)));
  on("POST", "/jobs/:job/cancel", (c) => jobs.cancel(project(c), job(c), query(c)));
  on("DELETE", "/jobs/:job/delete", (c) => jobs.delete(project(c), job(c), query(c)));

  const app = new Hono();
  app.route("/bigquery/v2", api);
  app.route("/", api);
  const upload = "/upload/bigquery/v2/projects/:project/jobs";
  for (const path of [upload, `/resumable${upload}`]) {
    app.post(
      path,
      (c) => uploads.post(c.req.raw, (request) => beginLoad(cloud, jobs, project(c), request)),
    );
    app.put(path, (c) => uploads.put(c.req.raw));
    app.delete(path, (c) => uploads.cancel(c.req.raw));
  }
  app.onError(renderError);
  return app;
}
