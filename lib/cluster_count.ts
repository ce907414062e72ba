/** How many clusters there are: four measures that each count of clusters is judged by. */
import { agreement, pairClusters } from "./cluster_overlap.ts";
import { silhouette } from "./metrics.ts";
import { renamed, type Session } from "./session.ts";
import { runStatement } from "./sql.ts";
import {
  type ClusterQuality,
  evaluateUserClusters,
  predictUserClusters,
  trainUserClusters,
  withClusters,
} from "./user_clusters.ts";
import { drawPoints } from "./user_sample.ts";

/** A count of clusters and how good it is. */
export interface ClusterCount extends ClusterQuality {
  clusters: number;
  /** Mean silhouette of a drawn sample of users, −1 … 1; higher is better. */
  silhouette: number;
  /**
   * How far two models agree about all users when each was trained on another half of them: adjusted
   * Rand index, mean over the draws; 1 exactly, about 0 by chance.
   */
  stability: number;
}

/** Which counts to compare, and how carefully. */
export interface ClusterCountOptions {
  /** Each 2 or more. Default 2 … 8. */
  counts?: readonly number[];
  /** How many users the silhouette is computed of, at most. Default 1000. */
  sample?: number;
  /** How often the users are cut into halves. Default 3. */
  draws?: number;
  /** Which users are drawn, a whole number. Default 1. */
  seed?: number;
}

/**
 * Trains user_clusters with each count of clusters and measures it; the model in use is not touched,
 * and what is made on the way is deleted. On Google Cloud each count is 1 + 2 · draws billed training
 * runs.
 */
export async function compareClusterCounts(
  session: Session,
  { counts = [2, 3, 4, 5, 6, 7, 8], sample = 1000, draws = 3, seed = 1 }: ClusterCountOptions = {},
): Promise<ClusterCount[]> {
  const rows = new Map<number, ClusterCount>();
  const whole = withClusters(session, "tried");
  try {
    for (const clusters of counts) {
      await trainUserClusters(whole, { clusters });
      const points = await drawPoints(whole, { users: sample, seed });
      rows.set(clusters, {
        clusters,
        ...await evaluateUserClusters(whole),
        silhouette: silhouette(
          points.map(({ point }) => point),
          points.map(({ centroid_id }) => centroid_id),
        ),
        stability: 0,
      });
    }
    for (let draw = 0; draw < draws; draw++) {
      const halves = await cutInHalves(session, seed + draw);
      for (const row of rows.values()) {
        row.stability += await agreementOf(halves, row.clusters) / draws;
      }
    }
  } finally {
    await discard(session);
  }
  return [...rows.values()];
}

// No-break spaces: a heading that does not fit breaks before the bracket.
const LESS = "(less\u00a0is\u00a0better)";
const MORE = "(more\u00a0is\u00a0better)";
const MEASURES = {
  mean_squared_distance: `mean squared distance ${LESS}`,
  davies_bouldin_index: `Davies–Bouldin index ${LESS}`,
  silhouette: `silhouette ${MORE}`,
  stability: `stability ${MORE}`,
} as const;

/** One of the measures of a count of clusters, as a chart takes it. */
export interface CountMeasure {
  /** Which features the clusters are of. */
  features: string;
  clusters: number;
  /** What is measured, and which way is better. */
  measure: string;
  value: number | null;
}

/** What {@link compareClusterCounts} found for each kind of features, a row per measure. */
export function measuresOf(
  found: Readonly<Record<string, readonly ClusterCount[]>>,
): CountMeasure[] {
  const keys = Object.keys(MEASURES) as (keyof typeof MEASURES)[];
  return Object.entries(found).flatMap(([features, rows]) =>
    keys.flatMap((key) =>
      rows.map((row) => ({
        ...{ features, clusters: row.clusters },
        ...{ measure: MEASURES[key], value: row[key] },
      }))
    )
  );
}

const TRIALS = ["tried", "half_0", "half_1"];

/** A model's session for learning from half of the users, and for predicting all of them. */
interface Half {
  learning: Session;
  predicting: Session;
}

async function cutInHalves(session: Session, seed: number): Promise<[Half, Half]> {
  const cut = async (part: 0 | 1): Promise<Half> => {
    const table = `user_stats_half_${part}`;
    await runStatement(renamed(session, { user_stats_part: table }), "features/user_stats_part", {
      params: { seed, part, parts: 2 },
    });
    const predicting = withClusters(session, `half_${part}`);
    return { learning: renamed(predicting, { user_stats: table }), predicting };
  };
  return [await cut(0), await cut(1)];
}

async function agreementOf(halves: readonly [Half, Half], clusters: number): Promise<number> {
  for (const { learning, predicting } of halves) {
    await trainUserClusters(learning, { clusters });
    await predictUserClusters(predicting);
  }
  const [one, other] = halves;
  return agreement(await pairClusters(one.predicting, other.predicting));
}

async function discard({ bigquery, dataset: id }: Session): Promise<void> {
  const dataset = bigquery.dataset(id);
  const tables = ["user_stats_half_0", "user_stats_half_1"];
  for (const name of TRIALS) {
    await dataset.model(`user_clusters_${name}`).delete({ ignoreNotFound: true });
    tables.push(`user_clusters_${name}_op`);
  }
  for (const table of tables) await dataset.table(table).delete({ ignoreNotFound: true });
}
