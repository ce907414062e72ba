/** How well all items are ranked for each user, for implicit feedback. */

export const RANKING_METRICS = [
  "mean_average_precision",
  "mean_squared_error",
  "normalized_discounted_cumulative_gain",
  "average_rank",
] as const;

/** Σ of an expression in rising order: the same bits however DuckDB shares out the rows. */
const sum = (value: string) => `sum(${value} ORDER BY ${value})`;

/**
 * One row of metrics over all m items for each user u who has a rating above 0 among those given.
 * Ratings r of the same pair add up, ones not above 0 count as none; users and items never seen in
 * training are left out. p(i) is the place of an item, 1 … m, by falling predicted confidence s; of
 * equal ones the item of lower id comes first.
 *
 * - mean_average_precision: mean over the users of Σ_k k / p_k / n, p_1 < p_2 < … < p_n the places of
 *   their n rated items
 * - mean_squared_error: mean over all users and items of (t − s)², with t = 1 for a rated item, else 0
 * - normalized_discounted_cumulative_gain: mean over the users of Σ r / log2(1 + p), divided by the
 *   same with the items in falling order of their ratings
 * - average_rank: Σ r·(p − 1) / (m − 1) / Σ r over all rated pairs, from 0 (always first) to 1; 0.5 is
 *   random (rank_ui of http://yifanhu.net/PUB/cf.pdf, section 5)
 *
 * All are NULL without such users.
 *
 * @param ratings A relation `user`, `item`, `rating`, without NULLs.
 */
export function rankingMetricsSql(storage: string, ratings: string): string {
  return `(WITH catalogue AS MATERIALIZED (
      SELECT list(factors ORDER BY id) AS item_factors FROM ${storage}_items
    ), rated AS (
      SELECT "user", list_sort(list({'number': number, 'rating': rating})) AS rated
      FROM (SELECT "user", number, list_sum(list_sort(list(rating))) AS rating
        FROM ${ratings}
        JOIN (SELECT id, row_number() OVER (ORDER BY id) AS number FROM ${storage}_items) ON id = item
        WHERE rating > 0 GROUP BY "user", number)
      GROUP BY "user"
    ), scored AS (
      SELECT rated, list_transform(item_factors, lambda y: list_dot_product(y, factors)) AS scores
      FROM rated JOIN ${storage}_users ON id = "user" CROSS JOIN catalogue
    ), placed AS MATERIALIZED (
      SELECT list_transform(rated, lambda r: r.rating) AS ratings, len(scores) AS m,
        list_transform(rated, lambda r: list_position(ranked, r.number)) AS places,
        ${SQUARED_ERROR} AS squared_error
      FROM (SELECT *, ${orderOf("scores")} AS ranked FROM scored)
    ), measured AS MATERIALIZED (
      SELECT ${userMetrics()} FROM (SELECT *, list_reverse_sort(ratings) AS ideal FROM placed)
    )
    SELECT ${sum("average_precision")} / count(*) AS mean_average_precision,
      ${sum("squared_error")} / (count(*) * any_value(m)) AS mean_squared_error,
      ${sum("gain")} / count(*) AS normalized_discounted_cumulative_gain,
      ${sum("rank")} / ${sum("weight")} AS average_rank
    FROM measured)`;
}

/** Σ (t − s)² over all items: Σ s², and 1 − 2s more for each rated one. */
const SQUARED_ERROR = `list_dot_product(scores, scores)
  + list_sum(list_transform(rated, lambda r: 1 - 2 * scores[r.number]))`;

/**
 * The items' numbers, from 1, by falling score. Scores are paired with the numbers, as sorting a list
 * does not keep equal values in their order.
 */
const orderOf = (scores: string) =>
  `list_grade_up(list_transform(${scores}, lambda s, i: {'s': -s, 'i': i}))`;

/** What is summed of one user: of the rated items the `ratings`, the `places`, the `ideal` order. */
function userMetrics(): string {
  const discounted = (places: string, ratings: string) =>
    `list_sum(list_transform(${places}, lambda p, k: ${ratings}[k] / log2(1 + p)))`;
  return [
    "m, squared_error, list_sum(ratings) AS weight",
    "list_sum(list_transform(list_sort(places), lambda p, k: k / p)) / len(places) AS average_precision",
    `${discounted("places", "ratings")} / ${
      discounted("range(1, len(ideal) + 1)", "ideal")
    } AS gain`,
    `list_sum(list_transform(places, lambda p, k: ratings[k] * (p - 1) / greatest(m - 1, 1))) AS rank`,
  ].join(", ");
}
