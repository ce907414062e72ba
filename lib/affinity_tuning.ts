/** Which options of product_affinity recommend best, chosen without a look at the test. */
import { beforeSplit, insideTraining, recommendFromMatrix, splitPurchases } from "./evaluation.ts";
import { type AffinityOptions, type FeatureSet, makeProductMatrix } from "./features.ts";
import { badInput } from "./failure.ts";
import { type Estimate, type ProductLists, scoreLists } from "./list_scores.ts";
import type { Session } from "./session.ts";

/** Values to try for each option; all their combinations are trained. */
export type TuningGrid = { [option in keyof Required<AffinityOptions>]: readonly number[] };

/** What one combination reached on the validation purchases. */
export interface TuningResult extends Required<AffinityOptions> {
  recall: Estimate;
  ndcg: Estimate;
  /** The share of the products that is recommended to anyone, 0 … 1. */
  coverage: number;
}

/** What {@link tuneAffinity} tries. */
export interface TuningOptions {
  grid: TuningGrid;
  /** Default `corrected`. */
  features?: FeatureSet;
}

/**
 * Trains product_affinity with every combination of a grid and judges each on a validation split:
 * the purchases before the split of {@link splitPurchases}, which must have been made, are cut once
 * more. What comes after that split is not looked at, so that it can still test the choice. On
 * Google Cloud every combination is a billed training.
 *
 * @returns One result per combination, the best NDCG first.
 * @throws {Failure} If the grid has no combination.
 */
export async function tuneAffinity(
  session: Session,
  { grid, features = "corrected" }: TuningOptions,
): Promise<TuningResult[]> {
  const trials = combinations(grid);
  if (trials.length === 0) {
    throw badInput("Cannot tune product_affinity as the grid is empty: give each option a value");
  }
  const inner = insideTraining(session);
  const split = await splitPurchases(inner);
  const before = beforeSplit(inner, features);
  const isEmpty = await makeProductMatrix(before, features) === 0;
  const results: TuningResult[] = [];
  for (const options of trials) {
    const lists: ProductLists = isEmpty ? new Map() : await recommendFromMatrix(before, options);
    const { recall, ndcg, coverage } = scoreLists(split, lists);
    results.push({ ...options, recall, ndcg, coverage });
  }
  return results.sort((a, b) => b.ndcg.mean - a.ndcg.mean);
}

function combinations(
  { num_factors, l2_reg, wals_alpha }: TuningGrid,
): Required<AffinityOptions>[] {
  return num_factors.flatMap((factors) =>
    l2_reg.flatMap((l2) =>
      wals_alpha.map((alpha) => ({ num_factors: factors, l2_reg: l2, wals_alpha: alpha }))
    )
  );
}
