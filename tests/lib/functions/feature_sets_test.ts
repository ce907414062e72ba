/** Each version of a model is asked with the features that it was trained on. */
import { assertAlmostEquals, assertEquals, assertMatch } from "@std/assert";
import { loadEvents, SAMPLE } from "../../../lib/events.ts";
import { type FeatureSet, makeUserStats, withFeatures } from "../../../lib/features.ts";
import { announce } from "../../../lib/functions/announce.ts";
import type { UserClusterAnswer } from "../../../lib/functions/user_cluster.ts";
import type { Session } from "../../../lib/session.ts";
import { readJson, writeJson } from "../../../lib/stored_json.ts";
import { findEndpoint, openVertex, servingDeployment } from "../../../lib/vertex.ts";
import { openCloud } from "../../open_shop.ts";
import { deployModels, openFunctions, trainClusters } from "./sample_shop.ts";

/** The clients keep their connections. */
const options = { sanitizeOps: false, sanitizeResources: false };

const TABLES = { published: "user_stats", corrected: "user_stats_corrected" };

async function train(session: Session, features: FeatureSet, clusters: number): Promise<void> {
  await makeUserStats(session, features);
  await trainClusters(withFeatures(session, features), clusters);
}

/** What ML.PREDICT says of a user in the features of a set, by the newest user_clusters. */
async function predicted({ bigquery }: Session, userId: string, features: FeatureSet) {
  const query = `
    SELECT
      centroid_id,
      no_of_orders,
      (SELECT MIN(distance) FROM UNNEST(nearest_centroids_distance)) AS distance
    FROM ML.PREDICT(
      MODEL ecommerce_public.user_clusters,
      (SELECT * FROM ecommerce_public.${TABLES[features]} WHERE user_pseudo_id = @userId)
    )`;
  const [[row]] = await bigquery.query({ query, params: { userId } });
  return row as { centroid_id: number; no_of_orders: number; distance: number };
}

type Predicted = Awaited<ReturnType<typeof predicted>>;

function assertAnswer(answer: UserClusterAnswer, expected: Predicted): void {
  assertEquals(
    [answer.cluster.centroidId, answer.features.no_of_orders],
    [expected.centroid_id, expected.no_of_orders],
  );
  assertAlmostEquals(answer.distances[0].distance, expected.distance, 1e-6 * expected.distance);
}

/** What the versions answer that share the traffic, by their number. */
async function askVersions(
  ask: Awaited<ReturnType<typeof openFunctions>>,
  { userId, versions }: { userId: string; versions: number },
) {
  const seen = new Map<string, UserClusterAnswer>();
  const refused = new Set<number>();
  for (let i = 0; i < 100 && seen.size + refused.size < versions; i++) {
    const { status, body } = await ask<UserClusterAnswer>("UserCluster", { userId });
    if (status === 200) seen.set(body.model.versionId, body);
    else refused.add(status);
  }
  return { answers: Object.fromEntries(seen), refused: [...refused] };
}

/** What the command would print once it answers. */
async function announced(session: Session, features?: FeatureSet): Promise<string> {
  const lines: string[] = [];
  const { log, error } = console;
  console.log = console.error = (line: string) => lines.push(line);
  try {
    const vertex = await openVertex(session);
    await announce(8080, { session, vertex, features, describe: String });
    await vertex.close();
  } finally {
    Object.assign(console, { log, error });
  }
  return lines.join("\n");
}

/** Takes a field out of what the version that is served says of itself. */
async function forgetFeatures(session: Session): Promise<void> {
  const vertex = await openVertex(session);
  const { model, version } = servingDeployment((await findEndpoint(vertex, "user_clusters"))!)!;
  const [{ artifactUri }] = await vertex.models.getModel({ name: `${model}@${version}` });
  const [, bucket, folder] = /^gs:\/\/([^/]+)\/(.+)$/.exec(artifactUri!)!;
  const file = session.storage.bucket(bucket).file(`${folder}/assets.extra/segments.json`);
  const { features: _, ...rest } = await readJson(file) as { features?: string };
  await writeJson(file, rest);
  await vertex.close();
}

