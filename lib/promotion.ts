/** "10 % off product X": whom to send it to, and whether that was a good choice. */
import { z } from "zod";
import { beforeSplit, type Split } from "./evaluation.ts";
import { type Estimate, estimate } from "./list_scores.ts";
import type { Session } from "./session.ts";
import { queryRows } from "./sql.ts";

const target = z.object({
  user_pseudo_id: z.string(),
  /** About 0 … 1, and may leave it. */
  predicted_rating_confidence: z.number(),
  /** How often the user looked at the product. */
  looks: z.number(),
  /** Pieces of the product's group that the user has bought. */
  pieces_of_group: z.number(),
});
/** A user who has not bought the product yet. */
export type PromotionTarget = z.infer<typeof target>;

const groupCheck = z.object({
  product_group: z.string(),
  way: z.string(),
  share_bought_product: z.number(),
  share_bought_group: z.number(),
});

/** Ways to choose users for an offer. */
export const WAYS = ["model", "bought most of the group", "bought most", "random"] as const;
type Way = typeof WAYS[number];

/** How good a way to choose is: means over the product groups, with their 95 % intervals. */
export interface WayScore {
  way: Way;
  /** The share of the chosen who bought the very product later, 0 … 1. */
  bought_product: Estimate;
  /** The share of the chosen who bought anything of the product's group later, 0 … 1. */
  bought_group: Estimate;
}

/**
 * The users whom product_affinity is most confident of for a product, among those who have not
 * bought it, best first; none for a product that the model does not know.
 *
 * @param options.rows How many at most, 1 or more. Default 10.
 */
export async function promotionTargets(
  session: Session,
  product: string,
  { rows = 10 } = {},
): Promise<PromotionTarget[]> {
  const params = { product, rows };
  return await queryRows(session, "product_affinity/promotion_targets", { row: target, params });
}

/**
 * Compares ways to choose users, for every product in turn, by what the chosen bought after the
 * split without any offer. It needs the model that `scoreAffinity` trains before the split on the
 * corrected features.
 *
 * @param options.targets How many users are chosen for a product, 1 or more. Default 20.
 */
export async function checkPromotions(
  session: Session,
  { split, targets = 20 }: { split: Split; targets?: number },
): Promise<WayScore[]> {
  const { names } = beforeSplit(session, "corrected");
  const { product_affinity } = names;
  const rows = await queryRows(
    { ...session, names: { ...session.names, product_affinity } },
    "evaluation/promotion_check",
    { row: groupCheck, params: { split_micros: split.splitMicros, targets } },
  );
  return WAYS.map((way) => {
    const groups = rows.filter((row) => row.way === way);
    return {
      way,
      bought_product: estimate(groups.map((group) => group.share_bought_product)),
      bought_group: estimate(groups.map((group) => group.share_bought_group)),
    };
  });
}
