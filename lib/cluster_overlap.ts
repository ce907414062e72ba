/**
 * Two ways to group the same users, laid on top of each other: the clusters of two models, or clusters
 * and the planted segments where there are any.
 */
import { z } from "zod";
import { adjustedRandIndex, contingencyTable } from "./metrics.ts";
import type { Segment } from "./segments.ts";
import { renamed, type Session } from "./session.ts";
import { queryRows } from "./sql.ts";

const clusterPair = z.object({
  centroid_id: z.number(),
  other_id: z.number(),
  users: z.number(),
});
/** How many users are in a cluster of the one model and a cluster of the other one. */
export type ClusterPair = z.infer<typeof clusterPair>;

const plantedPair = z.object({ segment: z.string(), centroid_id: z.number(), users: z.number() });

/** How many users of a planted segment are in a cluster. */
export interface PlantedCluster {
  /** As in planted_users with blanks, such as `selective spender`. */
  segment: string;
  /** 1 … k. */
  centroid_id: number;
  users: number;
  /** Of the planted segment's users, 0 … 1. */
  share: number;
}

/** How many users of a planted segment got a character. */
export type PlantedCharacter = Omit<PlantedCluster, "centroid_id"> & { character: string };

/**
 * Pairs the clusters of two models over their common users; pairs without users are left out.
 *
 * @param session Where user_clusters_op is what the one model predicted.
 * @param other Where user_clusters_op is what the other model predicted.
 */
export async function pairClusters(session: Session, other: Session): Promise<ClusterPair[]> {
  const user_clusters_other_op = other.names.user_clusters_op ?? "user_clusters_op";
  const both = renamed(session, { user_clusters_other_op });
  return await queryRows(both, "user_clusters/overlap", { row: clusterPair });
}

/** How far two models agree, as adjusted Rand index: 1 exactly, about 0 by chance. */
export function agreement(pairs: readonly ClusterPair[]): number {
  return randIndex(pairs.map(({ centroid_id, other_id, users }) => [centroid_id, other_id, users]));
}

/** How far the clusters are the planted segments, as adjusted Rand index: 1 exactly, 0 by chance. */
export interface Recovery {
  /** Over all users. */
  all: number;
  /** Over the users whose segment buys. */
  buyers: number;
}

/** Compares user_clusters_op with the table planted_users. */
export async function recoverSegments(session: Session): Promise<Recovery> {
  const rows = await readPlanted(session);
  const compare = (some: typeof rows) =>
    randIndex(some.map(({ segment, centroid_id, users }) => [segment, centroid_id, users]));
  return {
    all: compare(rows),
    buyers: compare(rows.filter(({ segment }) => segment !== "visitor")),
  };
}

function randIndex(counts: Parameters<typeof contingencyTable>[0]): number {
  return adjustedRandIndex(contingencyTable(counts));
}

async function readPlanted(session: Session) {
  return await queryRows(session, "evaluation/segment_recovery", { row: plantedPair });
}

/** How many users have one character in one model and another in the other. */
export interface CharacterPair {
  character: string;
  /** In the other model. */
  other: string;
  users: number;
}

/**
 * The pairs of {@link pairClusters} by character instead of id, in the order of the segments; pairs
 * without users are there with 0.
 *
 * @param named The clusters of both models with their names; those that share a name count together.
 */
export function nameClusterPairs(
  pairs: readonly ClusterPair[],
  { segments, others }: { segments: readonly Segment[]; others: readonly Segment[] },
): CharacterPair[] {
  return charactersOf(segments).flatMap((character) =>
    charactersOf(others).map((other) => {
      const ids = idsOf(segments, character);
      const otherIds = idsOf(others, other);
      const both = pairs.filter((pair) =>
        ids.includes(pair.centroid_id) && otherIds.includes(pair.other_id)
      );
      return { character, other, users: usersOf(both) };
    })
  );
}

/**
 * Counts the planted users by segment and cluster of user_clusters_op, the smallest segment first;
 * every pair has a row. The tables planted_users and user_clusters_op must exist.
 */
export async function countPlantedClusters(session: Session): Promise<PlantedCluster[]> {
  const rows = await readPlanted(session);
  const ids = [...new Set(rows.map(({ centroid_id }) => centroid_id))].sort((a, b) => a - b);
  const sizes = sizesOf(rows);
  const segments = [...sizes.keys()].sort((a, b) => sizes.get(a)! - sizes.get(b)!);
  return segments.flatMap((segment) =>
    ids.map((centroid_id) => {
      const both = rows.filter((row) => row.segment === segment && row.centroid_id === centroid_id);
      const users = usersOf(both);
      return {
        ...{ segment: segment.replaceAll("_", " "), centroid_id },
        ...{ users, share: users / sizes.get(segment)! },
      };
    })
  );
}

/**
 * Counts the planted users as {@link countPlantedClusters} does, by character instead of cluster, in
 * the order of the segments.
 *
 * @param segments The clusters of user_clusters_op with their names; those that share a name count
 * together.
 */
export async function countPlanted(
  session: Session,
  segments: readonly Segment[],
): Promise<PlantedCharacter[]> {
  const rows = await countPlantedClusters(session);
  const sizes = sizesOf(rows);
  return [...sizes].flatMap(([segment, size]) =>
    charactersOf(segments).map((character) => {
      const ids = idsOf(segments, character);
      const both = rows.filter((row) => row.segment === segment && ids.includes(row.centroid_id));
      return { segment, character, users: usersOf(both), share: usersOf(both) / size };
    })
  );
}

/** Users by planted segment, in the order of the rows. */
function sizesOf(rows: readonly { segment: string; users: number }[]): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const { segment, users } of rows) sizes.set(segment, (sizes.get(segment) ?? 0) + users);
  return sizes;
}

function charactersOf(segments: readonly Segment[]): string[] {
  return [...new Set(segments.map(({ character }) => character))];
}

function idsOf(segments: readonly Segment[], character: string): number[] {
  return segments.filter((segment) => segment.character === character)
    .map(({ centroid_id }) => centroid_id);
}

function usersOf(rows: readonly { users: number }[]): number {
  return rows.reduce((sum, { users }) => sum + users, 0);
}
