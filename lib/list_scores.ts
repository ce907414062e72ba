/** How good lists of products are, judged by what users wanted. Pure. */
import {
  averagePrecisionAtK,
  bootstrapInterval,
  catalogueCoverage,
  mean,
  ndcgAtK,
  type Ranking,
  recallAtK,
} from "./metrics.ts";

/** Length of the lists that are judged. */
export const K = 10;
/** A mean over users and its 95 % bootstrap interval. */
export interface Estimate {
  mean: number;
  low: number;
  high: number;
}

/** How good one way to recommend is. */
export interface Score {
  recall: Estimate;
  ndcg: Estimate;
  map: Estimate;
  /** The share of the products that is recommended to anyone, 0 … 1. */
  coverage: number;
}

/** Products by user, best first. */
export type ProductLists = ReadonlyMap<string, readonly string[]>;

/** What lists are judged by. */
export interface Judged {
  /** Products sold before the split. */
  products: number;
  /** Products that were new to each user who bought after the split, by user. */
  wanted: ProductLists;
}

/** Judges lists. A user whom nothing is recommended to counts as an empty list. */
export function scoreLists(judged: Judged, lists: ProductLists): Score {
  const rankings = rankingsOf(judged, lists);
  const per = (metric: Metric) => estimate(rankings.map((ranking) => metric(ranking, K)));
  return {
    recall: per(recallAtK),
    ndcg: per(ndcgAtK),
    map: per(averagePrecisionAtK),
    coverage: catalogueCoverage(rankings.map(({ recommended }) => recommended), judged.products),
  };
}

/** What the same users gain by other lists, on average over them; above 0 the others are better. */
export interface Gain {
  recall: Estimate;
  ndcg: Estimate;
}

/**
 * Compares two ways to recommend user by user, which tells smaller differences than the intervals of
 * their scores: what makes a user hard to please is the same for both.
 */
export function scoreGain(
  judged: Judged,
  { from, to }: { from: ProductLists; to: ProductLists },
): Gain {
  const before = rankingsOf(judged, from);
  const after = rankingsOf(judged, to);
  const per = (metric: Metric) =>
    estimate(after.map((ranking, i) => metric(ranking, K) - metric(before[i], K)));
  return { recall: per(recallAtK), ndcg: per(ndcgAtK) };
}

type Metric = (ranking: Ranking, k: number) => number;

function rankingsOf({ wanted }: Judged, lists: ProductLists): Ranking[] {
  return [...wanted].map(([user, relevant]) => ({
    recommended: (lists.get(user) ?? []).slice(0, K),
    relevant,
  }));
}

/** The mean of values and its 95 % bootstrap interval; NaN of none. */
export function estimate(values: readonly number[]): Estimate {
  const [low, high] = bootstrapInterval(values);
  return { mean: mean(values), low, high };
}
