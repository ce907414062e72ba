import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { CloudError } from "../../../../../lib/local_cloud/errors.ts";
import { type Engine, withEngine } from "../with_engine.ts";

const KMEANS = "model_type = 'kmeans', num_clusters = 2";

Deno.test("booleans, dates, times, bytes and fields of a struct are features", async () => {
  await withEngine(async ({ run }) => {
    await run(`CREATE TABLE d.t AS
      SELECT TRUE AS b, DATE '2024-02-29' AS day, DATETIME '2024-02-29 10:00:00' AS moment,
        TIME '10:00:00' AS time, b'\\xff' AS raw, STRUCT(1 AS n, 'k' AS t) AS pair, 0 AS x
      UNION ALL
      SELECT FALSE, NULL, NULL, NULL, NULL, STRUCT(3, NULL), 100`);
    await run(`CREATE MODEL d.m OPTIONS (${KMEANS}) AS SELECT * FROM d.t`);
    const { values } = await run(`SELECT feature, ARRAY_TO_STRING(
        ARRAY(SELECT category FROM UNNEST(categorical_value)), ',') AS category
      FROM ML.CENTROIDS(MODEL d.m) WHERE centroid_id = 1`);
    assertEquals(values, [
      ["b", "true"],
      ["day", "2024-02-29"],
      ["moment", "2024-02-29 10:00:00"],
      ["time", "10:00:00"],
      ["raw", "/w=="],
      ["pair_n", ""],
      ["pair_t", "k"],
      ["x", ""],
    ]);
    const predicted = await run("SELECT centroid_id, x FROM ML.PREDICT(MODEL d.m, TABLE d.t)");
    assertEquals(predicted.values, [["1", "0"], ["2", "100"]]);
    await assertRejects(
      () => run("SELECT * FROM ML.PREDICT(MODEL d.m, (SELECT * REPLACE (x AS pair) FROM d.t))"),
      CloudError,
      "Column pair in the input of ML.PREDICT of model p:d.m has type INT64, but the model was " +
        "trained on STRUCT<n INT64>",
    );
  });
});

Deno.test("a missing number is the mean, a missing text a category of its own", async () => {
  await withEngine(async ({ run }) => {
    await run(`CREATE TABLE d.t AS
      SELECT 1 AS x, 'a' AS s UNION ALL SELECT 3, 'a' UNION ALL SELECT NULL, NULL UNION ALL
      SELECT 8, NULL`);
    await run(`CREATE MODEL d.m OPTIONS (${KMEANS}, standardize_features = FALSE) AS
      SELECT * FROM d.t`);
    const { values } = await run(
      "SELECT centroid_id, numerical_value FROM ML.CENTROIDS(MODEL d.m) WHERE feature = 'x'",
    );
    assertEquals(values, [["1", 8 / 3], ["2", 8]]); // 1, 3 and x̄ = 4 stay together
  });
});

Deno.test("a number that never varies counts for nothing once standardized", async () => {
  await withEngine(async ({ run }) => {
    await run(`CREATE MODEL d.m OPTIONS (${KMEANS}) AS
      SELECT x, 0.1 AS same FROM UNNEST([1, 2, 30, 31, 32, 33, 34]) AS x`);
    const { values } = await run(`SELECT nearest_centroids_distance[OFFSET(0)].distance AS near
      FROM ML.PREDICT(MODEL d.m, (SELECT 1.5 AS x, 0.1 AS same UNION ALL SELECT 1.5, 1e6))`);
    assertEquals(values, [[0], [0]]);
    const { values: centroids } = await run(
      "SELECT numerical_value FROM ML.CENTROIDS(MODEL d.m) WHERE feature = 'same'",
    );
    assertEquals(centroids, [[0.1], [0.1]]);
  });
});

Deno.test("num_clusters and num_factors follow from the number of rows", async () => {
  await withEngine(async ({ run }) => {
    await run(`CREATE TABLE d.t AS SELECT x, MOD(x, 50) AS user, MOD(x, 7) AS item,
      MOD(x, 5) AS rating FROM UNNEST(GENERATE_ARRAY(1, 3000)) AS x`);
    await run("CREATE MODEL d.k OPTIONS (model_type = 'kmeans') AS SELECT x FROM d.t");
    const { values: k } = await run("SELECT MAX(centroid_id) FROM ML.CENTROIDS(MODEL d.k)");
    assertEquals(k, [["3"]]); // log10(3000) = 3.48
    await run(`CREATE MODEL d.f OPTIONS (model_type = 'matrix_factorization', max_iterations = 1)
      AS SELECT user, item, rating FROM d.t`);
    const { values: f } = await run(
      "SELECT MAX(ARRAY_LENGTH(factor_weights)) FROM ML.WEIGHTS(MODEL d.f)",
    );
    assertEquals(f, [["12"]]); // log2(3000) = 11.55
  });
});

