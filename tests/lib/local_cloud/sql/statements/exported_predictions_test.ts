import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { loadSavedModel } from "../../../../../lib/local_cloud/saved_model/mod.ts";
import type { Tensor } from "../../../../../lib/local_cloud/saved_model/tensor.ts";
import { type Engine, withEngine } from "../with_engine.ts";

/** Exports a model and loads what was written. */
async function exported({ run, objects }: Engine, model: string) {
  await objects.createBucket("exports");
  await run(`EXPORT MODEL d.${model} OPTIONS (uri = 'gs://exports/out')`);
  const files = new Map<string, Uint8Array>();
  for (const object of objects.list("exports").objects) {
    const bytes = await new Response(await objects.read(object)).arrayBuffer();
    files.set(object.name.replace("out/", ""), new Uint8Array(bytes));
  }
  return loadSavedModel(files);
}

const numbers = (values: unknown[]): Tensor => ({
  dtype: "float64",
  shape: [values.length],
  values: Float64Array.from(values, (value) => value === null ? NaN : Number(value)),
});

const texts = (values: unknown[]): Tensor => (
  {
    dtype: "string",
    shape: [values.length],
    values: values.map((v) => String(v ?? "_null_filler")),
  }
);

const column = (rows: unknown[][], at: number) => rows.map((row) => row[at]);

/** Numbers with NULLs, categories of which some are no lines, booleans; 300 rows. */
const ROWS = `SELECT
    IF(MOD(i, 11) = 0, NULL, MOD(i * 37, 101) / 7) AS x, IF(MOD(i, 13) = 0, NULL, i * i) AS n,
    3 AS same, MOD(i, 5) = 0 AS flag,
    CASE MOD(i, 6) WHEN 0 THEN NULL WHEN 1 THEN '' WHEN 2 THEN 'a\\nb' WHEN 3 THEN 'é'
      ELSE CONCAT('c', CAST(MOD(i, 4) AS STRING)) END AS odd,
    IF(MOD(i, 7) = 0, NULL, CONCAT('t', CAST(MOD(i, 9) AS STRING))) AS plain
  FROM UNNEST(GENERATE_ARRAY(1, 300)) AS i`;

for (const distance of ["EUCLIDEAN", "COSINE"]) {
  Deno.test(`an exported k-means model predicts what ML.PREDICT does, ${distance}`, async () => {
    await withEngine(async (engine) => {
      const { run } = engine;
      await run(`CREATE TABLE d.t AS ${ROWS}`);
      await run(`CREATE MODEL d.kmeans OPTIONS (model_type = 'kmeans', num_clusters = 4,
        distance_type = '${distance}') AS SELECT * FROM d.t`);
      await run(`CREATE TABLE d.asked AS SELECT * FROM d.t
        UNION ALL SELECT 1e6, -5, 4, TRUE, 'unseen', 'unseen'
        UNION ALL SELECT NULL, NULL, NULL, NULL, NULL, NULL`);
      const { values } = await run(`SELECT x, n, same, flag, odd, plain, centroid_id,
          ARRAY(SELECT distance FROM UNNEST(nearest_centroids_distance) ORDER BY centroid_id)
        FROM ML.PREDICT(MODEL d.kmeans, TABLE d.asked)`);
      const model = await exported(engine, "kmeans");
      const outputs = model.run(
        new Map(["x", "n", "same", "flag", "odd", "plain"].map((name, at) => [
          ...[name, (at < 3 ? numbers : texts)(column(values, at))] as const,
        ])),
      );
      const ids = outputs.get("nearest_centroid_id")!;
      assertEquals(ids.shape, [302, 1]);
      assertEquals(Array.from<unknown, string>(ids.values, String), column(values, 6).map(String));
      const centroidIds = Array.from<unknown>(outputs.get("centroid_ids")!.values);
      assertEquals(centroidIds.slice(0, 4), [1n, 2n, 3n, 4n]);
      const distances = outputs.get("centroid_distances")!;
      assertEquals(distances.shape, [302, 4]);
      const expected = column(values, 7).flatMap((list) => (list as unknown[]).map(Number));
      expected.forEach((value, at) =>
        assertAlmostEquals(Number(distances.values[at]), value, 1e-9)
      );
    });
  });
}

/** 40 users and 60 items; users by a text or by a number. */
const RATINGS = `SELECT CONCAT('user ', CAST(u AS STRING)) AS name, u * 10 AS number,
    CONCAT('item ', CAST(i AS STRING)) AS item,
    MOD(u * 7 + i * 3, 5) + 1.0 AS rating
  FROM UNNEST(GENERATE_ARRAY(1, 40)) AS u, UNNEST(GENERATE_ARRAY(1, 60)) AS i
  WHERE MOD(u * i, 3) = 1`;

for (const feedback of ["EXPLICIT", "IMPLICIT"]) {
  for (const user of ["name", "number"]) {
    const title =
      `an exported ${feedback} factorization recommends what ML.RECOMMEND does, by ${user}`;
    Deno.test(title, async () => {
      await withEngine(async (engine) => {
        const { run } = engine;
        await run(`CREATE MODEL d.mf OPTIONS (model_type = 'matrix_factorization', num_factors = 3,
          feedback_type = '${feedback}', user_col = '${user}', item_col = 'item',
          rating_col = 'rating') AS SELECT ${user}, item, rating FROM (${RATINGS})`);
        const score = `predicted_rating${feedback === "IMPLICIT" ? "_confidence" : ""}`;
        const unseen = user === "name" ? "'nobody'" : "5";
        const { values } = await run(`SELECT ${user},
            ARRAY_AGG(${score} ORDER BY ${score} DESC, item LIMIT 50),
            ARRAY_AGG(item ORDER BY ${score} DESC, item LIMIT 50)
          FROM ML.RECOMMEND(MODEL d.mf, (SELECT DISTINCT ${user} FROM (${RATINGS})
            UNION ALL SELECT ${unseen})) GROUP BY 1`);
        const model = await exported(engine, "mf");
        const users = (user === "name" ? texts : numbers)(column(values, 0));
        const outputs = model.run(new Map([[user, users]]));
        const items = outputs.get("predicted_item")!;
        const ratings = outputs.get("predicted_rating")!;
        assert(values.length > 26, "the unseen user and the others");
        const count = (values[0][1] as unknown[]).length;
        assertEquals(items.shape, [values.length, count]);
        assertEquals<unknown>(items.values, column(values, 2).flat());
        column(values, 1).flat().forEach((value, at) =>
          assertAlmostEquals(Number(ratings.values[at]), Number(value), 1e-9)
        );
      });
    });
  }
}
