import { assert, assertEquals, assertStringIncludes } from "@std/assert";
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

/** An endpoint and a model to deploy there. */
async function prepared(served: Served) {
  const { call, done } = served;
  const uri = await putFiles(served, "clusters", twoClusters());
  const { model } = (await done("POST", "models:upload", { model: modelAt(uri) })).response;
  const { name } = (await done("POST", "endpoints", { displayName: "e" })).response;
  const path: string = name.slice(PARENT.length + 1);
  const deploy = (id: string, trafficSplit?: object, more: object = {}) =>
    done("POST", `${path}:deployModel`, {
      deployedModel: deployedAs(model, { id, ...more }),
      trafficSplit,
    });
  const refused = async (method: string, verb: string, body?: object): Promise<Json> => {
    const [status, { error }] = await call(method, path + verb, body);
    assert(status >= 400);
    return error;
  };
  const endpoint = async () => (await call("GET", path))[1];
  return { model, path, name, deploy, refused, endpoint };
}

Deno.test("Google's client creates an endpoint, deploys, splits traffic, undeploys, deletes", () =>
  withVertex(async (served) => {
    const { endpoints } = clientsOf(served);
    const { model } = await prepared(served);
    const [creation] = await endpoints.createEndpoint({
      parent: PARENT,
      endpoint: { displayName: "mine", labels: { team: "shop" } },
      endpointId: "mine",
    });
    const [{ name }] = await creation.promise();
    assertEquals(name, `${PARENT}/endpoints/mine`);
    const deploy = async (trafficSplit: Record<string, number>) => {
      const deployedModel = deployedAs(model, { displayName: "d", serviceAccount: "s@p.iam" });
      const [op] = await endpoints.deployModel({ endpoint: name, deployedModel, trafficSplit });
      return (await op.promise())[0].deployedModel!;
    };
    const first = await deploy({ "0": 100 });
    assertEquals([first.model, first.modelVersionId], [model, "1"]);
    assertEquals(first.dedicatedResources?.maxReplicaCount, 1);
    const second = await deploy({ "0": 10, [first.id!]: 90 });
    const [found] = await endpoints.getEndpoint({ name });
    assertEquals(found.trafficSplit, { [first.id!]: 90, [second.id!]: 10 });
    assertEquals(found.deployedModels?.map(({ id }) => id), [first.id!, second.id!]);
    const [changed] = await endpoints.updateEndpoint({
      endpoint: { name, trafficSplit: { [second.id!]: 100 }, displayName: "ours" },
      updateMask: { paths: ["traffic_split", "display_name"] },
    });
    assertEquals([changed.trafficSplit, changed.displayName], [{ [second.id!]: 100 }, "ours"]);
    const [mutation] = await endpoints.mutateDeployedModel({
      endpoint: name,
      deployedModel: { id: first.id, dedicatedResources: { maxReplicaCount: 3 } },
      updateMask: { paths: ["dedicated_resources.max_replica_count"] },
    });
    const [{ deployedModel }] = await mutation.promise();
    assertEquals(deployedModel?.dedicatedResources?.maxReplicaCount, 3);
    for (const { id } of [first, second]) {
      const [op] = await endpoints.undeployModel({ endpoint: name, deployedModelId: id });
      await op.promise();
    }
    const [deletion] = await endpoints.deleteEndpoint({ name });
    await deletion.promise();
    const [left] = await endpoints.listEndpoints({ parent: PARENT, filter: "endpoint=mine" });
    assertEquals(left, []);
  }));

Deno.test("traffic adds to 100 over models that are deployed, whoever changes it", () =>
  withVertex(async (served) => {
    const { deploy, refused, endpoint } = await prepared(served);
    const message = async (method: string, verb: string, body: object) =>
      (await refused(method, verb, body)).message;
    const deployedModel = deployedAs((await prepared(served)).model);
    const wrong = (trafficSplit: object) =>
      message("POST", ":deployModel", { deployedModel, trafficSplit });
    assertStringIncludes(await wrong({ "0": 90 }), "must add up to 100: it adds up to 90");
    assertStringIncludes(await wrong({ "0": 50, "7": 50 }), "DeployedModel ID(s) [7] do not exist");
    assertStringIncludes(await wrong({ "0": 101 }), "0 to 100 percent");
    await deploy("1", { "0": 100 });
    await deploy("2");
    assertEquals((await endpoint()).trafficSplit, { "1": 100 });
    const split = (trafficSplit: object) =>
      message("PATCH", "?updateMask=trafficSplit", { trafficSplit });
    assertStringIncludes(await split({ "1": 50, "2": 49 }), "adds up to 99");
    assertStringIncludes(await split({ "3": 100 }), "[3] do not exist: trafficSplit may name 1, 2");
    const undeploy = (body: object) => refused("POST", ":undeployModel", body);
    const busy = await undeploy({ deployedModelId: "1" });
    assertEquals(busy.status, "FAILED_PRECONDITION");
    assertStringIncludes(busy.message, "DeployedModel 1 as it has 100 percent of the traffic");
    const still = { deployedModelId: "1", trafficSplit: { "1": 40, "2": 60 } };
    assertStringIncludes((await undeploy(still)).message, "40 percent");
    assertEquals((await undeploy({ deployedModelId: "9" })).status, "NOT_FOUND");
    assertEquals((await endpoint()).trafficSplit, { "1": 100 });
    assertStringIncludes((await refused("DELETE", "")).message, "Endpoint has deployed or being-");
  }));

