/** The products of the shop, and which of them sell best. */
import { z } from "zod";
import { FEATURE_SETS, type FeatureSet, withFeatures } from "../features.ts";
import { relationOf, type Session } from "../session.ts";
import { queryRows } from "../sql.ts";
import { type ProductNames, productNames } from "./product_names.ts";

const productRow = z.object({
  product: z.string(),
  product_group: z.string().nullable(),
  /** US dollars for one piece. */
  price_usd: z.number().nullable(),
  /** How many users bought it. */
  buyers: z.number(),
  /** How many users of a cluster in user_clusters_op bought it. */
  segment_buyers: z.array(z.object({ segment_id: z.number(), buyers: z.number() })),
});
type ProductRow = z.infer<typeof productRow>;

/** What is known of a product. */
export type ProductInfo = Pick<ProductRow, "product_group" | "price_usd">;

/** The products of the shop. */
export interface Products {
  /** By name, without blanks around it. */
  byName: ReadonlyMap<string, ProductInfo>;
  /** By a name as callers write it. */
  names: ProductNames;
  /** Those that most users bought first; of equal ones the first by name. */
  bestSellers: readonly string[];
  /** The same among the users of each cluster in user_clusters_op, by its id there. */
  segmentBestSellers: ReadonlyMap<number, readonly string[]>;
  /** Whether there is a table user_clusters_op to tell a user's segment by. */
  hasSegments: boolean;
  /** Feature sets of which there is a user_product_matrix. */
  matrices: readonly FeatureSet[];
}

/** Reads the products, and the best sellers of segments if users were put into any. */
export async function readProducts(session: Session): Promise<Products> {
  const [hasSegments, ...hasMatrix] = await Promise.all([
    hasTable(session, "user_clusters_op"),
    ...FEATURE_SETS.map((set) => hasTable(withFeatures(session, set), "user_product_matrix")),
  ]);
  const statement = hasSegments ? "functions/products_and_segments" : "functions/products";
  const rows = await queryRows(session, statement, { row: productRow });
  const segments = new Set(
    rows.flatMap(({ segment_buyers }) => segment_buyers.map(({ segment_id }) => segment_id)),
  );
  const buyersIn = ({ segment_buyers }: ProductRow, id: number) =>
    segment_buyers.find(({ segment_id }) => segment_id === id)?.buyers ?? 0;
  return {
    byName: new Map(rows.map(({ product, ...info }) => [product, info])),
    names: productNames(rows.map(({ product }) => product)),
    bestSellers: rank(rows, ({ buyers }) => buyers),
    segmentBestSellers: new Map(
      [...segments].map((id) => [id, rank(rows, (row) => buyersIn(row, id))]),
    ),
    hasSegments,
    matrices: FEATURE_SETS.filter((_, i) => hasMatrix[i]),
  };
}

/** Names of the products bought, most buyers first. */
function rank(rows: readonly ProductRow[], buyersOf: (row: ProductRow) => number): string[] {
  return rows
    .map((row) => ({ product: row.product, buyers: buyersOf(row) }))
    .filter(({ buyers }) => buyers > 0)
    .sort((a, b) => b.buyers - a.buyers || (a.product < b.product ? -1 : 1))
    .map(({ product }) => product);
}

async function hasTable(session: Session, table: string): Promise<boolean> {
  const { dataset, id } = relationOf(session, table);
  return (await dataset.table(id).exists())[0];
}
