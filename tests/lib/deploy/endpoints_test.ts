import { assert, assertEquals } from "@std/assert";
import { isOf, machinesFor } from "../../../lib/deploy/endpoints.ts";
import { servingImage } from "../../../lib/deploy/versions.ts";

const SERVING = {
  ...{ id: "1", model: "projects/123/locations/us-central1/models/5", version: 2, percent: 100 },
  ...{ machine: "n1-standard-4", minReplicas: 2, maxReplicas: 3, created: 0 },
};

Deno.test("a deployment is told from others by model, version and the machines asked for", () => {
  // By the project's id, where Vertex AI answers with its number.
  const version = { model: "projects/shop-1/locations/us-central1/models/5", version: 2 };
  assert(isOf(version)(SERVING));
  assert(isOf(version, { machine: "n1-standard-4", minReplicas: 2 })(SERVING));
  assert(!isOf({ ...version, version: 3 })(SERVING));
  assert(!isOf({ ...version, model: "projects/shop-1/locations/us-central1/models/55" })(SERVING));
  assert(!isOf(version, { machine: "n1-standard-2" })(SERVING));
  assert(!isOf(version, { maxReplicas: 2 })(SERVING));
});

Deno.test("machines are those asked for, else as before, else one small one", () => {
  assertEquals(machinesFor({}), { machine: "n1-standard-2", minReplicas: 1, maxReplicas: 1 });
  assertEquals(machinesFor({}, SERVING), {
    ...{ machine: "n1-standard-4", minReplicas: 2, maxReplicas: 3 },
  });
  assertEquals(machinesFor({ minReplicas: 5 }, SERVING).maxReplicas, 5);
  assertEquals(machinesFor({ maxReplicas: 1 }, SERVING).minReplicas, 1);
  assertEquals(machinesFor({ machine: "n1-highmem-2" }, SERVING).machine, "n1-highmem-2");
});

Deno.test("the container comes from the continent of the region", () => {
  assert(servingImage("europe-west4").startsWith("europe-docker.pkg.dev/vertex-ai/prediction/tf2"));
  assert(servingImage("asia-east1").startsWith("asia-docker.pkg.dev/"));
  assert(servingImage("us-central1").startsWith("us-docker.pkg.dev/"));
  assert(servingImage("australia-southeast1").startsWith("us-docker.pkg.dev/"));
});
