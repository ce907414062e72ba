import { helpers } from "@google-cloud/aiplatform";
import { assertEquals, assertLess, assertStringIncludes } from "@std/assert";
import { factorizationSavedModel } from "../../../../../lib/local_cloud/saved_model/mod.ts";
import { clusterModel, twoClusters } from "./cluster_model.ts";
import {
  clientsOf,
  deployedAs,
  type Json,
  modelAt,
  PARENT,
  putFiles,
  type Served,
  withVertex,
} from "./vertex_server.ts";

/** An endpoint that serves models by their share of the traffic. */
async function serving(served: Served, models: [ReadonlyMap<string, Uint8Array>, number][]) {
  const { done, call, url } = served;
  const { name } = (await done("POST", "endpoints", { displayName: "e" })).response;
  const path: string = name.slice(PARENT.length + 1);
  let trafficSplit: Record<string, number> = {};
  let model = "";
  for (const [at, [files]] of models.entries()) {
    const uri = await putFiles(served, `model_${at}`, files);
    const request = { model: modelAt(uri, { displayName: `model_${at}` }) };
    model = (await done("POST", "models:upload", request)).response.model;
    const deployedModel = deployedAs(model, { id: String(at + 1) });
    await done("POST", `${path}:deployModel`, { deployedModel });
  }
  trafficSplit = Object.fromEntries(models.map(([, share], at) => [String(at + 1), share]));
  await call("PATCH", `${path}?updateMask=trafficSplit`, { trafficSplit });
  const predict = (body: unknown) => call("POST", `${path}:predict`, body);
  const refused = async (body: unknown) => {
    const [status, answer] = await predict(body);
    assertEquals(Object.keys(answer), ["error"]);
    assertEquals(Object.keys(answer.error), ["code", "message", "status"]);
    assertEquals([status, answer.error.status], [400, "INVALID_ARGUMENT"]);
    return answer.error.message as string;
  };
  const raw = (body: unknown) =>
    fetch(`${url}/v1/${name}:rawPredict`, { method: "POST", body: JSON.stringify(body) });
  return { name, path, model, predict, refused, raw };
}

const FEATURES = [
  "average_order_value",
  "no_of_orders",
  "session_count",
  "total_time_spend_by_user_in_msec",
];
const fourClusters = () =>
  clusterModel(FEATURES, [[0, 0, 0, 0], [10, 5, 9, 100], [20, 1, 2, 300], [12.8, 60, 8, 9]]);

Deno.test("the answer has the published sample's shape, in its order", () =>
  withVertex(async (served) => {
    const { model, predict } = await serving(served, [[fourClusters(), 100]]);
    const [average_order_value, no_of_orders] = [12.8, 60];
    const [, answer] = await predict({
      instances: [{
        average_order_value,
        no_of_orders,
        session_count: 8,
        total_time_spend_by_user_in_msec: 9,
      }],
    });
    const distances = answer.predictions[0].centroid_distances;
    assertEquals(distances.length, 4);
    assertEquals(distances[3], 0);
    assertEquals(
      JSON.stringify(answer),
      JSON.stringify({
        predictions: [{
          nearest_centroid_id: [4],
          centroid_distances: distances,
          centroid_ids: [1, 2, 3, 4],
        }],
        deployedModelId: "1",
        model,
        modelDisplayName: "model_0",
        modelVersionId: "1",
      }),
    );
  }));

Deno.test("a recommendation model answers a user's id with items, the best first", () =>
  withVertex(async (served) => {
    const files = factorizationSavedModel({
      user: "user_pseudo_id",
      users: { dtype: "string", ids: ["1.2", "2534169.4418845320"] },
      items: ["bag", "cap", "pen"],
      factors: 1,
      globalIntercept: 0.5,
      userFactors: Float64Array.of(-1, 2, 0),
      userIntercepts: new Float64Array(3),
      itemFactors: Float64Array.of(1, 3, 2),
      itemIntercepts: new Float64Array(3),
    });
    const { predict } = await serving(served, [[files, 100]]);
    const [, { predictions }] = await predict({
      instances: [{ user_pseudo_id: "2534169.4418845320" }],
    });
    assertEquals(predictions, [{
      predicted_item: ["cap", "pen", "bag"],
      predicted_rating: [6.5, 4.5, 2.5],
    }]);
  }));

