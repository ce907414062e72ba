import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { mapUsers } from "../../lib/cluster_profile.ts";
import { nameSegments } from "../../lib/segments.ts";

const numbers = { total_time_spend_by_user_in_msec: 1, average_order_value: 1, no_of_orders: 1 };
const SEGMENTS = nameSegments([
  { centroid_id: 1, users: 1, session_count: 1, ...numbers },
  { centroid_id: 2, users: 1, session_count: 9, ...numbers },
]);

const user = (centroid_id: number, point: number[]) => ({
  ...{ centroid_id, point, user_pseudo_id: "u" },
});

Deno.test("users on a line stay on a line, more of the feature to the right", () => {
  const { points, variance } = mapUsers([
    user(1, [-3, 0, 0, 0]),
    user(1, [0, 0, 0, 0]),
    user(2, [3, 0, 0, 0]),
  ], SEGMENTS);
  assertAlmostEquals(variance, 1, 1e-9);
  points.forEach(({ x, y }, i) => {
    assertAlmostEquals(x, [-Math.log(4), 0, Math.log(4)][i], 1e-9);
    assertAlmostEquals(y, 0, 1e-9);
  });
  assertEquals(points.map(({ character }) => character), ["bronze", "bronze", "premium"]);
});

Deno.test("the plane shows the two features in which users differ most", () => {
  const { points, variance } = mapUsers([
    ...[user(1, [0, 5, 0, 1]), user(1, [0, -5, 0, 1])],
    ...[user(1, [2, 0, 0, -1]), user(1, [-2, 0, 0, -1])],
  ], SEGMENTS);
  // Sums of squares 50, 8 and 4.
  assertAlmostEquals(variance, 58 / 62, 1e-9);
  assertAlmostEquals(points[0].x, Math.log(6), 1e-9);
  assertAlmostEquals(points[2].y, Math.log(3), 1e-9);
  assert(points[1].x < 0 && points[3].y < 0);
});

Deno.test("a cluster without a name is an error", () => {
  assertThrows(
    () => mapUsers([user(7, [0, 0, 0, 0]), user(1, [1, 0, 0, 0])], SEGMENTS),
    RangeError,
    "7 has none",
  );
});
