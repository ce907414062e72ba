import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import * as charts from "../../lib/affinity_charts.ts";
import { DISPLAY, type Displayed } from "../../lib/display.ts";
import { WAYS } from "../../lib/promotion.ts";

const estimate = { mean: 0.5, low: 0.4, high: 0.6 };
const score = { recall: estimate, ndcg: estimate, map: estimate, coverage: 0.25 };

function specOf(shown: Displayed): { data: { values: Record<string, unknown>[] } } {
  return shown[DISPLAY]()["application/vnd.vegalite.v5+json"] as ReturnType<typeof specOf>;
}

Deno.test("ratings that were not given are left out of the picture of the given ones", async () => {
  const ratings = [
    { user_name: "Ann", product: "Tea", given: 5, predicted: 4.9 },
    { user_name: "Ann", product: "Cup", given: null, predicted: 4.7 },
  ];
  const rows = async (show: "given" | "predicted") =>
    specOf(await charts.ratingHeatmap(ratings, { show, title: "Ratings" })).data.values.length;
  assertEquals(await rows("given"), 1);
  assertEquals(await rows("predicted"), 2);
});

Deno.test("scores are shown with their intervals, and what they were judged on", async () => {
  const shown = await charts.scoreChart({ model: score }, { title: "Half is found" });
  assertEquals(specOf(shown).data.values.map(({ metric, low }) => [metric, low]), [
    ["recall@10", 0.4],
    ["NDCG@10", 0.4],
  ]);
  assertStringIncludes(shown[DISPLAY]()["text/plain"] as string, "purchases after the split");
});

Deno.test("a tuning is drawn in the order of its values, whatever the order of the trials", async () => {
  const trials = [[30, 100], [5, 3], [10, 100], [10, 3]].map(([num_factors, l2_reg]) => ({
    ...{ num_factors, l2_reg, wals_alpha: 10, recall: estimate, ndcg: estimate, coverage: 1 },
  }));
  const shown = await charts.tuningChart(trials, { title: "Tuning" });
  assertEquals(specOf(shown).data.values.map((row) => [row.l2_reg, row.num_factors]), [
    ...[["λ = 3", 5], ["λ = 3", 10], ["λ = 100", 10], ["λ = 100", 30]],
  ]);
  const text = charts.tuningTable(trials, { title: "Tuning" })[DISPLAY]()["text/plain"] as string;
  assertStringIncludes(text, "num_factors");
});

Deno.test("every picture can be drawn", async () => {
  const words = { title: "A title" };
  const ways = WAYS.map((way) => ({ way, bought_product: estimate, bought_group: estimate }));
  const group = { product_group: "Tea", products: 2, share_in_group: 1, share_by_chance: 0.2 };
  const pictures = [
    charts.coverageChart({ model: score }, words),
    charts.promotionChart(ways, { ...words, bought: "group" }),
    charts.similarityChart([group], words),
    charts.historyChart([{ products_bought: "1", users: 3, recall: estimate }], words),
    charts.gainTable({ model: score }, words),
  ];
  for (const picture of await Promise.all(pictures)) {
    assert(String(picture[DISPLAY]()["text/plain"]).startsWith("A title"));
  }
});
