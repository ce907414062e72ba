/** Deployments that are broken off at every stage, and what the next one makes of it. */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import type { ServedModel } from "../../../lib/deploy/served_model.ts";
import { readKnownOf } from "../../../lib/deploy/export_model.ts";
import { removeStaging, stagingName, testVersion } from "../../../lib/deploy/staging.ts";
import { listVersions } from "../../../lib/deploy/versions.ts";
import { moveTraffic, undeployIdle } from "../../../lib/deploy/endpoints.ts";
import { knownAnswers } from "../../../lib/deploy/known_answers.ts";
import { Failure } from "../../../lib/failure.ts";
import type { Session } from "../../../lib/session.ts";
import { readJson, writeJson } from "../../../lib/stored_json.ts";
import { trainUserClusters } from "../../../lib/user_clusters.ts";
import {
  deploymentsOf,
  findEndpoint,
  listEndpoints,
  openVertex,
  type Vertex,
} from "../../../lib/vertex.ts";
import type { Shop } from "../../open_shop.ts";
import {
  command,
  deployClusters,
  openTrainedShop,
  trainClusters,
  Visitors,
} from "./trained_shop.ts";

/** The clients keep their connections. */
const options = { sanitizeOps: false, sanitizeResources: false };

/** Stages of deploying one model; the traffic is moved in the last but one. */
const STAGES = 7;
const MOVED = 6;

/** `[version, percent]` of what is deployed to the endpoint in use. */
async function served(vertex: Vertex): Promise<number[][]> {
  const endpoint = await findEndpoint(vertex, "user_clusters");
  return deploymentsOf(endpoint ?? {}).map(({ version, percent }) => [version, percent]);
}

/** After whatever was broken off: one version with all traffic, nothing else that costs money. */
async function assertTidy(vertex: Vertex, { version }: ServedModel): Promise<void> {
  assertEquals(await served(vertex), [[version, 100]]);
  assertEquals((await listEndpoints(vertex, "user_clusters")).length, 1);
  assertEquals(await listEndpoints(vertex, stagingName("user_clusters")), []);
  const versions = await listVersions(vertex, "user_clusters");
  assertEquals(versions.map((each) => each.version), versions.map((_, i) => i + 1));
}

/**
 * Breaks a deployment off when a stage has ended, by the signal that Ctrl-C gives.
 *
 * @param options `wait`: milliseconds into the next stage. `args`: of the command.
 */
async function abortAfter(
  session: Session,
  stage: number,
  { wait, args = [] }: { wait?: number; args?: string[] } = {},
): Promise<void> {
  const controller = new AbortController();
  const own = { ...session, signal: controller.signal };
  const after = (done: number) => {
    if (done !== stage) return;
    if (wait === undefined) controller.abort();
    else setTimeout(() => controller.abort(), wait);
  };
  await assertRejects(() => deployClusters(own, args, after));
}

Deno.test({
  name: "a deployment that is stopped changes nothing by halves, and can go on",
  ...options,
  async fn(t) {
    await using shop = await openTrainedShop();
    const { session } = shop;
    const vertex = await openVertex(session);
    await t.step("also the very first one", async () => {
      await abortAfter(session, 4);
      assertEquals(await served(vertex), []);
      await abortAfter(session, 5);
      assertEquals(await served(vertex), [[1, 100]]);
    });
    let before = await deployClusters(session);
    await assertTidy(vertex, before);
    await using visitors = new Visitors(session, before);
    await visitors.expect(before);
    // Every other stage, and amid the two that wait for Vertex AI; the next test has all.
    for (const [stage, wait] of [[2], [3, 30], [4], [4, 30], [6]]) {
      await t.step(`stopped ${wait ?? 0} ms after stage ${stage}`, async () => {
        await trainClusters(session, 2 + before.version % 3);
        await abortAfter(session, stage, { wait });
        assertEquals(await listEndpoints(vertex, stagingName("user_clusters")), []);
        const answering = (await served(vertex)).filter(([, percent]) => percent > 0);
        const expected = stage < MOVED ? before.version : before.version + 1;
        assertEquals(answering, [[expected, 100]]);
        const { version } = before;
        before = await deployClusters(session);
        await visitors.expect(before);
        assertEquals([before.version, before.previous], [version + 1, version]);
        await assertTidy(vertex, before);
      });
    }
    await visitors.stop();
    await vertex.close();
  },
});

/** Kills the command a moment after it has told that a stage is done. */
async function killAfter(shop: Shop, stage: number): Promise<void> {
  const child = command(shop, ["deploy", "--model", "user_clusters"]).spawn();
  let text = "";
  for await (const chunk of child.stderr.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (text.includes(`[${stage}/${STAGES}]`)) child.kill("SIGKILL");
  }
  await child.stdout.cancel();
  const { signal } = await child.status;
  assertEquals(signal, "SIGKILL", text);
}

Deno.test({
  name: "a deployment that is killed in any stage is continued by the next one",
  ...options,
  async fn(t) {
    await using shop = await openTrainedShop();
    const { session } = shop;
    const vertex = await openVertex(session);
    let before = await deployClusters(session);
    await using visitors = new Visitors(session, before);
    await visitors.expect(before);
    for (let stage = 1; stage < STAGES; stage++) {
      await t.step(`killed after stage ${stage}`, async () => {
        await trainClusters(session, 2 + stage % 3);
        await killAfter(shop, stage);
        const answering = (await served(vertex)).filter(([, percent]) => percent > 0);
        assertEquals(answering.map(([, percent]) => percent), [100]);
        const { version } = before;
        before = await deployClusters(session);
        await visitors.expect(before);
        assertEquals([before.version, before.previous], [version + 1, version]);
        await assertTidy(vertex, before);
      });
    }
    await visitors.stop();
    await vertex.close();
  },
});

