/** Scores laid out as rows, as tables and charts want them. Pure. */
import type { Estimate } from "./list_scores.ts";

/** A number and its 95 % interval. */
export interface EstimateRow extends Estimate {
  /** What was judged. */
  way: string;
  /** What it was judged by. */
  metric: string;
}

/**
 * One row for each thing judged and each of the estimates named, in the order given.
 *
 * @param judged Scores by name: what `scoreLists`, `scoreGain` and the like give.
 * @param metrics The estimates to take, such as `["recall", "ndcg"]`.
 */
export function estimateRows<Metric extends string>(
  judged: Readonly<Record<string, Readonly<Record<Metric, Estimate>>>>,
  metrics: readonly Metric[],
): EstimateRow[] {
  return Object.entries(judged).flatMap(([way, scores]) =>
    metrics.map((metric) => ({ way, metric, ...scores[metric] }))
  );
}
