import { assertEquals, assertLess, assertRejects } from "@std/assert";
import { CloudError } from "../../../../../lib/local_cloud/errors.ts";
import type { ModelEntry } from "../../../../../lib/local_cloud/warehouse/catalogue.ts";
import { pairs, taste } from "../lower/ml/small_models.ts";
import { type Engine, withEngine } from "../with_engine.ts";

async function entryOf({ warehouse }: Engine, modelId: string): Promise<ModelEntry | undefined> {
  const connection = await warehouse.connect();
  try {
    const ref = { projectId: "p", datasetId: "d", modelId };
    return await warehouse.catalogue.model(connection, ref);
  } finally {
    connection.closeSync();
  }
}

/** The rows of one of a model's tables. */
async function tableOf(engine: Engine, modelId: string, suffix: string): Promise<unknown[][]> {
  const { storage } = (await entryOf(engine, modelId))!;
  const connection = await engine.warehouse.connect();
  try {
    return (await connection.runAndReadAll(`SELECT * FROM ${storage}${suffix}`)).getRowsJson();
  } finally {
    connection.closeSync();
  }
}

/** DuckDB's tables of rows kept for a training, and of all models. */
async function leftTables({ warehouse }: Engine, schema: string): Promise<string[]> {
  const connection = await warehouse.connect();
  try {
    const reader = await connection.runAndReadAll(
      `SELECT table_name FROM duckdb_tables() WHERE ${schema} ORDER BY ALL`,
    );
    return reader.getRows().map(([name]) => String(name));
  } finally {
    connection.closeSync();
  }
}

const SCRATCH = "database_name = 'results'";
const MODELS = "schema_name = 'models'";

Deno.test("CREATE MODEL tells what it made, how it went and what it read", async () => {
  await withEngine(async (engine) => {
    await pairs(engine);
    const { run } = engine;
    const sql = "MODEL d.m OPTIONS (model_type = 'KMEANS', num_clusters = 2) AS " +
      "SELECT x, y FROM d.points";
    const made = await run(`CREATE ${sql}`);
    assertEquals([made.statementType, made.ddl, made.schema, made.rows], [
      "CREATE_MODEL",
      { operation: "CREATE" },
      [],
      undefined,
    ]);
    assertEquals(made.referencedTables, [{ projectId: "p", datasetId: "d", tableId: "points" }]);
    assertEquals([made.ml?.modelType, made.ml?.maxIterations], ["KMEANS", 20]);
    assertEquals(made.ml?.iterations.map(({ index }) => index), [0, 1]);
    assertEquals((await run(`CREATE OR REPLACE ${sql}`)).ddl, { operation: "REPLACE" });
    const skipped = await run(`CREATE ${sql.replace("MODEL", "MODEL IF NOT EXISTS")}`);
    assertEquals([skipped.ddl?.operation, skipped.ml], ["SKIP", undefined]);
    await assertRejects(() => run(`CREATE ${sql}`), CloudError, "Already Exists: Model p:d.m");
  });
});

Deno.test("models and tables share their names", async () => {
  await withEngine(async (engine) => {
    await pairs(engine);
    const { run } = engine;
    const model = (name: string) =>
      `CREATE OR REPLACE MODEL d.${name} OPTIONS (model_type = 'kmeans', num_clusters = 2)
        AS SELECT x, y FROM d.points`;
    await assertRejects(() => run(model("points")), CloudError, "Already Exists: Table p:d.points");
    const table = "CREATE OR REPLACE TABLE d.pairs AS SELECT 1 AS x";
    await assertRejects(() => run(table), CloudError, "Already Exists: Model p:d.pairs");
    await run("DROP MODEL d.pairs");
    await run(table);
  });
});

Deno.test("a dry run checks everything and trains nothing", async () => {
  await withEngine(async (engine) => {
    await pairs(engine);
    const { run } = engine;
    const sql = (query: string) =>
      `CREATE OR REPLACE MODEL d.m OPTIONS (model_type = 'kmeans') AS ${query}`;
    const dry = await run(sql("SELECT x FROM d.points"), { dryRun: true });
    assertEquals([dry.statementType, dry.ml], ["CREATE_MODEL", undefined]);
    assertEquals(await entryOf(engine, "m"), undefined);
    await assertRejects(
      () => run(sql("SELECT [x] AS a FROM d.points"), { dryRun: true }),
      CloudError,
      "Column a of type ARRAY<FLOAT64> is not supported as a feature",
    );
  });
});

