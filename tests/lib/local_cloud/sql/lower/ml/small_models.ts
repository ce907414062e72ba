/** Models small enough to know by heart, for the tests of the functions that read them. */
import type { Engine } from "../../with_engine.ts";

/**
 * `d.points(name, x, y, is_first)`, two pairs of neighbours, and the model `d.pairs` over x and y in
 * their own units: centroid 1 is (0, 1), centroid 2 is (10, 1), both clusters have radius 1.
 */
export async function pairs({ run }: Engine): Promise<void> {
  await run(`CREATE TABLE d.points AS
    SELECT 'a' AS name, 0.0 AS x, 0 AS y, TRUE AS is_first UNION ALL
    SELECT 'b', 0.0, 2, FALSE UNION ALL
    SELECT 'c', 10.0, 0, TRUE UNION ALL
    SELECT 'd', 10.0, 2, NULL`);
  await run(`CREATE MODEL d.pairs
    OPTIONS (model_type = 'kmeans', num_clusters = 2, kmeans_init_method = 'custom',
      kmeans_init_col = 'is_first', standardize_features = FALSE)
    AS SELECT x, y, is_first FROM d.points`);
}

/**
 * `d.ratings(u, i, r)` of three users and three items, and the model `d.taste` over them.
 *
 * |     | p | q | r |
 * | --- | - | - | - |
 * | ann | 2 | 1 | – |
 * | bob | – | 3 | 1 |
 * | eve | 1 | – | – |
 */
export async function taste({ run }: Engine, feedback: "implicit" | "explicit"): Promise<void> {
  await run(`CREATE OR REPLACE TABLE d.ratings AS
    SELECT 'ann' AS u, 'p' AS i, 2 AS r UNION ALL
    SELECT 'ann', 'q', 1 UNION ALL
    SELECT 'bob', 'q', 3 UNION ALL
    SELECT 'bob', 'r', 1 UNION ALL
    SELECT 'eve', 'p', 1 UNION ALL
    SELECT 'eve', 'r', NULL`);
  await run(`CREATE OR REPLACE MODEL d.taste
    OPTIONS (model_type = 'matrix_factorization', feedback_type = '${feedback}', user_col = 'u',
      item_col = 'i', rating_col = 'r', num_factors = 2, l2_reg = 0.5)
    AS SELECT u, i, r FROM d.ratings`);
}
