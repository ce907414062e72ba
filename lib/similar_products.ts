/** Products that the same users want: near to each other by the factors of product_affinity. */
import { z } from "zod";
import type { Session } from "./session.ts";
import { queryRows } from "./sql.ts";

const similarProduct = z.object({
  product: z.string(),
  /** Cosine of the angle between the two vectors, -1 … 1; null for a vector of zeros. */
  similarity: z.number().nullable(),
  product_group: z.string().nullable(),
  /** US dollars for one piece. */
  price_usd: z.number().nullable(),
});
/** A product near another. */
export type SimilarProduct = z.infer<typeof similarProduct>;

const groupSimilarity = z.object({
  product_group: z.string(),
  products: z.number(),
  /** Of the nearest to each of the group's products, the share in the group, 0 … 1. */
  share_in_group: z.number(),
  /** The same for any other products, 0 … 1. */
  share_by_chance: z.number(),
});
/** How far the factors have found a group of products. */
export type GroupSimilarity = z.infer<typeof groupSimilarity>;

/**
 * The products nearest to a product, nearest first; none for one that product_affinity does not know.
 *
 * @param options.rows How many at most, 1 or more. Default 5.
 */
export async function similarProducts(
  session: Session,
  product: string,
  { rows = 5 } = {},
): Promise<SimilarProduct[]> {
  const params = { product, rows };
  return await queryRows(session, "product_affinity/similar_products", {
    row: similarProduct,
    params,
  });
}

/**
 * Whether the nearest products are of the same group, for each group, the best found first. The
 * model has never seen a group.
 *
 * @param options.rows How many of the nearest, 1 or more. Default 5.
 */
export async function similarityByGroup(
  session: Session,
  { rows = 5 } = {},
): Promise<GroupSimilarity[]> {
  const params = { rows };
  return await queryRows(session, "evaluation/similar_in_group", { row: groupSimilarity, params });
}
