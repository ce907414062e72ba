import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { twoClusters } from "./cluster_model.ts";
import {
  clientsOf,
  deployedAs,
  IMAGE,
  modelAt,
  PARENT,
  putFiles,
  type Served,
  withVertex,
} from "./vertex_server.ts";

const uploaded = async (served: Served, more: object = {}, request: object = {}) => {
  const uri = await putFiles(served, "clusters", twoClusters());
  const body = { model: modelAt(uri, more), ...request };
  return (await served.done("POST", "models:upload", body)).response;
};
/** The model with another operation in its graph, whose name is as long. */
function withOperation(from: string, to: string): Map<string, Uint8Array> {
  const files = new Map(twoClusters());
  const graph = Uint8Array.from(files.get("saved_model.pb")!);
  const text = Array.from(graph, (byte) => String.fromCharCode(byte)).join("");
  for (let at = text.indexOf(from); at >= 0; at = text.indexOf(from, at + 1)) {
    graph.set(new TextEncoder().encode(to), at);
  }
  return files.set("saved_model.pb", graph);
}

const pathOf = (name: string) => name.slice(PARENT.length + 1);

Deno.test("Google's client uploads a model and gets it back", () =>
  withVertex(async (served) => {
    const { models } = clientsOf(served);
    const artifactUri = await putFiles(served, "clusters", twoClusters());
    const model = modelAt(artifactUri, { description: "Of users", labels: { team: "shop" } });
    const [operation] = await models.uploadModel({ parent: PARENT, model });
    assertEquals(operation.done ?? false, false);
    const [response] = await operation.promise();
    assertMatch(response.model!, /^projects\/p\/locations\/us-central1\/models\/\d{10,19}$/);
    assertEquals(response.modelVersionId, "1");
    const [got] = await models.getModel({ name: `${response.model}@default` });
    assertEquals(got.displayName, "clusters");
    assertEquals(got.description, "Of users");
    assertEquals(got.labels, { team: "shop" });
    assertEquals([got.versionId, got.versionAliases], ["1", ["default"]]);
    assertEquals([got.artifactUri, got.containerSpec?.imageUri], [artifactUri, IMAGE]);
    assertEquals(got.supportedDeploymentResourcesTypes?.map(String), ["DEDICATED_RESOURCES"]);
    const [listed] = await models.listModels({ parent: PARENT, filter: 'display_name="clusters"' });
    assertEquals(listed.map(({ name }) => name), [response.model!]);
  }));

Deno.test("versions of a model have numbers and aliases, one of them is the default", () =>
  withVertex(async (served) => {
    const { call, done } = served;
    const { model } = await uploaded(served);
    const again = await uploaded(served, { versionDescription: "Newer" }, { parentModel: model });
    assertEquals(again, { ...again, model, modelVersionId: "2" });
    const get = async (name: string) => (await call("GET", pathOf(name)))[1];
    assertEquals((await get(model)).versionId, "1");
    assertEquals((await get(`${model}@2`)).name, `${model}@2`);
    assertEquals((await get(`${model}@2`)).versionDescription, "Newer");
    const merge = (version: string, versionAliases: string[]) =>
      call("POST", `${pathOf(model)}@${version}:mergeVersionAliases`, { versionAliases });
    assertEquals((await merge("2", ["default", "canary"]))[1].versionAliases, [
      "default",
      "canary",
    ]);
    assertEquals((await get(model)).versionId, "2");
    assertEquals((await get(`${model}@1`)).versionAliases, []);
    assertEquals((await get(`${model}%40canary`)).versionId, "2");
    assertEquals((await merge("2", ["-canary"]))[1].versionAliases, ["default"]);
    assertStringIncludes((await merge("2", ["-default"]))[1].error.message, "cannot be taken away");
    assertStringIncludes((await merge("canary", ["a1"]))[1].error.message, "by its number");
    const third = await uploaded(served, { versionAliases: ["default"] }, { parentModel: model });
    assertEquals((await get(model)).versionId, third.modelVersionId);
    const [, { models }] = await call("GET", `${pathOf(model)}:listVersions`);
    assertEquals(models.map(({ name }: { name: string }) => name), [
      `${model}@3`,
      `${model}@2`,
      `${model}@1`,
    ]);
    const drop = (version: string) => call("DELETE", `${pathOf(model)}@${version}:deleteVersion`);
    const [status, { error }] = await drop("3");
    assertEquals([status, error.status], [400, "FAILED_PRECONDITION"]);
    assertStringIncludes(error.message, "default version");
    await done("DELETE", `${pathOf(model)}@1:deleteVersion`);
    await done("DELETE", `${pathOf(model)}@2:deleteVersion`);
    assertStringIncludes((await drop("3"))[1].error.message, "only version");
    assertEquals((await uploaded(served, {}, { parentModel: model })).modelVersionId, "4");
  }));

