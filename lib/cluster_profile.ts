/** What clusters look like: their profile, feature by feature, and a map of their users. */
import { PCA } from "ml-pca";
import { z } from "zod";
import type { Segment } from "./segments.ts";
import type { Session } from "./session.ts";
import { queryRows } from "./sql.ts";
import type { ClusteredPoint } from "./user_sample.ts";

const profileScore = z.object({ centroid_id: z.number(), feature: z.string(), score: z.number() });

/** How far a segment is from the average user in one feature. */
export interface ProfileScore {
  character: Segment["character"];
  /** What is counted: visits, attention, orders or order value. */
  feature: string;
  /** Standard deviations above (positive) or below the average of all users. */
  score: number;
}

/** A point of the map. */
export interface MapPoint {
  character: Segment["character"];
  /** Along the direction in which users differ most, as drawn: see {@link UserMap}. */
  x: number;
  /** Along the direction, at a right angle to x, in which they differ most of the rest. */
  y: number;
}

/** Users of four features on a plane. */
export interface UserMap {
  points: MapPoint[];
  /** The share of all variance that the plane shows, 0 … 1. */
  variance: number;
}

const FEATURES = {
  session_count: "visits",
  total_time_spend_by_user_in_msec: "attention",
  no_of_orders: "orders",
  average_order_value: "order value",
} as const;

/** The standardised centroids of user_clusters: a row per segment and feature. */
export async function profileSegments(
  session: Session,
  segments: readonly Segment[],
): Promise<ProfileScore[]> {
  const rows = await queryRows(session, "user_clusters/profile", { row: profileScore });
  return segments.flatMap(({ centroid_id, character }) =>
    Object.entries(FEATURES).flatMap(([column, feature]) =>
      rows.filter((row) => row.centroid_id === centroid_id && row.feature === column)
        .map(({ score }) => ({ character, feature, score }))
    )
  );
}

/**
 * Lays users on a plane by principal component analysis of the features as k-means sees them. The
 * axes are turned so that the feature that counts most grows with them. Few users are far from all
 * others, so both axes are then pulled together, v → sign(v) · ln(1 + |v|): what is far out stays
 * far out, and the crowd in the middle can be seen.
 *
 * @param points Two or more.
 * @throws {RangeError} If a point's cluster has no name.
 */
export function mapUsers(
  points: readonly ClusteredPoint[],
  segments: readonly Segment[],
): UserMap {
  const names = new Map(segments.map(({ centroid_id, character }) => [centroid_id, character]));
  const data = points.map(({ point }) => point);
  const pca = new PCA(data);
  const [first, second] = pca.getLoadings().to2DArray();
  const plane = pca.predict(data, { nComponents: 2 }).to2DArray();
  const [share, more] = pca.getExplainedVariance();
  return {
    variance: share + more,
    points: points.map(({ centroid_id }, i) => ({
      character: nameOf(names, centroid_id),
      x: pulledTogether(direction(first) * plane[i][0]),
      y: pulledTogether(direction(second) * plane[i][1]),
    })),
  };
}

function nameOf(names: ReadonlyMap<number, Segment["character"]>, id: number) {
  const name = names.get(id);
  if (name !== undefined) return name;
  throw new RangeError(`Cannot map users as every cluster must have a name: ${id} has none`);
}

/** The sign of a component is arbitrary: 1, or −1 if its largest loading is negative. */
function direction(loadings: readonly number[]): number {
  const largest = loadings.reduce((a, b) => Math.abs(b) > Math.abs(a) ? b : a, 0);
  return largest < 0 ? -1 : 1;
}

function pulledTogether(value: number): number {
  return Math.sign(value) * Math.log1p(Math.abs(value));
}
