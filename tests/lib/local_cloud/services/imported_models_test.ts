import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { filesOf } from "../saved_model/fixtures.ts";
import type { Served } from "./bigquery_server.ts";
import { test } from "./loading.ts";

const PEOPLE = `CREATE TABLE d.people AS SELECT
    MOD(i * 37, 101) / 7 AS spent, MOD(i * i, 17) AS visits,
    CONCAT('town ', CAST(MOD(i, 5) AS STRING)) AS town
  FROM UNNEST(GENERATE_ARRAY(1, 5000)) AS i`;

const IMPORT = "CREATE OR REPLACE MODEL d.back OPTIONS (model_type = 'tensorflow', " +
  "model_path = 'gs://data/out/*')";

/** Exports a model of `d` and imports it as `d.back`. */
async function roundTrip({ client }: Served, model: string): Promise<void> {
  await client.query(`EXPORT MODEL d.${model} OPTIONS (uri = 'gs://data/out')`);
  await client.query(IMPORT);
}

/** Imports a model that TensorFlow wrote as `d.name`. */
async function importFixture({ client, upload }: Served, name: string): Promise<void> {
  for (const [path, bytes] of await filesOf(name)) await upload(`${name}/${path}`, bytes);
  await client.query(`CREATE MODEL d.${name} OPTIONS (model_type = 'tensorflow',
    model_path = 'gs://data/${name}/*')`);
}

test("an exported clustering, imported, predicts what it predicted", async (served) => {
  const { client } = served;
  await client.query(PEOPLE);
  await client.query(`CREATE MODEL d.clusters OPTIONS (model_type = 'kmeans', num_clusters = 4) AS
    SELECT * FROM d.people`);
  await roundTrip(served, "clusters");
  const [[compared]] = await client.query(`SELECT COUNT(*) AS pairs,
      COUNTIF(nearest_centroid_id[OFFSET(0)] = centroid_id) AS same,
      MAX(ABS((SELECT MIN(x) FROM UNNEST(centroid_distances) AS x)
        - nearest_centroids_distance[OFFSET(0)].distance)) AS furthest
    FROM ML.PREDICT(MODEL d.back, (SELECT * FROM ML.PREDICT(MODEL d.clusters, TABLE d.people)))`);
  assertEquals([compared.pairs, compared.same], [5000, 5000]);
  assertAlmostEquals(compared.furthest, 0, 1e-9);
});

test("an exported factorization, imported, recommends what it recommended", async (served) => {
  const { client } = served;
  await client.query(`CREATE MODEL d.factors OPTIONS (model_type = 'matrix_factorization',
      user_col = 'person', item_col = 'thing', num_factors = 3) AS
    SELECT CONCAT('p', CAST(u AS STRING)) AS person, CONCAT('t', CAST(i AS STRING)) AS thing,
      MOD(u * 7 + i * 3, 5) + 1.0 AS rating
    FROM UNNEST(GENERATE_ARRAY(1, 30)) AS u, UNNEST(GENERATE_ARRAY(1, 40)) AS i
    WHERE MOD(u * i, 3) = 1`);
  await roundTrip(served, "factors");
  const [[compared]] = await client.query(`WITH imported AS (
      SELECT person, thing, rating FROM ML.PREDICT(MODEL d.back, (
          SELECT CONCAT('p', CAST(u AS STRING)) AS person FROM UNNEST(GENERATE_ARRAY(1, 30)) AS u))
        AS p, UNNEST(p.predicted_item) AS thing WITH OFFSET AS place
        JOIN UNNEST(p.predicted_rating) AS rating WITH OFFSET AS other ON place = other)
    SELECT COUNT(*) AS pairs, MAX(ABS(rating - predicted_rating)) AS furthest
    FROM imported JOIN ML.RECOMMEND(MODEL d.factors) USING (person, thing)`);
  assertAlmostEquals(compared.furthest, 0, 1e-9);
  assertEquals(compared.pairs > 500, true);
});

test("a model of TensorFlow tells its columns, and gives its outputs before them", async (served) => {
  const { client, call } = served;
  await importFixture(served, "table_of_tensorflow_1");
  const [, model] = await call("GET", "/datasets/d/models/table_of_tensorflow_1");
  assertEquals(model.modelType, "TENSORFLOW");
  assertEquals(model.featureColumns, [
    { name: "amount", type: { typeKind: "FLOAT64" } },
    { name: "product", type: { typeKind: "STRING" } },
  ]);
  assertEquals(model.labelColumns, [
    { name: "row", type: { typeKind: "INT64" } },
    { name: "total", type: { typeKind: "FLOAT64" } },
  ]);
  const uri = model.trainingRuns[0].trainingOptions.modelUri;
  assertEquals(uri, "gs://data/table_of_tensorflow_1/*");
  const [rows] = await client.query(`SELECT * FROM ML.PREDICT(
    MODEL d.table_of_tensorflow_1, (SELECT 1 AS id, 'mug' AS product, 2 AS amount
      UNION ALL SELECT 2, 'hat', 10)) ORDER BY id`);
  assertEquals(rows, [
    { row: 1, total: 16.5, id: 1, product: "mug", amount: 2 },
    { row: 3, total: 5, id: 2, product: "hat", amount: 10 },
  ]);
  assertEquals(Object.keys(rows[0]), ["row", "total", "id", "product", "amount"]);
});

