/** What the functions answer, against what BigQuery answers to the same question. */
import { assert, assertAlmostEquals, assertEquals, assertMatch } from "@std/assert";
import { affinityOptions, makeProductMatrix, withFeatures } from "../../../lib/features.ts";
import { foldIn, recommendFrom } from "../../../lib/fold_in.ts";
import type { ProductAffinityAnswer } from "../../../lib/functions/product_affinity.ts";
import type { UserClusterAnswer } from "../../../lib/functions/user_cluster.ts";
import { readItemFactors } from "../../../lib/item_factors.ts";
import { recommendTo, trainProductAffinity } from "../../../lib/product_affinity.ts";
import { nameSegments, type Segment } from "../../../lib/segments.ts";
import { renamed, type Session } from "../../../lib/session.ts";
import { runStatement } from "../../../lib/sql.ts";
import { readCentroids } from "../../../lib/user_clusters.ts";
import {
  countQueries,
  deployModels,
  openFunctions,
  openSampleShop,
  trainClusters,
  undeployModels,
} from "./sample_shop.ts";

/** The clients keep their connections. */
const options = { sanitizeOps: false, sanitizeResources: false };

interface PredictedRow {
  user_pseudo_id: string;
  centroid_id: number;
  /** Five at most, the nearest first. */
  nearest: { centroid_id: number; distance: number }[];
}

/** What ML.PREDICT says of users who bought something, and of as many who never did. */
async function predicted({ bigquery }: Session, users: number): Promise<PredictedRow[]> {
  const query = `
    SELECT
      user_pseudo_id,
      centroid_id,
      ARRAY(
        SELECT AS STRUCT centroid_id, distance
        FROM UNNEST(nearest_centroids_distance)
        ORDER BY distance
      ) AS nearest
    FROM ML.PREDICT(
      MODEL ecommerce_public.user_clusters,
      (
        SELECT * FROM ecommerce_public.user_stats
        QUALIFY ROW_NUMBER() OVER (
          PARTITION BY no_of_orders IS NULL ORDER BY MD5(user_pseudo_id)
        ) <= @users
      )
    )
    ORDER BY user_pseudo_id`;
  return (await bigquery.query({ query, params: { users } }))[0];
}

async function values<T>({ bigquery }: Session, query: string): Promise<T[]> {
  return (await bigquery.query(query))[0].map((row) => Object.values(row)[0] as T);
}

type Ask = Awaited<ReturnType<typeof openFunctions>>;

async function cluster(ask: Ask, userId: string): Promise<UserClusterAnswer> {
  const { status, body } = await ask<UserClusterAnswer>("UserCluster", { userId });
  assertEquals(status, 200, body.error?.message);
  return body;
}

async function affinity(ask: Ask, request: object): Promise<ProductAffinityAnswer> {
  const { status, body } = await ask<ProductAffinityAnswer>("ProductAffinity", request);
  assertEquals(status, 200, body.error?.message);
  return body;
}

function assertNames(answer: UserClusterAnswer, segments: readonly Segment[]): void {
  const { centroidId, ...names } = answer.cluster;
  const { tier, character, action } = segments.find((each) => each.centroid_id === centroidId)!;
  assertEquals(names, { tier, character, action });
}