Deno.test("a query's parameters and ML functions are welcome in the training data", async () => {
  await withEngine(async ({ run }) => {
    const parameters = [{ name: "n", type: { kind: "INT64" as const }, value: { value: "10" } }];
    const data = "SELECT x FROM UNNEST([1, 2, @n, 11]) AS x";
    await run(`CREATE MODEL d.a OPTIONS (${KMEANS}) AS ${data}`, { parameters });
    await run(
      `CREATE MODEL d.b OPTIONS (${KMEANS}) AS
        SELECT centroid_id AS c FROM ML.PREDICT(MODEL d.a, (${data}))`,
      { parameters },
    );
    const { values } = await run(
      "SELECT numerical_value FROM ML.CENTROIDS(MODEL d.b) ORDER BY centroid_id",
    );
    values.forEach(([value], i) => assertAlmostEquals(value as number, i + 1));
  });
});

async function refusals({ run }: Engine, options: string, queries: string[]): Promise<string[]> {
  const messages = [];
  for (const query of queries) {
    const sql = `CREATE OR REPLACE MODEL d.m OPTIONS (${options}) AS ${query}`;
    messages.push((await assertRejects(() => run(sql), CloudError)).message);
  }
  return messages;
}

Deno.test("rows that k-means cannot be trained on are refused in a sentence", async () => {
  await withEngine(async (engine) => {
    assertEquals(
      await refusals(engine, KMEANS, [
        "SELECT 1 AS x FROM UNNEST([1]) WHERE FALSE",
        "SELECT CAST(NULL AS INT64) AS x, 1 AS y",
        "SELECT x FROM UNNEST([1, CAST('nan' AS FLOAT64), CAST('inf' AS FLOAT64)]) AS x",
        "SELECT 1 AS x, 1 AS X",
        "SELECT CURRENT_TIMESTAMP() AS t",
        "SELECT STRUCT(1) AS s",
        "SELECT 1 AS a_b, STRUCT(1 AS b) AS a",
      ]),
      [
        "Input data doesn't contain any rows to train the model on",
        "Column x is NULL in every row of the training data",
        "Column x holds NaN or infinite values in 2 rows of the training data: a model cannot be " +
        "trained on them",
        "CREATE MODEL has columns with duplicate name X at [1:82]",
        "Column t of type TIMESTAMP is not supported as a feature by the local warehouse: use " +
        "UNIX_SECONDS(…) for its moment, EXTRACT(… FROM …) for its parts",
        "The fields of STRUCT column s must have names to be features",
        "Duplicate feature column name: a_b",
      ],
    );
    const [few] = await refusals(engine, "model_type = 'kmeans', num_clusters = 3", [
      "SELECT x FROM UNNEST([1, 1, 2]) AS x",
    ]);
    assertEquals(
      few,
      "Cannot form 3 clusters as there must be at least as many distinct rows: current value is 2",
    );
  });
});

Deno.test("first centroids must be marked in a BOOL column, once for each cluster", async () => {
  await withEngine(async (engine) => {
    const options = `${KMEANS}, kmeans_init_method = 'CUSTOM', kmeans_init_col = 'f'`;
    assertEquals(
      await refusals(engine, options, [
        "SELECT 1 AS x",
        "SELECT 1 AS x, 'yes' AS f",
        "SELECT x, x = 1 AS f FROM UNNEST([1, 2, 3]) AS x",
        "SELECT TRUE AS f",
      ]),
      [
        "KMEANS_INIT_COL f is not found in the training data",
        "KMEANS_INIT_COL f must be of type BOOL, but is STRING",
        "KMEANS_INIT_COL f must be TRUE in as many rows as there are clusters (2), but is TRUE in 1",
        "CREATE MODEL needs at least one feature column",
      ],
    );
  });
});

Deno.test("ratings that cannot be factorized are refused in a sentence", async () => {
  await withEngine(async (engine) => {
    assertEquals(
      await refusals(engine, "model_type = 'matrix_factorization', num_factors = 2", [
        "SELECT 1 AS user, 2 AS item",
        "SELECT 1 AS user, 2 AS item, 'good' AS rating",
        "SELECT 1 AS user, 2 AS item, 3 AS rating, 4 AS more",
        "SELECT [1] AS user, 2 AS item, 3 AS rating",
        "SELECT 1 AS user, 2 AS item, CAST(NULL AS INT64) AS rating",
        "SELECT 1 AS user, 2 AS item, CAST('inf' AS FLOAT64) AS rating",
      ]),
      [
        "RATING_COL rating is not found in the training data, whose columns are user, item",
        "RATING_COL rating must be a number, but is STRING",
        "Matrix factorization needs exactly three columns in the training data, user, item and " +
        "rating: there are user, item, rating, more",
        "USER_COL user must be of a groupable type, but is ARRAY",
        "Input data doesn't contain any rows to train the model on",
        "Column rating holds NaN or infinite values in 1 rows of the training data: a model cannot " +
        "be trained on them",
      ],
    );
  });
});