Deno.test("Google's client gets predictions", () =>
  withVertex(async (served) => {
    const { name, model } = await serving(served, [[twoClusters(), 100]]);
    const instance = helpers.toValue({ x: 3, y: 4 });
    const [answer] = await clientsOf(served).predictions.predict({
      endpoint: name,
      instances: [instance as never],
    });
    const value = answer.predictions!.map((one) => helpers.fromValue(one as never)) as Json[];
    assertEquals(value[0].centroid_distances, [5, 0]);
    assertEquals([answer.deployedModelId, answer.model], ["1", model]);
  }));

Deno.test("many instances are answered in their order", () =>
  withVertex(async (served) => {
    const { predict } = await serving(served, [[twoClusters(), 100]]);
    const instances = Array.from({ length: 1000 }, (_, x) => ({ y: 0, x }));
    const [, { predictions }] = await predict({ instances, parameters: {} });
    assertEquals(
      predictions.map(({ centroid_distances: [first] }: Json) => first),
      instances.map(({ x }) => x),
    );
  }));

Deno.test("instances that do not fit are refused in TensorFlow Serving's words", () =>
  withVertex(async (served) => {
    const { refused } = await serving(served, [[twoClusters(), 100]]);
    const cases: [unknown, string][] = [
      [{ instances: [{ x: 1 }] }, "keys must be equal to: x,y. Missing: y"],
      [{ instances: [{ x: 1, y: 1 }, { x: 1, y: 1, z: 1 }] }, "process element: 1 key: z of"],
      [{ instances: [{ x: 1, z: 1 }] }, "does not have named input: z. The inputs are x, y"],
      [{ instances: [{ x: "1", y: 1 }] }, 'JSON Value: "1" Type: String is not of expected type'],
      [{ instances: [{ x: true, y: 1 }] }, "JSON Value: true Type: True"],
      [{ instances: [{ x: null, y: 1 }] }, "send the feature's mean in the training data"],
      [{ instances: [{ x: [1], y: 1 }] }, "key: x of 'instances' list. Error: INVALID_ARGUMENT"],
      [{ instances: [{ x: 1, y: 1 }, { x: [1], y: 1 }] }, "process element: 1 key: x"],
      [{ instances: [{ x: 2 ** 53, y: 1 }] }, "without loss of precision"],
      [{ instances: [[1, 2]] }, "instances is a plain list, but expecting list of objects"],
      [{ instances: [{ x: 1, y: 1 }, 5] }, "Expecting object but got list at item 1"],
      [{ instances: [] }, "No values in 'instances' array"],
      [{ instances: { x: 1, y: 2 } }, "to be an list/array"],
      [{}, "Missing 'inputs' or 'instances' key"],
      [{ instances: [{ x: 1, y: 1 }], signature_name: "a" }, 'Unknown name "signature_name"'],
      ['{"instances": [}', "Invalid JSON payload received."],
      ["", "Invalid JSON payload received."],
      ["[1]", "Is not object"],
      [{ instances: "1".repeat(1_572_864) }, "exceeds the limit: 1572864 bytes"],
    ];
    for (const [body, message] of cases) assertStringIncludes(await refused(body), message);
  }));

Deno.test("rawPredict answers as TensorFlow Serving does, by rows and by columns", () =>
  withVertex(async (served) => {
    const { raw, name } = await serving(served, [[twoClusters(), 100]]);
    const rows = await raw({ instances: [{ x: 3, y: 4 }], signature_name: "serving_default" });
    assertEquals(rows.headers.get("x-vertex-ai-endpoint-id"), name.split("/").pop()!);
    assertEquals(rows.headers.get("x-vertex-ai-deployed-model-id"), "1");
    assertEquals(
      await rows.text(),
      '{"predictions":[{"nearest_centroid_id":[2],"centroid_distances":[5.0,0.0],' +
        '"centroid_ids":[1,2]}]}',
    );
    const columns = await (await raw({ inputs: { x: [0, 3], y: [0, 4] } })).json();
    assertEquals(columns.outputs.centroid_distances, [[0, 5], [5, 0]]);
    const message = async (body: object) => (await (await raw(body)).json()).error.message;
    assertStringIncludes(await message({ inputs: { x: [1] } }), "Missing named input: y");
    assertStringIncludes(await message({ inputs: [1] }), "expecting an object as multiple");
    assertStringIncludes(await message({ inputs: { x: 1, y: 1 } }), "Expecting shape [?] but got");
    assertStringIncludes(await message({ inputs: {}, instances: [] }), "only one of 'inputs' or");
    assertStringIncludes(await message({ instances: [1], signature_name: "x" }), '"x" not found');
    assertStringIncludes(await message({ instances: [1], signature_name: 1 }), "a string value");
  }));

