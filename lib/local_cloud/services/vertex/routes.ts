/**
 * Every URL of Vertex AI's REST API that the local cloud answers, under `/v1`, `/v1beta1` and, as
 * Google's client for JavaScript asks for operations, `/ui`.
 *
 * @see https://docs.cloud.google.com/vertex-ai/docs/reference/rest
 */
import { type Context, Hono } from "hono";
import { notFound } from "../../errors.ts";
import { type Query, readJson } from "../input.ts";
import { invalidArgument, notSupported, renderVertexError } from "./errors.ts";
import type { ModelName } from "./model_resource.ts";
import type { VertexCloud } from "./mod.ts";

/** A request that some route answers. */
interface Call {
  /** `projects/p/locations/l` */
  location: string;
  /** What the route's pattern found, decoded. */
  ids: string[];
  query: Query;
  request: Request;
  /** Version of the API, which operations remember. */
  version: string;
}

type Handler = (cloud: VertexCloud, call: Call) => unknown;

const endpointOf = ({ location, ids }: Call) => `${location}/endpoints/${ids[0]}`;
const modelOf = ({ location, ids: [id, version] }: Call): ModelName => ({
  model: `${location}/models/${id}`,
  version,
});
/** What an operation's name begins with: the location, or a resource in it. */
const ownerOf = ({ location, ids: [owner] }: Call) => owner ? `${location}/${owner}` : location;
const body = ({ request }: Call) => readJson(request);

const MODEL = "models/([^/:@]+)(?:@([^/:@]+))?";
const ENDPOINT = "endpoints/([^/:]+)";
const OPERATIONS = "(?:((?:models|endpoints)/[^/:]+)/)?operations";
const OPERATION = `${OPERATIONS}/([^/:]+)`;

/** Method, what follows the location in the path, and what answers. The busiest is the first. */
const ROUTES: [string, string, Handler][] = [
  ["POST", `${ENDPOINT}:predict`, (v, c) => v.predictions.predict(endpointOf(c), c.request)],
  ["POST", `${ENDPOINT}:rawPredict`, (v, c) => v.predictions.rawPredict(endpointOf(c), c.request)],
  ["POST", `${ENDPOINT}:explain`, (v, c) => v.predictions.explain(endpointOf(c), c.request)],
  [
    "GET",
    OPERATION,
    (v, c) => v.operations.get(ownerOf(c), c.ids[1]),
  ],
  ["GET", OPERATIONS, (v, c) => v.operations.list(ownerOf(c), c.query)],
  [
    "POST",
    `${OPERATION}:wait`,
    async (v, c) => v.operations.wait(ownerOf(c), c.ids[1], await timeoutOf(c)),
  ],
  ["POST", `${OPERATION}:cancel`, (v, c) => v.operations.cancel(ownerOf(c), c.ids[1])],
  ["DELETE", OPERATION, (v, c) => v.operations.delete(ownerOf(c), c.ids[1])],
  [
    "POST",
    "models:upload",
    async (v, c) => v.models.upload(c.location, await body(c), c.version),
  ],
  ["GET", "models", (v, c) => v.models.list(c.location, c.query)],
  ["GET", MODEL, (v, c) => v.models.get(modelOf(c))],
  ["PATCH", MODEL, async (v, c) => v.models.patch(modelOf(c), await body(c), c.query)],
  ["DELETE", MODEL, (v, c) => v.models.delete(modelOf(c), c.version)],
  ["GET", `${MODEL}:listVersions`, (v, c) => v.models.listVersions(modelOf(c), c.query)],
  ["DELETE", `${MODEL}:deleteVersion`, (v, c) => v.models.deleteVersion(modelOf(c), c.version)],
  [
    "POST",
    `${MODEL}:mergeVersionAliases`,
    async (v, c) => v.models.mergeVersionAliases(modelOf(c), await body(c)),
  ],
  [
    "POST",
    "endpoints",
    async (v, c) => v.endpoints.create(c.location, { ...c, body: await body(c) }),
  ],
  ["GET", "endpoints", (v, c) => v.endpoints.list(c.location, c.query)],
  ["GET", ENDPOINT, (v, c) => v.endpoints.get(endpointOf(c))],
  ["PATCH", ENDPOINT, async (v, c) => v.endpoints.patch(endpointOf(c), await body(c), c.query)],
  ["DELETE", ENDPOINT, (v, c) => v.endpoints.delete(endpointOf(c), c.version)],
  [
    "POST",
    `${ENDPOINT}:deployModel`,
    async (v, c) => v.deployments.deploy(endpointOf(c), await body(c), c.version),
  ],
  [
    "POST",
    `${ENDPOINT}:undeployModel`,
    async (v, c) => v.deployments.undeploy(endpointOf(c), await body(c), c.version),
  ],
  [
    "POST",
    `${ENDPOINT}:mutateDeployedModel`,
    async (v, c) => v.deployments.mutate(endpointOf(c), await body(c), c.version),
  ],
];

const COMPILED = ROUTES.map(([method, pattern, handler]) => ({
  method,
  pattern: new RegExp(`^${pattern}$`),
  handler,
}));

const PATH = /^\/(v1|v1beta1|ui)\/(projects\/[^/]+\/locations\/[^/]+)\/(.+)$/;
const ID = /^[A-Za-z0-9][A-Za-z0-9.:_-]{0,127}$/;

/** Vertex AI's REST API. */
export function vertexRoutes(cloud: VertexCloud): Hono {
  const app = new Hono();
  for (const path of ["/v1/projects/*", "/v1beta1/projects/*", "/ui/projects/*"]) {
    app.all(path, (c) => answer(cloud, c));
  }
  app.onError(renderVertexError);
  return app;
}

async function answer(cloud: VertexCloud, c: Context): Promise<Response> {
  const found = PATH.exec(decoded(new URL(c.req.url).pathname));
  if (!found) throw notFound(`URL ${c.req.method} ${c.req.path}`);
  const [, prefix, location, rest] = found;
  for (const { method, pattern, handler } of COMPILED) {
    const ids = method === c.req.method ? pattern.exec(rest) : null;
    if (!ids) continue;
    checkLocation(location);
    const version = prefix === "ui" ? "v1" : prefix;
    const call = { location, ids: ids.slice(1), query: c.req.query(), request: c.req.raw, version };
    const value = await handler(cloud, call);
    return value instanceof Response ? value : Response.json(value);
  }
  throw notSupported(`${c.req.method} ${rest}`);
}

function decoded(path: string): string {
  if (!path.includes("%")) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    throw invalidArgument(`Invalid path: ${path}`);
  }
}

/** A region is only a name here, but a name that a region can have. */
function checkLocation(location: string): void {
  const [, project, , region] = location.split("/");
  if (!ID.test(project)) throw invalidArgument(`Invalid project: "${project}"`);
  if (/^[a-z]+(?:-[a-z]+)?\d*$/.test(region)) return;
  throw invalidArgument(`Invalid location: "${region}" is not like us-central1`);
}

/** How long to wait: in the query or in the body. */
async function timeoutOf(call: Call): Promise<string | undefined> {
  if (call.query.timeout) return call.query.timeout;
  const given = await body(call);
  const found = typeof given === "object" && given !== null && "timeout" in given;
  return found && typeof given.timeout === "string" ? given.timeout : undefined;
}
