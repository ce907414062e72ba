/**
 * How good the models are, judged on what they have not seen: recommendations on the purchases of a
 * later time, beside the most popular products; segments, where they were planted, on the truth.
 */
import { z } from "zod";
import { affinityOptions, type FeatureSet, makeProductMatrix, matrixTable } from "./features.ts";
import {
  adjustedRandIndex,
  averagePrecisionAtK,
  bootstrapInterval,
  catalogueCoverage,
  mean,
  ndcgAtK,
  type Ranking,
  recallAtK,
} from "./metrics.ts";
import { renamed, type Session } from "./session.ts";
import { queryRow, queryRows, runStatement } from "./sql.ts";

/** Length of the lists that are judged. */
export const K = 10;
/** Buyers that are judged at most; of more, as many are drawn. */
const MOST_BUYERS = 10_000;

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

const splitTime = z.object({ split_micros: z.number(), buyers_before: z.number() });
const catalogue = z.object({ products: z.number(), buyers: z.number() });
const productList = z.object({ user_pseudo_id: z.string(), products: z.array(z.string()) });

/** The purchases, cut in two by time. */
export interface Split {
  /** Microseconds since 1970, UTC: what lies before is learnt from. */
  splitMicros: number;
  /** Users learnt from. */
  buyers: number;
  /** Products sold before the split. */
  products: number;
  /** Products that were new to each user who bought after the split, by user. */
  wanted: Map<string, string[]>;
}

/**
 * Cuts the purchases at the moment before which four fifths of them lie, and keeps what came before
 * in the table events_before_split. Of many buyers a sample is drawn.
 *
 * @param seed Which sample, a whole number of 0 or more.
 */
export async function splitPurchases(session: Session, { seed = 1 } = {}): Promise<Split> {
  const { split_micros, buyers_before } = await queryRow(session, "evaluation/split_time", {
    row: splitTime,
  });
  const one_in = Math.max(1, Math.ceil(buyers_before / MOST_BUYERS));
  await runStatement(session, "evaluation/events_before_split", {
    params: { split_micros, seed, one_in },
  });
  const { products, buyers } = await queryRow(session, "evaluation/catalogue_before_split", {
    row: catalogue,
  });
  const wanted = await readLists(session, "evaluation/bought_after_split", { split_micros });
  return { splitMicros: split_micros, buyers, products, wanted };
}

/** Judges product_affinity, trained on what was before the split with one of the feature sets. */
export async function scoreAffinity(
  session: Session,
  { split, features }: { split: Split; features: FeatureSet },
): Promise<Score> {
  const matrix = `${matrixTable(features)}_before_split`;
  const before = renamed(session, {
    events_flat_data: "events_before_split",
    [matrixTable(features)]: matrix,
    user_product_matrix: matrix,
    product_affinity: `product_affinity_${features}_before_split`,
    product_affinity_op: `product_affinity_${features}_before_split_op`,
  });
  // Where nobody bought anything together before the split, nothing can be recommended.
  if (await makeProductMatrix(before, features) === 0) return scoreLists(split, new Map());
  await runStatement(before, "product_affinity/train", { options: affinityOptions(features) });
  await runStatement(before, "product_affinity/recommend_all");
  return scoreLists(split, await readLists(before, "evaluation/recommended"));
}

/** Judges the most popular products, which know nothing of the user. */
export async function scorePopularity(session: Session, split: Split): Promise<Score> {
  return scoreLists(split, await readLists(session, "evaluation/popular_before_split"));
}

async function readLists(
  session: Session,
  name: string,
  params?: Record<string, number>,
): Promise<Map<string, string[]>> {
  const rows = await queryRows(session, name, { row: productList, params });
  return new Map(rows.map(({ user_pseudo_id, products }) => [user_pseudo_id, products]));
}

/** A user whom nothing is recommended to counts as an empty list. */
function scoreLists({ wanted, products }: Split, lists: Map<string, string[]>): Score {
  const rankings = [...wanted].map(([user, relevant]): Ranking => ({
    recommended: (lists.get(user) ?? []).slice(0, K),
    relevant,
  }));
  const estimate = (metric: (ranking: Ranking, k: number) => number): Estimate => {
    const values = rankings.map((ranking) => metric(ranking, K));
    const [low, high] = bootstrapInterval(values);
    return { mean: mean(values), low, high };
  };
  return {
    recall: estimate(recallAtK),
    ndcg: estimate(ndcgAtK),
    map: estimate(averagePrecisionAtK),
    coverage: catalogueCoverage(rankings.map(({ recommended }) => recommended), products),
  };
}

const overlap = z.object({ segment: z.string(), centroid_id: z.number(), users: z.number() });

/** How far the clusters are the planted segments, as adjusted Rand index: 1 exactly, 0 by chance. */
export interface Recovery {
  /** Over all users. */
  all: number;
  /** Over the users whose segment buys. */
  buyers: number;
}

/** Compares user_clusters_op with the table planted_users. */
export async function recoverSegments(session: Session): Promise<Recovery> {
  const rows = await queryRows(session, "evaluation/segment_recovery", { row: overlap });
  const ids = [...new Set(rows.map(({ centroid_id }) => centroid_id))];
  const countsOf = (segment: string) =>
    ids.map((id) =>
      rows.find((row) => row.segment === segment && row.centroid_id === id)?.users ?? 0
    );
  const segments = [...new Set(rows.map(({ segment }) => segment))];
  return {
    all: adjustedRandIndex(segments.map(countsOf)),
    buyers: adjustedRandIndex(segments.filter((segment) => segment !== "visitor").map(countsOf)),
  };
}

/** The session in which user_clusters is another model, so that the one in use is not touched. */
export function aside(session: Session, features: FeatureSet): Session {
  return renamed(session, {
    user_clusters: `user_clusters_${features}_compared`,
    user_clusters_op: `user_clusters_${features}_compared_op`,
  });
}
