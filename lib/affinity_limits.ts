/** Where recommendations fail: users of whom little is known, products that few have bought. */
import { z } from "zod";
import { beforeSplit, type Split } from "./evaluation.ts";
import type { FeatureSet } from "./features.ts";
import { type Estimate, type ProductLists, scoreLists } from "./list_scores.ts";
import type { Session } from "./session.ts";
import { queryRows } from "./sql.ts";

const history = z.object({ user_pseudo_id: z.string(), products: z.number() });

const fifth = z.object({
  /** 1 (the most bought) … 5. */
  fifth: z.number(),
  products: z.number(),
  share_of_purchases: z.number(),
  share_of_recommendations: z.number(),
});
/** A fifth of the products, by how many users bought them. */
export type PopularityFifth = z.infer<typeof fifth>;

/** How well users are served who had bought as much. */
export interface HistoryScore {
  /** Different products bought before the split. */
  products_bought: string;
  users: number;
  recall: Estimate;
}

/** Products bought from … to. */
const BANDS = [[1, 1], [2, 4], [5, 9], [10, Infinity]] as const;

/** Judges lists separately for users who had bought little and much before the split. */
export async function scoreByHistory(
  session: Session,
  { split, lists }: { split: Split; lists: ProductLists },
): Promise<HistoryScore[]> {
  const rows = await queryRows(session, "evaluation/history_before_split", { row: history });
  const bought = new Map(rows.map(({ user_pseudo_id, products }) => [user_pseudo_id, products]));
  return BANDS.map(([least, most]) => {
    const isIn = (user: string) => {
      const count = bought.get(user) ?? 0;
      return count >= least && count <= most;
    };
    const wanted = new Map([...split.wanted].filter(([user]) => isIn(user)));
    const { recall } = scoreLists({ ...split, wanted }, lists);
    return { products_bought: nameBand(least, most), users: wanted.size, recall };
  });
}

function nameBand(least: number, most: number): string {
  if (most === Infinity) return `${least} or more`;
  return least === most ? `${least}` : `${least} to ${most}`;
}

/**
 * Whether the recommendations of the model trained before the split favour what sells anyway: for
 * each fifth of the products its share of purchases and of recommendations.
 */
export async function popularityBias(
  session: Session,
  features: FeatureSet,
): Promise<PopularityFifth[]> {
  return await queryRows(beforeSplit(session, features), "evaluation/popularity_bias", {
    row: fifth,
  });
}