Deno.test({
  name: "a user's features are those of the version that answers",
  ...options,
  async fn(t) {
    await using shop = await openCloud();
    const { session } = shop;
    await loadEvents(session, { file: SAMPLE });
    await train(session, "published", 4);
    await makeUserStats(session, "corrected");
    // The one whose two sets of numbers are farthest apart.
    const [[{ user_pseudo_id: userId }]] = await session.bigquery.query(`
      SELECT user_pseudo_id
      FROM ecommerce_public.user_stats AS p
      JOIN ecommerce_public.user_stats_corrected AS c USING (user_pseudo_id)
      ORDER BY ABS(p.no_of_orders - c.no_of_orders) DESC, user_pseudo_id LIMIT 1`);
    const published = await predicted(session, userId, "published");
    const deploy = (...args: string[]) =>
      deployModels(session, "--model", "user_clusters", ...args);
    await deploy();
    await train(session, "corrected", 5);
    const corrected = await predicted(session, userId, "corrected");
    await deploy("--canary", "50");

    await t.step("while two versions of different feature sets share the traffic", async () => {
      for (const features of [undefined, "published", "corrected"] as const) {
        const ask = await openFunctions(session, { features });
        const { answers } = await askVersions(ask, { userId, versions: 2 });
        assertAnswer(answers["1"], published);
        assertAnswer(answers["2"], corrected);
      }
    });

    await t.step("a user whom one of the sets does not know is found by the other", async () => {
      await session.bigquery.query({
        query: `INSERT INTO ecommerce_public.user_stats_corrected
          SELECT * REPLACE ('new' AS user_pseudo_id) FROM ecommerce_public.user_stats_corrected
          WHERE user_pseudo_id = @userId`,
        params: { userId },
      });
      const ask = await openFunctions(session);
      const { answers, refused } = await askVersions(ask, { userId: "new", versions: 2 });
      assertEquals([Object.keys(answers), refused], [["2"], [404]]);
      assertAnswer(answers["2"], corrected);
      assertEquals((await ask("UserCluster", { userId: "nobody" })).status, 404);
    });

    await t.step("after the whole traffic has moved, and a rollback", async () => {
      const ask = await openFunctions(session);
      await deploy();
      assertAnswer((await askVersions(ask, { userId, versions: 1 })).answers["2"], corrected);
      await deploy("--rollback");
      assertAnswer((await askVersions(ask, { userId, versions: 1 })).answers["1"], published);
      await deploy();
      assertAnswer((await askVersions(ask, { userId, versions: 1 })).answers["2"], corrected);
    });

    await t.step("--features for what says itself otherwise is warned of", async () => {
      const warning = /of user_clusters was trained on the corrected .*--features published does/;
      assertMatch(await announced(session, "published"), warning);
      for (const features of [undefined, "corrected"] as const) {
        assertEquals(warning.test(await announced(session, features)), false);
      }
    });

    await t.step("a table that is missing is named, with what makes it", async () => {
      await session.bigquery.dataset(session.dataset).table(TABLES.corrected).delete();
      const ask = await openFunctions(session);
      const { status, body } = await ask("UserCluster", { userId });
      assertEquals(status, 503);
      assertMatch(body.error!.message, /user_stats_corrected is missing.*--features corrected`$/);
      await makeUserStats(session, "corrected");
    });

    await t.step("a version that does not say it is asked with those of --features", async () => {
      await forgetFeatures(session);
      const ask = await openFunctions(session, { features: "corrected" });
      assertAnswer((await askVersions(ask, { userId, versions: 1 })).answers["2"], corrected);
      const other = await askVersions(await openFunctions(session), { userId, versions: 1 });
      assertEquals(other.answers["2"].features.no_of_orders, published.no_of_orders);
    });
  },
});