Deno.test("a model is described by a patch with a mask, of itself or of a version", () =>
  withVertex(async (served) => {
    const { call } = served;
    const { model } = await uploaded(served, { labels: { team: "shop" } });
    const patch = async (name: string, mask: string, body: object) =>
      (await call("PATCH", `${pathOf(name)}?updateMask=${mask}`, body))[1];
    const changed = await patch(model, "displayName,labels", { displayName: "c2", labels: {} });
    assertEquals([changed.displayName, changed.labels], ["c2", {}]);
    const version = await patch(`${model}@1`, "version_description,labels", {
      version_description: "First",
      labels: { stage: "old" },
    });
    assertEquals([version.versionDescription, version.labels], ["First", { stage: "old" }]);
    for (const [name, mask] of [[model, "artifactUri"], [`${model}@1`, "displayName"]]) {
      assertStringIncludes((await patch(name, mask, {})).error.message, `Cannot update ${mask}`);
    }
    const { error } = await patch(model, "description", { etag: changed.etag });
    assertEquals([error.code, error.status], [412, "FAILED_PRECONDITION"]);
    assertStringIncludes((await call("PATCH", pathOf(model), {}))[1].error.message, "updateMask");
  }));

Deno.test("lists are filtered, ordered and cut into pages", () =>
  withVertex(async (served) => {
    const { call } = served;
    for (const [displayName, labels] of [["b", { n: "1" }], ["a", { n: "2" }], ["c", {}]]) {
      await uploaded(served, { displayName, labels });
    }
    const list = async (query: Record<string, string>) => {
      const [, { models, error }] = await call("GET", `models?${new URLSearchParams(query)}`);
      return error?.message ?? models.map((one: { displayName: string }) => one.displayName);
    };
    assertEquals(await list({}), ["b", "a", "c"]);
    assertEquals(await list({ filter: "displayName=a" }), ["a"]);
    assertEquals(await list({ filter: 'display_name != "a"' }), ["b", "c"]);
    assertEquals(await list({ filter: "labels.n:*" }), ["b", "a"]);
    assertEquals(await list({ filter: "labels.constructor:*" }), []);
    assertEquals(await list({ filter: 'labels.n="1" AND display_name="b"' }), ["b"]);
    assertEquals(await list({ orderBy: "display_name desc" }), ["c", "b", "a"]);
    assertStringIncludes(await list({ filter: "createTime>1" }), "Invalid filter");
    assertStringIncludes(await list({ filter: "state=1" }), "state is not supported");
    const [, first] = await call("GET", "models?pageSize=2&order_by=display_name");
    const query = `pageSize=2&orderBy=display_name&pageToken=${first.nextPageToken}`;
    const [, second] = await call("GET", `models?${query}`);
    assertEquals([first.models.length, second.models.length], [2, 1]);
    assertEquals([second.models[0].displayName, second.nextPageToken], ["c", undefined]);
  }));

