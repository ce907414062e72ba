import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { CloudError } from "../../../../../../lib/local_cloud/errors.ts";
import { type Engine, withEngine } from "../../with_engine.ts";
import { pairs } from "./small_models.ts";

const FAR = Math.sqrt(101); // from (0, 0) to (10, 1)

const near = (id: number, distance: number) => ({ CENTROID_ID: String(id), DISTANCE: distance });

Deno.test("ML.PREDICT gives the nearest centroid, the distances in rising order, and the input", async () => {
  await withEngine(async (engine) => {
    await pairs(engine);
    const { schema, values } = await engine.run(
      "SELECT * FROM ML.PREDICT(MODEL d.pairs, TABLE d.points) ORDER BY name",
    );
    assertEquals(
      schema.map(({ name }) => name),
      ["CENTROID_ID", "NEAREST_CENTROIDS_DISTANCE", "name", "x", "y", "is_first"],
    );
    assertEquals(values, [
      ["1", [near(1, 1), near(2, FAR)], "a", 0, "0", true],
      ["1", [near(1, 1), near(2, FAR)], "b", 0, "2", false],
      ["2", [near(2, 1), near(1, FAR)], "c", 10, "0", true],
      ["2", [near(2, 1), near(1, FAR)], "d", 10, "2", null],
    ]);
  });
});

Deno.test("ML.PREDICT finds features by name in any case, takes any number, and NULL for the mean", async () => {
  await withEngine(async (engine) => {
    await pairs(engine);
    const { values } = await engine.run(`SELECT * FROM ml.predict(model \`p.d.pairs\`,
      (SELECT NUMERIC '7' AS Y, 3 AS X, 'kept' AS extra UNION ALL SELECT 1, NULL, 'mean'))
      ORDER BY extra`);
    assertEquals(values, [
      ["1", [near(1, Math.sqrt(45)), near(2, Math.sqrt(85))], "7.000000000", "3", "kept"],
      ["1", [near(1, 5), near(2, 5)], "1.000000000", null, "mean"], // x̄ = 5; on a tie the lower id
    ]);
  });
});

Deno.test("ML.PREDICT lists five centroids at most", async () => {
  await withEngine(async ({ run }) => {
    await run(`CREATE MODEL d.m OPTIONS (model_type = 'kmeans', num_clusters = 7) AS
      SELECT x FROM UNNEST([1, 20, 300, 4000, 50000, 600000, 7000000]) AS x`);
    const { values } = await run(`SELECT ARRAY_LENGTH(nearest_centroids_distance),
      nearest_centroids_distance[OFFSET(0)].distance, centroid_id
      FROM ML.PREDICT(MODEL d.m, (SELECT 300 AS x))`);
    assertEquals(values, [["5", 0, "3"]]);
  });
});

Deno.test("ML.PREDICT composes: in WITH, joins, aggregates, beside another model, from a view", async () => {
  await withEngine(async (engine) => {
    await pairs(engine);
    const { run } = engine;
    await run(`CREATE MODEL d.heights OPTIONS (model_type = 'kmeans', num_clusters = 2,
      standardize_features = FALSE) AS SELECT y FROM d.points`);
    const { values } = await run(`WITH sides AS (
        SELECT name, centroid_id AS side FROM ML.PREDICT(MODEL d.pairs, TABLE d.points)
      )
      SELECT s.side, h.centroid_id AS height, COUNT(*) AS n, MIN(s.name) AS name
      FROM sides AS s JOIN ML.PREDICT(MODEL d.heights, (SELECT * FROM d.points)) AS h
        ON h.name = s.name
      GROUP BY side, height HAVING COUNT(*) > 0 ORDER BY side, height`);
    assertEquals(values, [
      ["1", "1", "1", "a"],
      ["1", "2", "1", "b"],
      ["2", "1", "1", "c"],
      ["2", "2", "1", "d"],
    ]);
    await run(`CREATE VIEW d.sides AS
      SELECT name, centroid_id FROM ML.PREDICT(MODEL d.pairs, TABLE d.points)`);
    const { values: counted } = await run("SELECT COUNT(DISTINCT centroid_id) FROM d.sides");
    assertEquals(counted, [["2"]]);
    const { values: nested } = await run(`SELECT CENTROID_ID FROM ML.PREDICT(MODEL d.heights, (
      SELECT centroid_id * 2 - 2 AS y FROM ML.PREDICT(MODEL d.pairs, TABLE d.points)
      WHERE name = 'd'))`);
    assertEquals(nested, [["2"]]);
  });
});

Deno.test("ML.PREDICT over no rows gives none, and its columns keep their types in a table", async () => {
  await withEngine(async (engine) => {
    await pairs(engine);
    const { run } = engine;
    await run(`CREATE TABLE d.predicted AS
      SELECT * FROM ML.PREDICT(MODEL d.pairs, (SELECT * FROM d.points WHERE FALSE))`);
    const { schema, values } = await run("SELECT * FROM d.predicted");
    assertEquals([schema[1].type.kind, values], ["ARRAY", []]);
  });
});

