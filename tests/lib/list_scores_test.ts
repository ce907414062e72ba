import { assertAlmostEquals, assertEquals } from "@std/assert";
import { scoreGain, scoreLists } from "../../lib/list_scores.ts";

Deno.test("a gain is the mean difference of the same users", () => {
  const judged = { products: 4, wanted: new Map([["ann", ["x"]], ["bob", ["y", "z"]]]) };
  const from = new Map([["ann", ["x"]], ["bob", ["q"]]]);
  const to = new Map([["ann", ["q", "x"]], ["bob", ["y"]]]);
  const { recall, ndcg } = scoreGain(judged, { from, to });
  assertAlmostEquals(recall.mean, (0 + 0.5) / 2, 1e-12);
  const second = 1 / Math.log2(3);
  assertAlmostEquals(ndcg.mean, (second - 1 + 1 / (1 + second)) / 2, 1e-12);
});

Deno.test("a user whom nothing is recommended to counts as an empty list", () => {
  const judged = { products: 4, wanted: new Map([["ann", ["x"]], ["bob", ["y", "z"]]]) };
  const score = scoreLists(judged, new Map([["ann", ["q", "x"]]]));
  assertEquals(score.recall.mean, 0.5);
  assertAlmostEquals(score.ndcg.mean, 1 / Math.log2(3) / 2, 1e-12);
  assertEquals(score.map.mean, 0.25);
  assertEquals(score.coverage, 0.5);
});
