/** Google's own client, on a server that answers as Vertex AI does when it is busy. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { v1 } from "@google-cloud/aiplatform";
import { PassThroughClient } from "google-auth-library";
import { finished } from "../../../lib/deploy/operation.ts";

const NAME = "projects/p/locations/us-central1/operations/5";
const ENDPOINT = "projects/p/locations/us-central1/endpoints/1";
const TYPE = "type.googleapis.com/google.cloud.aiplatform.v1.UndeployModelResponse";

interface Reply {
  status?: number;
  body: object;
}
const running: Reply = { body: { name: NAME, done: false } };
const done: Reply = { body: { name: NAME, done: true, response: { "@type": TYPE } } };
const failed: Reply = { body: { name: NAME, done: true, error: { code: 9, message: "no quota" } } };
const refused = (status: number, name: string): Reply => ({
  ...{ status, body: { error: { code: status, status: name, message: name } } },
});
const busy = refused(503, "UNAVAILABLE");

/** Waits for an operation; the last of the replies is given to all further questions. */
async function waitFor(replies: readonly Reply[], signal?: AbortSignal) {
  const asked: string[] = [];
  await using server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    ({ url, method }) => {
      asked.push(/:(\w+)$/.exec(new URL(url).pathname)?.[1] ?? method);
      const count = asked.filter((each) => each === "GET").length;
      const { status, body } = asked.at(-1) === "GET"
        ? replies[Math.min(count, replies.length) - 1]
        : running;
      return Response.json(body, { status });
    },
  );
  const client = new v1.EndpointServiceClient({
    ...{ apiEndpoint: "127.0.0.1", port: server.addr.port, protocol: "http", fallback: true },
    ...{ projectId: "p", authClient: new PassThroughClient() },
  });
  try {
    const begun = client.undeployModel({ endpoint: ENDPOINT, deployedModelId: "1" });
    return { result: await finished(begun, signal), asked };
  } finally {
    await client.close();
  }
}

/** The client keeps its connections. */
const options = { sanitizeOps: false, sanitizeResources: false };

Deno.test(
  "an operation is waited for although some questions are not answered",
  options,
  async () => {
    const { result, asked } = await waitFor([
      running,
      busy,
      refused(504, "DEADLINE_EXCEEDED"),
      done,
    ]);
    assert(result);
    assertEquals(asked, ["undeployModel", "GET", "GET", "GET", "GET"]);
  },
);

Deno.test("what an operation failed for is thrown", options, async () => {
  const error = await assertRejects(() => waitFor([busy, failed]), Error, "no quota");
  assertEquals((error as { code?: number }).code, 9);
});

Deno.test("a question that may not be asked is not asked again", options, async () => {
  const denied = refused(403, "PERMISSION_DENIED");
  await assertRejects(() => waitFor([running, denied, done]), Error, "PERMISSION_DENIED");
});

Deno.test(
  "an operation is cancelled when the signal aborts, and its end is seen",
  options,
  async () => {
    const cancelled = {
      body: { name: NAME, done: true, error: { code: 1, message: "cancelled" } },
    };
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 150);
    const start = performance.now();
    const error = await assertRejects(
      () => waitFor([running, running, running, cancelled], controller.signal),
      DOMException,
    );
    assertEquals(error.name, "AbortError");
    assert(performance.now() - start < 5000);
  },
);
