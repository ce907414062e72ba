import { assert, assertEquals, assertRejects } from "@std/assert";
import { Failure } from "../../lib/failure.ts";
import { openSession } from "../../lib/session.ts";
import {
  datasetLabel,
  deploymentsOf,
  findEndpoint,
  listEndpoints,
  openVertex,
  servingDeployment,
} from "../../lib/vertex.ts";
import { openCloud } from "../open_shop.ts";

/** The clients keep their connections. */
const options = { sanitizeOps: false, sanitizeResources: false };

const deployed = (id: string, version: string, machineType = "n1-standard-2") => ({
  ...{ id, model: "projects/1/locations/l/models/5@7", modelVersionId: version },
  dedicatedResources: { machineSpec: { machineType }, minReplicaCount: 2, maxReplicaCount: 3 },
  createTime: { seconds: 1, nanos: 5e8 },
});

Deno.test("deployments come with the highest share first, then the newest version", () => {
  const endpoint = {
    deployedModels: [deployed("a", "1"), deployed("b", "2"), deployed("c", "10")],
    trafficSplit: { a: 100 },
  };
  const found = deploymentsOf(endpoint);
  assertEquals(found.map(({ id }) => id), ["a", "c", "b"]);
  assertEquals(found[0], {
    ...{ id: "a", model: "projects/1/locations/l/models/5", version: 1, percent: 100 },
    ...{ machine: "n1-standard-2", minReplicas: 2, maxReplicas: 3, created: 1500 },
  });
  assertEquals(servingDeployment(endpoint)?.id, "a");
});

Deno.test("an endpoint without traffic serves nothing", () => {
  assertEquals(servingDeployment({ deployedModels: [deployed("a", "1")] }), undefined);
  assertEquals(deploymentsOf({}), []);
});

Deno.test("a label of a dataset is what labels may be, and no other dataset has it", () => {
  assertEquals(datasetLabel("shop_2"), "shop_2");
  const names = ["Shop_2", "SHOP_2", "d".repeat(100), "d".repeat(101)];
  const labels = names.map(datasetLabel);
  labels.forEach((label) => assert(/^[a-z0-9_-]{1,63}$/.test(label), label));
  assertEquals(new Set([...labels, "shop_2"]).size, 5);
});

Deno.test({
  name: "Vertex AI is opened where the session is, and endpoints are found by name and dataset",
  ...options,
  async fn(t) {
    await using shop = await openCloud();
    const vertex = await openVertex(shop.session);
    assertEquals(vertex.region, "us-central1");
    assertEquals(vertex.parent, "projects/local-cloud/locations/us-central1");
    const make = async (labels: Record<string, string>) => {
      const endpoint = { displayName: "m", labels };
      const { parent } = vertex;
      const [operation] = await vertex.endpoints.createEndpoint({ parent, endpoint });
      await operation.promise();
    };
    await t.step("another dataset's endpoint is not taken for ours", async () => {
      await make({ dataset: "other" });
      await make({});
      assertEquals(await findEndpoint(vertex, "m"), undefined);
      await make({ dataset: "ecommerce_public" });
      assertEquals((await listEndpoints(vertex, "m")).length, 1);
      assertEquals((await findEndpoint(vertex, "m"))?.labels, { dataset: "ecommerce_public" });
      assertEquals(await findEndpoint(vertex, "n"), undefined);
    });
    await t.step("another region has endpoints of its own", async () => {
      const other = await openVertex(shop.session, { region: "europe-west4" });
      assertEquals(await findEndpoint(other, "m"), undefined);
      await other.close();
    });
    await t.step("an emulator without Vertex AI is refused", async () => {
      const session = { ...shop.session, vertexHost: undefined };
      await assertRejects(() => openVertex(session), Failure, "VERTEX_AI_EMULATOR_HOST is not set");
    });
    await vertex.close();
  },
});

Deno.test({
  name: "a session on an emulator of BigQuery alone knows no Vertex AI",
  ...options,
  async fn() {
    await using shop = await openCloud();
    assert(shop.session.vertexHost);
    Deno.env.set("BIGQUERY_EMULATOR_HOST", shop.session.vertexHost);
    try {
      const session = await openSession();
      assertEquals([session.isEmulated, session.vertexHost], [true, undefined]);
    } finally {
      Deno.env.delete("BIGQUERY_EMULATOR_HOST");
    }
  },
});
