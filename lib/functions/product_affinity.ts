/** Which products somebody is likely to want, by the best way that is open. */
import { affinityPrediction } from "../predictions.ts";
import type { Cache } from "./cache.ts";
import type { Products } from "./products.ts";
import type { ProductAffinityRequest } from "./requests.ts";
import { ask, type ModelVersion, type Serving } from "./serving.ts";
import { STRANGER, type UserTastes } from "./user_tastes.ts";
import { type ScoredProduct, scoreForVisitor, type VisitorModel } from "./visitor_model.ts";

/** The model that is asked. */
const MODEL = "product_affinity";

/**
 * How an answer came about. `model`: the endpoint was asked for the user. `fold_in`: from what was
 * viewed, by the products' factors. `best_sellers`: nothing else is known.
 */
export type Basis = "model" | "fold_in" | "best_sellers";

/** A product for somebody. */
export interface RecommendedProduct {
  product: string;
  /** The model's, about 0 … 1, and may leave it; null for a best seller. */
  confidence: number | null;
  productGroup: string | null;
  /** US dollars for one piece. */
  priceUsd: number | null;
  /** How this product came into the list: best sellers fill it up where the model has too few. */
  basis: Basis;
}

/** What ProductAffinity answers. */
export interface ProductAffinityAnswer {
  userId?: string;
  /** How the first of the products came about. */
  basis: Basis;
  /** Best first, without what was bought or viewed; fewer than asked for if there are no more. */
  products: RecommendedProduct[];
  /** Whose best sellers are among the products; nothing if there are none. */
  bestSellersOf?: "segment" | "all";
  /** What was viewed and is no product, or not just one, that the newest model knows. */
  unknownProducts?: string[];
  /** The version that answered; nothing if the endpoint was not asked. */
  model?: ModelVersion;
}

/** Where answers come from. */
export interface AffinitySources {
  serving: Serving;
  /** What the warehouse knows of a user, also of an unknown one. */
  tastes: Cache<UserTastes>;
  products(): Promise<Products>;
  visitorModel(): Promise<VisitorModel>;
}

/**
 * Products for a user, or for somebody unknown.
 *
 * @throws {AnswerError} `unavailable` if nothing is deployed and the user is known to the model.
 */
export async function recommendProducts(
  sources: AffinitySources,
  { userId, viewed = [], limit }: ProductAffinityRequest,
): Promise<ProductAffinityAnswer> {
  const [products, tastes, visitorModel] = await Promise.all([
    sources.products(),
    userId === undefined ? STRANGER : sources.tastes.get(userId),
    viewed.length > 0 ? sources.visitorModel() : undefined,
  ]);
  const scored = await scoreProducts(sources.serving, { userId, viewed, tastes, visitorModel });
  const bestSellers = bestSellersFor(tastes, products);
  const leftOut = new Set([
    ...tastes.bought.map((product) => product.trim()),
    ...viewed.flatMap((name) => [name.trim(), ...namesOf(name, { products, visitorModel })]),
  ]);
  const unknown = [...new Set(viewed)].filter((name) => !visitorModel?.names.find(name));
  const chosen = choose([
    ...scored.products.map((each) => ({ ...each, basis: scored.basis })),
    ...bestSellers.products.map((product) => ({
      ...{ product, confidence: null, basis: "best_sellers" as const },
    })),
  ], { leftOut, limit });
  const hasBestSellers = chosen.some(({ basis }) => basis === "best_sellers");
  return {
    userId,
    basis: chosen[0]?.basis ?? "best_sellers",
    products: chosen.map((each) => describe(each, products)),
    bestSellersOf: hasBestSellers ? bestSellers.of : undefined,
    unknownProducts: unknown.length > 0 ? unknown : undefined,
    model: scored.model,
  };
}

/** What a name that was viewed is called in the shop and by the model. */
function namesOf(
  name: string,
  { products, visitorModel }: { products: Products; visitorModel?: VisitorModel },
): string[] {
  return [products.names.find(name), visitorModel?.names.find(name)]
    .filter((each) => each !== undefined);
}

interface Scored {
  basis: Basis;
  products: ScoredProduct[];
  model?: ModelVersion;
}

/** By the endpoint, else by what was viewed, else nothing. */
async function scoreProducts(
  serving: Serving,
  { userId, viewed, tastes, visitorModel }: {
    userId?: string;
    viewed: readonly string[];
    tastes: UserTastes;
    visitorModel?: VisitorModel;
  },
): Promise<Scored> {
  if (userId !== undefined && tastes.is_rated) {
    const served = await askForUser(serving, userId);
    if (served) return served;
  }
  if (!visitorModel) return { basis: "best_sellers", products: [] };
  return { basis: "fold_in", products: scoreForVisitor(visitorModel, viewed) };
}

/** Nothing for a user whom the version that is served does not know. */
async function askForUser(serving: Serving, userId: string): Promise<Scored | undefined> {
  const { prediction: { predicted_item, predicted_rating }, model } = await ask(serving, MODEL, {
    prediction: affinityPrediction,
    instances: () => Promise.resolve([{ user_pseudo_id: userId }]),
  });
  // The warehouse can know a user who came after that version was trained. The model then gives
  // every product the same rating, and their order means nothing.
  if (isAllTheSame(predicted_rating)) return undefined;
  const products = predicted_item.map((item, i) => ({
    ...{ product: item.trim(), confidence: predicted_rating[i] },
  }));
  return { basis: "model", products, model };
}

const isAllTheSame = (ratings: readonly number[]) =>
  ratings.length > 1 && ratings.every((rating) => rating === ratings[0]);

function bestSellersFor(
  { segment_id }: UserTastes,
  { bestSellers, segmentBestSellers }: Products,
): { of: "segment" | "all"; products: readonly string[] } {
  const ofSegment = segment_id === null ? undefined : segmentBestSellers.get(segment_id);
  // Nobody in a segment of mere visitors bought anything.
  if (ofSegment && ofSegment.length > 0) return { of: "segment", products: ofSegment };
  return { of: "all", products: bestSellers };
}

interface Candidate {
  product: string;
  confidence: number | null;
  basis: Basis;
}

/**
 * The first candidates, each product once. The published matrix knows most products by two names,
 * one of them with a blank before it: the better one counts.
 */
function choose(
  candidates: readonly Candidate[],
  { leftOut, limit }: { leftOut: ReadonlySet<string>; limit: number },
): Candidate[] {
  const taken = new Set(leftOut);
  const chosen: Candidate[] = [];
  for (const candidate of candidates) {
    if (chosen.length === limit) break;
    if (taken.has(candidate.product)) continue;
    taken.add(candidate.product);
    chosen.push(candidate);
  }
  return chosen;
}

function describe({ product, confidence, basis }: Candidate, { byName }: Products) {
  const { product_group: productGroup = null, price_usd: priceUsd = null } = byName.get(product) ??
    {};
  return { product, confidence, productGroup, priceUsd, basis };
}
