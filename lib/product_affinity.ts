/** The stages of product_affinity: which products a user is likely to want. */
import { z } from "zod";
import type { AffinityOptions } from "./features.ts";
import type { Session } from "./session.ts";
import { queryRow, queryRows, runStatement } from "./sql.ts";
import { noteFeatures } from "./trained_features.ts";

/** How the model ranks the rows it was trained on. */
const rankingQuality = z.object({
  /** 0 … 1, higher is better. */
  mean_average_precision: z.number(),
  /** Squared error against 1 for a rated product and 0 for another; lower is better. */
  mean_squared_error: z.number(),
  /** 0 … 1, higher is better. */
  normalized_discounted_cumulative_gain: z.number(),
  /** Mean percentile of the rated products, 0 … 1, 0.5 by chance; lower is better. */
  average_rank: z.number(),
});
export type RankingQuality = z.infer<typeof rankingQuality>;

const recommendation = z.object({
  product_recommended: z.string(),
  /** About 0 … 1, and may leave it. */
  predicted_rating_confidence: z.number(),
  product_group: z.string().nullable(),
  /** US dollars for one piece. */
  price_usd: z.number().nullable(),
});
/** A product for a user. */
export type Recommendation = z.infer<typeof recommendation>;

const publishedRecommendation = recommendation.pick({
  product_recommended: true,
  predicted_rating_confidence: true,
});
/** A product for a user as the walk-through's statement gives it. */
export type PublishedRecommendation = z.infer<typeof publishedRecommendation>;

const purchase = z.object({
  item_name: z.string().nullable(),
  product_group: z.string().nullable(),
  pieces: z.number(),
});
/** A product that a user has bought. */
export type Purchase = z.infer<typeof purchase>;

/** Trains product_affinity on user_product_matrix, and notes on the model which features those are. */
export async function trainProductAffinity(
  session: Session,
  options: AffinityOptions = {},
): Promise<void> {
  await runStatement(session, "product_affinity/train", { options });
  await noteFeatures(session, { model: "product_affinity", table: "user_product_matrix" });
}

/** Measures product_affinity over the ratings it was trained on. */
export async function evaluateProductAffinity(session: Session): Promise<RankingQuality> {
  return await queryRow(session, "product_affinity/evaluate", { row: rankingQuality });
}

/** Writes the ten best products of every user, without those already bought, to product_affinity_op. */
export async function recommendToAll(session: Session): Promise<void> {
  await runStatement(session, "product_affinity/recommend_all");
}

/** The five best products for a user, best first, without those already bought. */
export async function recommendTo(session: Session, userId: string): Promise<Recommendation[]> {
  const params = { user_pseudo_id: userId };
  return await queryRows(session, "product_affinity/recommend_one", {
    row: recommendation,
    params,
  });
}

/** The five products the walk-through's statement gives: also those already bought, names as made. */
export async function recommendAsPublished(
  session: Session,
  userId: string,
): Promise<PublishedRecommendation[]> {
  return await queryRows(session, "product_affinity/recommend_published", {
    row: publishedRecommendation,
    params: { user_pseudo_id: userId },
  });
}

/** What a user has bought, most pieces first. */
export async function purchasesOf(session: Session, userId: string): Promise<Purchase[]> {
  const params = { user_pseudo_id: userId };
  return await queryRows(session, "product_affinity/bought_by_one", { row: purchase, params });
}
