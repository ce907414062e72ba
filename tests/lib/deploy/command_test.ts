/** The commands as they are typed; Google Cloud's part is played by the local cloud. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { find } from "../../../lib/local_cloud/mod.ts";
import { findEndpoint, openVertex } from "../../../lib/vertex.ts";
import type { Shop } from "../../open_shop.ts";
import { command, openTrainedShop, output } from "./trained_shop.ts";

/** The clients keep their connections. */
const options = { sanitizeOps: false, sanitizeResources: false };

async function emulator({ folder }: Shop): Promise<Record<string, string>> {
  const cloud = await find(join(folder, "cloud"));
  assert(cloud);
  const { BIGQUERY_EMULATOR_HOST, STORAGE_EMULATOR_HOST, VERTEX_AI_EMULATOR_HOST } = cloud.env;
  return { BIGQUERY_EMULATOR_HOST, STORAGE_EMULATOR_HOST, VERTEX_AI_EMULATOR_HOST };
}

Deno.test({
  name: "the commands deploy and undeploy say what they do, and answer with exit codes",
  ...options,
  async fn(t) {
    await using shop = await openTrainedShop();
    const { session, folder } = shop;
    const run = (...args: string[]) => output(command(shop, args));
    await t.step("nothing deployed is nothing to undeploy", async () => {
      const { code, stdout } = await run("undeploy");
      assertEquals(code, 0);
      assertStringIncludes(
        stdout,
        "Nothing was deployed on the local cloud\n\nLooked in us-central1,",
      );
    });
    await t.step("a deployment shows its stages, its endpoints and how to ask them", async () => {
      const { code, stdout, stderr } = await run("deploy", "--json", "deployed.json");
      assertEquals(code, 0, stderr);
      assertStringIncludes(stderr, "[1/13] prepare the bucket: ");
      assertStringIncludes(stderr, "[13/13] tidy up product_affinity: ");
      const texts = [
        "user_clusters, version 1",
        "version 1: 100 %",
        "curl -X POST",
        "Console: http",
      ];
      for (const text of [...texts, "machines  version 1: 1 × n1-standard-2"]) {
        assertStringIncludes(stdout, text);
      }
      const result = JSON.parse(await Deno.readTextFile(join(folder, "deployed.json")));
      assertEquals(result.models.map(({ model }: { model: string }) => model), [
        ...["user_clusters", "product_affinity"],
      ]);
    });
    await t.step(
      "with --json - the standard output is JSON alone, with --quiet all is still",
      async () => {
        const { stdout, stderr } = await run("deploy", "--model", "user_clusters", "--json", "-");
        assertEquals(JSON.parse(stdout).models[0].version, 1);
        assertStringIncludes(stderr, "Deployed from ecommerce_public on the local cloud");
        const quiet = await run("deploy", "--model", "user_clusters", "--quiet");
        assertEquals(quiet, { code: 0, stdout: "", stderr: "" });
      },
    );
    await t.step("what cannot be is refused before anything is done", async () => {
      const rollback = await run("deploy", "--rollback");
      assertEquals([rollback.code, rollback.stdout], [2, ""]);
      assertStringIncludes(rollback.stderr, "Cannot roll back user_clusters");
      assertEquals((await run("deploy", "--json", "no/such/folder")).code, 2);
      await session.storage.bucket("far-away").create({ location: "EU" });
      const far = await run("deploy", "--bucket", "far-away");
      assertEquals(far.code, 3);
      assertStringIncludes(far.stderr, "as it is in EU and the dataset in US");
      const region = await run("deploy", "--region", "asia-east1");
      assertEquals(region.code, 3);
      assertStringIncludes(region.stderr, "Cannot deploy in asia-east1 as the dataset");
    });
    await t.step("undeploying says what is gone and what is left", async () => {
      const { code, stdout } = await run("undeploy", "--model", "user_clusters");
      assertEquals(code, 0);
      assertStringIncludes(stdout, "user_clusters: projects/local-cloud/locations/us-central1/");
      assertStringIncludes(stdout, "user_clusters: 1 version in the model registry, free");
      assertStringIncludes(stdout, "gs://local-cloud-ecommerce_public/models/user_clusters: ");
      assert(!stdout.includes("product_affinity"));
    });
    await t.step("Ctrl-C ends it at the next stage with the code of shells", async () => {
      const child = command(shop, ["deploy", "--model", "user_clusters"]).spawn();
      let text = "";
      for await (const chunk of child.stderr.pipeThrough(new TextDecoderStream())) {
        if (!text && chunk.includes("[1/7]")) child.kill("SIGINT");
        text += chunk;
      }
      await child.stdout.cancel();
      assertEquals((await child.status).code, 130);
      assertStringIncludes(text, 'Stopped in the stage "');
      assertStringIncludes(text, "run the same command again to go on");
      const vertex = await openVertex(session);
      assertEquals(await findEndpoint(vertex, "user_clusters"), undefined);
      await vertex.close();
    });
  },
});

