/** The products' side of a trained product_affinity, read once to serve visitors from memory. */
import { z } from "zod";
import { type ItemFactors, toItemFactors } from "./fold_in.ts";
import type { Session } from "./session.ts";
import { queryRows } from "./sql.ts";

const itemRow = z.object({
  product: z.string(),
  product_group: z.string().nullable(),
  /** US dollars for one piece. */
  price_usd: z.number().nullable(),
  factors: z.array(z.number()),
});

/**
 * The factors of all products of product_affinity.
 *
 * @throws {Failure} If the model has no products.
 */
export async function readItemFactors(session: Session): Promise<ItemFactors> {
  return toItemFactors(await queryRows(session, "product_affinity/item_factors", { row: itemRow }));
}