Deno.test("what cannot be served is refused: by name at once, or as the operation's error", () =>
  withVertex(async (served) => {
    const { call, done } = served;
    const artifactUri = await putFiles(served, "clusters", twoClusters());
    const refused = async (model: object, request: object = {}) => {
      const [status, { error }] = await call("POST", "models:upload", { model, ...request });
      assertEquals([status, error.status], [400, "INVALID_ARGUMENT"]);
      return error.message;
    };
    const sklearn = "us-docker.pkg.dev/vertex-ai/prediction/sklearn-cpu.1-3:latest";
    assertStringIncludes(
      await refused(modelAt(artifactUri, { containerSpec: { imageUri: sklearn } })),
      "TensorFlow's prebuilt containers",
    );
    assertStringIncludes(
      await refused(modelAt(artifactUri, { explanationSpec: { parameters: { topK: 1 } } })),
      "explanationSpec is not supported",
    );
    assertEquals(
      await refused({ artifactUri, containerSpec: { imageUri: IMAGE } }),
      "Required parameter is missing: model.displayName",
    );
    const deep = `{"model":${"[".repeat(50_000)}${"]".repeat(50_000)}}`;
    const [tooDeep, answer] = await call("POST", "models:upload", deep);
    assertEquals(tooDeep, 400);
    assertStringIncludes(answer.error.message, "Message too deep");
    const failed = async (uri: string) =>
      (await done("POST", "models:upload", { model: modelAt(uri) })).error;
    const missing = await failed("gs://models/nothing");
    assertEquals(missing.code, 9);
    assertStringIncludes(missing.message, "gs://models/nothing is expected to contain saved_model");
    assertEquals((await failed("gs://no-such-bucket/x")).code, 5);
    const files = new Map([["saved_model.pb", new TextEncoder().encode("no model at all")]]);
    const damaged = await failed(await putFiles(served, "text", files));
    assertEquals(damaged.code, 3);
    const unknown = await failed(await putFiles(served, "unknown", withOperation("Sqrt", "Sqrz")));
    assertEquals(unknown.code, 3);
    assertStringIncludes(unknown.message, "Sqrz");
    const [, { models }] = await call("GET", "models");
    assertEquals(models, []);
    const [status, { error }] = await call("POST", "models:upload", {
      parentModel: `${PARENT}/models/7`,
      model: modelAt(artifactUri),
    });
    assertEquals([status, error.status], [404, "NOT_FOUND"]);
    assertStringIncludes(error.message, `${PARENT}/models/7`);
  }));

Deno.test("a model that is deployed is not deleted, neither is the version", () =>
  withVertex(async (served) => {
    const { call, done } = served;
    const { model } = await uploaded(served);
    await uploaded(served, { versionAliases: ["default"] }, { parentModel: model });
    const { response: { name } } = await done("POST", "endpoints", { displayName: "e" });
    const deployedModel = deployedAs(`${model}@1`, { id: "11" });
    await done("POST", `${pathOf(name)}:deployModel`, { deployedModel });
    for (const path of [pathOf(model), `${pathOf(model)}@1:deleteVersion`]) {
      const [status, { error }] = await call("DELETE", path);
      assertEquals([status, error.status], [400, "FAILED_PRECONDITION"]);
      assertStringIncludes(error.message, `following Endpoint(s): ${name}`);
    }
    const [, { deployedModels }] = await call("GET", `${pathOf(model)}@1`);
    assertEquals(deployedModels, [{ endpoint: name, deployedModelId: "11" }]);
    await done("POST", `${pathOf(name)}:undeployModel`, { deployedModelId: "11" });
    const { response } = await done("DELETE", pathOf(model));
    assertEquals(response, { "@type": "type.googleapis.com/google.protobuf.Empty" });
    const [status, { error }] = await call("GET", pathOf(model));
    assertEquals([status, error.status, error.errors], [404, "NOT_FOUND", undefined]);
  }));

Deno.test("a model may have a name of one's own, but only once", () =>
  withVertex(async (served) => {
    const { call, done } = served;
    const model = modelAt(await putFiles(served, "clusters", twoClusters()));
    const { response } = await done("POST", "models:upload", { model_id: "mine", model });
    assertEquals(response.model, `${PARENT}/models/mine`);
    const [status, { error }] = await call("POST", "models:upload", { modelId: "mine", model });
    assertEquals([status, error.status], [409, "ALREADY_EXISTS"]);
    assert((await call("POST", "models:upload", { modelId: "1x", model }))[0] === 400);
  }));