Deno.test("ML.PREDICT names a column that is missing or of another type, and where it was called", async () => {
  await withEngine(async (engine) => {
    await pairs(engine);
    const messages = await refusals(engine, [
      "SELECT * FROM ML.PREDICT(MODEL d.pairs, (SELECT 1 AS x))",
      "SELECT * FROM ML.PREDICT(MODEL d.pairs, (SELECT 1 AS x, '2' AS y))",
      "SELECT * FROM ML.PREDICT(MODEL d.pairs)",
      "SELECT * FROM ML.PREDICT(MODEL d.pairs, TABLE d.points, STRUCT(0.5 AS threshold))",
      "SELECT * FROM ML.RECOMMEND(MODEL d.pairs)",
      "SELECT * FROM ML.EXPLAIN_PREDICT(MODEL d.pairs, TABLE d.points)",
      "SELECT * FROM ML.PREDICT(MODEL d.other, TABLE d.points)",
    ]);
    assertEquals(messages, [
      "Column y is required by ML.PREDICT of model p:d.pairs but is not found in the input at [1:18]",
      "Column y in the input of ML.PREDICT of model p:d.pairs has type STRING, but the model was " +
      "trained on INT64 at [1:18]",
      "PREDICT expects 2 to 3 arguments for KMEANS models but 1 was passed at [1:18]",
      "Option threshold is not supported in ML.PREDICT of model p:d.pairs at [1:18]",
      "ML.RECOMMEND is not supported for the KMEANS model p:d.pairs: it answers to ML.CENTROIDS, " +
      "ML.DETECT_ANOMALIES, ML.EVALUATE, ML.FEATURE_INFO, ML.PREDICT, ML.TRAINING_INFO at [1:18]",
      "Function ML.EXPLAIN_PREDICT is not supported by the local warehouse at [1:18]",
      "Not found: Model p:d.other was not found in location US",
    ]);
  });
});

async function refusals({ run }: Engine, statements: string[]): Promise<string[]> {
  const messages = [];
  for (const sql of statements) {
    messages.push((await assertRejects(() => run(sql), CloudError)).message);
  }
  return messages;
}

Deno.test("categories weigh as one-hot coordinates; one never seen weighs nothing", async () => {
  await withEngine(async ({ run }) => {
    await run(`CREATE MODEL d.m OPTIONS (model_type = 'kmeans', num_clusters = 2,
        kmeans_init_method = 'CUSTOM', kmeans_init_col = 'f') AS
      SELECT 'x' AS s, TRUE AS f UNION ALL SELECT 'x', FALSE UNION ALL SELECT 'y', TRUE`);
    const { values } = await run(`SELECT s, centroid_id,
        ARRAY(SELECT distance FROM UNNEST(nearest_centroids_distance)) AS distances
      FROM ML.PREDICT(MODEL d.m, (SELECT s FROM UNNEST(['x', 'y', 'z', NULL]) AS s)) ORDER BY s`);
    const far = Math.SQRT2; // from one axis to another
    assertEquals(values, [
      [null, "1", [1, 1]],
      ["x", "1", [0, far]],
      ["y", "2", [0, far]],
      ["z", "1", [1, 1]],
    ]);
  });
});

Deno.test("cosine distance is √(1 − cos), and 1 from a row without direction", async () => {
  await withEngine(async ({ run }) => {
    await run(`CREATE MODEL d.m OPTIONS (model_type = 'kmeans', num_clusters = 2,
        distance_type = 'cosine', standardize_features = FALSE, kmeans_init_method = 'CUSTOM',
        kmeans_init_col = 'f') AS
      SELECT 1 AS x, 0 AS y, FALSE AS f UNION ALL SELECT 2, 0, TRUE UNION ALL SELECT 0, 3, TRUE`);
    const { values } = await run(`SELECT x, y, centroid_id,
        nearest_centroids_distance[OFFSET(0)].distance AS near,
        nearest_centroids_distance[OFFSET(1)].distance AS far
      FROM ML.PREDICT(MODEL d.m, (SELECT 5 AS x, 0 AS y UNION ALL SELECT 1, 1 UNION ALL SELECT 0, 0))
      ORDER BY x`);
    const [zero, diagonal, along] = values;
    assertEquals(zero.slice(3), [1, 1]);
    assertAlmostEquals(diagonal[3] as number, Math.sqrt(1 - Math.SQRT1_2), 1e-12);
    assertAlmostEquals(along[3] as number, 0, 1e-7); // the root of what rounding leaves
    assertAlmostEquals(along[4] as number, 1, 1e-12);
  });
});

Deno.test("a dataset may be called ml", async () => {
  await withEngine(async (engine) => {
    await pairs(engine);
    await engine.run("CREATE SCHEMA ml");
    await engine.run("CREATE TABLE ml.points AS SELECT * FROM d.points");
    const { values } = await engine.run(`SELECT COUNT(*)
      FROM ML.PREDICT(MODEL d.pairs, TABLE ml.points) JOIN ml.points USING (name)`);
    assertEquals(values, [["4"]]);
  });
});
