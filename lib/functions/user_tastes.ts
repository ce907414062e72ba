/** What the warehouse knows of somebody's taste. */
import { z } from "zod";
import { type FeatureSet, withFeatures } from "../features.ts";
import type { Session } from "../session.ts";
import { queryRow } from "../sql.ts";
import { type Cache, createCache } from "./cache.ts";
import type { Products } from "./products.ts";

const rowOfTastes = z.object({
  bought: z.array(z.string()),
  /** The cluster in user_clusters_op, by its id there. */
  segment_id: z.number().nullable(),
});
const rowOfRating = z.object({ is_rated: z.boolean() });

/** What the warehouse knows of somebody's taste. */
export type UserTastes = z.infer<typeof rowOfTastes> & z.infer<typeof rowOfRating>;

/** What is known of somebody without an id. */
export const STRANGER: UserTastes = { bought: [], is_rated: false, segment_id: null };

/** Options of {@link userTastesCache}. */
export interface TastesOptions {
  /** Which tables there are. */
  products: () => Promise<Products>;
  /** Whose user_product_matrix to look in if there is none at all, which then is an error. */
  features: FeatureSet;
  maxEntries: number;
  ttlMs: number;
}

/**
 * A cache of what is known of users' tastes. Somebody is rated if the user_product_matrix of either
 * feature set says so: nothing tells on which of them the version of product_affinity was trained
 * that will answer.
 */
export function userTastesCache(
  session: Session,
  { products, features, ...options }: TastesOptions,
): Cache<UserTastes> {
  return createCache(async (userId) => {
    const { hasSegments, matrices } = await products();
    const params = { user_pseudo_id: userId };
    const statement = hasSegments ? "functions/user_tastes_and_segment" : "functions/user_tastes";
    const [tastes, ...ratings] = await Promise.all([
      queryRow(session, statement, { row: rowOfTastes, params }),
      ...(matrices.length > 0 ? matrices : [features]).map((each) =>
        queryRow(withFeatures(session, each), "functions/user_is_rated", {
          ...{ row: rowOfRating, params },
        })
      ),
    ]);
    return { ...tastes, is_rated: ratings.some(({ is_rated }) => is_rated) };
  }, options);
}
