/** How segments and what is known of them are shown: tables and charts of the same make. */
import { type ClusterCount, measuresOf } from "./cluster_count.ts";
import type {
  CharacterPair,
  PlantedCharacter,
  PlantedCluster,
  Recovery,
} from "./cluster_overlap.ts";
import type { ProfileScore, UserMap } from "./cluster_profile.ts";
import { type Column, type Displayed, heatmap, lineChart, scatterChart, table } from "./display.ts";
import type { FeatureFigure } from "./feature_comparison.ts";
import type { FeatureSet } from "./features.ts";
import type { Outlier, OutlierCount } from "./outliers.ts";
import type { Segment } from "./segments.ts";
import type { UserCluster } from "./user_clusters.ts";
import type { UserFeatures } from "./user_sample.ts";

/** What is written around a table or chart. */
export interface Caption {
  title: string;
  /** By which definition the numbers are counted. Default published. */
  features?: FeatureSet;
}

/** What the last two features really are. */
const COUNTED = {
  published: { orders: "Item lines", value: "Price per item" },
  corrected: { orders: "Orders", value: "Order value" },
} as const satisfies Record<FeatureSet, unknown>;

/** The four features under the names of what they really count. */
function featureColumns(features: FeatureSet, digits?: number): Record<string, Column> {
  const { orders, value } = COUNTED[features];
  return {
    session_count: { title: "Visits", digits },
    total_time_spend_by_user_in_msec: { title: "Attention", as: "seconds_of_msec" },
    no_of_orders: { title: orders, digits },
    average_order_value: { title: value, as: "dollars" },
  };
}

/** Each figure by both definitions: what is counted in whole numbers, means with a decimal. */
export function figureTable(figures: readonly FeatureFigure[], { title }: Caption): Displayed {
  const written = (value: number | null) =>
    value?.toLocaleString("en-US", {
      minimumFractionDigits: Number.isInteger(value) ? 0 : 1,
      maximumFractionDigits: 1,
    });
  const rows = figures.map((row) => ({
    ...row,
    ...{ published: written(row.published), corrected: written(row.corrected) },
  }));
  const number = { as: "number" } as const;
  return table(rows, { title, columns: { figure: {}, published: number, corrected: number } });
}

/** Segments with their centroids and actions. */
export function segmentTable(
  segments: readonly Segment[],
  { title, features = "published" }: Caption,
): Displayed {
  const columns = { tier: {}, character: {}, centroid_id: { title: "Cluster" }, users: {} };
  return table(segments, {
    title,
    columns: { ...columns, ...featureColumns(features, 1), action: {} },
  });
}

/** One user's cluster, and the numbers that it follows from. */
export function userTable(
  user: UserCluster,
  { title, features = "published", segments }: Caption & { segments: readonly Segment[] },
): Displayed {
  const columns = { user_pseudo_id: { title: "User" }, tier: {}, character: {} };
  return table([{ ...segmentOf(user, segments), ...user }], {
    title,
    columns: { ...columns, ...featureColumns(features), action: {} },
  });
}

/** Users far from their cluster, what that is like, and the numbers that make it so. */
export function outlierTable(
  outliers: readonly Outlier[],
  { title, features = "published", segments }: Caption & { segments: readonly Segment[] },
): Displayed {
  const columns = {
    user_pseudo_id: { title: "User" },
    normalized_distance: { title: "Distance", unit: "radii", digits: 1 },
    centroid_id: { title: "Nearest cluster" },
    character: {},
  };
  return table(outliers.map((outlier) => ({ ...segmentOf(outlier, segments), ...outlier })), {
    title,
    columns: { ...columns, ...featureColumns(features) },
  });
}

/** The sizes of the clusters beside the users that are nearest to them in radii, and the outliers. */
export function outlierCountTable(
  counts: readonly OutlierCount[],
  { title, segments }: Caption & { segments: readonly Segment[] },
): Displayed {
  const rows = counts.map(({ users: nearest, ...count }) => ({
    ...{ ...segmentOf(count, segments), ...count, nearest },
  }));
  return table(rows, {
    title,
    columns: {
      centroid_id: { title: "Cluster" },
      character: {},
      users: { title: "Size" },
      nearest: { title: "Nearest in radii" },
      nonbuyers: { title: "Of these who never bought" },
      outliers: {},
      nonbuyer_outliers: { title: "Outliers who never bought" },
    },
  });
}

function segmentOf(
  { centroid_id: id }: { centroid_id: number },
  segments: readonly Segment[],
): Segment | undefined {
  return segments.find(({ centroid_id }) => centroid_id === id);
}