Deno.test("where a model has one input it may be given alone", () =>
  withVertex(async (served) => {
    const { predict, refused } = await serving(served, [[clusterModel(["x"], [[1], [3]]), 100]]);
    const [, bare] = await predict({ instances: [1, 2] });
    const [, named] = await predict({ instances: [{ x: 1 }, { x: 2 }] });
    assertEquals(bare, named);
    assertEquals(bare.predictions[1].centroid_distances, [1, 1]);
    assertStringIncludes(await refused({ instances: [1, { x: 1 }] }), "got object at item 1");
    assertStringIncludes(await refused({ instances: [1, [1]] }), "Failed to process element: 1");
  }));

Deno.test("an explanation is refused, and an endpoint that is not there", () =>
  withVertex(async (served) => {
    const { path } = await serving(served, [[twoClusters(), 100]]);
    const { call } = served;
    const [status, { error }] = await call("POST", `${path}:explain`, { instances: [] });
    assertEquals([status, error.status], [400, "FAILED_PRECONDITION"]);
    assertEquals(error.message, "Deployed model 1 does not support explanation.");
    const [missing, answer] = await call("POST", "endpoints/5:predict", { instances: [1] });
    assertEquals([missing, answer.error.status], [404, "NOT_FOUND"]);
    assertStringIncludes(answer.error.message, `${PARENT}/endpoints/5`);
  }));

Deno.test("requests go to models by their share of the traffic", async () => {
  let next = 0;
  // Every percentile once.
  const random = () => ((next++ % 100) + 0.5) / 100;
  await withVertex(async (served) => {
    const { predict } = await serving(served, [[twoClusters(), 10], [twoClusters(), 90]]);
    const asked: Record<string, number> = {};
    for (let i = 0; i < 200; i++) {
      const [, { deployedModelId }] = await predict({ instances: [{ x: 0, y: 0 }] });
      asked[deployedModelId] = (asked[deployedModelId] ?? 0) + 1;
    }
    assertEquals(asked, { "1": 20, "2": 180 });
  }, { random });
});

Deno.test("shares are kept under load, and no request fails while models come and go", () =>
  withVertex(async (served) => {
    const { path, predict, model } = await serving(served, [[twoClusters(), 100]]);
    const statuses = new Set<number>();
    let stop = false;
    let asked: Record<string, number> = {};
    const ask = async () => {
      while (!stop) {
        const [status, { deployedModelId }] = await predict({ instances: [{ x: 0, y: 0 }] });
        statuses.add(status);
        asked[deployedModelId] = (asked[deployedModelId] ?? 0) + 1;
      }
    };
    const load = Promise.all([ask(), ask(), ask(), ask()]);
    const { done, call } = served;
    const deploy = (id: string, trafficSplit: object) =>
      done("POST", `${path}:deployModel`, {
        deployedModel: deployedAs(model, { id }),
        trafficSplit,
      });
    for (let i = 2; i < 6; i++) {
      await deploy(String(i), { "0": 100 });
      await done("POST", `${path}:undeployModel`, { deployedModelId: String(i - 1) });
    }
    await deploy("6", { "0": 25, "5": 75 });
    asked = {};
    while ((asked["5"] ?? 0) + (asked["6"] ?? 0) < 3000) await call("GET", path);
    stop = true;
    await load;
    assertEquals([...statuses], [200]);
    const share = asked["6"] / (asked["5"] + asked["6"]);
    // Six standard deviations of 3000 draws.
    assertLess(Math.abs(share - 0.25), 0.05);
  }));