Deno.test("undeploying moves traffic in the same step, and the last model may always go", () =>
  withVertex(async (served) => {
    const { path, deploy, endpoint } = await prepared(served);
    await deploy("1", { "0": 100 });
    await deploy("2");
    const undeploy = (body: object) => served.done("POST", `${path}:undeployModel`, body);
    const { response } = await undeploy({ deployedModelId: "1", trafficSplit: { "2": 100 } });
    assertStringIncludes(response["@type"], "v1.UndeployModelResponse");
    assertEquals((await endpoint()).trafficSplit, { "2": 100 });
    await undeploy({ deployedModelId: "2" });
    assertEquals((await endpoint()).trafficSplit, {});
    assertEquals((await endpoint()).deployedModels, []);
  }));

Deno.test("without a split the first model gets no traffic, as the reference says", () =>
  withVertex(async (served) => {
    const { path, deploy, endpoint, refused, name } = await prepared(served);
    await deploy("1");
    assertEquals((await endpoint()).trafficSplit, {});
    const error = await refused("POST", ":predict", { instances: [{ x: 0, y: 0 }] });
    assertEquals([error.code, error.status], [400, "FAILED_PRECONDITION"]);
    assertStringIncludes(error.message, `Endpoint ${name} doesn't have traffic_split`);
    await served.call("PATCH", `${path}?updateMask=traffic_split`, { traffic_split: { "1": 100 } });
    const [status] = await served.call("POST", `${path}:predict`, {
      instances: [{ x: 0, y: 0 }],
    });
    assertEquals(status, 200);
  }));

Deno.test("changes at the same time are made one after another", () =>
  withVertex(async (served) => {
    const { deploy, endpoint } = await prepared(served);
    const ids = ["1", "2", "3", "4", "5"];
    const done = await Promise.all(ids.map((id) => deploy(id, { "0": 100 })));
    const worked = done.filter(({ error }) => error === undefined);
    assertEquals(worked.length, ids.length);
    const { deployedModels, trafficSplit } = await endpoint();
    assertEquals(deployedModels.map(({ id }: Json) => id).sort(), ids);
    assertEquals(Object.values(trafficSplit), [100]);
  }));

Deno.test("two who deploy under one id: one gets it, the other is told", () =>
  withVertex(async (served) => {
    const { deploy, endpoint } = await prepared(served);
    const both = await Promise.all([deploy("1", { "0": 100 }), deploy("1", { "0": 100 })]);
    assertEquals(both.map(({ error }) => error?.code).toSorted(), [6, undefined]);
    assertEquals((await endpoint()).deployedModels.length, 1);
  }));

Deno.test("a deployment that cannot be is refused by name and leaves the endpoint as it was", () =>
  withVertex(async (served) => {
    const { model, refused, endpoint, deploy } = await prepared(served);
    const message = async (deployedModel: object) =>
      (await refused("POST", ":deployModel", { deployedModel })).message;
    assertStringIncludes(
      await message({ model, automaticResources: { minReplicaCount: 1 } }),
      "deployedModel",
    );
    const machine = { machineSpec: { machineType: "big" }, minReplicaCount: 1 };
    assertStringIncludes(
      await message({ model, dedicatedResources: machine }),
      "no such machine type",
    );
    const resources = deployedAs(model).dedicatedResources;
    assertStringIncludes(
      await message({ model, dedicatedResources: { ...resources, spot: true } }),
      "spot is not supported",
    );
    const fewer = { ...resources, minReplicaCount: 3, maxReplicaCount: 2 };
    assertStringIncludes(await message({ model, dedicatedResources: fewer }), "must be at least");
    assertStringIncludes(await message(deployedAs("clusters")), "Invalid name of a Model");
    assertStringIncludes(await message(deployedAs(`${model}@9`)), "does not exist");
    await deploy("1", { "0": 100 });
    await putFiles(served, "clusters", clusterModel(["x"], [[1]]));
    const { error } = await deploy("2", { "0": 100 });
    assertEquals(error.code, 9);
    assertStringIncludes(error.message, "has other contents than when it was uploaded");
    assertEquals((await endpoint()).trafficSplit, { "1": 100 });
    assertEquals((await endpoint()).deployedModels.length, 1);
  }));

Deno.test("endpoints are described, filtered and refused by the rules of names", () =>
  withVertex(async (served) => {
    const { call, done } = served;
    await done("POST", "endpoints?endpoint_id=first", { display_name: "a" });
    await done("POST", "endpoints?endpointId=123", { displayName: "b", labels: { n: "1" } });
    const [, { endpoints }] = await call("GET", 'endpoints?filter=display_name="a"');
    assertEquals(endpoints.map(({ name }: Json) => name), [`${PARENT}/endpoints/first`]);
    const error = async (path: string, body: object) => (await call("POST", path, body))[1].error;
    assertEquals((await error("endpoints?endpointId=123", { displayName: "b" })).code, 409);
    assertEquals((await error("endpoints?endpointId=0123", { displayName: "b" })).code, 400);
    assertStringIncludes(
      (await error("endpoints", { displayName: "x", network: "n" })).message,
      "network is not supported",
    );
    assertEquals((await error("endpoints", { displayName: "x", labels: { A: "" } })).code, 400);
    const [status, none] = await call("GET", "endpoints/none");
    assertEquals([status, none.error.status], [404, "NOT_FOUND"]);
  }));
