import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { CloudError } from "../../../../../../lib/local_cloud/errors.ts";
import { type Engine, withEngine } from "../../with_engine.ts";
import { pairs } from "./small_models.ts";

/** Clusters {0, 1, 2} around 1 and {11, 13} around 12; radii √⅔ and 1. */
async function line({ run }: Engine): Promise<void> {
  await run(`CREATE MODEL d.line OPTIONS (model_type = 'kmeans', num_clusters = 2,
      kmeans_init_method = 'CUSTOM', kmeans_init_col = 'f', standardize_features = FALSE) AS
    SELECT x, x IN (1, 13) AS f FROM UNNEST([0, 1, 2, 11, 13]) AS x`);
}

Deno.test("ML.CENTROIDS gives each centroid's features in their order and units", async () => {
  await withEngine(async (engine) => {
    await pairs(engine);
    const { schema, values } = await engine.run("SELECT * FROM ML.CENTROIDS(MODEL d.pairs)");
    assertEquals(
      schema.map(({ name }) => name),
      ["centroid_id", "feature", "numerical_value", "categorical_value"],
    );
    assertEquals(values, [["1", "x", 0, []], ["1", "y", 1, []], ["2", "x", 10, []], [
      "2",
      "y",
      1,
      [],
    ]]);
  });
});

Deno.test("ML.CENTROIDS takes standardization back unless asked not to", async () => {
  await withEngine(async ({ run }) => {
    await run(`CREATE MODEL d.m OPTIONS (model_type = 'kmeans', num_clusters = 2) AS
      SELECT x, 7 AS same FROM UNNEST([0, 0, 10, 10]) AS x`);
    const sql = (options: string) =>
      `SELECT numerical_value FROM ML.CENTROIDS(MODEL d.m${options}) ORDER BY centroid_id, feature`;
    assertEquals((await run(sql(""))).values.flat(), [7, 0, 7, 10]);
    assertEquals((await run(sql(", STRUCT(FALSE AS standardize)"))).values.flat(), [7, 0, 7, 10]);
    const z = 5 / Math.sqrt(100 / 3); // the deviation is that of the sample: √(4·25 / 3)
    const standardized = (await run(sql(", STRUCT(TRUE AS standardize)"))).values.flat();
    standardized.forEach((value, i) => assertAlmostEquals(value as number, [0, -z, 0, z][i]));
    await assertRejects(
      () => run(sql(", STRUCT(1 AS standardize)")),
      CloudError,
      "Option standardize of ML.CENTROIDS of model p:d.m must be a constant BOOL at [1:32]",
    );
  });
});

Deno.test("ML.CENTROIDS gives the shares of categories, NULL among them as _null_filler", async () => {
  await withEngine(async ({ run }) => {
    await run(`CREATE MODEL d.m OPTIONS (model_type = 'kmeans', num_clusters = 2,
        kmeans_init_method = 'CUSTOM', kmeans_init_col = 'f') AS
      SELECT 0 AS x, 'a' AS s, TRUE AS b, TRUE AS f UNION ALL
      SELECT 0, 'a', FALSE, FALSE UNION ALL SELECT 9, 'c', TRUE, TRUE UNION ALL
      SELECT 9, NULL, TRUE, FALSE`);
    const { values } = await run(`SELECT centroid_id, feature, categorical_value
      FROM ML.CENTROIDS(MODEL d.m) WHERE feature <> 'x'`);
    const share = (category: string, value: number) => ({ category, value });
    assertEquals(values, [
      ["1", "s", [share("a", 1)]],
      ["1", "b", [share("false", 0.5), share("true", 0.5)]],
      ["2", "s", [share("c", 0.5), share("_null_filler", 0.5)]],
      ["2", "b", [share("true", 1)]],
    ]);
  });
});

Deno.test("ML.EVALUATE gives the indices of the training rows, or of the rows given", async () => {
  await withEngine(async (engine) => {
    await pairs(engine);
    const { run } = engine;
    // Every row is 1 from its centroid, and the centroids are 10 apart: (1 + 1) / 10.
    const stored = await run("SELECT * FROM ML.EVALUATE(MODEL d.pairs)");
    assertEquals(
      stored.schema.map(({ name }) => name),
      ["davies_bouldin_index", "mean_squared_distance"],
    );
    assertEquals(stored.values, [[0.2, 1]]);
    const same = await run("SELECT * FROM ML.EVALUATE(MODEL d.pairs, TABLE d.points)");
    assertEquals(same.values, [[0.2, 1]]);
    // Distances 3 and 0 to centroid 1, 4 to centroid 2: (1.5 + 4) / 10, (9 + 0 + 16) / 3.
    const other = await run(`SELECT * FROM ML.EVALUATE(MODEL d.pairs, (
      SELECT 3.0 AS x, 1 AS y UNION ALL SELECT 0, 1 UNION ALL SELECT 10, 5))`);
    assertEquals(other.values, [[0.55, 25 / 3]]);
    const one = await run("SELECT * FROM ML.EVALUATE(MODEL d.pairs, (SELECT 2 AS x, 1 AS y))");
    assertEquals(one.values, [[0, 4]]);
    const none = await run(
      "SELECT * FROM ML.EVALUATE(MODEL d.pairs, (SELECT * FROM d.points WHERE FALSE))",
    );
    assertEquals(none.values, [[null, null]]);
  });
});

