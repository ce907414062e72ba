import { assertEquals, assertRejects } from "@std/assert";
import { CloudError } from "../../../../../lib/local_cloud/errors.ts";
import { decode } from "../../../../../lib/local_cloud/saved_model/messages.ts";
import { exportFactorization } from "../../../../../lib/local_cloud/warehouse/export_factorization.ts";
import { exportModel } from "../../../../../lib/local_cloud/warehouse/export_model.ts";
import {
  type FactorizationSpec,
  specOf,
} from "../../../../../lib/local_cloud/warehouse/model_spec.ts";
import { type Engine, withEngine } from "../with_engine.ts";

const KMEANS = `CREATE MODEL d.m OPTIONS (model_type = 'kmeans', num_clusters = 2) AS
  SELECT x, IF(MOD(x, 2) = 0, 'even', 'odd') AS parity FROM UNNEST([1, 2, 9, 10]) AS x`;

const factorization = (user: string, item: string) =>
  `CREATE OR REPLACE MODEL d.f OPTIONS (model_type = 'matrix_factorization', num_factors = 2,
    feedback_type = 'implicit', user_col = 'u', item_col = 'i', rating_col = 'r') AS
  SELECT ${user} AS u, ${item} AS i, 1.0 AS r FROM UNNEST([1, 2, 3]) AS n`;

const exported = (uri: string, model = "m") => `EXPORT MODEL d.${model} OPTIONS (uri = '${uri}')`;

const withBucket = (work: (engine: Engine) => Promise<void>) =>
  withEngine(async (engine) => {
    await engine.objects.createBucket("bucket");
    await work(engine);
  });

const names = ({ objects }: Engine) =>
  objects.list("bucket").objects.map(({ name }) => name).sort();

const FILES = [
  "assets/f1.txt",
  "saved_model.pb",
  "variables/variables.data-00000-of-00001",
  "variables/variables.index",
];

async function bytesOf({ objects }: Engine, name: string): Promise<Uint8Array> {
  return new Uint8Array(
    await new Response(await objects.read(objects.stat("bucket", name))).arrayBuffer(),
  );
}

Deno.test("EXPORT MODEL writes a SavedModel with BigQuery's inputs and outputs", async () => {
  await withBucket(async (engine) => {
    await engine.run(KMEANS);
    const outcome = await engine.run(exported("gs://bucket/models/m/"));
    assertEquals([outcome.statementType, outcome.schema], ["EXPORT_MODEL", []]);
    assertEquals(names(engine), FILES.map((name) => `models/m/${name}`));
    const text = new TextDecoder().decode(await bytesOf(engine, "models/m/assets/f1.txt"));
    assertEquals(text, "even\nodd\n");
    const bytes = await bytesOf(engine, "models/m/saved_model.pb");
    const [{ metaInfoDef, signatureDef }] = decode("SavedModel", bytes).metaGraphs;
    assertEquals(metaInfoDef?.tags, ["serve"]);
    const { inputs, outputs, methodName } = signatureDef.serving_default;
    assertEquals(methodName, "tensorflow/serving/predict");
    assertEquals(Object.keys(inputs).sort(), ["parity", "x"]);
    assertEquals(
      Object.entries(outputs).map(([name, { dtype, tensorShape }]) => [
        ...[name, dtype, tensorShape?.dim.map(({ size }) => size)],
      ]).sort(),
      [
        ["centroid_distances", 2, ["-1", "2"]],
        ["centroid_ids", 9, ["-1", "2"]],
        ["nearest_centroid_id", 9, ["-1", "1"]],
      ],
    );
  });
});

Deno.test("the same model is exported in the same bytes, with or without a slash", async () => {
  await withBucket(async (engine) => {
    await engine.run(KMEANS);
    await engine.run(exported("gs://bucket/a"));
    await engine.run(exported("gs://bucket/b/"));
    for (const name of FILES) {
      assertEquals(await bytesOf(engine, `a/${name}`), await bytesOf(engine, `b/${name}`), name);
    }
    await engine.run(exported("gs://bucket"));
    assertEquals(names(engine).slice(-2), FILES.slice(-2));
  });
});

Deno.test("a dry run checks and writes nothing", async () => {
  await withBucket(async (engine) => {
    await engine.run(KMEANS);
    await engine.run(exported("gs://bucket/a"), { dryRun: true });
    assertEquals(names(engine), []);
    await assertRejects(
      () => engine.run(exported("gs://other/a"), { dryRun: true }),
      CloudError,
      "Not found: Bucket other",
    );
  });
});

