/** `predict` beside the plain way: a model called for each instance, objects, `JSON.stringify`. */
import { ObjectStore } from "../../../../../lib/local_cloud/object_store.ts";
import { loadSavedModel } from "../../../../../lib/local_cloud/saved_model/mod.ts";
import { openVertex } from "../../../../../lib/local_cloud/services/vertex/mod.ts";
import { vertexRoutes } from "../../../../../lib/local_cloud/services/vertex/routes.ts";
import { clusterModel } from "./cluster_model.ts";
import { deployedAs, modelAt, PARENT, putFiles } from "./vertex_server.ts";

const FEATURES = ["spent", "orders", "sessions", "time"];
const files = clusterModel(FEATURES, [[1, 2, 3, 4], [40, 3, 20, 10], [5, 60, 7, 80], [9, 9, 9, 9]]);
const folder = await Deno.makeTempDir();
addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
const objects = await ObjectStore.open(`${folder}/objects`);
const app = vertexRoutes(await openVertex({ folder: `${folder}/vertex`, objects }));

async function ask(name: string, body: unknown) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return await (await app.request(`/v1/${name}`, { method: "POST", body: text })).text();
}
async function done(name: string, body: unknown) {
  const { name: operation } = JSON.parse(await ask(name, body));
  return JSON.parse(await ask(`${operation}:wait`, {})).response;
}

const artifactUri = await putFiles({ objects }, "model", files);
const { model } = await done(`${PARENT}/models:upload`, { model: modelAt(artifactUri) });
const endpoint = (await done(`${PARENT}/endpoints`, { displayName: "e" })).name;
const deployedModel = deployedAs(model, { id: "1" });
await done(`${endpoint}:deployModel`, { deployedModel, trafficSplit: { "0": 100 } });

const instance = (at: number) =>
  Object.fromEntries(FEATURES.map((name, feature) => [name, (at * 7 + feature * 13) % 101 / 3]));
const single = JSON.stringify({ instances: [instance(1)] });
const batch = JSON.stringify({ instances: Array.from({ length: 1000 }, (_, at) => instance(at)) });

const loaded = loadSavedModel(files);
function plainPredict(body: string): string {
  const predictions = JSON.parse(body).instances.map((one: Record<string, number>) => {
    const inputs = Object.entries(one).map(([name, value]) =>
      [name, { dtype: "float64", shape: [1], values: Float64Array.of(value) }] as const
    );
    const outputs = [...loaded.run(new Map(inputs))];
    return Object.fromEntries(outputs.map(([name, { values }]) => [name, [...values].map(Number)]));
  });
  return JSON.stringify({ predictions });
}

Deno.bench("predict, 1 instance", async () => {
  await ask(`${endpoint}:predict`, single);
});
Deno.bench({ name: "plain, 1000 instances", group: "1000", baseline: true }, () => {
  plainPredict(batch);
});
Deno.bench({ name: "predict, 1000 instances", group: "1000" }, async () => {
  await ask(`${endpoint}:predict`, batch);
});
