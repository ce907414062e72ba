/** What is in the folder of an exported model, and that it is the model. */
import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { ensureBucket } from "../../../lib/bucket.ts";
import { exportModel } from "../../../lib/deploy/export_model.ts";
import { readClusterNames } from "../../../lib/cluster_names.ts";
import { listExported } from "../../../lib/deploy/exported_files.ts";
import { compareImported, importClusters } from "../../../lib/deploy/imported_model.ts";
import { Failure } from "../../../lib/failure.ts";
import { makeUserStats, withFeatures } from "../../../lib/features.ts";
import { renamed } from "../../../lib/session.ts";
import { trainUserClusters } from "../../../lib/user_clusters.ts";
import { PUBLISHED_STATS } from "../../fixtures.ts";
import { openTrainedShop, trainClusters } from "./trained_shop.ts";

/** The clients keep their connections. */
const options = { sanitizeOps: false, sanitizeResources: false };

Deno.test({
  name: "an exported model is listed, named, and imported again",
  ...options,
  async fn(t) {
    await using shop = await openTrainedShop();
    const { session } = shop;
    const bucket = await ensureBucket(session);
    const { uri, known } = await exportModel(session, { model: "user_clusters", bucket });
    await t.step(
      "its first question is about one who bought, the second about one who did not",
      () => {
        // The others are asked with the means of all.
        const isBuyer = known.instances.map((asked) =>
          PUBLISHED_STATS.some((user) => user.average_order_value === asked.average_order_value)
        );
        assertEquals(isBuyer.slice(0, 2), [true, false]);
      },
    );
    await t.step("each file has a size and a purpose, whichever model it is of", async () => {
      const affinity = await exportModel(session, { model: "product_affinity", bucket });
      for (const folder of [uri, `${affinity.uri}/`]) {
        const files = await listExported(session, folder);
        const paths = files.map(({ path }) => path);
        assertEquals(paths, [...paths].sort());
        assert(paths.includes("saved_model.pb") && paths.includes("variables/variables.index"));
        assert(paths.includes("assets.extra/known_answers.json"));
        for (const { path, bytes, purpose } of files) assert(bytes > 0 && purpose !== "", path);
      }
    });
    await t.step("the names of its clusters and its means can be read", async () => {
      const { segments, means } = await readClusterNames(session, uri);
      assertEquals(segments.map(({ centroid_id }) => centroid_id).sort(), [1, 2]);
      assertEquals([segments[0].tier, segments[1].tier], ["Platinum", "Bronze"]);
      const sessions = PUBLISHED_STATS.map(({ session_count }) => session_count ?? NaN);
      const mean = sessions.reduce((sum, value) => sum + value, 0) / sessions.length;
      assertAlmostEquals(means.session_count, mean);
    });
    await t.step("and which numbers of a user it was trained on, if that is known", async () => {
      assertEquals((await readClusterNames(session, uri)).features, "published");
      const corrected = withFeatures(session, "corrected");
      await makeUserStats(corrected, "corrected");
      await trainClusters(corrected, 2);
      const again = await exportModel(session, { model: "user_clusters", bucket });
      assertEquals((await readClusterNames(session, again.uri)).features, "corrected");
      const other = renamed(session, { user_stats: "user_stats_other" });
      const dataset = session.bigquery.dataset(session.dataset);
      await dataset.table("user_stats").copy(dataset.table("user_stats_other"));
      await trainClusters(other, 2);
      const third = await exportModel(session, { model: "user_clusters", bucket });
      assertEquals((await readClusterNames(session, third.uri)).features, undefined);
      await trainClusters(session, 2);
    });
    await t.step("imported, it is as far from every user as the trained model", async () => {
      await importClusters(session, uri);
      const { users, users_with_null, distances, largest_difference } = await compareImported(
        session,
      );
      const nulls = PUBLISHED_STATS.filter(({ no_of_orders }) => no_of_orders === null).length;
      assertEquals([users, users_with_null, distances], [
        ...[PUBLISHED_STATS.length, nulls, 2 * PUBLISHED_STATS.length],
      ]);
      assert(largest_difference < 1e-9, `${largest_difference}`);
    });
    await t.step("and another model is told apart from it", async () => {
      const other = renamed(session, { user_clusters: "user_clusters_other" });
      await trainUserClusters(other, { clusters: 3 });
      assert((await compareImported(other)).largest_difference > 0.01);
    });
    await t.step(
      "where the model is missing, the command that trains it there is named",
      async () => {
        await assertRejects(
          () => exportModel({ ...session, dataset: "web" }, { model: "user_clusters", bucket }),
          Failure,
          "run `deno task retrain --model user_clusters --dataset web` first",
        );
      },
    );
    await t.step("what is no folder of a bucket is refused", async () => {
      await assertRejects(() => listExported(session, "models/user_clusters"), TypeError, "gs://");
    });
  },
});