/** The measures of each count of clusters. */
export function countTable(rows: readonly ClusterCount[], { title }: Caption): Displayed {
  return table(rows, {
    title,
    columns: {
      clusters: {},
      mean_squared_distance: { digits: 2 },
      davies_bouldin_index: { title: "Davies–Bouldin index", digits: 2 },
      silhouette: { digits: 2 },
      stability: { digits: 2 },
    },
  });
}

/** How much of the planted segments each model found, as adjusted Rand index. */
export function recoveryTable(
  found: Readonly<Record<string, Recovery>>,
  { title }: Caption,
): Displayed {
  return table(Object.entries(found).map(([features, recovery]) => ({ features, ...recovery })), {
    title,
    columns: { features: {}, all: { title: "All users", digits: 2 }, buyers: { digits: 2 } },
    note: "Adjusted Rand index with the planted segments: 1 is all of them, 0 is chance",
  });
}

/** A panel for each measure, a line for each kind of features. */
export function countChart(
  found: Readonly<Record<string, readonly ClusterCount[]>>,
  { title }: Caption,
): Promise<Displayed> {
  return lineChart(measuresOf(found), {
    x: { field: "clusters", title: "Clusters" },
    y: { field: "value", title: "Value" },
    color: { field: "features", title: "Features" },
    facet: { field: "measure", columns: 2 },
    facetScales: "independent",
    title,
    source: "k-means models of user_stats",
  });
}

/** Attention and order value of each user, on logarithmic scales; who paid no attention is left out. */
export function userChart(users: readonly UserFeatures[], { title }: Caption): Promise<Displayed> {
  const rows = users.map((user) => ({
    ...user,
    seconds: (user.total_time_spend_by_user_in_msec ?? 0) / 1000,
  }));
  return scatterChart(rows.filter(({ seconds }) => seconds > 0), {
    x: { field: "seconds", title: "Attention", unit: "seconds", scale: "log" },
    y: { field: "average_order_value", title: "Order value", unit: "dollars", scale: "symlog" },
    tooltip: ["session_count", "no_of_orders"],
    title,
    subtitle: `${rows.length.toLocaleString("en-US")} users drawn at random`,
    source: "user_stats_corrected",
  });
}

/** Standardised centroids, a row per segment. */
export function profileChart(
  scores: readonly ProfileScore[],
  { title, features = "published" }: Caption,
): Promise<Displayed> {
  const { orders, value } = COUNTED[features];
  const names = new Map<string, string>([["orders", orders], ["order value", value]]);
  const rows = scores.map((row) => ({
    ...{ ...row, feature: names.get(row.feature)?.toLowerCase() ?? row.feature },
  }));
  return heatmap(rows, {
    x: { field: "feature", title: "Feature" },
    y: { field: "character", title: "Segment" },
    color: { field: "score", title: "Standard deviations from the average user", format: ".1f" },
    diverging: true,
    title,
    subtitle: `Centroids in standard deviations from the average user, ${features} features`,
    source: "ML.CENTROIDS",
  });
}

/** Users on the plane of {@link UserMap}. */
export function mapChart({ points, variance }: UserMap, { title }: Caption): Promise<Displayed> {
  const share = Math.round(100 * variance);
  return scatterChart(points, {
    x: { field: "x", title: "First principal component, pulled together" },
    y: { field: "y", title: "Second principal component, pulled together" },
    color: { field: "character", title: "Segment" },
    title,
    subtitle: `${points.length.toLocaleString("en-US")} users drawn at random; ` +
      `the plane holds ${share} % of the variance`,
    source: "ML.PREDICT",
  });
}

/** How many users have which character in two models; those of the first are the rows. */
export function overlapChart(
  pairs: readonly CharacterPair[],
  { title, subtitle }: Caption & { subtitle?: string },
): Promise<Displayed> {
  return heatmap(pairs, {
    x: { field: "other", title: "Second model" },
    y: { field: "character", title: "First model" },
    color: { field: "users", title: "Users" },
    ...{ title, subtitle },
    source: "user_clusters_op of both models",
  });
}

/** The share of each planted segment by character, or by cluster where there are no names. */
export function plantedChart(
  rows: readonly PlantedCharacter[] | readonly PlantedCluster[],
  { title }: Caption,
): Promise<Displayed> {
  const isNamed = rows.some((row) => "character" in row);
  return heatmap(rows, {
    x: isNamed
      ? { field: "character", title: "Found" }
      : { field: "centroid_id", title: "Found, number of the cluster" },
    y: { field: "segment", title: "Planted" },
    color: { field: "share", title: "Share of the planted segment", format: ".0%" },
    title,
    subtitle: "Share of each planted segment (row) by what the model found (column)",
    source: "planted_users and user_clusters_op",
  });
}
