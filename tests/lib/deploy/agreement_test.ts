/** Endpoints held against BigQuery, while versions are deployed and taken away from code. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { askManyTimes, compareAnswers } from "../../../lib/deploy/agreement.ts";
import {
  deployModel,
  machineCosts,
  rollBackModel,
  undeployModels,
} from "../../../lib/deploy/deploy_models.ts";
import { readKnownOf } from "../../../lib/deploy/export_model.ts";
import type { KnownAnswers } from "../../../lib/deploy/known_answers.ts";
import type { ServedModel } from "../../../lib/deploy/served_model.ts";
import { Failure } from "../../../lib/failure.ts";
import type { Session } from "../../../lib/session.ts";
import { findEndpoint, openVertex } from "../../../lib/vertex.ts";
import { openTrainedShop, trainClusters } from "./trained_shop.ts";

/** The clients keep their connections. */
const options = { sanitizeOps: false, sanitizeResources: false };
const model = "user_clusters";
const models = [model, "product_affinity"] as const;

async function knownOf(session: Session, { artifact }: ServedModel): Promise<KnownAnswers> {
  const known = await readKnownOf(session, artifact);
  assert(known);
  return known;
}

const wrong = ({ instances, answers }: KnownAnswers): KnownAnswers => ({
  instances,
  answers: answers.map((parts) => parts.map(({ name, value }) => ({ name, value: value + 1 }))),
});

Deno.test({
  name: "models are deployed from code, and their answers compared with BigQuery's",
  ...options,
  async fn(t) {
    await using shop = await openTrainedShop();
    const { session } = shop;
    const vertex = await openVertex(session);
    const first = await deployModel(session, { model });
    const { endpoint } = first;
    const known = await knownOf(session, first);
    await t.step("each question has both answers, and the difference between them", async () => {
      const same = await compareAnswers(vertex, { model, endpoint, known });
      assertEquals(same.map(({ asked }) => asked), known.instances);
      for (const { known, answered, difference } of same) {
        assertEquals(answered.name, known.name);
        assert(difference >= 0 && difference < 1e-9);
      }
      const other = await compareAnswers(vertex, { model, endpoint, known: wrong(known) });
      for (const { difference } of other) assert(Math.abs(difference - 1) < 1e-9);
    });
    await t.step("so have recommendations", async () => {
      const affinity = await deployModel(session, { model: "product_affinity" });
      const likes = await knownOf(session, affinity);
      const asked = { model: "product_affinity", known: likes } as const;
      const rows = await compareAnswers(vertex, { ...asked, endpoint: affinity.endpoint });
      for (const { known, answered, difference } of rows) {
        assert(difference >= 0 && difference < 1e-9);
        assert(Math.abs(answered.value - known.value) < 1e-9);
      }
    });
    await trainClusters(session, 3);
    const canary = await deployModel(session, { model, canary: 40 });
    await t.step("during a canary both versions answer, each as its own model does", async () => {
      const both = { [first.version]: known, [canary.version]: await knownOf(session, canary) };
      const count = await askManyTimes(vertex, { model, endpoint, known: both, requests: 60 });
      assertEquals(count, { requests: 60, right: 60, wrong: 0, failed: 0, versions: [1, 2] });
    });
    await t.step("an answer of one version is wrong for the other, or for no version", async () => {
      const onlyFirst = { [first.version]: known };
      const count = await askManyTimes(vertex, { model, endpoint, known: onlyFirst, requests: 60 });
      assert(count.wrong > 0 && count.right + count.wrong === 60, JSON.stringify(count));
      const none = { [first.version]: wrong(known), [canary.version]: wrong(known) };
      const bad = await askManyTimes(vertex, { model, endpoint, known: none, requests: 20 });
      assertEquals([bad.right, bad.wrong], [0, 20]);
    });
    await t.step("all traffic is given, and taken back", async () => {
      const all = await deployModel(session, { model });
      assertEquals([all.version, all.traffic.length, all.previous], [2, 1, 1]);
      const back = await rollBackModel(session, { model });
      assertEquals([back.version, back.traffic[0].percent], [1, 100]);
    });
    await t.step("what stands has a price, and goes", async () => {
      const costs = await machineCosts(vertex, { models });
      assertEquals(costs.map(({ model, machine }) => [model, machine]), [
        ...[["user_clusters", "n1-standard-2"], ["product_affinity", "n1-standard-2"]],
      ]);
      const { removed } = await undeployModels(session, { models });
      assertEquals(removed.map(({ name }) => name), [...models]);
      assertEquals(await findEndpoint(vertex, model), undefined);
    });
    await t.step("then requests fail and are counted, and there is no way back", async () => {
      const asked = { model, endpoint, known: { 1: known }, requests: 12 } as const;
      assertEquals(await askManyTimes(vertex, asked), {
        ...{ requests: 12, right: 0, wrong: 0, failed: 12, versions: [] },
      });
      await assertRejects(() => rollBackModel(session, { model }), Failure, "not deployed");
    });
    await vertex.close();
  },
});
