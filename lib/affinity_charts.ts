/** The pictures of product recommendation: what is on which axis is settled here, once. */
import type { HistoryScore } from "./affinity_limits.ts";
import type { TuningResult } from "./affinity_tuning.ts";
import { barChart, type Displayed, heatmap, intervalChart, lineChart, table } from "./display.ts";
import type { Gain, Score } from "./list_scores.ts";
import type { WayScore } from "./promotion.ts";
import { estimateRows } from "./score_rows.ts";
import type { GroupSimilarity } from "./similar_products.ts";
import type { ToyRating } from "./toy_ratings.ts";

/** What is written around a picture. */
export interface Words {
  /** What it says, in a sentence or a few words. */
  title: string;
  /** Where the numbers are from. */
  source?: string;
}

const LATER = "sample shop, purchases after the split";
const MEAN = { field: "mean", low: "low", high: "high" } as const;
const INTERVAL = "Mean and its 95 % interval";

/** The toy's ratings as coloured cells: those `given`, the others left white, or `predicted`. */
export function ratingHeatmap(
  ratings: readonly ToyRating[],
  { show, ...words }: Words & { show: "given" | "predicted" },
): Promise<Displayed> {
  const products = ["Tea", "Teapot", "Cup", "Tent", "Lantern"];
  return heatmap(ratings.filter((cell) => cell[show] !== null), {
    x: { field: "product", title: "Product", sort: products },
    y: { field: "user_name", title: "User" },
    color: { field: show, title: "Rating, 1 to 5", format: show === "given" ? ".0f" : ".1f" },
    ...words,
  });
}

/** Recall and NDCG of several ways to recommend, with their intervals. */
export function scoreChart(
  scores: Readonly<Record<string, Score>>,
  { title, source = LATER }: Words,
): Promise<Displayed> {
  const named = Object.entries(scores).map(([way, { recall, ndcg }]) => [
    way,
    { "recall@10": recall, "NDCG@10": ndcg },
  ]);
  return intervalChart(estimateRows(Object.fromEntries(named), ["recall@10", "NDCG@10"]), {
    x: { ...MEAN, title: "Mean over users" },
    y: { field: "way", title: "Ten products by" },
    color: { field: "metric", title: "Metric" },
    ...{ title, source, subtitle: INTERVAL },
  });
}

/** The share of the products that each way to recommend shows to anyone. */
export function coverageChart(
  scores: Readonly<Record<string, Score>>,
  { title, source = LATER }: Words,
): Promise<Displayed> {
  return barChart(Object.entries(scores).map(([way, { coverage }]) => ({ way, coverage })), {
    x: { field: "coverage", title: "Share of the products recommended to anyone", format: ".0%" },
    y: { field: "way", title: "Ten products by", sort: null },
    ...{ title, source, horizontal: true, labels: true },
  });
}

/** What users gain by one list in place of another, by recall and NDCG. */
export function gainTable(
  gains: Readonly<Record<string, Gain>>,
  { title, source: note }: Words,
): Displayed {
  return table(estimateRows(gains, ["recall", "ndcg"]), {
    columns: {
      way: { title: "List" },
      metric: { title: "Metric" },
      mean: { title: "Gain per user", digits: 3 },
      low: { title: "95 % from", digits: 3 },
      high: { title: "to", digits: 3 },
    },
    ...{ title, note },
  });
}

/** The best trials of a tuning. */
export function tuningTable(
  trials: readonly TuningResult[],
  { title, source: note }: Words,
): Displayed {
  return table(trials.map(({ ndcg, ...trial }) => ({ ...trial, ...ndcg })), {
    columns: {
      num_factors: { title: "num_factors" },
      l2_reg: { title: "l2_reg" },
      wals_alpha: { title: "wals_alpha" },
      mean: { title: "NDCG@10", digits: 3 },
      low: { title: "95 % from", digits: 3 },
      high: { title: "to", digits: 3 },
      coverage: { as: "percent" },
    },
    ...{ title, note },
  });
}

/** NDCG over num_factors: a line for each l2_reg, a panel for each wals_alpha. */
export function tuningChart(
  trials: readonly TuningResult[],
  { title, source = "sample shop, validation purchases" }: Words,
): Promise<Displayed> {
  const inOrder = trials.toSorted((a, b) =>
    a.wals_alpha - b.wals_alpha || a.l2_reg - b.l2_reg || a.num_factors - b.num_factors
  );
  const rows = inOrder.map(({ num_factors, l2_reg, wals_alpha, ndcg }) => ({
    num_factors,
    l2_reg: `λ = ${l2_reg}`,
    wals_alpha: `α = ${wals_alpha}`,
    ndcg: ndcg.mean,
  }));
  return lineChart(rows, {
    x: { field: "num_factors", title: "num_factors" },
    y: { field: "ndcg", title: "NDCG@10" },
    color: { field: "l2_reg", title: "l2_reg" },
    facet: { field: "wals_alpha", title: "wals_alpha" },
    ...{ title, source },
  });
}

/** How many of the nearest products are of the same group. */
export function similarityChart(
  groups: readonly GroupSimilarity[],
  { title, source = "product_affinity, sample shop" }: Words,
): Promise<Displayed> {
  const chance = groups.reduce((sum, row) => sum + row.share_by_chance, 0) / groups.length;
  return barChart(groups, {
    x: { field: "share_in_group", title: "Nearest five in the same group", format: ".0%" },
    y: { field: "product_group", title: "Product group", sort: null },
    subtitle: `By chance it would be ${(100 * chance).toFixed(0)} %`,
    ...{ title, source, horizontal: true, labels: true },
  });
}

/** What the users chosen for an offer bought later: the `product` itself, or any of its `group`. */
export function promotionChart(
  ways: readonly WayScore[],
  { bought, title, source = LATER }: Words & { bought: "product" | "group" },
): Promise<Displayed> {
  const what = bought === "product" ? "the product" : "a product of the group";
  return intervalChart(ways.map((row) => ({ way: row.way, ...row[`bought_${bought}`] })), {
    x: { ...MEAN, title: `Bought ${what} later`, format: ".0%" },
    y: { field: "way", title: "Users chosen by" },
    subtitle: "Share of the users chosen for a product; mean over product groups, 95 % interval",
    ...{ title, source },
  });
}

/** Recall of users who had bought little and much. */
export function historyChart(
  histories: readonly HistoryScore[],
  { title, source = LATER }: Words,
): Promise<Displayed> {
  return intervalChart(histories.map(({ recall, ...row }) => ({ ...row, ...recall })), {
    x: { ...MEAN, title: "Recall@10" },
    y: { field: "products_bought", title: "Products bought before", sort: null },
    ...{ title, source, subtitle: INTERVAL },
  });
}
