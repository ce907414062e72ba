/** Which count of clusters is found for users who were made in three groups. */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { compareClusterCounts, measuresOf } from "../../lib/cluster_count.ts";
import { countOutliers, findOutliers } from "../../lib/outliers.ts";
import type { Session } from "../../lib/session.ts";
import { runStatement } from "../../lib/sql.ts";
import { predictUserClusters, trainUserClusters } from "../../lib/user_clusters.ts";
import { drawPoints, drawUsers } from "../../lib/user_sample.ts";
import { openCloud } from "../open_shop.ts";

/** 3 × 40 users around (10, 10), (10, 40) and (40, 10) sessions and seconds, else all alike. */
const USERS = `CREATE TABLE ecommerce_public.user_stats AS
  SELECT
    CONCAT('u', CAST(100 + i AS STRING)) AS user_pseudo_id,
    IF(MOD(i, 3) = 2, 40, 10) + MOD(i, 4) AS session_count,
    1000 * (IF(MOD(i, 3) = 1, 40, 10) + MOD(i, 5)) AS total_time_spend_by_user_in_msec,
    20.0 AS average_order_value,
    1 AS no_of_orders
  FROM UNNEST(GENERATE_ARRAY(0, 119)) AS i`;

/** One user between the groups. */
const MOVED = `UPDATE ecommerce_public.user_stats
  SET session_count = 24, total_time_spend_by_user_in_msec = 24000
  WHERE user_pseudo_id = 'u217'`;

/** That user has an order no more, and one in the middle of a group has a NULL. */
const NEVER_BOUGHT = `UPDATE ecommerce_public.user_stats
  SET no_of_orders = IF(user_pseudo_id = 'u217', 0, NULL)
  WHERE user_pseudo_id IN ('u217', 'u100')`;

async function relations({ bigquery, dataset }: Session): Promise<string[]> {
  const [tables] = await bigquery.dataset(dataset).getTables();
  const [models] = await bigquery.dataset(dataset).getModels();
  return [...tables, ...models].map(({ id }) => id ?? "").sort();
}

Deno.test({
  name: "users of three groups",
  // The clients keep their connections.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn(t) {
    await using cloud = await openCloud();
    const { session } = cloud;
    await session.bigquery.query(USERS);
    await t.step("every measure says three, and nothing is left behind", async () => {
      const before = await relations(session);
      const rows = await compareClusterCounts(session, { counts: [2, 3, 4], draws: 2, seed: 5 });
      assertEquals(rows.map(({ clusters }) => clusters), [2, 3, 4]);
      const [two, three, four] = rows;
      assert(three.silhouette > two.silhouette && three.silhouette > four.silhouette);
      assert(three.davies_bouldin_index! < two.davies_bouldin_index!);
      assert(three.mean_squared_distance < two.mean_squared_distance / 3);
      assertAlmostEquals(three.stability, 1, 1e-9);
      assertEquals(await relations(session), before);
    });
    await t.step("the same seed gives the same numbers", async () => {
      const options = { counts: [2], draws: 1, sample: 30, seed: 3 };
      const once = await compareClusterCounts(session, options);
      assertEquals(await compareClusterCounts(session, options), once);
    });
    await t.step(
      "a seed draws users, fewer than there are, in the order of their names",
      async () => {
        const draw = async (seed: number) =>
          (await drawUsers(session, { users: 10, seed })).map(({ user_pseudo_id }) =>
            user_pseudo_id
          );
        const drawn = await draw(1);
        assertEquals(drawn.length, 10);
        assertEquals([...drawn].sort(), drawn);
        assertEquals(await draw(1), drawn);
        assert((await draw(2)).join() !== drawn.join());
      },
    );
    await t.step("the parts of a cut hold every user once", async () => {
      const parts: string[][] = [];
      for (const part of [0, 1, 2]) {
        const params = { seed: 4, part, parts: 3 };
        await runStatement(session, "features/user_stats_part", { params });
        const [rows] = await session.bigquery.query(
          "SELECT user_pseudo_id FROM ecommerce_public.user_stats_part",
        );
        parts.push(rows.map(({ user_pseudo_id }) => user_pseudo_id));
      }
      assertEquals(parts.map(({ length }) => length), [40, 40, 40]);
      assertEquals(new Set(parts.flat()).size, 120);
    });
    await t.step("the one user far from everybody is the outlier", async () => {
      await session.bigquery.query(MOVED);
      await trainUserClusters(session, { clusters: 3 });
      await predictUserClusters(session);
      const found = await findOutliers(session, { users: 1 });
      assertEquals(found.map(({ user_pseudo_id }) => user_pseudo_id), ["u217"]);
      assertEquals(found[0].session_count, 24);
      const counts = await countOutliers(session);
      assertEquals(counts.reduce((sum, { users }) => sum + users, 0), 120);
      const cluster = counts.find(({ centroid_id }) => centroid_id === found[0].centroid_id);
      assert((cluster?.outliers ?? 0) >= 1);
    });
    await t.step("a feature that never varies has no score", async () => {
      const points = await drawPoints(session, { users: 5 });
      assertEquals(points.map(({ point }) => point[3]), [0, 0, 0, 0, 0]);
    });
    await t.step("who never bought is counted, with a zero as with nothing", async () => {
      await session.bigquery.query(NEVER_BOUGHT);
      const counts = await countOutliers(session);
      assertEquals(counts.reduce((sum, { nonbuyers }) => sum + nonbuyers, 0), 2);
      assertEquals(counts.reduce((sum, { nonbuyer_outliers: some }) => sum + some, 0), 1);
    });
  },
});

Deno.test("a chart takes one row per kind of features, measure and count", () => {
  const row = {
    ...{ clusters: 3, davies_bouldin_index: 0.5, mean_squared_distance: 2 },
    ...{ silhouette: 0.7, stability: 0.9 },
  };
  const rows = measuresOf({ published: [row], corrected: [row, { ...row, clusters: 4 }] });
  assertEquals(rows.length, 12);
  assertEquals(rows[0], {
    features: "published",
    clusters: 3,
    measure: "mean squared distance (less\u00a0is\u00a0better)",
    value: 2,
  });
  assertEquals(rows.at(-1)?.value, 0.9);
});
