import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { curl, summarizeDeployed, summarizeUndeployed } from "../../../lib/deploy/report.ts";
import type { UndeployResult } from "../../../lib/deploy/undeploy.ts";
import type { DeployResult } from "../../../lib/deploy/work.ts";

const ABOUT = {
  ...{ where: "cloud" as const, project: "shop-1", dataset: "web", region: "us-central1" },
  stages: [],
};
const URL = "https://us-central1-aiplatform.googleapis.com/v1/projects/shop-1/locations/" +
  "us-central1/endpoints/7:predict";
const MACHINES = { machine: "n1-standard-2", min_replicas: 2, max_replicas: 2 };
const DEPLOYED: DeployResult = {
  ...{ ...ABOUT, isRollback: false, refused: [], canary: 10 },
  models: [{
    ...{ model: "user_clusters", endpoint: "projects/shop-1/locations/us-central1/endpoints/7" },
    ...{ predict_url: URL, artifact: "gs://b/models/user_clusters/1", version: 2, previous: 1 },
    traffic: [
      { version: 1, percent: 90, deployed_model_id: "1", ...MACHINES, max_replicas: 4 },
      { version: 2, percent: 10, deployed_model_id: "2", ...MACHINES },
      { version: 3, percent: 0, deployed_model_id: "3", ...MACHINES },
    ],
    instance: { session_count: 8, no_of_orders: 60 },
  }],
};

Deno.test("a canary is told with its shares, and the ways forward and back", () => {
  const text = summarizeDeployed(DEPLOYED);
  assertStringIncludes(text, "Deployed from web on project shop-1");
  assertStringIncludes(text, "traffic   version 1: 90 %, version 2: 10 %\n");
  const machines = "version 1: 2 to 4 × n1-standard-2, version 2: 2 × n1-standard-2\n";
  assertStringIncludes(text, `  machines  ${machines}`);
  assert(!text.includes("nothing else answers"));
  const command = "deno task deploy --model user_clusters --project shop-1 --dataset web " +
    "--region us-central1";
  assertStringIncludes(text, `promote   ${command}\n`);
  assertStringIncludes(text, `go back   ${command} --rollback`);
  const here = summarizeDeployed({ ...DEPLOYED, where: "local", dataset: "ecommerce_public" });
  assertStringIncludes(here, "promote   deno task deploy --model user_clusters\n");
});

Deno.test("a canary beside nothing, and what comes after a rollback, are said", () => {
  const [canary] = DEPLOYED.models;
  const alone = { ...canary, version: 1, traffic: [{ ...canary.traffic[0], percent: 100 }] };
  const text = summarizeDeployed({ ...DEPLOYED, models: [alone] });
  assertStringIncludes(text, "  canary    version 1 keeps 100 % as nothing else answers\n");
  const refused = [{ model: "product_affinity" as const, reason: "Cannot roll back it" }];
  const back = { ...alone, next: 2 };
  const result = { ...DEPLOYED, isRollback: true, canary: undefined, models: [back], refused };
  const after = summarizeDeployed(result);
  assertStringIncludes(after, "\nRolled back on project shop-1");
  assertStringIncludes(after, "the trained model is still that of version 2");
  assertStringIncludes(after, "Not rolled back\n  Cannot roll back it");
  assert(!after.includes("nothing else answers") && !after.includes("Console"));
});

Deno.test("on the local cloud the console is named, and that it ends by itself", () => {
  const console = "http://127.0.0.1:9050/";
  const text = summarizeDeployed({ ...DEPLOYED, where: "local", console });
  assertStringIncludes(
    text,
    `\nConsole: ${console}\nThe local cloud ends after 30 minutes without`,
  );
});

Deno.test("on Google Cloud the command to try carries a token, here none", () => {
  const [model] = DEPLOYED.models;
  const body = `  -d '{"instances":[{"session_count":8,"no_of_orders":60}]}'`;
  assertEquals(curl(model, "cloud"), [
    "curl -X POST \\",
    '  -H "Authorization: Bearer $(gcloud auth print-access-token)" \\',
    '  -H "Content-Type: application/json" \\',
    `  ${URL} \\`,
    body,
  ]);
  assert(!curl(model, "local").join("\n").includes("gcloud"));
  const long = { predict_url: URL, instance: { average_order_value: 12.799999237060547 } };
  assertStringIncludes(curl(long, "local").join(), '{"average_order_value":12.8}');
});

Deno.test("a quote in an instance does not end the shell's", async () => {
  const user = `it's "quoted" $HOME \\`;
  const lines = curl({ predict_url: URL, instance: { user_pseudo_id: user } }, "local");
  const script = lines.join("\n").replace("curl -X POST", "printf '%s\\n'");
  const { stdout } = await new Deno.Command("sh", { args: ["-c", script] }).output();
  const body = new TextDecoder().decode(stdout).trimEnd().split("\n").at(-1) ?? "";
  assertEquals(JSON.parse(body), { instances: [{ user_pseudo_id: user }] });
});

Deno.test("what is left is told with its size, its price and the commands that remove it", () => {
  const result: UndeployResult = {
    ...ABOUT,
    removed: [{ name: "user_clusters", endpoint: "projects/…/endpoints/7", deployed: 1 }],
    left: [{
      ...{ model: "user_clusters", resource: "projects/shop-1/locations/us-central1/models/5" },
      ...{ versions: 2, folders: [{ uri: "gs://b/models/user_clusters", bytes: 3_000_000 }] },
    }],
  };
  const text = summarizeUndeployed(result);
  assertStringIncludes(text, "user_clusters: projects/…/endpoints/7 is gone");
  assertStringIncludes(text, "2 versions in the model registry, free");
  assertStringIncludes(text, "3 MB, less than 0.01 US dollars a month");
  assertStringIncludes(text, "gcloud ai models delete 5 --region=us-central1 --project=shop-1");
  assertStringIncludes(text, "gcloud storage rm --recursive gs://b/models/user_clusters");
  const here = summarizeUndeployed({ ...result, where: "local" });
  assertStringIncludes(
    here,
    "gs://b/models/user_clusters: 3 MB\n  Here nothing of it costs anything",
  );
  assert(!here.includes("gcloud"));
  const none = { ...result, removed: [], left: [] };
  assertEquals(
    summarizeUndeployed(none),
    "\nNothing was deployed on project shop-1\n\n" +
      "Looked in us-central1 only; in another region by --region.",
  );
  const wide = { ...none, elsewhere: ["us-east1", "us-west1"] };
  const unseen = [{ region: "us-west1", reason: "it is down" }];
  assertStringIncludes(summarizeUndeployed(wide), "Looked in us-central1, us-east1, us-west1; in");
  assertStringIncludes(
    summarizeUndeployed({ ...wide, unseen }),
    "Looked in us-central1, us-east1; in another region by --region.\n" +
      "Could not look in us-west1: it is down",
  );
});
