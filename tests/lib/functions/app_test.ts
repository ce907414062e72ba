/** The HTTP side of the functions; what they answer is in functions_test.ts. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { AnswerError } from "../../../lib/functions/answer_error.ts";
import { type AppOptions, createApp, logError } from "../../../lib/functions/app.ts";

const SECRET = "ya29.secret";
const JSON_TYPE = { "Content-Type": "application/json" };

/** An app in which UserCluster ends as told, with what it wrote to its log. */
function appThat(userCluster: () => Promise<never>, options: AppOptions = {}) {
  const log: unknown[] = [];
  const productAffinity = () => Promise.reject(new AnswerError("notFound", "nothing"));
  const functions = { userCluster, productAffinity };
  return { app: createApp(functions, { log: (cause) => log.push(cause), ...options }), log };
}

const refuse = () => Promise.reject(new AnswerError("notFound", "Cannot find the user"));
const ask = { method: "POST", headers: JSON_TYPE, body: '{"userId":"ann"}' };

Deno.test("an error has the shape of Google's, and its HTTP status", async () => {
  const { app, log } = appThat(refuse);
  const response = await app.request("/UserCluster", ask);
  assertEquals(response.status, 404);
  assertEquals(await response.json(), {
    error: { code: 404, message: "Cannot find the user", status: "NOT_FOUND" },
  });
  assertEquals(log, []);
});

Deno.test("there is a short text, and a sign of health", async () => {
  const { app } = appThat(refuse);
  assertStringIncludes(await (await app.request("/")).text(), "POST /UserCluster");
  assertEquals(await (await app.request("/healthz")).json(), { status: "ok" });
});

Deno.test("on Cloud Run nobody is sent to /healthz, which Google keeps for itself", async () => {
  const about = async (options: AppOptions) =>
    await (await appThat(refuse, options).app.request("/")).text();
  assertStringIncludes(await about({}), "GET  /healthz");
  const onCloudRun = await about({ isCloudRun: true });
  assertStringIncludes(onCloudRun, "POST /UserCluster");
  assert(!onCloudRun.includes("healthz"));
});

Deno.test("other methods and paths are refused", async () => {
  const { app } = appThat(refuse);
  const asked = async (path: string, method: string) => {
    const response = await app.request(path, { method });
    const { error } = await response.json();
    assertEquals(error.code, response.status);
    return [response.status, response.headers.get("allow"), error.status];
  };
  assertEquals(await asked("/UserCluster", "GET"), [405, "POST", "METHOD_NOT_ALLOWED"]);
  assertEquals(await asked("/ProductAffinity", "DELETE"), [405, "POST", "METHOD_NOT_ALLOWED"]);
  assertEquals(await asked("/healthz", "POST"), [405, "GET, HEAD", "METHOD_NOT_ALLOWED"]);
  assertEquals(await asked("/usercluster", "POST"), [404, null, "NOT_FOUND"]);
});

Deno.test("what is not JSON by its own account is not read", async () => {
  const { app } = appThat(refuse);
  for (const type of ["text/plain", "application/jsonp", "application/x-www-form-urlencoded"]) {
    const headers = { "Content-Type": type };
    assertEquals((await app.request("/UserCluster", { ...ask, headers })).status, 415);
  }
  const headers = { "content-type": "Application/JSON; charset=utf-8" };
  assertEquals((await app.request("/UserCluster", { ...ask, headers })).status, 404);
});

Deno.test("more than 64 KiB are refused, whether or not they are announced", async () => {
  const { app } = appThat(refuse);
  const body = (size: number) => `{"userId":"ann"}${" ".repeat(size - 16)}`;
  const status = async (body: string | ReadableStream) =>
    (await app.request("/UserCluster", { ...ask, body })).status;
  assertEquals(await status(body(64 * 1024)), 404);
  assertEquals(await status(body(64 * 1024 + 1)), 413);
  assertEquals(await status(new Blob([body(64 * 1024 + 1)]).stream()), 413);
});

Deno.test("what broke is for the log, not for the caller", async () => {
  const cause = new Error("the pipe under the cellar");
  const { app, log } = appThat(() => Promise.reject(cause));
  const response = await app.request("/UserCluster", ask);
  const { error } = await response.json();
  assertEquals([response.status, error.status], [500, "INTERNAL"]);
  assert(!error.message.includes("cellar"));
  assertEquals(log, [cause]);
});

Deno.test("the log has the message, and no field of the error", () => {
  const error = Object.assign(new Error("refused"), {
    config: { headers: { Authorization: `Bearer ${SECRET}` } },
  });
  const written: string[] = [];
  const { error: before } = console;
  console.error = (line: string) => written.push(line);
  try {
    logError(error);
  } finally {
    console.error = before;
  }
  assertEquals(JSON.parse(written[0]).severity, "ERROR");
  assertMatch(written[0], /refused/);
  assert(!written[0].includes(SECRET));
});

Deno.test("who takes too long is answered for", async () => {
  const { app } = appThat(() => new Promise(() => {}), { timeoutMs: 20 });
  const response = await app.request("/UserCluster", ask);
  const { error } = await response.json();
  assertEquals([response.status, error.status], [504, "DEADLINE_EXCEEDED"]);
});

Deno.test("errors of Google's clients are told apart", async () => {
  const cases: [object, number][] = [
    [{ code: 4, message: "4 DEADLINE_EXCEEDED" }, 504],
    [{ code: 14, message: "14 UNAVAILABLE" }, 503],
    [{ code: "ECONNREFUSED", message: "connect" }, 503],
    [{ code: 404, message: "Not found: Table", errors: [{ reason: "notFound" }] }, 503],
    [{ code: 403, message: "denied", errors: [{ reason: "accessDenied" }] }, 500],
  ];
  for (const [thrown, status] of cases) {
    const { app, log } = appThat(() => Promise.reject(Object.assign(new Error(), thrown)));
    assertEquals([(await app.request("/UserCluster", ask)).status, log.length], [status, 1]);
  }
});

Deno.test("an address at which nobody listens is not reached", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  listener.close();
  const { app } = appThat(async () => {
    throw await fetch(`http://127.0.0.1:${listener.addr.port}`).catch((error) => error);
  });
  assertEquals((await app.request("/UserCluster", ask)).status, 503);
});

Deno.test("pages of other origins may not call unless one is named", async () => {
  const headers = { ...JSON_TYPE, Origin: "https://shop.example" };
  const allowed = async (options: AppOptions, method: string) => {
    const { app } = appThat(refuse, options);
    const response = await app.request("/UserCluster", { method, headers, body: null });
    return response.headers.get("access-control-allow-origin");
  };
  assertEquals(await allowed({}, "POST"), null);
  assertEquals(await allowed({}, "OPTIONS"), null);
  assertEquals(
    [
      await allowed({ allowOrigin: "https://shop.example" }, "POST"),
      await allowed({ allowOrigin: "https://shop.example" }, "OPTIONS"),
      await allowed({ allowOrigin: "https://other.example" }, "POST"),
    ],
    ["https://shop.example", "https://shop.example", null],
  );
});

Deno.test("on this machine no other host name is answered", async () => {
  const { app } = appThat(refuse, { isLoopbackOnly: true });
  const status = async (host: string) =>
    (await app.request("/healthz", { headers: { host } })).status;
  assertEquals(
    await Promise.all(["127.0.0.1:8080", "localhost", "[::1]:8080"].map(status)),
    [200, 200, 200],
  );
  assertEquals(
    await Promise.all(["evil.example", "127.0.0.1.evil.example", ""].map(status)),
    [403, 403, 403],
  );
});
