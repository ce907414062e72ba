import { assertEquals, assertRejects } from "@std/assert";
import { test } from "./loading.ts";

const MODEL = `CREATE MODEL d.m OPTIONS (model_type = 'kmeans', num_clusters = 2) AS
  SELECT x FROM UNNEST([1, 2, 9, 10]) AS x`;

const FILES = [
  "saved_model.pb",
  "variables/variables.data-00000-of-00001",
  "variables/variables.index",
];

test("a model is extracted by Google's client", async ({ client, objects, call }) => {
  await client.query(MODEL);
  const model = client.dataset("d").model("m");
  const [{ id, status, configuration, statistics }] = await model.extract("gs://data/models/m", {
    format: "ML_TF_SAVED_MODEL",
  });
  assertEquals(status?.state, "DONE");
  assertEquals(configuration?.jobType, "EXTRACT");
  assertEquals(statistics?.extract?.destinationUriFileCounts, ["3"]);
  const written = objects.list("data").objects.map(({ name }) => name);
  assertEquals(written, FILES.map((name) => `models/m/${name}`));
  const [, job] = await call("GET", `/jobs/${id!.split(".").pop()}`);
  assertEquals(job.statistics.extract.destinationUriFileCounts, ["3"]);
});

test("EXPORT MODEL is a query job of its own type", async ({ client, objects }) => {
  await client.query(MODEL);
  const [job] = await client.createQueryJob("EXPORT MODEL d.m OPTIONS (uri = 'gs://data/m')");
  const [rows] = await job.getQueryResults();
  assertEquals(rows, []);
  const [{ statistics }] = await job.getMetadata();
  assertEquals(statistics?.query?.statementType, "EXPORT_MODEL");
  assertEquals(objects.list("data").objects.length, FILES.length);
});

test("an extract job that cannot be is refused by name", async ({ client, call }) => {
  await client.query(MODEL);
  const refused = async (extract: unknown, message: string) => {
    const [, { error }] = await call("POST", "/jobs", { configuration: { extract } });
    assertEquals(error?.message, message);
  };
  const sourceModel = { datasetId: "d", modelId: "m" };
  const destinationUris = ["gs://data/m"];
  await refused(
    { sourceTable: { datasetId: "d", tableId: "t" }, destinationUris },
    "Extract jobs of tables are not supported by the local cloud: only models can be extracted",
  );
  await refused(
    { sourceModel, destinationUris, destinationFormat: "ML_XGBOOST_BOOSTER" },
    "Destination format ML_XGBOOST_BOOSTER is not supported for this type of model: use " +
      "ML_TF_SAVED_MODEL",
  );
  await refused({ sourceModel }, "Required parameter is missing: destinationUris");
  await refused(
    { sourceModel, destinationUris: ["gs://data/a", "gs://data/b"] },
    "A model is extracted to exactly one destination URI",
  );
  await refused(
    { sourceModel, destinationUris, modelExtractOptions: { trialId: "1" } },
    "configuration.extract.modelExtractOptions is not supported by the local cloud",
  );
});

test("what goes wrong in an extract job is what the job says", async ({ client }) => {
  await client.query(MODEL);
  await assertRejects(
    () => client.dataset("d").model("other").extract("gs://data/m"),
    Error,
    "Not found: Model p:d.other",
  );
  await assertRejects(
    () => client.dataset("d").model("m").extract("gs://nowhere/m"),
    Error,
    "Not found: Bucket nowhere",
  );
});
