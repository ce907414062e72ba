/**
 * How good recommendations are, judged on what the model has not seen: the purchases of a later time,
 * beside the most popular products.
 */
import { z } from "zod";
import {
  type AffinityOptions,
  affinityOptions,
  type FeatureSet,
  makeProductMatrix,
  matrixTable,
} from "./features.ts";
import { type Judged, type ProductLists, type Score, scoreLists } from "./list_scores.ts";
import { renamed, type Session } from "./session.ts";
import { queryRow, queryRows, runStatement } from "./sql.ts";

/** Buyers that are judged at most; of more, as many are drawn. */
const MOST_BUYERS = 10_000;

const splitTime = z.object({ split_micros: z.number(), buyers_before: z.number() });
const catalogue = z.object({ products: z.number(), buyers: z.number() });
const productList = z.object({ user_pseudo_id: z.string(), products: z.array(z.string()) });

/** The purchases, cut in two by time. */
export interface Split extends Judged {
  /** Microseconds since 1970, UTC: what lies before is learnt from. */
  splitMicros: number;
  /** Users learnt from. */
  buyers: number;
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
  return scoreLists(split, await recommendBeforeSplit(session, { features }));
}

/** What {@link recommendBeforeSplit} learns from, and how. */
export interface BeforeSplitOptions {
  features: FeatureSet;
  /**
   * Options of the training in place of those of the feature set; the model is then kept apart, so
   * that the one with the usual options stays.
   */
  options?: AffinityOptions;
}

/** Trains product_affinity on what was before the split, and gives each user's products by user. */
export async function recommendBeforeSplit(
  session: Session,
  { features, options }: BeforeSplitOptions,
): Promise<ProductLists> {
  const before = beforeSplit(session, features);
  // Where nobody bought anything together before the split, nothing can be recommended.
  if (await makeProductMatrix(before, features) === 0) return new Map();
  const { product_affinity, product_affinity_op } = before.names;
  const tried = options === undefined ? before : renamed(before, {
    product_affinity: `${product_affinity}_tried`,
    product_affinity_op: `${product_affinity_op}_tried`,
  });
  return await recommendFromMatrix(tried, { ...affinityOptions(features), ...options });
}

/** The same in the session of {@link beforeSplit} whose matrix is there already, and not empty. */
export async function recommendFromMatrix(
  before: Session,
  options: AffinityOptions,
): Promise<ProductLists> {
  await runStatement(before, "product_affinity/train", { options });
  await runStatement(before, "product_affinity/recommend_all");
  return await readLists(before, "evaluation/recommended");
}

/**
 * The session in which the events end at the split, and the matrix and product_affinity are those
 * made of them, so that the ones in use are not touched.
 */
export function beforeSplit(session: Session, features: FeatureSet): Session {
  const events = session.names.events_before_split ?? "events_before_split";
  const suffix = events.replace(/^events_/, "");
  const matrix = `${matrixTable(features)}_${suffix}`;
  return renamed(session, {
    events_flat_data: events,
    [matrixTable(features)]: matrix,
    user_product_matrix: matrix,
    product_affinity: `product_affinity_${features}_${suffix}`,
    product_affinity_op: `product_affinity_${features}_${suffix}_op`,
  });
}

/**
 * The session in which the purchases are those before the split, so that {@link splitPurchases} cuts
 * them once more: what is chosen by the later part of them leaves the purchases after the first
 * split unseen.
 */
export function insideTraining(session: Session): Session {
  return renamed(session, {
    events_flat_data: session.names.events_before_split ?? "events_before_split",
    events_before_split: "events_before_validation",
  });
}

/** Judges the most popular products, which know nothing of the user. */
export async function scorePopularity(session: Session, split: Split): Promise<Score> {
  return scoreLists(split, await recommendPopular(session));
}

/** The most popular products before the split, less what each user has, by user. */
export async function recommendPopular(session: Session): Promise<ProductLists> {
  return await readLists(session, "evaluation/popular_before_split");
}

/**
 * The most popular products of the groups that each user buys from, by user: a rule that takes no
 * training, and the serious rival where products come in groups.
 */
export async function recommendPopularInGroups(session: Session): Promise<ProductLists> {
  return await readLists(session, "evaluation/popular_in_groups_before_split");
}

async function readLists(
  session: Session,
  name: string,
  params?: Record<string, number>,
): Promise<ProductLists> {
  const rows = await queryRows(session, name, { row: productList, params });
  return new Map(rows.map(({ user_pseudo_id, products }) => [user_pseudo_id, products]));
}
