/**
 * What to call a cluster of users, and what to do about it. Pure: centroids in, names out.
 *
 * Each feature of a centroid is first compared with the average user, z = (value − mean) / deviation
 * over all clusters weighted by their users; a feature without spread counts as 0. Then:
 *
 * - **tier**, the rank in the loyalty programme. The worth of a cluster is the mean z of all four
 *   features. With k clusters in falling order of worth, number r = 0 … k − 1 gets tier
 *   round(3 r / (k − 1)) of Platinum, Gold, Silver, Bronze: the best is always Platinum, the last
 *   always Bronze.
 * - **character**, which the walk-through's step 4 gives its four clusters. Activity is the mean z of
 *   sessions, time and orders.
 *   1. `premium`: the most active cluster.
 *   2. `selective spender`: of the others the one with the highest order value, if that is above the
 *      average user's and at least one more cluster is left.
 *   3. `bronze`: the least active of the rest.
 *   4. `to engage`: of the rest the one with the most orders.
 *   5. Every further cluster takes the character of the nearest one named so far, by Euclidean
 *      distance of z.
 *
 * Ties go to the lower cluster id.
 */

/** A cluster's centroid in the units of `user_stats`. */
export interface Centroid {
  /** 1 … k. */
  centroid_id: number;
  /** How many users are in the cluster. */
  users: number;
  /** Sessions per user. */
  session_count: number;
  /** Milliseconds of attention per user. */
  total_time_spend_by_user_in_msec: number;
  /** US dollars; of an item line or of an order, as the features say. */
  average_order_value: number;
  /** Item lines or orders per user, as the features say. */
  no_of_orders: number;
}

/** Ranks of the loyalty programme, best first. */
export const TIERS = ["Platinum", "Gold", "Silver", "Bronze"] as const;
export type Tier = typeof TIERS[number];

/** What the walk-through's step 4 recommends for each character. */
export const ACTIONS = {
  "premium": "offer discounts to encourage them",
  "selective spender": "recommend highly rated products; advertise to raise engagement",
  "to engage": "send messages to raise engagement",
  "bronze": "no campaign of their own",
} as const;
export type Character = keyof typeof ACTIONS;

/** A cluster with its names. */
export interface Segment extends Centroid {
  tier: Tier;
  character: Character;
  /** What to do about it, a phrase. */
  action: string;
}

const FEATURES = [
  "session_count",
  "total_time_spend_by_user_in_msec",
  "no_of_orders",
  "average_order_value",
] as const;
/** The first three features tell activity, the last one tells money. */
const ACTIVITY = 3;
const ORDERS = 2;
const VALUE = 3;

/**
 * Names each cluster, best tier first, by the rule above.
 *
 * @throws {RangeError} If there are fewer than two centroids.
 */
export function nameSegments(centroids: readonly Centroid[]): Segment[] {
  if (centroids.length < 2) {
    throw new RangeError(
      `Cannot name segments as there must be two or more: current value is ${centroids.length}`,
    );
  }
  const sorted = [...centroids].sort((a, b) => a.centroid_id - b.centroid_id);
  const scores = standardScores(sorted);
  const characters = nameCharacters(scores);
  const order = sorted.map((_, i) => i).sort((a, b) => average(scores[b]) - average(scores[a]));
  return order.map((i, rank) => ({
    ...sorted[i],
    tier: TIERS[Math.round((3 * rank) / (order.length - 1))],
    character: characters[i],
    action: ACTIONS[characters[i]],
  }));
}

/** z of each feature, one row per centroid. */
function standardScores(centroids: readonly Centroid[]): number[][] {
  const users = centroids.reduce((sum, { users }) => sum + users, 0);
  // Centroids whose users nobody counted weigh the same.
  const weights = centroids.map((c) => users > 0 ? c.users / users : 1 / centroids.length);
  const columns = FEATURES.map((feature) => {
    const values = centroids.map((centroid) => centroid[feature]);
    const mean = dot(values, weights);
    const deviation = Math.sqrt(dot(values.map((value) => (value - mean) ** 2), weights));
    return values.map((value) => deviation > 0 ? (value - mean) / deviation : 0);
  });
  return centroids.map((_, i) => columns.map((column) => column[i]));
}

function nameCharacters(scores: readonly number[][]): Character[] {
  const characters = new Map<number, Character>();
  const activity = scores.map((row) => average(row.slice(0, ACTIVITY)));
  const rest = () => scores.map((_, i) => i).filter((i) => !characters.has(i));
  characters.set(best(rest(), (i) => activity[i]), "premium");
  const spender = best(rest(), (i) => scores[i][VALUE]);
  if (scores[spender][VALUE] > 0 && rest().length > 1) characters.set(spender, "selective spender");
  characters.set(best(rest(), (i) => -activity[i]), "bronze");
  if (rest().length > 0) characters.set(best(rest(), (i) => scores[i][ORDERS]), "to engage");
  const named = [...characters.keys()];
  for (const i of rest()) {
    const nearest = best(named, (j) => -distance(scores[i], scores[j]));
    characters.set(i, characters.get(nearest)!);
  }
  return scores.map((_, i) => characters.get(i)!);
}

/** The first of the indices for which `value` is highest. */
function best(indices: readonly number[], value: (index: number) => number): number {
  return indices.reduce((high, i) => value(i) > value(high) ? i : high);
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function distance(a: readonly number[], b: readonly number[]): number {
  return Math.hypot(...a.map((value, i) => value - b[i]));
}
