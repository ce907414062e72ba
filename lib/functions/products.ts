/** The products of the shop, and which of them sell best. */
import { z } from "zod";
import type { Session } from "../session.ts";
import { queryRows } from "../sql.ts";

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
  /** Those that most users bought first; of equal ones the first by name. */
  bestSellers: readonly string[];
  /** The same among the users of each cluster in user_clusters_op, by its id there. */
  segmentBestSellers: ReadonlyMap<number, readonly string[]>;
  /** Whether there is a table user_clusters_op to tell a user's segment by. */
  hasSegments: boolean;
}

/** Reads the products, and the best sellers of segments if users were put into any. */
export async function readProducts(session: Session): Promise<Products> {
  const hasSegments = await hasTable(session, "user_clusters_op");
  const statement = hasSegments ? "functions/products_and_segments" : "functions/products";
  const rows = await queryRows(session, statement, { row: productRow });
  const segments = new Set(
    rows.flatMap(({ segment_buyers }) => segment_buyers.map(({ segment_id }) => segment_id)),
  );
  const buyersIn = ({ segment_buyers }: ProductRow, id: number) =>
    segment_buyers.find(({ segment_id }) => segment_id === id)?.buyers ?? 0;
  return {
    byName: new Map(rows.map(({ product, ...info }) => [product, info])),
    bestSellers: rank(rows, ({ buyers }) => buyers),
    segmentBestSellers: new Map(
      [...segments].map((id) => [id, rank(rows, (row) => buyersIn(row, id))]),
    ),
    hasSegments,
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
  const [id, dataset = session.dataset, projectId] = (session.names[table] ?? table).split(".")
    .reverse();
  return (await session.bigquery.dataset(dataset, { projectId }).table(id).exists())[0];
}
