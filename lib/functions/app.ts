/**
 * The HTTP side of the functions. A small container with Deno, and no functions-framework: that
 * would be a second runtime (Node) beside the one that everything here is written for, and a second
 * way to serve, as Deno has its own. Cloud Run answers the same requests either way.
 *
 * Callers are checked by Cloud Run itself, which lets nobody in without the role Cloud Run Invoker;
 * what the functions ask for is asked by their own service account. The Authorization header of a
 * caller is therefore neither read nor passed on nor logged here; on this machine it is ignored. It
 * could not be passed on, as it holds an identity token and Vertex AI takes access tokens only.
 */
import { type Context, Hono, type MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import { AnswerError, toAnswerError, within } from "./answer_error.ts";
import type { ProductAffinityAnswer } from "./product_affinity.ts";
import {
  MAX_REQUEST_BYTES,
  type ProductAffinityRequest,
  readProductAffinityRequest,
  readUserClusterRequest,
  type UserClusterRequest,
} from "./requests.ts";
import type { UserClusterAnswer } from "./user_cluster.ts";

/** What answers the requests, once they are checked. */
export interface Functions {
  userCluster(request: UserClusterRequest): Promise<UserClusterAnswer>;
  productAffinity(request: ProductAffinityRequest): Promise<ProductAffinityAnswer>;
}

/** Options of {@link createApp}. */
export interface AppOptions {
  /** The origin whose web pages may call, such as `https://shop.example`. Default: none. */
  allowOrigin?: string;
  /** Whether only requests to this machine's own names are answered. Default false. */
  isLoopbackOnly?: boolean;
  /** Whether on Cloud Run, where /healthz is not reached from outside. Default false. */
  isCloudRun?: boolean;
  /** How long an answer may take, in milliseconds. Default 30 000. */
  timeoutMs?: number;
  /** Where errors that the caller could not have known go. Default: the error output. */
  log?: (cause: unknown) => void;
}

const ABOUT = `POST /UserCluster      {"userId": "2534169.4418845320"}
POST /ProductAffinity  {"userId": "2534169.4418845320"} or {"viewed": ["a product"]}, "limit": 5
`;
/** Google keeps this path for itself on Cloud Run. */
const ABOUT_HEALTH = "GET  /healthz\n";

/** The functions as a web application; its `fetch` answers a request. */
export function createApp(functions: Functions, options: AppOptions = {}): Hono {
  const { allowOrigin, timeoutMs = 30_000, log = logError } = options;
  const { isLoopbackOnly = false, isCloudRun = false } = options;
  const app = new Hono();
  if (isLoopbackOnly) app.use(guardLoopback);
  if (allowOrigin !== undefined) app.use(allowPages(allowOrigin));
  app.get("/", (c) => c.text(isCloudRun ? ABOUT : ABOUT + ABOUT_HEALTH));
  app.get("/healthz", (c) => c.json({ status: "ok" }));
  app.post("/UserCluster", async (c) => {
    const request = readUserClusterRequest(await readJson(c));
    return c.json(await within(timeoutMs, functions.userCluster(request)));
  });
  app.post("/ProductAffinity", async (c) => {
    const request = readProductAffinityRequest(await readJson(c));
    return c.json(await within(timeoutMs, functions.productAffinity(request)));
  });
  app.all("*", refuse);
  app.onError((cause, c) => {
    const error = toAnswerError(cause);
    if (error !== cause) log(cause);
    return c.json(error.toBody(), error.code);
  });
  return app;
}

/** The text of a request's body, if it says that it is JSON and is not too long. */
async function readJson({ req }: Context): Promise<string> {
  if (!/^application\/json\s*(;|$)/i.test(req.header("content-type") ?? "")) {
    throw new AnswerError(
      "mediaType",
      'Cannot read the request as it must be JSON: send the header "Content-Type: application/json"',
    );
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of req.raw.body ?? []) {
    size += chunk.length;
    if (size > MAX_REQUEST_BYTES) {
      throw new AnswerError(
        "tooLarge",
        `Cannot read the request as it must have at most ${MAX_REQUEST_BYTES} bytes`,
      );
    }
    chunks.push(chunk);
  }
  return await new Blob(chunks as BlobPart[]).text();
}

const POSTED = ["/UserCluster", "/ProductAffinity"];
const GOT = ["/", "/healthz"];

/** Whatever no function answers. */
function refuse(c: Context): never {
  const { req } = c;
  const allowed = POSTED.includes(req.path) ? "POST" : GOT.includes(req.path) ? "GET, HEAD" : "";
  if (allowed) {
    c.header("Allow", allowed);
    throw new AnswerError(
      "method",
      `Cannot ${req.method} ${req.path} as it must be asked by ${allowed}`,
    );
  }
  throw new AnswerError(
    "notFound",
    "Cannot find the function: there are POST /UserCluster and POST /ProductAffinity",
  );
}

/** Pages of one origin may call, with an identity token if there must be one. */
function allowPages(origin: string): MiddlewareHandler {
  const allowHeaders = ["Authorization", "Content-Type"];
  return cors({ origin, allowMethods: ["GET", "POST"], allowHeaders, maxAge: 3600 });
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

/** A web page that reaches this machine by DNS rebinding asks for a host of its own name. */
const guardLoopback: MiddlewareHandler = async (c, next) => {
  const host = c.req.header("host") ?? "";
  if (!LOOPBACK.test(host)) {
    throw new AnswerError("denied", "Cannot answer as only this machine's own name is answered");
  }
  await next();
};

/**
 * Writes what broke to the error output: its message and where it was thrown, and no field of the
 * error, as those of Google's clients hold whole requests with their tokens.
 */
export function logError(cause: unknown): void {
  const text = cause instanceof Error ? cause.stack ?? cause.message : String(cause);
  // One line of JSON is one entry of Cloud Logging, whatever line breaks the text has.
  console.error(JSON.stringify({ severity: "ERROR", message: text }));
}
