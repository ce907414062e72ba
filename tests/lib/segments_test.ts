import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { type Centroid, nameSegments, type Segment, TIERS } from "../../lib/segments.ts";

const centroid = (
  centroid_id: number,
  [users, session_count, total_time_spend_by_user_in_msec, average_order_value, no_of_orders]: [
    number,
    number,
    number,
    number,
    number,
  ],
): Centroid => ({
  ...{ centroid_id, users, session_count, total_time_spend_by_user_in_msec },
  ...{ average_order_value, no_of_orders },
});

const names = (segments: Segment[]) =>
  segments.map(({ centroid_id, tier, character }) => [centroid_id, tier, character]);

Deno.test("the walk-through's four kinds of users get the names it gives them", () => {
  const segments = nameSegments([
    centroid(1, [200, 11, 2_800_000, 28, 15]), // most orders, sessions and time
    centroid(2, [300, 3, 330_000, 250, 1]), // highest order value, very few orders
    centroid(3, [350, 4, 700_000, 23, 8]), // more orders than 2, few sessions
    centroid(4, [4000, 2, 85_000, 20, 1]), // few sessions, few orders
  ]);
  assertEquals(names(segments), [
    [1, "Platinum", "premium"],
    [2, "Gold", "selective spender"],
    [3, "Silver", "to engage"],
    [4, "Bronze", "bronze"],
  ]);
  assertEquals(segments[0].action, "offer discounts to encourage them");
});

Deno.test("two clusters are premium and bronze, whatever they spend", () => {
  const segments = nameSegments([
    centroid(1, [10, 1, 100, 500, 1]),
    centroid(2, [10, 5, 900, 20, 9]),
  ]);
  assertEquals(names(segments), [[2, "Platinum", "premium"], [1, "Bronze", "bronze"]]);
});

Deno.test("no cluster is a selective spender when the premium one spends most", () => {
  const segments = nameSegments([
    centroid(1, [10, 9, 900, 500, 9]),
    centroid(2, [10, 5, 500, 20, 5]),
    centroid(3, [10, 1, 100, 20, 1]),
  ]);
  assertEquals(names(segments), [
    [1, "Platinum", "premium"],
    [2, "Silver", "to engage"],
    [3, "Bronze", "bronze"],
  ]);
});

Deno.test("a fifth cluster is called like the one it is nearest to", () => {
  const segments = nameSegments([
    centroid(1, [10, 11, 2_800_000, 28, 15]),
    centroid(2, [10, 3, 330_000, 250, 1]),
    centroid(3, [10, 4, 700_000, 23, 8]),
    centroid(4, [10, 2, 85_000, 20, 1]),
    centroid(5, [10, 3, 320_000, 210, 1]),
  ]);
  assertEquals(
    segments.find(({ centroid_id }) => centroid_id === 5)?.character,
    "selective spender",
  );
});

Deno.test("clusters of equal users are named all the same", () => {
  const segments = nameSegments([1, 2, 3].map((id) => centroid(id, [5, 1, 1, 1, 1])));
  assertEquals(names(segments), [
    [1, "Platinum", "premium"],
    [2, "Silver", "bronze"],
    [3, "Bronze", "to engage"],
  ]);
});

Deno.test("one cluster is no segmentation", () => {
  assertThrows(() => nameSegments([centroid(1, [5, 1, 1, 1, 1])]), RangeError, "two or more");
});

const anyCentroids = fc.array(
  fc.tuple(
    fc.nat(1000),
    ...Array.from({ length: 4 }, () => fc.double({ min: 0, max: 1e6, noNaN: true })),
  ),
  { minLength: 2, maxLength: 12 },
).map((rows) =>
  rows.map((row, i) => centroid(i + 1, row as [number, number, number, number, number]))
);

Deno.test("the first tier is Platinum, the last Bronze, none rises, and the order of rows is no matter", () => {
  fc.assert(fc.property(anyCentroids, (centroids) => {
    const segments = nameSegments(centroids);
    const ranks = segments.map(({ tier }) => TIERS.indexOf(tier));
    assertEquals([ranks[0], ranks.at(-1)], [0, 3]);
    assertEquals(ranks, [...ranks].sort());
    const characters = segments.map(({ character }) => character);
    assertEquals(characters.includes("premium") && characters.includes("bronze"), true);
    assertEquals(nameSegments(centroids.toReversed()), segments);
  }));
});