Deno.test({
  name: "what goes wrong on the way leaves the endpoint as it was",
  ...options,
  async fn(t) {
    await using shop = await openTrainedShop();
    const { session } = shop;
    const vertex = await openVertex(session);
    const first = await deployClusters(session);
    await using visitors = new Visitors(session, first);
    await visitors.expect(first);
    const bucket = session.storage.bucket("local-cloud-ecommerce_public");
    await t.step("a version that answers otherwise than BigQuery gets no traffic", async () => {
      await trainClusters(session, 3);
      await abortAfter(session, 2);
      const [files] = await bucket.getFiles({ prefix: "models/user_clusters/" });
      const file = files.findLast(({ name }) => name.endsWith("/known_answers.json"))!;
      const known = knownAnswers.parse(await readJson(file));
      known.answers[0][0].value *= 1.001;
      await writeJson(file, known);
      const error = await assertRejects(() => deployClusters(session), Failure);
      assertStringIncludes(
        error.message,
        "as its version 2 answers otherwise than BigQuery: for {",
      );
      assertEquals(await served(vertex), [[1, 100]]);
      assertEquals(await listEndpoints(vertex, stagingName("user_clusters")), []);
    });
    await t.step(
      "a staging endpoint that cannot be removed is told, with why the test failed",
      async () => {
        const { endpoints } = vertex;
        const stubborn = new Proxy(endpoints, {
          get: (client, name) =>
            name === "deleteEndpoint"
              ? () => Promise.reject(new Error("9 FAILED_PRECONDITION: It is busy."))
              : Reflect.get(client, name, client),
        });
        const version = (await listVersions(vertex, "user_clusters")).at(-1)!;
        const known = await readKnownOf(session, version.artifact);
        const test = { model: "user_clusters" as const, version, known: known! };
        const error = await assertRejects(
          () => testVersion({ ...vertex, endpoints: stubborn }, test),
          Failure,
        );
        assertStringIncludes(error.message, "answers otherwise than BigQuery");
        assertStringIncludes(
          error.message,
          "Cannot remove the endpoint user_clusters_staging after the test (It is busy): it may be billed",
        );
        await removeStaging(vertex, "user_clusters");
      },
    );
    await t.step("files that vanish after the upload are exported again", async () => {
      await trainClusters(session, 4);
      await abortAfter(session, 3);
      await bucket.deleteFiles({ prefix: "models/" });
      const third = await deployClusters(session);
      await visitors.expect(third);
      assertEquals([third.version, await served(vertex)], [3, [[3, 100]]]);
    });
    await t.step(
      "what has no traffic stays for a while, for the requests on their way",
      async () => {
        await trainClusters(session, 3);
        await abortAfter(session, 5);
        const idle = [[3, 100], [4, 0]];
        assertEquals(await served(vertex), idle);
        const slow = { ...vertex, settleMs: 500 };
        const { name } = (await findEndpoint(vertex, "user_clusters"))!;
        const signal = AbortSignal.timeout(50);
        await assertRejects(() => undeployIdle(slow, { name: name!, signal }));
        assertEquals(await served(vertex), idle);
        const begun = performance.now();
        await undeployIdle(slow, { name: name! });
        assert(performance.now() - begun >= 500);
        assertEquals(await served(vertex), [[3, 100]]);
      },
    );
    await t.step("traffic is not moved on an endpoint that has changed since", async () => {
      const endpoint = (await findEndpoint(vertex, "user_clusters"))!;
      const { name } = endpoint;
      const paths = ["description"];
      await vertex.endpoints.updateEndpoint({
        ...{ endpoint: { name, description: "changed" }, updateMask: { paths } },
      });
      const before = { ...endpoint, trafficSplit: {} };
      await assertRejects(() => moveTraffic(vertex, before, endpoint.trafficSplit!));
      assertEquals(await served(vertex), [[3, 100]]);
    });
    await t.step(
      "a rollback of a canary that was stopped before it tidied up goes on",
      async () => {
        await trainClusters(session, 4);
        const canary = await deployClusters(session, ["--canary", "20"]);
        await visitors.expect(canary);
        assertEquals(await served(vertex), [[3, 80], [canary.version, 20]]);
        await abortAfter(session, 2, { args: ["--rollback"] });
        assertEquals(await served(vertex), [[3, 100], [canary.version, 0]]);
        await deployClusters(session, ["--rollback"]);
        assertEquals(await served(vertex), [[3, 100]]);
      },
    );
    await t.step(
      "a rollback to a version whose files are gone fails and changes nothing",
      async () => {
        await assertRejects(() => deployClusters(session, ["--rollback"]));
        assertEquals(await served(vertex), [[3, 100]]);
      },
    );
    await t.step("clusters that were not counted since the training are not named", async () => {
      await trainUserClusters(session, { clusters: 2 });
      await assertRejects(
        () => deployClusters(session),
        Failure,
        "as user_clusters_op was not made of it: run `deno task retrain --model user_clusters`",
      );
      assertEquals(await served(vertex), [[3, 100]]);
    });
    await t.step("a model that is missing is told before anything is done", async () => {
      await session.bigquery.dataset(session.dataset).model("user_clusters").delete();
      await assertRejects(
        () => deployClusters(session),
        Failure,
        "Cannot deploy user_clusters as there is no such model in local-cloud.ecommerce_public: " +
          "run `deno task retrain --model user_clusters` first",
      );
    });
    assert(visitors.seen().size >= 2);
    await visitors.stop();
    await vertex.close();
  },
});