Deno.test("the same rows in any order give the same models, bit for bit", async () => {
  await withEngine(async (engine) => {
    const { run } = engine;
    await run(`CREATE TABLE d.t AS SELECT MOD(x * 7919, 1009) / 7 AS n,
        CONCAT('c', CAST(MOD(x * 31, 9) AS STRING)) AS s, MOD(x, 97) AS u, MOD(x * x, 23) AS i
      FROM UNNEST(GENERATE_ARRAY(1, 5000)) AS x`);
    await run("CREATE TABLE d.turned AS SELECT * FROM d.t ORDER BY s DESC, n DESC, u, i");
    const seen = new Map<string, string>();
    for (const table of ["t", "t", "turned"]) {
      await run(`CREATE OR REPLACE MODEL d.k OPTIONS (model_type = 'kmeans', num_clusters = 5,
        kmeans_init_method = 'KMEANS++') AS SELECT n, s FROM d.${table}`);
      await run(`CREATE OR REPLACE MODEL d.f OPTIONS (model_type = 'matrix_factorization',
        user_col = 'u', item_col = 'i', rating_col = 'n', num_factors = 4,
        feedback_type = 'implicit') AS SELECT u, i, n FROM d.${table}`);
      for (
        const [model, suffix] of [
          ...["_centroids", "_features", "_categories", "_metrics", "_distances"]
            .map((suffix) => ["k", suffix]),
          ...["_users", "_items", "_metrics"].map((suffix) => ["f", suffix]),
        ]
      ) {
        const rows = JSON.stringify(await tableOf(engine, model, suffix));
        assertEquals(rows, seen.get(model + suffix) ?? rows);
        seen.set(model + suffix, rows);
      }
    }
  });
});

Deno.test("a cancelled training leaves the old model whole, and nothing else", async () => {
  await withEngine(async (engine) => {
    await taste(engine, "implicit");
    const before = await entryOf(engine, "taste");
    const tables = await leftTables(engine, MODELS);
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 700);
    const begun = performance.now();
    await assertRejects(
      () =>
        engine.run(
          `CREATE OR REPLACE MODEL d.taste OPTIONS (model_type = 'matrix_factorization',
            user_col = 'u', item_col = 'i', rating_col = 'r', num_factors = 50, early_stop = FALSE,
            max_iterations = 100000) AS
          SELECT u, i, MOD(u * i, 5) AS r FROM UNNEST(GENERATE_ARRAY(1, 500)) AS u,
            UNNEST(GENERATE_ARRAY(1, 100)) AS i`,
          { signal: controller.signal },
        ),
      CloudError,
      "cancelled",
    );
    assertLess(performance.now() - begun, 10_000);
    assertEquals(await entryOf(engine, "taste"), before);
    assertEquals(await leftTables(engine, MODELS), tables);
    assertEquals(await leftTables(engine, SCRATCH), []);
    assertEquals((await engine.run("SELECT COUNT(*) FROM ML.RECOMMEND(MODEL d.taste)")).values, [
      ["9"],
    ]);
  });
});

Deno.test("a failure while the model is written leaves the old one whole, and nothing else", async () => {
  await withEngine(async (engine) => {
    await pairs(engine);
    const before = await entryOf(engine, "pairs");
    const tables = await leftTables(engine, MODELS);
    const { catalogue } = engine.warehouse;
    const put = catalogue.putModel;
    catalogue.putModel = () => Promise.reject(new Error("The process ends here"));
    await assertRejects(
      () =>
        engine.run(`CREATE OR REPLACE MODEL d.pairs OPTIONS (model_type = 'kmeans',
          num_clusters = 3) AS SELECT x, y FROM d.points`),
      Error,
      "The process ends here",
    );
    catalogue.putModel = put;
    assertEquals(await entryOf(engine, "pairs"), before);
    assertEquals(await leftTables(engine, MODELS), tables);
    assertEquals(await leftTables(engine, SCRATCH), []);
  });
});

Deno.test("a replaced model takes its tables with it", async () => {
  await withEngine(async (engine) => {
    await pairs(engine);
    const tables = await leftTables(engine, MODELS);
    await engine.run(`CREATE OR REPLACE MODEL d.pairs OPTIONS (model_type = 'kmeans',
      num_clusters = 3) AS SELECT x, y FROM d.points`);
    assertEquals((await leftTables(engine, MODELS)).length, tables.length);
    await engine.run("DROP MODEL d.pairs");
    assertEquals(await leftTables(engine, MODELS), []);
  });
});

