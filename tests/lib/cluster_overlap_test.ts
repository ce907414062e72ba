/** Clusters laid over each other, and over planted segments. */
import { assertAlmostEquals, assertEquals } from "@std/assert";
import {
  agreement,
  countPlanted,
  countPlantedClusters,
  nameClusterPairs,
  pairClusters,
} from "../../lib/cluster_overlap.ts";
import { ACTIONS, type Character, type Segment } from "../../lib/segments.ts";
import { withClusters } from "../../lib/user_clusters.ts";
import { openCloud } from "../open_shop.ts";

const segment = (centroid_id: number, character: Character): Segment => ({
  ...{ centroid_id, character, tier: "Gold", action: ACTIONS[character], users: 1 },
  ...{ session_count: 1, total_time_spend_by_user_in_msec: 1 },
  ...{ average_order_value: 1, no_of_orders: 1 },
});
const SEGMENTS = [segment(2, "premium"), segment(1, "bronze"), segment(3, "bronze")];

/** Six users: 1 1 1 2 2 3 in the one model, 1 1 2 2 2 2 in the other one. */
const TABLES = {
  user_clusters_op: "SELECT 'a' AS user_pseudo_id, 1 AS centroid_id UNION ALL SELECT 'b', 1 " +
    "UNION ALL SELECT 'c', 1 UNION ALL SELECT 'd', 2 UNION ALL SELECT 'e', 2 " +
    "UNION ALL SELECT 'f', 3",
  user_clusters_second_op: "SELECT user_pseudo_id, IF(user_pseudo_id < 'c', 1, 2) AS centroid_id " +
    "FROM ecommerce_public.user_clusters_op",
  planted_users: "SELECT user_pseudo_id, IF(user_pseudo_id < 'e', 'to_engage', 'premium') " +
    "AS segment FROM ecommerce_public.user_clusters_op",
};

Deno.test({
  name: "six users in two models and two planted segments",
  // The clients keep their connections.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn(t) {
    await using cloud = await openCloud();
    const { session } = cloud;
    for (const [name, query] of Object.entries(TABLES)) {
      await session.bigquery.query(`CREATE TABLE ecommerce_public.${name} AS ${query}`);
    }
    await t.step("pairs of clusters count the users that are in both", async () => {
      assertEquals(await pairClusters(session, withClusters(session, "second")), [
        { centroid_id: 1, other_id: 1, users: 2 },
        { centroid_id: 1, other_id: 2, users: 1 },
        { centroid_id: 2, other_id: 2, users: 2 },
        { centroid_id: 3, other_id: 2, users: 1 },
      ]);
    });
    await t.step("a model agrees with itself", async () => {
      assertEquals(agreement(await pairClusters(session, session)), 1);
    });
    await t.step("every planted segment has a row per cluster, the smallest first", async () => {
      assertEquals(await countPlantedClusters(session), [
        { segment: "premium", centroid_id: 1, users: 0, share: 0 },
        { segment: "premium", centroid_id: 2, users: 1, share: 0.5 },
        { segment: "premium", centroid_id: 3, users: 1, share: 0.5 },
        { segment: "to engage", centroid_id: 1, users: 3, share: 0.75 },
        { segment: "to engage", centroid_id: 2, users: 1, share: 0.25 },
        { segment: "to engage", centroid_id: 3, users: 0, share: 0 },
      ]);
    });
    await t.step("clusters of one character count together", async () => {
      assertEquals(await countPlanted(session, SEGMENTS), [
        { segment: "premium", character: "premium", users: 1, share: 0.5 },
        { segment: "premium", character: "bronze", users: 1, share: 0.5 },
        { segment: "to engage", character: "premium", users: 1, share: 0.25 },
        { segment: "to engage", character: "bronze", users: 3, share: 0.75 },
      ]);
    });
  },
});

Deno.test("agreement is the adjusted Rand index of the pairs, those without users included", () => {
  // Pairs: Σ n_ij 1 + 1, rows 3 + 1, columns 1 + 6, of 15: (2 − 28/15) / (5.5 − 28/15).
  const pairs = [
    { centroid_id: 1, other_id: 1, users: 2 },
    { centroid_id: 1, other_id: 2, users: 1 },
    { centroid_id: 2, other_id: 2, users: 2 },
    { centroid_id: 3, other_id: 2, users: 1 },
  ];
  assertAlmostEquals(agreement(pairs), (2 - 28 / 15) / (5.5 - 28 / 15));
});

Deno.test("pairs get the names of their clusters, in the order of the segments", () => {
  const pairs = [
    { centroid_id: 1, other_id: 1, users: 4 },
    { centroid_id: 3, other_id: 1, users: 2 },
    { centroid_id: 2, other_id: 2, users: 3 },
  ];
  const others = [segment(2, "premium"), segment(1, "to engage")];
  assertEquals(nameClusterPairs(pairs, { segments: SEGMENTS, others }), [
    { character: "premium", other: "premium", users: 3 },
    { character: "premium", other: "to engage", users: 0 },
    { character: "bronze", other: "premium", users: 0 },
    { character: "bronze", other: "to engage", users: 6 },
  ]);
});