Deno.test({
  name: "on Google Cloud it says what the machines cost, and does nothing unconfirmed",
  ...options,
  async fn(t) {
    await using shop = await openTrainedShop();
    const env = await emulator(shop);
    const run = (...args: string[]) =>
      output(command(shop, [args[0], "--project", "local-cloud", ...args.slice(1)], env));
    await t.step("the prices of both machines and of both together are told", async () => {
      const { code, stdout, stderr } = await run("deploy");
      assertEquals([code, stdout], [4, ""]);
      for (
        const text of [
          "Project local-cloud will be billed for machines",
          "user_clusters     1 × n1-standard-2                0.11       80",
          "together                                           0.22      160",
          "Prices of 2026-06-15 in us-central1",
          "costs twice as much: for some ten minutes more",
          "add --yes",
        ]
      ) assertStringIncludes(stderr, text);
    });
    await t.step("more machines cost more, and of an unknown one no price is told", async () => {
      const one = ["deploy", "--model", "user_clusters"];
      const many = await run(...one, "--min-replicas", "2", "--max-replicas", "4", "--canary", "5");
      assertStringIncludes(many.stderr, "2 to 4 × n1-standard-2");
      assertStringIncludes(many.stderr, "until the canary gets all traffic or is rolled back");
      const { stderr } = await run(...one, "--machine", "n9-big-2");
      assertStringIncludes(stderr, "not known");
      assertStringIncludes(
        stderr,
        "What n9-big-2 costs is said at https://cloud.google.com/vertex-ai",
      );
    });
    await t.step("with --yes it is deployed, and the command to try carries a token", async () => {
      const { code, stdout, stderr } = await run("deploy", "--model", "user_clusters", "--yes");
      assertEquals(code, 0, stderr);
      assertStringIncludes(stdout, "on project local-cloud");
      assertStringIncludes(stdout, "Bearer $(gcloud auth print-access-token)");
    });
    await t.step("undeploying asks too, and names the commands that remove the rest", async () => {
      assertEquals((await run("undeploy")).code, 4);
      const { code, stdout } = await run("undeploy", "--yes");
      assertEquals(code, 0);
      assertStringIncludes(stdout, "gcloud ai models delete ");
      assertStringIncludes(
        stdout,
        "gcloud storage rm --recursive gs://local-cloud-ecommerce_public",
      );
    });
    await t.step("an emulator without Vertex AI is refused with what is missing", async () => {
      const { VERTEX_AI_EMULATOR_HOST: _, ...others } = env;
      const { code, stderr } = await output(command(shop, ["deploy"], others));
      assertEquals(code, 2);
      assertStringIncludes(
        stderr,
        "VERTEX_AI_EMULATOR_HOST is not set while BIGQUERY_EMULATOR_HOST",
      );
    });
  },
});
