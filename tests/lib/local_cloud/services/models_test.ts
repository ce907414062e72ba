import { assertEquals, assertRejects } from "@std/assert";
import { withBigQuery } from "./bigquery_server.ts";

Deno.test("a model is listed, read, described and deleted with what it stored", () =>
  withBigQuery(async ({ client, warehouse }) => {
    const [dataset] = await client.createDataset("d");
    await warehouse.transaction(async (c) => {
      const storage = warehouse.newStorage("model");
      await c.run(`CREATE TABLE ${storage}_centroids AS SELECT 1 AS x`);
      await warehouse.catalogue.putModel(c, {
        ref: { projectId: "p", datasetId: "d", modelId: "m" },
        modelType: "KMEANS",
        storage,
        created: 1,
        modified: 1,
        resource: { featureColumns: [{ name: "x", type: { typeKind: "INT64" } }] },
        spec: { secret: true },
      });
    });
    const [[listed]] = await dataset.getModels();
    assertEquals(listed.id, "m");
    const model = dataset.model("m");
    await model.setMetadata({ description: "Segments", labels: { team: "shop" } });
    const [{ etag: _, lastModifiedTime: _time, ...metadata }] = await model.getMetadata();
    assertEquals(metadata, {
      modelReference: { projectId: "p", datasetId: "d", modelId: "m" },
      modelType: "KMEANS",
      location: "US",
      creationTime: "1",
      featureColumns: [{ name: "x", type: { typeKind: "INT64" } }],
      description: "Segments",
      labels: { team: "shop" },
    });
    await model.delete();
    await assertRejects(() => model.getMetadata(), Error, "Not found: Model p:d.m");
    const connection = await warehouse.connect();
    const left = await connection.runAndReadAll(
      "SELECT count(*) FROM duckdb_tables() WHERE schema_name = 'models'",
    );
    connection.disconnectSync();
    assertEquals(left.value(0, 0), 0n);
  }));
