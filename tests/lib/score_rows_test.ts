import { assertEquals } from "@std/assert";
import { estimateRows } from "../../lib/score_rows.ts";

Deno.test("each estimate of each score becomes a row, in the order asked for", () => {
  const estimate = (mean: number) => ({ mean, low: mean - 1, high: mean + 1 });
  const score = { recall: estimate(1), ndcg: estimate(2), coverage: estimate(9) };
  assertEquals(estimateRows({ a: score, b: { ...score, ndcg: estimate(3) } }, ["ndcg", "recall"]), [
    { way: "a", metric: "ndcg", mean: 2, low: 1, high: 3 },
    { way: "a", metric: "recall", mean: 1, low: 0, high: 2 },
    { way: "b", metric: "ndcg", mean: 3, low: 2, high: 4 },
    { way: "b", metric: "recall", mean: 1, low: 0, high: 2 },
  ]);
});