Deno.test("what cannot be exported is refused in BigQuery's words, where it has some", async () => {
  await withBucket(async (engine) => {
    const refused = (sql: string, message: string) =>
      assertRejects(() => engine.run(sql), CloudError, message);
    await refused(exported("gs://bucket/a"), "Not found: Model p:d.m");
    await refused(
      "EXPORT MODEL e.m OPTIONS (uri = 'gs://bucket/a')",
      "Not found: Dataset p:e",
    );
    await engine.run(KMEANS);
    await refused("EXPORT MODEL d.m", "EXPORT MODEL needs the option URI");
    await refused("EXPORT MODEL d.m OPTIONS (uri = 1)", "Option URI must be a STRING literal");
    await refused("EXPORT MODEL d.m OPTIONS (url = 'gs://b/a')", "Unknown option: url at [1:27]");
    await refused(
      "EXPORT MODEL d.m OPTIONS (uri = 'gs://bucket/a', trial_id = 1)",
      "TRIAL_ID is not supported by the local warehouse",
    );
    await refused(exported("/tmp/a"), "Invalid URI '/tmp/a': expected gs://bucket/folder");
    await refused(exported("gs://bucket/a/*"), "without wildcards");
    await refused(exported("gs://bucket//a"), "several slashes in a row are not allowed");
    await refused(exported("gs://other/a"), "Not found: Bucket other");
    await engine.objects.createBucket("europe", { location: "EU" });
    await refused(
      exported("gs://europe/a"),
      "Cannot read and write in different locations: source: US, destination: EU",
    );
  });
});

Deno.test("a bucket in a region of the dataset's multi-region takes the model", async () => {
  await withEngine(async ({ run, objects }) => {
    await objects.createBucket("iowa", { location: "us-central1" });
    await run(KMEANS);
    await run(exported("gs://iowa/m"));
    assertEquals(objects.list("iowa").objects.length, FILES.length);
  });
});

Deno.test("numbers that FLOAT64 does not tell apart are not exported as user ids", async () => {
  await withBucket(async (engine) => {
    await engine.run(factorization("n", "CAST(n AS STRING)"));
    await engine.run(exported("gs://bucket/a", "f"));
    await engine.run(factorization("n + 9007199254740989", "CAST(n AS STRING)"));
    await assertRejects(
      () => engine.run(exported("gs://bucket/a", "f")),
      CloudError,
      "Model p:d.f is not exportable from BigQuery ML: column u holds numbers that are not told " +
        "apart as FLOAT64",
    );
    await engine.run(factorization("n", "TIMESTAMP_SECONDS(n)"));
    await assertRejects(
      () => engine.run(exported("gs://bucket/a", "f")),
      CloudError,
      "column i is of type TIMESTAMP",
    );
  });
});

Deno.test("a factorization larger than 1 GiB is refused before it is read", async () => {
  await withBucket(async ({ run, warehouse }) => {
    await run(factorization("n", "CAST(n AS STRING)"));
    await warehouse.transaction(async (connection) => {
      const ref = { projectId: "p", datasetId: "d", modelId: "f" };
      const entry = (await warehouse.catalogue.model(connection, ref))!;
      const spec = { ...specOf(entry) as FactorizationSpec, factors: 30_000_000 };
      await assertRejects(
        () => exportFactorization(connection, entry.storage, { spec, name: "p:d.f" }),
        CloudError,
        "Model p:d.f is not exportable from BigQuery ML: it takes 1.34 GiB and the limit is 1 GiB",
      );
    });
  });
});

Deno.test("an export that fails half-way leaves no model, not even the one before", async () => {
  await withBucket(async (engine) => {
    const { warehouse, objects, run } = engine;
    await run(KMEANS);
    await run(exported("gs://bucket/a"));
    const buckets = {
      getBucket: (name: string) => objects.getBucket(name),
      delete: (bucket: string, name: string) => objects.delete(bucket, name),
      put: (...given: Parameters<typeof objects.put>) => {
        if (given[1].endsWith(".index")) throw new Error("disk full");
        return objects.put(...given);
      },
    };
    const ref = { projectId: "p", datasetId: "d", modelId: "m" };
    const signal = new AbortController().signal;
    await assertRejects(
      () => exportModel({ warehouse, buckets }, { ref, uri: "gs://bucket/a" }, { signal }),
      Error,
      "disk full",
    );
    assertEquals(names(engine).includes("a/saved_model.pb"), false);
    await run(exported("gs://bucket/a"));
    assertEquals(names(engine), FILES.map((name) => `a/${name}`));
  });
});

Deno.test("a cancelled export stops between two files", async () => {
  await withBucket(async (engine) => {
    const { warehouse, objects, run } = engine;
    await run(KMEANS);
    const abort = new AbortController();
    const buckets = {
      getBucket: (name: string) => objects.getBucket(name),
      delete: (bucket: string, name: string) => objects.delete(bucket, name),
      put: (...given: Parameters<typeof objects.put>) => {
        abort.abort();
        return objects.put(...given);
      },
    };
    const ref = { projectId: "p", datasetId: "d", modelId: "m" };
    const { signal } = abort;
    const error = await assertRejects(
      () => exportModel({ warehouse, buckets }, { ref, uri: "gs://bucket/a" }, { signal }),
      CloudError,
    );
    assertEquals(error.reason, "stopped");
    assertEquals(names(engine), ["a/assets/f1.txt"]);
  });
});
