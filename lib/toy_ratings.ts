/** Matrix factorization on a matrix of six users and five products, small enough to be seen whole. */
import { z } from "zod";
import { badInput } from "./failure.ts";
import type { Session } from "./session.ts";
import { queryRows, runStatement } from "./sql.ts";

const toyRating = z.object({
  user_name: z.string(),
  product: z.string(),
  /** 1 … 5; null where nothing was rated. */
  given: z.number().nullable(),
  /** About 1 … 5. */
  predicted: z.number(),
});
/** A cell of the matrix. */
export type ToyRating = z.infer<typeof toyRating>;

const toyFactors = z.object({
  kind: z.enum(["all ratings", "product", "user"]),
  name: z.string().nullable(),
  intercept: z.number(),
  factor_1: z.number().nullable(),
  factor_2: z.number().nullable(),
});
/** What the model has learnt of a user or a product, or (without a name) of all ratings. */
export type ToyFactors = z.infer<typeof toyFactors>;

/** The parts of a predicted rating, which add up to it. */
export interface RatingParts {
  all_ratings: number;
  user_intercept: number;
  product_intercept: number;
  /** Product of the first factors of user and product. */
  factor_1: number;
  /** Product of the second factors. */
  factor_2: number;
  sum: number;
}

/** Makes the table toy_ratings. */
export async function makeToyRatings(session: Session): Promise<void> {
  await runStatement(session, "toy/ratings");
}

/** Trains toy_taste on toy_ratings, as explicit feedback with two factors. */
export async function trainToyTaste(session: Session): Promise<void> {
  await runStatement(session, "toy/train_ratings");
}

/** All cells of the matrix: what was given, and what toy_taste predicts. */
export async function readToyRatings(session: Session): Promise<ToyRating[]> {
  return await queryRows(session, "toy/predicted_ratings", { row: toyRating });
}

/** What toy_taste has learnt. */
export async function readToyFactors(session: Session): Promise<ToyFactors[]> {
  return await queryRows(session, "toy/rating_factors", { row: toyFactors });
}

/**
 * Adds up a prediction from what was learnt: μ + b_user + b_product + x_user · y_product.
 *
 * @throws {Failure} If the user or the product is not among the factors.
 */
export function explainRating(
  factors: readonly ToyFactors[],
  { user, product }: { user: string; product: string },
): RatingParts {
  const all = find(factors, "all ratings", null);
  const x = find(factors, "user", user);
  const y = find(factors, "product", product);
  const parts = {
    all_ratings: all.intercept,
    user_intercept: x.intercept,
    product_intercept: y.intercept,
    factor_1: (x.factor_1 ?? 0) * (y.factor_1 ?? 0),
    factor_2: (x.factor_2 ?? 0) * (y.factor_2 ?? 0),
  };
  return { ...parts, sum: Object.values(parts).reduce((sum, part) => sum + part, 0) };
}

function find(
  factors: readonly ToyFactors[],
  kind: ToyFactors["kind"],
  name: string | null,
): ToyFactors {
  const found = factors.find((row) => row.kind === kind && row.name === name);
  if (found) return found;
  const known = factors.filter((row) => row.kind === kind).map((row) => row.name).join(", ");
  throw badInput(
    `Cannot explain a rating as there is no ${kind} called ${name}: name one of ${known}`,
  );
}
