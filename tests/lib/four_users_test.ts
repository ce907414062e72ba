/** K-means on four users: every number here was worked out by hand. */
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { profileSegments } from "../../lib/cluster_profile.ts";
import { makeFourUsers } from "../../lib/four_users.ts";
import { nameSegments } from "../../lib/segments.ts";
import {
  evaluateUserClusters,
  predictUserClusters,
  readCentroids,
  trainUserClusters,
} from "../../lib/user_clusters.ts";
import { drawPoints } from "../../lib/user_sample.ts";
import { openCloud } from "../open_shop.ts";

/** A centroid's sessions, milliseconds, dollars and orders. */
type Numbers = [number, number, number, number];

const centroids = (rows: Awaited<ReturnType<typeof readCentroids>>): Numbers[] =>
  rows.map((row): Numbers => [
    row.session_count,
    row.total_time_spend_by_user_in_msec,
    row.average_order_value,
    row.no_of_orders,
  ]).sort((a, b) => a[0] - b[0]);

function assertClose(actual: readonly number[][], expected: readonly number[][]): void {
  assertEquals(actual.length, expected.length);
  expected.forEach((row, i) =>
    row.forEach((value, j) => assertAlmostEquals(actual[i][j], value, 1e-6))
  );
}

Deno.test({
  name: "four users in two clusters",
  // The clients keep their connections.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn(t) {
    await using cloud = await openCloud();
    const session = await makeFourUsers(cloud.session);
    await trainUserClusters(session, { clusters: 2 });
    await predictUserClusters(session);
    await t.step("the centroids are the means of ann and bob, and of cleo and dan", async () => {
      assertClose(centroids(await readCentroids(session)), [
        [5, 90_000, 50, 1],
        [15, 110_000, 150, 11],
      ]);
    });
    await t.step("k-means sees standard deviations from the mean", async () => {
      const points = await drawPoints(session);
      assertEquals(points.map(({ user_pseudo_id }) => user_pseudo_id), [
        ...["ann", "bob", "cleo", "dan"],
      ]);
      assertClose(points.map(({ point }) => point), [
        [-7 / 6, -7 / 6, -7 / 6, -5 / 6],
        [-3 / 6, 5 / 6, -3 / 6, -5 / 6],
        [5 / 6, -3 / 6, 5 / 6, 3 / 6],
        [5 / 6, 5 / 6, 5 / 6, 7 / 6],
      ]);
      const [ann, bob, cleo, dan] = points.map(({ centroid_id }) => centroid_id);
      assertEquals([ann === bob, cleo === dan, ann === cleo], [true, true, false]);
    });
    await t.step("the mean squared distance follows from them", async () => {
      // Half of a pair's distance each: (176 + 80) / 36 between the two of a pair.
      const { mean_squared_distance } = await evaluateUserClusters(session);
      assertAlmostEquals(mean_squared_distance, (176 + 80) / 36 / 2 / 4, 1e-9);
    });
    await t.step("a profile has the standardised centroids, feature by feature", async () => {
      const profile = await profileSegments(session, nameSegments(await readCentroids(session)));
      assertEquals(profile.map(({ feature }) => feature), [
        ...["visits", "attention", "orders", "order value"],
        ...["visits", "attention", "orders", "order value"],
      ]);
      assertEquals(profile[0].character, "premium");
      assertClose([profile.map(({ score }) => score)], [
        [5, 1, 5, 5, -5, -1, -5, -5].map((sixths) => sixths / 6),
      ]);
    });
    await t.step("not standardised, only milliseconds count", async () => {
      await trainUserClusters(session, { clusters: 2, standardize: false });
      await predictUserClusters(session);
      assertClose(centroids(await readCentroids(session)), [
        [9, 50_000, 90, 5],
        [11, 150_000, 110, 7],
      ]);
    });
  },
});