test("lists go in and come out, float32 rounded as such", async (served) => {
  await importFixture(served, "dense_network");
  const [rows] = await served.client.query(`SELECT * EXCEPT (features) FROM ML.PREDICT(
    MODEL d.dense_network, (SELECT [1.5, 2, 3, i] AS features
      FROM UNNEST(GENERATE_ARRAY(1, 3000)) AS i))`);
  assertEquals(rows.length, 3000);
  const [[name, probabilities]] = Object.entries<number[]>(rows[0]);
  assertEquals(name, "output_0");
  assertEquals(probabilities.length, 3);
  assertEquals(probabilities.map(Math.fround), probabilities);
  assertAlmostEquals(probabilities.reduce((sum, p) => sum + p), 1, 1e-6);
});

test("what a model cannot take is refused by the column's name", async (served) => {
  const { client } = served;
  await importFixture(served, "table_of_tensorflow_1");
  await importFixture(served, "dense_network");
  const refused = (model: string, columns: string, message: string) =>
    assertRejects(
      () => client.query(`SELECT * FROM ML.PREDICT(MODEL d.${model}, (SELECT ${columns}))`),
      Error,
      message,
    );
  const table = "table_of_tensorflow_1";
  await refused(table, "1 AS amount", "Column product is required by ML.PREDICT of model p:d.tabl");
  await refused(table, "'a' AS product, 'b' AS amount", "has type STRING, but the model takes FLO");
  await refused(table, "1 AS product, 1 AS amount", "has type INT64, but the model takes STRING");
  await refused(table, "'a' AS product, CAST(NULL AS INT64) AS amount", "Column amount has a NULL");
  await refused("dense_network", "[1.0] AS features", "Column features must have 4 values, not 1");
  await refused("dense_network", "1.0 AS features", "takes ARRAY<FLOAT64>");
  await assertRejects(
    () => client.query(`SELECT * FROM ML.EVALUATE(MODEL d.${table})`),
    Error,
    "ML.EVALUATE is not supported for the TENSORFLOW model p:d.table_of_tensorflow_1: it answers " +
      "to ML.PREDICT",
  );
});

test("a model outlives the objects it came from, and is replaced and dropped", async (served) => {
  const { client, objects } = served;
  const predicted = async () => {
    const [[{ total }]] = await client.query(`SELECT total FROM ML.PREDICT(
      MODEL d.table_of_tensorflow_1, (SELECT 'mug' AS product, 2 AS amount))`);
    return total;
  };
  await importFixture(served, "table_of_tensorflow_1");
  const replace = "CREATE OR REPLACE MODEL d.table_of_tensorflow_1 OPTIONS (" +
    "model_type = 'tensorflow', model_path = 'gs://data/table_of_tensorflow_1/*')";
  await client.query(replace);
  for (const { name } of objects.list("data").objects) await objects.delete("data", name);
  assertEquals(await predicted(), 16.5);
  await assertRejects(() => client.query(replace), Error, "Not found: URI gs://data/table_of_te");
  assertEquals(await predicted(), 16.5);
  await client.query("EXPORT MODEL d.table_of_tensorflow_1 OPTIONS (uri = 'gs://data/again')");
  const files = await filesOf("table_of_tensorflow_1");
  const again = objects.list("data").objects.map(({ name }) => name.replace("again/", ""));
  assertEquals(again, [...files.keys()].sort());
  await client.query("DROP MODEL d.table_of_tensorflow_1");
  await assertRejects(predicted, Error, "Not found: Model p:d.table_of_tensorflow_1");
});

test("what is no model that can be run is not imported", async ({ client, upload }) => {
  const refused = (options: string, message: string) =>
    assertRejects(
      () => client.query(`CREATE MODEL d.m OPTIONS (model_type = 'tensorflow'${options})`),
      Error,
      message,
    );
  await upload("notes/a.txt", "nothing");
  await upload("damaged/saved_model.pb", "nothing");
  await refused("", "Model type TENSORFLOW needs the option MODEL_PATH");
  await refused(
    ", num_clusters = 3",
    "Option NUM_CLUSTERS is not allowed for model type TENSORFLO",
  );
  await refused(", model_path = 'gs://data/notes'", "it must be a folder with all in it");
  await refused(", model_path = 'gs://data/none/*'", "Not found: URI gs://data/none/*");
  await refused(
    ", model_path = 'gs://data/notes/*'",
    "Cannot import the model from gs://data/notes/*: The model has no file saved_model.pb",
  );
  await refused(", model_path = 'gs://data/damaged/*'", "Cannot read a TensorFlow SavedModel");
  await assertRejects(
    () => client.query(IMPORT.replace("back", "m") + " AS SELECT 1 AS x"),
    Error,
    "imported model",
  );
});
