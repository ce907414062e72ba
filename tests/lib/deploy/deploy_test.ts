/** Models on their way to endpoints of a local cloud, and back. */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { readUndeployArguments } from "../../../lib/deploy/arguments.ts";
import { curl } from "../../../lib/deploy/report.ts";
import type { ServedModel } from "../../../lib/deploy/served_model.ts";
import { undeploy } from "../../../lib/deploy/undeploy.ts";
import { listVersions } from "../../../lib/deploy/versions.ts";
import { Failure } from "../../../lib/failure.ts";
import { affinityPrediction, clusterPrediction } from "../../../lib/predictions.ts";
import { startProgress } from "../../../lib/progress.ts";
import { openVertex } from "../../../lib/vertex.ts";
import {
  deployClusters,
  deployShop,
  openTrainedShop,
  trainClusters,
  Visitors,
} from "./trained_shop.ts";

/** The clients keep their connections. */
const options = { sanitizeOps: false, sanitizeResources: false };

const shares = ({ traffic }: ServedModel) =>
  traffic.map(({ version, percent }) => [version, percent]);

Deno.test({
  name:
    "a model is deployed, replaced, tried on a few, rolled back and removed; visitors see no gap",
  ...options,
  async fn(t) {
    await using shop = await openTrainedShop();
    const { session } = shop;
    const vertex = await openVertex(session);
    const { models: [clusters, affinity] } = await deployShop(session, []);
    await t.step("the command to try answers in the walk-through's shape", async () => {
      const answer = await paste(curl(clusters, "local"));
      assertEquals(Object.keys(answer).sort(), [
        ...["deployedModelId", "model", "modelDisplayName", "modelVersionId", "predictions"],
      ]);
      assertEquals(answer.modelDisplayName, "user_clusters");
      const [prediction] = answer.predictions;
      assertEquals(Object.keys(prediction).sort(), Object.keys(clusterPrediction.shape).sort());
      assertEquals(clusterPrediction.parse(prediction).centroid_ids, [1, 2]);
      const [products] = (await paste(curl(affinity, "local"))).predictions;
      const { predicted_item, predicted_rating } = affinityPrediction.parse(products);
      assertEquals(predicted_item.length, predicted_rating.length);
      assertEquals(predicted_rating.toSorted((a, b) => b - a), predicted_rating);
    });
    await using visitors = new Visitors(session, clusters);
    await visitors.expect(clusters);
    await t.step("deploying the same model again changes nothing", async () => {
      const { models: [again] } = await deployShop(session, []);
      assertEquals(again, clusters);
      assertEquals((await listVersions(vertex, "user_clusters")).length, 1);
    });
    await t.step("a canary answers some of the visitors", async () => {
      await trainClusters(session, 3);
      const canary = await deployClusters(session, ["--canary", "40"]);
      await visitors.expect(canary);
      assertEquals([canary.version, shares(canary)], [2, [[1, 60], [2, 40]]]);
      assertEquals(canary.previous, undefined);
      await visitors.wait(40);
      assert((visitors.seen().get("2") ?? 0) > 0, JSON.stringify([...visitors.seen()]));
      assertEquals(shares(await deployClusters(session, ["--canary", "70"])), [[2, 70], [1, 30]]);
    });
    await t.step("then it gets all traffic, and the version before is remembered", async () => {
      const all = await deployClusters(session);
      assertEquals([shares(all), all.previous], [[[2, 100]], 1]);
    });
    await t.step(
      "a rollback brings the version before back, and not the one before that",
      async () => {
        const back = await deployClusters(session, ["--rollback"]);
        assertEquals([back.version, shares(back), back.artifact], [
          1,
          [[1, 100]],
          clusters.artifact,
        ]);
        assertEquals(back.instance, clusters.instance);
        assertEquals(back.next, 2);
        await assertRejects(
          () => deployClusters(session, ["--rollback"]),
          Failure,
          "as no version is known that answered before version 1",
        );
      },
    );
    await t.step("what was rolled back can be deployed again, on another machine too", async () => {
      const again = await deployClusters(session);
      assertEquals([again.version, shares(again)], [2, [[2, 100]]]);
      const bigger = await deployClusters(session, ["--machine", "n1-standard-4"]);
      assertEquals(shares(bigger), [[2, 100]]);
      assert(bigger.traffic[0].deployed_model_id !== again.traffic[0].deployed_model_id);
      assertEquals(bigger.previous, 1);
      // Without the option the machine stays.
      assertEquals(await deployClusters(session), bigger);
    });
    await t.step("a rollback ends a canary", async () => {
      await trainClusters(session, 4);
      const canary = await deployClusters(session, ["--canary", "1"]);
      await visitors.expect(canary);
      assertEquals(shares(canary), [[2, 99], [3, 1]]);
      assertEquals(shares(await deployClusters(session, ["--rollback"])), [[2, 100]]);
    });
    await t.step("of two models the one that can be is rolled back", async () => {
      const { models, refused } = await deployShop(session, ["--rollback"]);
      assertEquals(models.map((each) => [each.model, ...shares(each)]), [
        ["user_clusters", [1, 100]],
      ]);
      assertEquals(refused.map(({ model }) => model), ["product_affinity"]);
      assertStringIncludes(refused[0].reason, "no version is known that answered before version 1");
      assertEquals((await deployClusters(session)).version, 3);
    });
    await t.step("all the while every visitor got a right answer", () => visitors.stop());
    await t.step("undeploying leaves versions and files, and is done once", async () => {
      const settings = readUndeployArguments([])!;
      const start = (stages: number) => startProgress(stages, "none");
      const { removed, left } = await undeploy(session, settings, start);
      assertEquals(removed.map(({ name, deployed }) => [name, deployed]), [
        ...[["user_clusters", 1], ["product_affinity", 1]],
      ]);
      assertEquals(left.map(({ model, versions }) => [model, versions]), [
        ...[["user_clusters", 3], ["product_affinity", 1]],
      ]);
      assert(left.every(({ folders }) => folders.length === 1 && folders[0].bytes > 1000));
      const [endpoints] = await vertex.endpoints.listEndpoints({ parent: vertex.parent });
      assertEquals(endpoints, []);
      assertEquals((await undeploy(session, settings, start)).removed, []);
      await assertRejects(
        () => deployClusters(session, ["--rollback"]),
        Failure,
        "as it is not deployed in us-central1: run `deno task deploy --model user_clusters`",
      );
    });
    await t.step("what was undeployed is deployed again without a new version", async () => {
      const again = await deployClusters(session);
      assertEquals([again.version, again.previous], [3, 1]);
    });
    await t.step("the way back leads over an undeployment to what answered before it", async () => {
      await undeploy(
        session,
        readUndeployArguments([])!,
        (stages) => startProgress(stages, "none"),
      );
      await trainClusters(session, 2);
      const fourth = await deployClusters(session, ["--canary", "10"]);
      assertEquals([shares(fourth), fourth.previous], [[[4, 100]], 3]);
      assertEquals(shares(await deployClusters(session, ["--rollback"])), [[3, 100]]);
    });
    await t.step("undeploying finds what was deployed in another region", async () => {
      const place = ["--region", "us-east1", "--bucket", "in-the-east"];
      const east = await deployClusters(session, place);
      const start = (stages: number) => startProgress(stages, "none");
      const { removed, left, elsewhere } = await undeploy(
        session,
        readUndeployArguments([])!,
        start,
      );
      assert(removed.some(({ endpoint }) => endpoint === east.endpoint));
      assertEquals(elsewhere?.includes("us-east1"), true);
      assert(left.some(({ resource }) => resource.includes("/locations/us-east1/")));
    });
    await vertex.close();
  },
});

/** What a person gets who pastes the lines into a shell. */
async function paste(lines: string[]) {
  const { stdout, stderr } = await new Deno.Command("sh", { args: ["-c", lines.join("\n")] })
    .output();
  const text = new TextDecoder().decode(stdout);
  assertStringIncludes(text, "{", new TextDecoder().decode(stderr));
  return JSON.parse(text);
}