Deno.test({
  name: "the functions answer as BigQuery does",
  ...options,
  async fn(t) {
    await using shop = await openSampleShop();
    const { session } = shop;
    const [buyer] = await values<string>(
      session,
      `SELECT user_pseudo_id FROM ecommerce_public.user_product_matrix
       WHERE rating IS NOT NULL GROUP BY 1 ORDER BY COUNT(*) DESC, 1 LIMIT 1`,
    );

    await t.step("nothing is deployed: the caller is told what to do", async () => {
      const ask = await openFunctions(session);
      for (const name of ["UserCluster", "ProductAffinity"]) {
        const { status, body } = await ask(name, { userId: buyer });
        assertEquals(status, 503);
        assertMatch(body.error?.message ?? "", /no version of \w+ is deployed: run `deno task dep/);
      }
    });

    await deployModels(session);
    const segments = nameSegments(await readCentroids(session));
    const ask = await openFunctions(session);

    await t.step(
      "a cluster and its distances are those of ML.PREDICT, NULLs included",
      async () => {
        for (const { user_pseudo_id, ...row } of await predicted(session, 15)) {
          const answer = await cluster(ask, user_pseudo_id);
          assertEquals(answer.userId, user_pseudo_id);
          assertEquals(answer.cluster.centroidId, row.centroid_id);
          assertNames(answer, segments);
          assertEquals(
            answer.distances.map(({ centroidId }) => centroidId),
            row.nearest.map(({ centroid_id }) => centroid_id),
          );
          answer.distances.forEach(({ distance }, i) => {
            const expected = row.nearest[i].distance;
            assertAlmostEquals(distance, expected, 1e-6 * expected);
          });
        }
      },
    );

    await t.step(
      "what is not known of a user is asked with as the mean of the training",
      async () => {
        const [never] = await values<string>(
          session,
          `SELECT user_pseudo_id FROM ecommerce_public.user_stats
         WHERE no_of_orders IS NULL ORDER BY 1 LIMIT 1`,
        );
        const [mean] = await values<number>(
          session,
          "SELECT AVG(no_of_orders) FROM ecommerce_public.user_stats",
        );
        const { features, imputed } = await cluster(ask, never);
        assertEquals([features.no_of_orders, features.average_order_value], [null, null]);
        assertEquals(Object.keys(imputed).sort(), ["average_order_value", "no_of_orders"]);
        assertAlmostEquals(imputed.no_of_orders, mean, 1e-9 * mean);
        assertEquals((await cluster(ask, buyer)).imputed, {});
      },
    );

    await t.step("a user without events is not found", async () => {
      const { status, body } = await ask("UserCluster", { userId: "nobody" });
      assertEquals([status, body.error?.message.includes('"nobody"')], [404, true]);
    });

    await t.step("products are those of ML.RECOMMEND that the user has not bought", async () => {
      const users = await values<string>(
        session,
        `SELECT DISTINCT user_pseudo_id FROM ecommerce_public.user_product_matrix
         WHERE rating IS NOT NULL ORDER BY MD5(user_pseudo_id) LIMIT 5`,
      );
      for (const userId of [buyer, ...users]) {
        const answer = await affinity(ask, { userId });
        const expected = await recommendTo(session, userId);
        assertEquals(answer.basis, "model");
        assertEquals(answer.model?.displayName, "product_affinity");
        assertEquals(
          answer.products.map(({ product, productGroup, priceUsd }) => [
            ...[product, productGroup, priceUsd],
          ]),
          expected.map((row) => [row.product_recommended, row.product_group, row.price_usd]),
        );
        answer.products.forEach(({ confidence }, i) => {
          const { predicted_rating_confidence } = expected[i];
          assertAlmostEquals(confidence ?? NaN, predicted_rating_confidence, 1e-6);
        });
      }
    });

    await t.step("a long list is filled up by best sellers, each product once", async () => {
      const { basis, products, bestSellersOf } = await affinity(ask, { userId: buyer, limit: 50 });
      const bought = await values<string>(
        session,
        `SELECT DISTINCT TRIM(item_name) FROM ecommerce_public.events_flat_data, UNNEST(items)
         WHERE event_name = 'purchase' AND user_pseudo_id = '${buyer}'`,
      );
      assertEquals([basis, bestSellersOf], ["model", "segment"]);
      assertEquals(new Set(products.map(({ product }) => product)).size, 50);
      assert(products.every(({ product }) => !bought.includes(product)));
      const first = products.findIndex(({ basis }) => basis === "best_sellers");
      assert(first > 0);
      products.forEach(({ basis, confidence }, i) =>
        assertEquals([basis === "best_sellers", confidence === null], [i >= first, i >= first])
      );
    });

    await t.step("what a visitor viewed is folded in", async () => {
      const factors = await readItemFactors(session);
      const viewed = factors.items.map(({ product }) => product.trim()).slice(0, 2);
      const names = factors.items.map(({ product }) => product)
        .filter((product) => viewed.includes(product.trim()));
      const rated = await session.bigquery.query({
        query: `SELECT product_recommended AS product, ANY_VALUE(rating) AS rating
          FROM ecommerce_public.user_product_matrix
          WHERE product_recommended IN UNNEST(@names) AND rating IS NOT NULL GROUP BY 1`,
        params: { names },
      });
      const visitor = foldIn(factors, rated[0], { l2Reg: 30, walsAlpha: 40 });
      const best = recommendFrom(factors, visitor, { limit: 50, exclude: names });
      const expected = new Map<string, number>();
      for (const { product_recommended, predicted_rating_confidence } of best) {
        const product = product_recommended.trim();
        if (!expected.has(product)) expected.set(product, predicted_rating_confidence);
      }
      const answer = await affinity(ask, { viewed: [...viewed, "a unicorn"], limit: 10 });
      assertEquals([answer.basis, answer.unknownProducts], ["fold_in", ["a unicorn"]]);
      assertEquals(answer.model, undefined);
      const loud = viewed.map((product) => ` ${product.toUpperCase()}`);
      assertEquals(await affinity(ask, { viewed: [...loud, "a unicorn"], limit: 10 }), answer);
      assertEquals(
        answer.products.map(({ product }) => product),
        [...expected.keys()].slice(0, 10),
      );
      for (const { product, confidence } of answer.products) {
        assertAlmostEquals(confidence ?? NaN, expected.get(product)!, 1e-9);
      }
    });

    await t.step("who is known to the model is not folded in, but viewed is left out", async () => {
      const [{ product }] = (await affinity(ask, { userId: buyer })).products;
      for (const name of [product, product.toLowerCase()]) {
        const viewed = [name, "a unicorn"];
        const answer = await affinity(ask, { userId: buyer, viewed });
        assertEquals([answer.basis, answer.unknownProducts], ["model", ["a unicorn"]]);
        assert(answer.products.every((each) => each.product !== product));
      }
    });

    await t.step(
      "whom the warehouse rates and the version does not know is a stranger",
      async () => {
        await session.bigquery.query(
          `INSERT INTO ecommerce_public.user_product_matrix (user_pseudo_id, product_recommended, rating)
         VALUES ('newcomer', 'Foam Roller', 3)`,
        );
        assertEquals((await affinity(ask, { userId: "newcomer" })).basis, "best_sellers");
        const viewed = ["Foam Roller"];
        assertEquals((await affinity(ask, { userId: "newcomer", viewed })).basis, "fold_in");
      },
    );

    await t.step(
      "of whom nothing is known gets best sellers, of the segment if there is one",
      async () => {
        const bestOf = (users: string) => `
        SELECT TRIM(item_name) FROM ecommerce_public.events_flat_data, UNNEST(items)
        WHERE event_name = 'purchase' AND ${users}
        GROUP BY 1 ORDER BY COUNT(DISTINCT user_pseudo_id) DESC, 1 LIMIT 5`;
        const [visitor] = await values<string>(
          session,
          `SELECT user_pseudo_id FROM ecommerce_public.user_clusters_op
         WHERE no_of_orders IS NULL ORDER BY centroid_id, 1 LIMIT 1`,
        );
        const ofSegment = await affinity(ask, { userId: visitor });
        assertEquals([ofSegment.basis, ofSegment.bestSellersOf], ["best_sellers", "segment"]);
        assertEquals(
          ofSegment.products.map(({ product }) => product),
          await values(
            session,
            bestOf(`user_pseudo_id IN (
            SELECT user_pseudo_id FROM ecommerce_public.user_clusters_op WHERE centroid_id = (
              SELECT centroid_id FROM ecommerce_public.user_clusters_op
              WHERE user_pseudo_id = '${visitor}'))`),
          ),
        );
        const overall = await values(session, bestOf("TRUE"));
        for (const request of [{ userId: "nobody" }, { viewed: [] }, { viewed: ["a unicorn"] }]) {
          const { basis, bestSellersOf, products } = await affinity(ask, request);
          assertEquals([basis, bestSellersOf], ["best_sellers", "all"]);
          assertEquals(products.map(({ product }) => product), overall);
        }
      },
    );

    await t.step("a burst for one user is one query, and what follows is none", async () => {
      const ask = await openFunctions(session);
      for (const userId of [buyer, "somebody else"]) {
        const before = await countQueries(session);
        const burst = (name: string) =>
          Promise.all(Array.from({ length: 20 }, () => ask(name, { userId })));
        await Promise.all([burst("UserCluster"), burst("ProductAffinity")]);
        await Promise.all([burst("UserCluster"), burst("ProductAffinity")]);
        const after = await countQueries(session);
        for (
          const statement of ["functions__user_features", "functions__user_tastes_and_segment"]
        ) {
          assertEquals(after[statement] - (before[statement] ?? 0), 1, statement);
        }
        assertEquals(
          (after.functions__products_and_segments ?? 0) -
            (before.functions__products_and_segments ?? 0),
          userId === buyer ? 1 : 0,
        );
      }
    });

    await t.step(
      "after a training that is not deployed the names are still the served ones",
      async () => {
        const before = await cluster(ask, buyer);
        await trainClusters(session, 6);
        const ask2 = await openFunctions(session);
        const after = await cluster(ask2, buyer);
        assertEquals(after, before);
        assertEquals(after.distances.length, 4);
        assertNames(after, segments);
      },
    );

    await t.step(
      "two versions that share the traffic are each asked with their own means",
      async () => {
        const [never] = await values<string>(
          session,
          `SELECT user_pseudo_id FROM ecommerce_public.user_stats
         WHERE no_of_orders IS NULL ORDER BY MD5(user_pseudo_id) LIMIT 1`,
        );
        const old = await cluster(ask, never);
        await runStatement(session, "features/user_stats_part", {
          params: { seed: 7, parts: 2, part: 0 },
        });
        await trainClusters(renamed(session, { user_stats: "user_stats_part" }), 6);
        await deployModels(session, "--model", "user_clusters", "--canary", "50");
        const [row] = (await predicted(session, 5000)).filter((row) =>
          row.user_pseudo_id === never
        );
        const seen = new Map<string, UserClusterAnswer>();
        const fresh = await openFunctions(session);
        for (let i = 0; i < 60 && seen.size < 2; i++) {
          const answer = await cluster(fresh, never);
          seen.set(answer.model.versionId, answer);
        }
        const [first, second] = [...seen.values()].sort((a, b) =>
          Number(a.model.versionId) - Number(b.model.versionId)
        );
        assertEquals(first, old);
        assertEquals(second.distances.length, 6);
        assert(second.imputed.no_of_orders !== first.imputed.no_of_orders);
        row.nearest.forEach(({ centroid_id, distance }, i) => {
          assertEquals(second.distances[i].centroidId, centroid_id);
          assertAlmostEquals(second.distances[i].distance, distance, 1e-6 * distance);
        });
      },
    );

    await t.step("a new version counts as soon as it answers", async () => {
      await deployModels(session, "--model", "user_clusters");
      const answer = await cluster(ask, buyer);
      assertEquals([answer.distances.length, answer.model.versionId], [6, "2"]);
      assertNames(answer, nameSegments(await readCentroids(session)));
    });

    await t.step("without user_clusters_op there are best sellers of all", async () => {
      await session.bigquery.dataset(session.dataset).table("user_clusters_op").delete();
      const fresh = await openFunctions(session);
      const { basis, bestSellersOf, products } = await affinity(fresh, { userId: "nobody" });
      assertEquals([basis, bestSellersOf, products.length], ["best_sellers", "all", 5]);
      assertEquals((await affinity(fresh, { userId: buyer })).basis, "model");
    });

    await t.step("with the corrected features a look counts 0.2, by the new model", async () => {
      await makeProductMatrix(session, "corrected");
      const corrected = withFeatures(session, "corrected");
      await trainProductAffinity(corrected, affinityOptions("corrected"));
      const factors = await readItemFactors(session);
      const viewed = factors.items.slice(0, 2).map(({ product }) => product);
      const looks = viewed.map((product) => ({ product, rating: 0.2 }));
      const visitor = foldIn(factors, looks, { l2Reg: 30, walsAlpha: 10 });
      const best = recommendFrom(factors, visitor, { exclude: viewed });
      for (const features of [undefined, "corrected" as const]) {
        const fresh = await openFunctions(session, { features });
        const { products } = await affinity(fresh, { viewed });
        assertEquals(
          products.map(({ product, confidence }) => [product, confidence]),
          best.map((row) => [row.product_recommended, row.predicted_rating_confidence]),
        );
      }
    });

    await t.step("whom only the corrected matrix rates is known to a version of it", async () => {
      const [viewer] = await values<string>(
        session,
        `SELECT user_pseudo_id FROM ecommerce_public.user_product_matrix_corrected
         WHERE user_pseudo_id NOT IN (
           SELECT user_pseudo_id FROM ecommerce_public.user_product_matrix
           WHERE user_pseudo_id IS NOT NULL
         )
         GROUP BY 1 ORDER BY COUNT(*) DESC, 1 LIMIT 1`,
      );
      const asked = async () =>
        (await affinity(await openFunctions(session), { userId: viewer })).basis;
      // The version that is deployed was trained on the published matrix.
      assertEquals(await asked(), "best_sellers");
      await deployModels(session, "--model", "product_affinity");
      assertEquals(await asked(), "model");
    });

    await t.step("what is undeployed is noticed at once", async () => {
      await undeployModels(session);
      assertEquals((await ask("UserCluster", { userId: buyer })).status, 503);
      assertEquals((await ask("ProductAffinity", { userId: buyer })).status, 503);
    });
  },
});
