import { assertEquals, assertRejects } from "@std/assert";
import { withBigQuery } from "./bigquery_server.ts";

const messageOf = async (work: () => Promise<unknown>) => {
  const error = await assertRejects(work) as Error & { code: number; errors: { reason: string }[] };
  return [error.code, error.errors[0].reason, error.message];
};

Deno.test("a dataset is made, read, described, listed and deleted", () =>
  withBigQuery(async ({ client }) => {
    await client.createDataset("d", { location: "EU", labels: { team: "shop" } });
    const [metadata] = await client.dataset("d").getMetadata();
    assertEquals(metadata.id, "p:d");
    assertEquals(metadata.location, "EU");
    assertEquals(metadata.labels, { team: "shop" });
    const [changed] = await client.dataset("d").setMetadata({
      description: "Things sold",
      labels: { team: null as unknown as string, year: "2021" },
    });
    assertEquals(changed.description, "Things sold");
    assertEquals(changed.labels, { year: "2021" });
    const [listed] = await client.getDatasets();
    assertEquals(listed.map(({ id }) => id), ["d"]);
    await client.dataset("d").delete();
    assertEquals(await client.dataset("d").exists(), [false]);
  }));

Deno.test("datasets are refused as BigQuery refuses them", () =>
  withBigQuery(async ({ client }) => {
    await client.createDataset("d");
    assertEquals(await messageOf(() => client.createDataset("d")), [
      409,
      "duplicate",
      "Already Exists: Dataset p:d",
    ]);
    assertEquals(await messageOf(() => client.createDataset("x-y")), [
      400,
      "invalid",
      'Invalid dataset ID "x-y". Dataset IDs must be alphanumeric (plus underscores) and must be at most 1024 characters long.',
    ]);
    assertEquals(await messageOf(() => client.dataset("none").getMetadata()), [
      404,
      "notFound",
      "Not found: Dataset p:none",
    ]);
    await client.dataset("d").createTable("t", { schema: "x:INTEGER" });
    assertEquals(await messageOf(() => client.dataset("d").delete()), [
      400,
      "resourceInUse",
      "Dataset p:d is still in use",
    ]);
    await client.dataset("d").delete({ force: true });
    assertEquals((await client.getDatasets())[0], []);
  }));

Deno.test("an option without effect here is refused by name", () =>
  withBigQuery(async ({ call }) => {
    const [status, { error }] = await call("POST", "/datasets", {
      datasetReference: { datasetId: "d" },
      defaultTableExpirationMs: "3600000",
    });
    assertEquals(status, 400);
    assertEquals(error.message, "defaultTableExpirationMs is not supported by the local cloud");
    const [, { error: missing }] = await call("POST", "/datasets", { datasetReference: {} });
    assertEquals(missing.message, "Required parameter is missing: datasetReference.datasetId");
    assertEquals(missing.errors[0].reason, "required");
  }));

Deno.test("a stale ETag changes nothing", () =>
  withBigQuery(async ({ client, url }) => {
    await client.createDataset("d");
    const response = await fetch(`${url}/projects/p/datasets/d`, {
      method: "PATCH",
      headers: { "if-match": "stale" },
      body: JSON.stringify({ description: "no" }),
    });
    assertEquals(response.status, 412);
    assertEquals((await response.json()).error.errors[0].reason, "conditionNotMet");
  }));

Deno.test("lists come in pages", () =>
  withBigQuery(async ({ client }) => {
    for (const id of ["a", "b", "c", "d", "e"]) await client.createDataset(id);
    const found: (string | undefined)[] = [];
    for (let pageToken: string | undefined, page = 0; page === 0 || pageToken; page++) {
      const [datasets, next] = await client.getDatasets({
        maxResults: 2,
        pageToken,
        autoPaginate: false,
      });
      found.push(...datasets.map(({ id }) => id));
      pageToken = next?.pageToken;
    }
    assertEquals(found, ["a", "b", "c", "d", "e"]);
  }));
