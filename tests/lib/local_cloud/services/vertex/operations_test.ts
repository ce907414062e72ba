import { assert, assertEquals, assertGreaterOrEqual, assertStringIncludes } from "@std/assert";
import { twoClusters } from "./cluster_model.ts";
import { deployedAs, modelAt, PARENT, putFiles, withServer, withVertex } from "./vertex_server.ts";

Deno.test("an operation is not done when it begins, and done with a response later", () =>
  withVertex(async ({ url, call }) => {
    const [, begun] = await call("POST", "endpoints", { displayName: "e" });
    assertEquals([begun.done, begun.response], [undefined, undefined]);
    const { "@type": type, genericMetadata } = begun.metadata;
    assertEquals(
      type,
      "type.googleapis.com/google.cloud.aiplatform.v1.CreateEndpointOperationMetadata",
    );
    const path = begun.name.slice(PARENT.length + 1);
    const [, done] = await call("POST", `${path}:wait`, { timeout: "5s" });
    assertEquals([done.done, done.response.displayName], [true, "e"]);
    assertEquals(
      done.response["@type"],
      "type.googleapis.com/google.cloud.aiplatform.v1.Endpoint",
    );
    assertEquals(done.metadata.genericMetadata.createTime, genericMetadata.createTime);
    assertGreaterOrEqual(
      Date.parse(done.metadata.genericMetadata.updateTime),
      Date.parse(genericMetadata.updateTime),
    );
    const id = begun.name.split("/").pop();
    for (const prefix of ["v1", "v1beta1", "ui"]) {
      for (const name of [begun.name, `${PARENT}/operations/${id}`]) {
        assertEquals((await (await fetch(`${url}/${prefix}/${name}?`)).json()).done, true);
      }
    }
    const [, { operations }] = await call("GET", "operations");
    assertEquals(operations.map(({ name }: { name: string }) => name), [begun.name]);
    assertEquals(await call("DELETE", `operations/${id}`), [200, {}]);
    assertEquals((await call("GET", `operations/${id}`))[0], 404);
  }));

Deno.test("an operation that waits for others can be cancelled; what is done stays", () =>
  withVertex(async ({ call }) => {
    const begin = () => call("POST", "endpoints", { displayName: "e" });
    const begun = await Promise.all(Array.from({ length: 20 }, begin));
    const paths = begun.map(([, { name }]) => name.slice(PARENT.length + 1));
    const last = paths[19];
    await call("POST", `${last}:cancel`);
    const done = await Promise.all(paths.map((path) => call("POST", `${path}:wait`)));
    assert(done.every(([, operation]) => operation.done));
    await call("POST", `${last}:cancel`);
    const [, again] = await call("GET", last);
    assertEquals(again, done[19][1]);
    const [, { endpoints }] = await call("GET", "endpoints");
    assertEquals(endpoints.length, done.filter(([, { error }]) => !error).length);
  }));

Deno.test("another version of the API gets types of its own", () =>
  withVertex(async ({ url }) => {
    const response = await fetch(`${url}/v1beta1/${PARENT}/endpoints`, {
      method: "POST",
      body: JSON.stringify({ displayName: "e" }),
    });
    assertStringIncludes((await response.json()).metadata["@type"], "aiplatform.v1beta1.Create");
  }));

Deno.test("what is not there is refused by name", () =>
  withVertex(async ({ call, url }) => {
    for (const path of ["customJobs", "endpoints/1:streamRawPredict", "models/1:export"]) {
      const [status, { error }] = await call("POST", path, {});
      assertEquals([status, error.status], [501, "UNIMPLEMENTED"]);
      assertStringIncludes(error.message, path);
    }
    const response = await fetch(`${url}/v1/projects/p/locations/nowhere_1/models`);
    assertEquals(response.status, 400);
    assertStringIncludes((await response.json()).error.message, "nowhere_1");
  }));

Deno.test("everything is there after a restart, and a model is loaded again when it is asked", async () => {
  const folder = await Deno.makeTempDir();
  let path = "";
  await withServer({ folder }, async (served) => {
    const { done } = served;
    const uri = await putFiles(served, "clusters", twoClusters());
    const { model } = (await done("POST", "models:upload", { model: modelAt(uri) })).response;
    const { name } = (await done("POST", "endpoints", { displayName: "e" })).response;
    path = name.slice(PARENT.length + 1);
    await done("POST", `${path}:deployModel`, {
      deployedModel: deployedAs(model),
      trafficSplit: { "0": 100 },
    });
  });
  const instances = [{ x: 3, y: 4 }];
  await withServer({ folder }, async ({ call, objects }) => {
    const both = await Promise.all(
      [1, 2].map(() => call("POST", `${path}:predict`, { instances })),
    );
    for (const [, { predictions }] of both) {
      assertEquals(predictions[0].centroid_distances, [5, 0]);
    }
    await objects.delete("models", "clusters/variables/variables.index");
    assertEquals((await call("POST", `${path}:predict`, { instances }))[0], 200);
  });
  await withServer({ folder }, async ({ call, objects }) => {
    const [status, { error }] = await call("POST", `${path}:predict`, { instances });
    assertEquals([status, error.status], [400, "FAILED_PRECONDITION"]);
    assertStringIncludes(
      error.message,
      "gs://models/clusters/variables/variables.index is missing",
    );
    await objects.put("models", "clusters/variables/variables.index", new Uint8Array(3));
    const [, changed] = await call("POST", `${path}:predict`, { instances });
    assertStringIncludes(changed.error.message, "has other contents than when it was uploaded");
    await objects.put(
      "models",
      "clusters/variables/variables.index",
      twoClusters().get("variables/variables.index")!,
    );
    assertEquals((await call("POST", `${path}:predict`, { instances }))[0], 200);
  });
  await Deno.remove(folder, { recursive: true });
});

Deno.test("an operation that a crash cut short is reported as failed, and its work can be done again", async () => {
  const folder = await Deno.makeTempDir();
  let name = "";
  await withServer({ folder }, async ({ call }) => {
    name = (await call("POST", "endpoints", { displayName: "e" }))[1].name;
  });
  const journal = `${folder}/vertex/state.jsonl`;
  const lines = (await Deno.readTextFile(journal)).trimEnd().split("\n");
  // The line that ends the operation, half written.
  await Deno.writeTextFile(journal, `${lines[0]}\n${lines[1].slice(0, 40)}`);
  await withServer({ folder }, async ({ call, done }) => {
    const [, operation] = await call("GET", name.slice(PARENT.length + 1));
    assertEquals([operation.done, operation.error.code], [true, 10]);
    assertStringIncludes(operation.error.message, "begin it again");
    assertEquals((await call("GET", "endpoints"))[1].endpoints, []);
    const again = await done("POST", "endpoints", { displayName: "e" });
    assert(again.response.name !== name.split("/operations/")[0], "no id is given twice");
  });
  await Deno.remove(folder, { recursive: true });
});
