/** Google Cloud's part is played by the local cloud: a project is given, and the clients are led there. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { find } from "../../lib/local_cloud/mod.ts";
import { openSession, renamed } from "../../lib/session.ts";
import { readStatement } from "../../lib/sql.ts";
import { EVENTS } from "../fixtures.ts";
import { openCloud, openShop, run, type Shop, writeEvents } from "../open_shop.ts";

/** The clients keep their connections. */
const options = { sanitizeOps: false, sanitizeResources: false };

async function endpoint({ folder }: Shop): Promise<Record<string, string>> {
  const cloud = await find(join(folder, "cloud"));
  assert(cloud);
  const { BIGQUERY_EMULATOR_HOST, STORAGE_EMULATOR_HOST } = cloud.env;
  return { BIGQUERY_EMULATOR_HOST, STORAGE_EMULATOR_HOST };
}

Deno.test({
  name: "without a project the local cloud is started once and found again",
  ...options,
  async fn() {
    await using shop = await openCloud();
    const dataFolder = join(shop.folder, "cloud");
    const first = await find(dataFolder);
    const session = await openSession({ dataFolder, dataset: "another" });
    assertEquals(await find(dataFolder), first);
    assertEquals([session.where, session.location], ["local", "US"]);
    const [exists] = await session.bigquery.dataset("another").exists();
    assert(exists);
  },
});

Deno.test({
  name: "a session's names reach the statements, the last one given counts",
  ...options,
  async fn() {
    await using shop = await openCloud();
    const own = renamed(renamed(shop.session, { user_stats: "a" }), { user_stats: "b" });
    const text = await readStatement(own, "user_clusters/train", { options: { num_clusters: 9 } });
    assertMatch(text, /num_clusters = 9\b[^]*FROM `ecommerce_public\.b`/);
    assertEquals(shop.session.names, {});
  },
});

Deno.test({
  name: "with a project it says what will be billed, and does nothing unconfirmed",
  ...options,
  async fn(t) {
    await using shop = await openShop(EVENTS);
    const env = await endpoint(shop);
    const file = await writeEvents(shop, EVENTS);
    const cloud = (...args: string[]) =>
      run(shop, ["--project", "shop-1", "--events", file, "--clusters", "2", ...args], env);
    await t.step("a missing dataset leads to the command that makes it", async () => {
      const { code, stderr } = await cloud("--dataset", "missing", "--yes");
      assertEquals(code, 3);
      assertStringIncludes(stderr, "`bq mk --dataset --location=US shop-1:missing`");
    });
    const body = { datasetReference: { datasetId: "web" }, location: "EU" };
    await fetch(`${env.BIGQUERY_EMULATOR_HOST}/bigquery/v2/projects/shop-1/datasets`, {
      method: "POST",
      body: JSON.stringify(body),
    });
    await t.step("another location than the dataset's is refused", async () => {
      const { code, stderr } = await cloud("--dataset", "web", "--location", "US", "--yes");
      assertEquals([code, stderr.trim()], [
        3,
        "Cannot use the dataset shop-1.web in location US as it is in EU: " +
        "leave --location out or name another dataset",
      ]);
    });
    await t.step("without a terminal to ask it wants --yes", async () => {
      const { code, stderr } = await cloud("--dataset", "web");
      assertEquals(code, 4);
      assertStringIncludes(stderr, "Project shop-1 will be billed");
      assertStringIncludes(stderr, "features/user_stats");
      assertStringIncludes(stderr, "reservation of Enterprise edition");
      assertStringIncludes(stderr, "add --yes");
    });
    await t.step("with --yes it runs in the project's dataset", async () => {
      const { code, stdout, stderr } = await cloud("--dataset", "web", "--yes");
      assertEquals(code, 0, stderr);
      assertStringIncludes(stdout, "Retrained in web on project shop-1");
    });
  },
});

Deno.test({
  name: "a project without credentials leads to the command that makes them",
  ...options,
  async fn() {
    const folder = await Deno.makeTempDir();
    // Nothing is asked on the network: this is no machine of Google's, and there is no key.
    const env = { HOME: folder, DENO_DIR: denoDir(), METADATA_SERVER_DETECTION: "none" };
    const { code, stderr } = await run({ folder }, ["--project", "shop-1", "--yes"], {
      ...env,
      GOOGLE_APPLICATION_CREDENTIALS: "",
    });
    assertEquals(code, 3, stderr);
    assertStringIncludes(stderr, "`gcloud auth application-default login`");
    await Deno.remove(folder, { recursive: true });
  },
});

/** The packages stay where they are when HOME is another. */
function denoDir(): string {
  const { DENO_DIR, XDG_CACHE_HOME, HOME = "" } = Deno.env.toObject();
  return DENO_DIR || join(XDG_CACHE_HOME || join(HOME, ".cache"), "deno");
}
