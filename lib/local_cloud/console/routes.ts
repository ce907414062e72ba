/** The console: a page that shows what the local cloud holds and lets a deployed model be tried. */
import { type Context, Hono, type Next } from "hono";
import { join } from "node:path";
import { CloudError, notFound } from "../errors.ts";
import type { ObjectStore } from "../object_store.ts";
import { type Known, knownPlaces } from "./known.ts";
import { readSignature } from "./signature.ts";

/** What the page needs beyond the public APIs. */
export interface ConsoleSources {
  objects: ObjectStore;
  /** Projects that have a dataset. */
  projects(): Promise<string[]>;
  /** Names of Vertex AI's resources: `projects/P/locations/L/endpoints/E` and the like. */
  vertexNames(): Iterable<string>;
}

const FOLDER = join(import.meta.dirname!, "page");

const SCRIPTS = "answer bucket chart datasets dom endpoint exchange format main model " +
  "model_facts other_endpoints overview prediction prediction_view registry request rest routes " +
  "row_picker served_model statements table ticks trial trial_form value_view values vertex_view";

/** Everything that is served as a file; nothing else of the folder can be asked for. */
export const PAGE_FILES: readonly string[] = [
  "index.html",
  "console.css",
  ...SCRIPTS.split(" ").map((name) => `${name}.js`),
];

const TYPES: Record<string, string> = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
};

/** The page runs its own scripts, asks its own server, and is shown in no other page. */
const CSP = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
  "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const TEXT = "A local cloud: BigQuery, Cloud Storage and Vertex AI for clients on this machine.\n" +
  "Open this address in a browser to see what it holds.\n";

/**
 * What answers below `/` and `/console/`:
 *
 * - `GET /` gives the page to a browser, a short text to anything else;
 * - `GET /console/FILE` gives a file of {@link PAGE_FILES};
 * - `GET /console/known.json` gives {@link Known}: no API of Google's lists regions in use;
 * - `GET /console/signature.json?artifacts=gs://BUCKET/FOLDER` gives the `Signature` of a SavedModel:
 *   Vertex AI does not tell what a model of a container takes.
 */
export function consoleRoutes(sources: ConsoleSources): Hono {
  const routes = new Hono();
  const files = readPage();
  routes.get("/", (c) => {
    c.header("vary", "accept");
    const isBrowser = /\btext\/html\b/.test(c.req.header("accept") ?? "");
    return isBrowser ? sendFile(c, "index.html", files) : c.text(TEXT);
  });
  routes.get("/console/known.json", async (c) => {
    const known: Known = knownPlaces(await sources.projects(), sources.vertexNames());
    return c.json(known, 200, { "cache-control": "no-store" });
  });
  routes.get("/console/signature.json", async (c) => {
    const artifacts = c.req.query("artifacts");
    if (!artifacts) throw new CloudError("required", "Say of which model: ?artifacts=gs://…");
    const signature = await readSignature(sources.objects, artifacts);
    return c.json(signature, 200, { "cache-control": "no-store" });
  });
  routes.get("/console/:file", (c) => sendFile(c, c.req.param("file"), files));
  return routes;
}

/**
 * Keeps what is stored from running as a part of the console: an object or an error that a browser
 * opens is a document of no site, without scripts.
 */
export async function sandboxContents(c: Context, next: Next): Promise<void> {
  await next();
  if (c.req.header("sec-fetch-mode") === undefined) return;
  if (c.res.headers.has("content-security-policy")) return;
  c.header("content-security-policy", "sandbox; default-src 'none'");
  c.header("x-content-type-options", "nosniff");
}

type Files = ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

/** Read once: a page of a newer version would not fit a server that still runs. */
function readPage(): Files {
  return new Map(PAGE_FILES.map((file) => [file, Deno.readFileSync(join(FOLDER, file))]));
}

function sendFile(c: Context, file: string, files: Files): Response {
  const contents = files.get(file);
  if (contents === undefined) throw notFound(`URL ${c.req.method} ${c.req.path}`);
  return c.body(contents, 200, {
    "content-type": TYPES[file.slice(file.lastIndexOf(".") + 1)],
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-cache",
  });
}