Deno.test("two trainings of one model at once both end, and one of them holds", async () => {
  await withEngine(async (engine) => {
    await pairs(engine);
    const sql = (k: number) =>
      `CREATE OR REPLACE MODEL d.pairs OPTIONS (model_type = 'kmeans', num_clusters = ${k})
        AS SELECT x, y FROM d.points`;
    await Promise.all([engine.run(sql(2)), engine.run(sql(3)), engine.run(sql(4))]);
    const { values } = await engine.run(
      "SELECT MAX(centroid_id) IN (2, 3, 4) FROM ML.CENTROIDS(MODEL d.pairs)",
    );
    assertEquals(values, [[true]]);
  });
});

Deno.test("a k-means model as REST shows it", async () => {
  await withEngine(async (engine) => {
    await pairs(engine);
    const { resource } = (await entryOf(engine, "pairs"))!;
    const [run] = resource.trainingRuns as Record<string, unknown>[];
    assertEquals(run.trainingOptions, {
      ...{ maxIterations: "20", earlyStop: true, minRelativeProgress: 0.01, numClusters: "2" },
      ...{ distanceType: "EUCLIDEAN", standardizeFeatures: false },
      ...{ kmeansInitializationMethod: "CUSTOM", kmeansInitializationColumn: "is_first" },
    });
    const value = (featureColumn: string, numericalValue: number) => ({
      featureColumn,
      numericalValue,
    });
    assertEquals(run.evaluationMetrics, {
      clusteringMetrics: {
        daviesBouldinIndex: 0.2,
        meanSquaredDistance: 1,
        clusters: [
          { centroidId: "1", count: "2", featureValues: [value("x", 0), value("y", 1)] },
          { centroidId: "2", count: "2", featureValues: [value("x", 10), value("y", 1)] },
        ],
      },
    });
    const { durationMs: _, ...first } = (run.results as Record<string, unknown>[])[0];
    const info = (id: string) => ({ centroidId: id, clusterRadius: 1, clusterSize: "2" });
    assertEquals(first, { index: 0, trainingLoss: 1, clusterInfos: [info("1"), info("2")] });
    assertEquals(resource.featureColumns, [
      { name: "x", type: { typeKind: "FLOAT64" } },
      { name: "y", type: { typeKind: "INT64" } },
    ]);
  });
});

Deno.test("categories beyond the ten most frequent are told as _OTHER_", async () => {
  await withEngine(async (engine) => {
    await engine.run(`CREATE MODEL d.m OPTIONS (model_type = 'kmeans', num_clusters = 2,
        kmeans_init_method = 'CUSTOM', kmeans_init_col = 'f') AS
      SELECT IF(x < 50, 0, 1000) AS n, IF(x < 50, CAST(MOD(x, 12) AS STRING), 'far') AS s,
        x IN (0, 99) AS f FROM UNNEST(GENERATE_ARRAY(0, 99)) AS x`);
    const { resource } = (await entryOf(engine, "m"))!;
    const text = JSON.stringify(resource);
    assertEquals(text.includes('{"category":"_OTHER_","count":"8"}'), true); // two of four rows
    assertEquals(text.includes('{"categoryCounts":[{"category":"far","count":"50"}]}'), true);
  });
});

Deno.test("a factorization as REST shows it", async () => {
  await withEngine(async (engine) => {
    await taste(engine, "implicit");
    const { resource } = (await entryOf(engine, "taste"))!;
    const [run] = resource.trainingRuns as Record<string, unknown>[];
    assertEquals(run.trainingOptions, {
      ...{ maxIterations: "20", earlyStop: true, minRelativeProgress: 0.01 },
      ...{ feedbackType: "IMPLICIT", numFactors: "2", walsAlpha: 40, l2Regularization: 0.5 },
      ...{
        userColumn: "u",
        itemColumn: "i",
        inputLabelColumns: ["r"],
        dataSplitMethod: "NO_SPLIT",
      },
    });
    const { rankingMetrics } = run.evaluationMetrics as { rankingMetrics: object };
    assertEquals(Object.keys(rankingMetrics), [
      ...["meanAveragePrecision", "meanSquaredError"],
      ...["normalizedDiscountedCumulativeGain", "averageRank"],
    ]);
    assertEquals(resource.labelColumns, [{ name: "r", type: { typeKind: "INT64" } }]);
    await taste(engine, "explicit");
    const [explicit] = (await entryOf(engine, "taste"))!.resource
      .trainingRuns as { evaluationMetrics: { regressionMetrics: object } }[];
    assertEquals(Object.keys(explicit.evaluationMetrics.regressionMetrics), [
      ...["meanAbsoluteError", "meanSquaredError", "meanSquaredLogError"],
      ...["medianAbsoluteError", "rSquared"],
    ]);
  });
});
