import { assertEquals, assertStringIncludes } from "@std/assert";
import {
  standing,
  stoppedDeploying,
  stoppedUndeploying,
} from "../../../lib/deploy/interruption.ts";

const PLACE = { where: "cloud", project: "shop-1", dataset: "web", region: "us-east1" } as const;
const stopped = (...begun: string[]) => stoppedDeploying({ ...PLACE, begun });

Deno.test("before the test no endpoint was changed, and nothing else is said", () => {
  for (const begun of [["prepare the bucket"], ["prepare the bucket", "upload user_clusters"]]) {
    assertEquals(standing({ ...PLACE, begun }), undefined);
    assertEquals(
      stopped(...begun),
      `Stopped in the stage "${
        begun.at(-1)
      }": no endpoint was changed; run the same command again ` +
        "to go on",
    );
  }
  assertStringIncludes(stopped(), "Stopped before the first stage: no endpoint was changed");
});

Deno.test("what may stand is named with what it costs, and with both ways on", () => {
  assertEquals(
    stopped("upload user_clusters", "test user_clusters"),
    'Stopped in the stage "test user_clusters": the endpoint user_clusters_staging, on which it was ' +
      "tested, may stand, and what stands is billed; run the same command again to go on, or " +
      "`deno task undeploy --project shop-1 --dataset web --region us-east1` to remove the endpoints",
  );
  assertStringIncludes(
    stopped("deploy user_clusters"),
    "one more version, which answers nobody yet",
  );
  assertStringIncludes(stopped("deploy version 1 of user_clusters"), "endpoint user_clusters may");
  assertStringIncludes(stopped("move traffic of user_clusters"), "holds both versions");
  assertStringIncludes(stopped("tidy up user_clusters"), "may hold what answered before");
});

Deno.test("a model that is done answers, whatever becomes of the other", () => {
  const begun = ["tidy up user_clusters", "export product_affinity"];
  assertEquals(
    standing({ ...PLACE, where: "local", begun }),
    "the endpoint user_clusters answers as asked for",
  );
});

Deno.test("undeploying that was stopped says whether it had begun", () => {
  const said = (...begun: string[]) => stoppedUndeploying({ ...PLACE, begun });
  assertStringIncludes(
    said("look in other regions"),
    "no endpoint was removed, and what stands is",
  );
  assertStringIncludes(
    said("undeploy user_clusters"),
    "some endpoints may be gone, and what stands",
  );
});
