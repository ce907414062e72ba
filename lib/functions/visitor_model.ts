/** What it takes to serve visitors whom product_affinity was not trained on. */
import { z } from "zod";
import { affinityOptions, FEATURE_SETS, type FeatureSet, withFeatures } from "../features.ts";
import { foldIn, type FoldInOptions, type ItemFactors, recommendFrom } from "../fold_in.ts";
import { readItemFactors } from "../item_factors.ts";
import type { Session } from "../session.ts";
import { queryRows } from "../sql.ts";
import { labelledModel, modelNamed } from "../trained_features.ts";
import { type ProductNames, productNames } from "./product_names.ts";

/** The products' side of product_affinity, and how a look at a product counts. */
export interface VisitorModel {
  factors: ItemFactors;
  /** Those that the model was trained with. */
  options: FoldInOptions;
  /** Names that the model has for a product, by its name without blanks around it. */
  namesOf: ReadonlyMap<string, readonly string[]>;
  /** By a name as callers write it. */
  names: ProductNames;
  /** What a look at a product counts, by the model's name of it. */
  ratingOf(name: string): number;
}

/** A product and the model's confidence in it, about 0 … 1. */
export interface ScoredProduct {
  /** Without blanks around it. */
  product: string;
  confidence: number;
}

const trainedModel = labelledModel.extend({
  etag: z.string(),
  trainingRuns: z.array(z.object({
    trainingOptions: z.object({
      feedbackType: z.literal("IMPLICIT"),
      walsAlpha: z.number(),
      l2Regularization: z.number(),
    }),
  })).min(1),
});

const productRating = z.object({ product: z.string(), rating: z.number() });

/** A look in the matrix of the corrected features. */
const LOOK = 0.2;

/**
 * A reader of the newest product_affinity of the warehouse. It asks each time whether the model is
 * another than before, which costs nothing, and reads it only then.
 *
 * @param fallback The features that the model was trained on, if its label `features` does not say
 * it. Default: those that `retrain` uses with the model's weight of a rating, else the published ones.
 */
export function visitorModelReader(
  session: Session,
  fallback?: FeatureSet,
): () => Promise<VisitorModel> {
  let last: { etag: string; model: VisitorModel } | undefined;
  return async () => {
    const { etag, labels, trainingRuns } = await describe(session);
    if (last?.etag === etag) return last.model;
    const { walsAlpha, l2Regularization: l2Reg } = trainingRuns.at(-1)!.trainingOptions;
    const factors = await readItemFactors(session);
    const namesOf = Map.groupBy(factors.rowOf.keys(), (name) => name.trim());
    const names = productNames(namesOf.keys());
    const features = labels?.features ?? fallback ?? usualFeatures(walsAlpha);
    const ratings = features === "corrected" ? undefined : await readRatings(session);
    const ratingOf = (name: string) => ratings ? ratings.get(name) ?? 0 : LOOK;
    const options = { walsAlpha, l2Reg };
    last = { etag, model: { factors, options, namesOf, names, ratingOf } };
    return last.model;
  };
}

/**
 * Feature sets come with weights of their own. In the corrected matrix a look counts 0.2; in the
 * published one a product's rating is the same for every user who has it, and so for a visitor.
 */
function usualFeatures(walsAlpha: number): FeatureSet {
  const isUsual = (features: FeatureSet) => affinityOptions(features).wals_alpha === walsAlpha;
  return FEATURE_SETS.find(isUsual) ?? "published";
}

async function describe(session: Session) {
  const [found] = await modelNamed(session, "product_affinity").getMetadata();
  return trainedModel.parse(found);
}

async function readRatings(opened: Session): Promise<Map<string, number>> {
  const session = withFeatures(opened, "published");
  const rows = await queryRows(session, "functions/product_ratings", { row: productRating });
  return new Map(rows.map(({ product, rating }) => [product, rating]));
}

/**
 * All products for a visitor, best first; none if the model knows no product that was viewed.
 *
 * @param viewed Names of products; one that is named twice was looked at twice.
 */
export function scoreForVisitor(
  { factors, options, namesOf, names, ratingOf }: VisitorModel,
  viewed: readonly string[],
): ScoredProduct[] {
  const ratings = viewed.flatMap((product) => namesOf.get(names.find(product) ?? "") ?? [])
    .map((product) => ({ product, rating: ratingOf(product) }));
  if (!ratings.some(({ rating }) => rating > 0)) return [];
  const visitor = foldIn(factors, ratings, options);
  return recommendFrom(factors, visitor, { limit: factors.items.length })
    .map(({ product_recommended, predicted_rating_confidence }) => ({
      product: product_recommended.trim(),
      confidence: predicted_rating_confidence,
    }));
}
