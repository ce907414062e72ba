/** The functions of a session, with what they keep between requests. */
import type { FeatureSet } from "../features.ts";
import type { Session } from "../session.ts";
import type { Vertex } from "../vertex.ts";
import type { Functions } from "./app.ts";
import { createCache } from "./cache.ts";
import { recommendProducts } from "./product_affinity.ts";
import { readProducts } from "./products.ts";
import { createServing } from "./serving.ts";
import { findUserCluster } from "./user_cluster.ts";
import { userFeatureCaches } from "./user_features.ts";
import { userTastesCache } from "./user_tastes.ts";
import { visitorModelReader } from "./visitor_model.ts";

/** Options of {@link createFunctions}. */
export interface FunctionOptions {
  /** Those that models were trained on which do not say it themselves. Default `published`. */
  features?: FeatureSet;
  /** Users of whom something is kept, by each function and feature set. Default 10 000. */
  maxUsers?: number;
  /** For how long something is kept, in milliseconds. Default 300 000, which is five minutes. */
  ttlMs?: number;
}

const MINUTE_MS = 60_000;

/** The functions; nothing is asked before the first request. */
export function createFunctions(
  session: Session,
  vertex: Vertex,
  { features: named, maxUsers = 10_000, ttlMs = 5 * MINUTE_MS }: FunctionOptions = {},
): Functions {
  const features = named ?? "published";
  const serving = createServing(session, vertex);
  const kept = { maxEntries: maxUsers, ttlMs };
  const once = <T>(load: () => Promise<T>, ttlMs: number) => {
    const cache = createCache(load, { maxEntries: 1, ttlMs });
    return () => cache.get("");
  };
  const products = once(() => readProducts(session), ttlMs);
  const visitorModel = once(visitorModelReader(session, named), Math.min(ttlMs, MINUTE_MS));
  const users = userFeatureCaches(session, kept);
  const tastes = userTastesCache(session, { ...kept, products, features });
  return {
    userCluster: (request) => findUserCluster({ serving, users, features }, request),
    productAffinity: (request) =>
      recommendProducts({ serving, tastes, products, visitorModel }, request),
  };
}
