/** The two definitions of the features: as published, and corrected. */
import { renamed, type Session } from "./session.ts";
import { runStatement } from "./sql.ts";

/** `published`: the walk-through's definitions. `corrected`: what their names promise. */
export const FEATURE_SETS = ["published", "corrected"] as const;
export type FeatureSet = typeof FEATURE_SETS[number];

interface Definition {
  /** The table of a row per user; made by the statement of that name in sql/features. */
  userStats: string;
  /** The table of a row per user and product; made by the statement of that name. */
  matrix: string;
  /**
   * Weight α of a rating in product_affinity: 40 is BigQuery's default. The corrected ratings tell
   * what one user did, and rank best on the sample's later purchases with a lower weight.
   */
  walsAlpha: number;
}

const DEFINITIONS: Record<FeatureSet, Definition> = {
  published: { userStats: "user_stats", matrix: "user_product_matrix", walsAlpha: 40 },
  corrected: {
    userStats: "user_stats_corrected",
    matrix: "user_product_matrix_corrected",
    walsAlpha: 10,
  },
};

/** The same session, in which user_stats and user_product_matrix are those of a feature set. */
export function withFeatures(session: Session, features: FeatureSet): Session {
  const { userStats, matrix } = DEFINITIONS[features];
  return renamed(session, { user_stats: userStats, user_product_matrix: matrix });
}

/** Tables that the models are trained on, as sql/ names them. */
export type FeatureTable = "user_stats" | "user_product_matrix";

/**
 * The feature set whose table a session works on; nothing where it is some other table, such as a half
 * of the users.
 */
export function featuresOf(
  { names }: Pick<Session, "names">,
  table: FeatureTable,
): FeatureSet | undefined {
  const own = names[table] ?? table;
  return FEATURE_SETS.find((features) => {
    const { userStats, matrix } = DEFINITIONS[features];
    return own === (table === "user_stats" ? userStats : matrix);
  });
}

/** Makes the table of what is known of each user. */
export async function makeUserStats(session: Session, features: FeatureSet): Promise<void> {
  await runStatement(session, `features/${DEFINITIONS[features].userStats}`);
}

/**
 * Makes the table of how each user rates which product.
 *
 * @returns How many ratings it holds.
 */
export async function makeProductMatrix(session: Session, features: FeatureSet): Promise<number> {
  await runStatement(session, `features/${DEFINITIONS[features].matrix}`);
  const name = session.names[DEFINITIONS[features].matrix] ?? DEFINITIONS[features].matrix;
  const [{ numRows }] = await session.bigquery.dataset(session.dataset).table(name).getMetadata();
  return Number(numRows);
}

/** The table that {@link makeProductMatrix} makes. */
export function matrixTable(features: FeatureSet): string {
  return DEFINITIONS[features].matrix;
}

/** How product_affinity is trained; named as in CREATE MODEL. */
export type AffinityOptions = {
  /** Length of the vector of each user and product, 2 … 200. Default 15. */
  num_factors?: number;
  /** λ, how strongly long vectors are held back, 0 or more. Default 30. */
  l2_reg?: number;
  /** α of the confidence 1 + α · rating, 0 or more. Default 40. */
  wals_alpha?: number;
};

/** Options of product_affinity that follow from the kind of its ratings. */
export function affinityOptions(features: FeatureSet): { wals_alpha: number } {
  return { wals_alpha: DEFINITIONS[features].walsAlpha };
}