Deno.test("stored metrics are the same as those of the training rows, categories and cosine included", async () => {
  await withEngine(async ({ run }) => {
    await run(`CREATE TABLE d.t AS SELECT MOD(x * 7, 11) AS n, MOD(x * x, 13) AS m,
      IF(MOD(x, 3) = 0, NULL, CONCAT('c', CAST(MOD(x, 5) AS STRING))) AS s FROM UNNEST(GENERATE_ARRAY(1, 60)) AS x`);
    for (const distance of ["euclidean", "cosine"]) {
      await run(`CREATE OR REPLACE MODEL d.m OPTIONS (model_type = 'kmeans', num_clusters = 4,
        distance_type = '${distance}') AS SELECT * FROM d.t`);
      const [stored] = (await run("SELECT * FROM ML.EVALUATE(MODEL d.m)")).values as number[][];
      const [again] = (await run("SELECT * FROM ML.EVALUATE(MODEL d.m, TABLE d.t)"))
        .values as number[][];
      stored.forEach((value, i) => assertAlmostEquals(again[i], value, 1e-9));
      const { values } = await run(
        "SELECT loss FROM ML.TRAINING_INFO(MODEL d.m) ORDER BY iteration DESC LIMIT 1",
      );
      assertEquals(values, [[stored[1]]]); // mean squared distance is the loss, to all digits
    }
  });
});

Deno.test("ML.DETECT_ANOMALIES measures in radii and marks the contaminated share", async () => {
  await withEngine(async (engine) => {
    await line(engine);
    const call = (contamination: string, input: string) =>
      engine.run(`SELECT * FROM ML.DETECT_ANOMALIES(MODEL d.line,
        STRUCT(${contamination} AS contamination), (${input})) ORDER BY x`);
    const far = 1 / Math.sqrt(2 / 3);
    const training = await call("0.4", "SELECT x FROM UNNEST([0, 1, 2, 11, 13]) AS x");
    assertEquals(
      training.schema.map(({ name }) => name),
      ["is_anomaly", "normalized_distance", "CENTROID_ID", "x"],
    );
    // Two of five: those at 1.22 radii, not those at one radius.
    assertEquals(training.values, [
      [true, far, "1", "0"],
      [false, 0, "1", "1"],
      [true, far, "1", "2"],
      [false, 1, "2", "11"],
      [false, 1, "2", "13"],
    ]);
    // 6 is 5 from 1 and 6 from 12, yet in radii nearer to 12.
    assertEquals((await call("0", "SELECT 6 AS x")).values, [[true, 6, "2", "6"]]);
    assertEquals((await call("0", "SELECT 2 AS x")).values, [[false, far, "1", "2"]]);
  });
});

Deno.test("ML.DETECT_ANOMALIES refuses a missing input and a contamination out of bounds", async () => {
  await withEngine(async (engine) => {
    await line(engine);
    const call = (rest: string) =>
      engine.run(`SELECT * FROM ML.DETECT_ANOMALIES(MODEL d.line, ${rest})`);
    await assertRejects(
      () => call("STRUCT(0.1 AS contamination)"),
      CloudError,
      "DETECT_ANOMALIES expects 3 arguments for KMEANS models but 2 were passed",
    );
    for (const options of ["0.6 AS contamination", "-0.1 AS contamination"]) {
      await assertRejects(
        () => call(`STRUCT(${options}), (SELECT 1 AS x)`),
        CloudError,
        "needs the option contamination, a number from 0 to 0.5",
      );
    }
    await assertRejects(
      () => call("STRUCT(RAND() AS contamination), (SELECT 1 AS x)"),
      CloudError,
      "must be a constant FLOAT64",
    );
  });
});

Deno.test("ML.TRAINING_INFO tells each iteration with its clusters", async () => {
  await withEngine(async (engine) => {
    await pairs(engine);
    const { schema, values } = await engine.run("SELECT * FROM ML.TRAINING_INFO(MODEL d.pairs)");
    assertEquals(
      schema.map(({ name }) => name),
      ["training_run", "iteration", "loss", "duration_ms", "cluster_info"],
    );
    const info = (id: number) => ({
      centroid_id: String(id),
      cluster_radius: 1,
      cluster_size: "2",
    });
    assertEquals(
      values.map(([run, iteration, loss, _, clusters]) => [run, iteration, loss, clusters]),
      ["0", "1"].map((iteration) => ["0", iteration, 1, [info(1), info(2)]]),
    );
  });
});

Deno.test("ML.FEATURE_INFO tells statistics of numbers and counts of categories", async () => {
  await withEngine(async ({ run }) => {
    await run(`CREATE MODEL d.m OPTIONS (model_type = 'kmeans', num_clusters = 2) AS
      SELECT 1.0 AS n, 'a' AS s UNION ALL SELECT 2, 'b' UNION ALL SELECT 6, 'a' UNION ALL
      SELECT NULL, NULL`);
    const { schema, values } = await run("SELECT * FROM ML.FEATURE_INFO(MODEL d.m)");
    assertEquals(schema.map(({ name }) => name), [
      ...["input", "min", "max", "mean", "median", "stddev"],
      ...["category_count", "null_count", "dimension"],
    ]);
    assertEquals(values, [
      ["n", 1, 6, 3, 2, Math.sqrt(7), null, "1", null], // (4 + 1 + 9) / 2
      ["s", null, null, null, null, null, "2", "1", null],
    ]);
  });
});
