/** A look at user_product_matrix: how large it is, what its ratings say, and where it is wrong. */
import { z } from "zod";
import type { Session } from "./session.ts";
import { queryRow, queryRows } from "./sql.ts";

const purchaseLine = z.object({
  /** `YYYY-MM-DD hh:mm` */
  time_utc: z.string(),
  user_pseudo_id: z.string().nullable(),
  item_name: z.string().nullable(),
  product_group: z.string().nullable(),
  pieces: z.number(),
  /** US dollars for one piece. */
  price_usd: z.number().nullable(),
});
/** A product in an order. */
export type PurchaseLine = z.infer<typeof purchaseLine>;

const shape = z.object({
  users: z.number(),
  /** Names of products, as they are written. */
  names: z.number(),
  /** Names of products, without the blanks around them. */
  products: z.number(),
  ratings: z.number().nullable(),
  /** Rows without a rating, which no model learns from. */
  ratings_missing: z.number().nullable(),
  /** The share of the names that have the same rating for all users, of those with two or more. */
  share_rated_alike: z.number().nullable(),
});
/** What the matrix is like. */
export type MatrixShape = z.infer<typeof shape> & {
  /** The share of all pairs of a user and a name that has a row, 0 … 1. */
  share_filled: number;
};

const brokenName = z.object({ name: z.string(), users: z.number(), ratings_missing: z.number() });
/** A name in the matrix that is no product's. */
export type BrokenName = z.infer<typeof brokenName>;

const nameInNames = z.object({
  item_name: z.string(),
  product_group: z.string().nullable(),
  /** The names that it is part of. */
  also_found: z.string(),
  buyers: z.number(),
  /** Buyers of any product whose name holds this one. */
  buyers_found: z.number(),
});
/** A product whose name is part of others. */
export type NameInNames = z.infer<typeof nameInNames>;

const comparisons = z.object({
  buyers: z.number(),
  /** Pairs of a buyer and a product that the buyer has bought, however often. */
  products_of_buyers: z.number(),
  /** Users who ever ordered two products at once; the query keeps one text of names for each. */
  users_with_text: z.number(),
  /** products_of_buyers × users_with_text */
  comparisons: z.number(),
});
/** How much the walk-through's query compares. */
export type Comparisons = z.infer<typeof comparisons>;

const userRating = z.object({
  product_recommended: z.string(),
  product_group: z.string().nullable(),
  is_bought: z.boolean(),
  rating: z.number().nullable(),
});
/** A row of the matrix. */
export type UserRating = z.infer<typeof userRating>;

/**
 * The first lines of orders that hold two products or more.
 *
 * @param options.rows How many at most, 1 or more. Default 8.
 */
export async function purchaseLines(session: Session, { rows = 8 } = {}): Promise<PurchaseLine[]> {
  const params = { rows };
  return await queryRows(session, "product_affinity/purchase_lines", { row: purchaseLine, params });
}

/** How large user_product_matrix is. */
export async function matrixShape(session: Session): Promise<MatrixShape> {
  const row = await queryRow(session, "product_affinity/matrix_shape", { row: shape });
  return { ...row, share_filled: (row.ratings ?? 0) / (row.users * row.names) };
}

/** Names in user_product_matrix that are no product's, most users first. */
export async function brokenNames(session: Session): Promise<BrokenName[]> {
  return await queryRows(session, "product_affinity/broken_names", { row: brokenName });
}

/** Products whose name is part of others' names, the most mistaken first. */
export async function namesInNames(session: Session): Promise<NameInNames[]> {
  return await queryRows(session, "product_affinity/names_in_names", { row: nameInNames });
}

/** How much the walk-through's query compares. */
export async function publishedComparisons(session: Session): Promise<Comparisons> {
  return await queryRow(session, "product_affinity/published_comparisons", { row: comparisons });
}

/**
 * A user's highest ratings in user_product_matrix.
 *
 * @param options.rows How many at most, 1 or more. Default 8.
 */
export async function ratingsOf(
  session: Session,
  userId: string,
  { rows = 8 } = {},
): Promise<UserRating[]> {
  const params = { user_pseudo_id: userId, rows };
  return await queryRows(session, "product_affinity/ratings_of_one", { row: userRating, params });
}
