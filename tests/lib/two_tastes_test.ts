/** The stages of product recommendation on a shop whose answers are known. */
import { assert, assertAlmostEquals, assertEquals, assertGreater } from "@std/assert";
import { popularityBias, scoreByHistory } from "../../lib/affinity_limits.ts";
import { tuneAffinity } from "../../lib/affinity_tuning.ts";
import * as evaluation from "../../lib/evaluation.ts";
import { makeProductMatrix, withFeatures } from "../../lib/features.ts";
import { foldIn, recommendFrom } from "../../lib/fold_in.ts";
import { readItemFactors } from "../../lib/item_factors.ts";
import { trainProductAffinity } from "../../lib/product_affinity.ts";
import { checkPromotions, promotionTargets } from "../../lib/promotion.ts";
import { similarityByGroup, similarProducts } from "../../lib/similar_products.ts";
import { openShop } from "../open_shop.ts";
import { lacking, LATER_BUYERS, TWO_TASTES } from "./two_tastes.ts";

const SMALL = { num_factors: 2, l2_reg: 0.1, wals_alpha: 10 };
const options = { sanitizeOps: false, sanitizeResources: false };

Deno.test({
  name: "a model of all purchases knows the groups that nobody told it of",
  ...options,
  async fn(t) {
    await using shop = await openShop(TWO_TASTES.slice(0, 36));
    const session = withFeatures(shop.session, "corrected");
    await makeProductMatrix(session, "corrected");
    await trainProductAffinity(session, SMALL);

    await t.step("similar products", async () => {
      const near = await similarProducts(session, "A0", { rows: 3 });
      assertEquals(near.map(({ product }) => product).sort(), ["A1", "A2", "A3"]);
      near.forEach(({ similarity, product_group }) => {
        assertGreater(similarity ?? NaN, 0.9);
        assertEquals(product_group, "A");
      });
      assertEquals(await similarProducts(session, "C0"), []);
      const [first, second] = await similarityByGroup(session, { rows: 3 });
      assertEquals([first.product_group, first.products, first.share_in_group], ["A", 4, 1]);
      assertEquals([second.product_group, second.products, second.share_in_group], ["B", 4, 1]);
      assertAlmostEquals(first.share_by_chance, 3 / 7, 1e-12);
    });
    await t.step("the factors read are those whose cosine the statement gives", async () => {
      const { weights, width, rowOf } = await readItemFactors(session);
      const vector = (product: string) => {
        const row = rowOf.get(product) ?? NaN;
        return weights.subarray(row * width, (row + 1) * width);
      };
      const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, x, k) => sum + x * b[k], 0);
      for (const { product, similarity } of await similarProducts(session, "B1")) {
        const [a, b] = [vector("B1"), vector(product)];
        assertAlmostEquals(
          dot(a, b) / Math.hypot(...a) / Math.hypot(...b),
          similarity ?? NaN,
          1e-9,
        );
      }
    });
    await t.step("a visitor who looked at B1 is shown B", async () => {
      const factors = await readItemFactors(session);
      const visitor = foldIn(factors, [{ product: "B1", rating: 0.2 }], { l2Reg: 0.1 });
      const shown = recommendFrom(factors, visitor, { exclude: ["B1"], limit: 3 });
      assertEquals(shown.map((row) => row.product_recommended).sort(), ["B0", "B2", "B3"]);
      assertEquals(shown[0].product_group, "B");
      assertEquals(shown[0].price_usd, 10);
    });
    await t.step("an offer goes first to those of the taste who lack the product", async () => {
      const targets = await promotionTargets(session, "A1", { rows: 3 });
      assertEquals(targets.slice(0, 2).map((row) => row.user_pseudo_id).sort(), ["a1", "a5"]);
      assertEquals(targets.map((row) => row.pieces_of_group), [3, 3, 0]);
      assertEquals(targets[0].looks, 0);
      assertEquals(await promotionTargets(session, "C0"), []);
    });
  },
});

Deno.test({
  name: "what is learnt before the split is judged by what was bought after it",
  ...options,
  async fn(t) {
    await using shop = await openShop(TWO_TASTES);
    const { session } = shop;
    const split = await evaluation.splitPurchases(session);
    assertEquals([...split.wanted].map(([user, [product]]) => [user, product]), [
      ...LATER_BUYERS.map((user) => [user, lacking(user)]),
    ]);
    const lists = await evaluation.recommendBeforeSplit(session, { features: "corrected" });

    await t.step("popular products of the user's groups are those not bought yet", async () => {
      const popular = await evaluation.recommendPopularInGroups(session);
      assertEquals(popular.get("a2"), ["A2"]);
      assertEquals(popular.get("b5"), ["B1"]);
    });
    await t.step("users by what they had bought", async () => {
      const bands = await scoreByHistory(session, { split, lists });
      assertEquals(bands.map(({ products_bought, users }) => [products_bought, users]), [
        ...[["1", 0], ["2 to 4", 9], ["5 to 9", 0], ["10 or more", 0]],
      ]);
      assertEquals(bands[1].recall.mean, 1);
    });
    await t.step("shares of purchases and recommendations add up", async () => {
      const fifths = await popularityBias(session, "corrected");
      assertEquals(fifths.map(({ products }) => products), [2, 2, 2, 1, 1]);
      for (const share of ["share_of_purchases", "share_of_recommendations"] as const) {
        assertAlmostEquals(fifths.reduce((sum, row) => sum + row[share], 0), 1, 1e-12);
      }
      // A2 and A3 had five buyers each, as had B2 and B3; the others four
      assertAlmostEquals(fifths[0].share_of_purchases, 10 / 36, 1e-12);
    });
    await t.step("a model with options of its own leaves the usual one alone", async () => {
      const before = evaluation.beforeSplit(session, "corrected");
      const usual = await promotionTargets(before, "A0");
      await evaluation.recommendBeforeSplit(session, { features: "corrected", options: SMALL });
      assertEquals(await promotionTargets(before, "A0"), usual);
    });
    await t.step("ways to choose one user for an offer", async () => {
      const before = evaluation.beforeSplit(session, "corrected");
      await trainProductAffinity(before, SMALL);
      const ways = await checkPromotions(session, { split, targets: 1 });
      const shares = Object.fromEntries(ways.map((row) => [row.way, row.bought_product.mean]));
      // All of A finds its buyer; of B only B0 and B2 have one
      assertAlmostEquals(shares["model"], (1 + 0.5) / 2, 1e-12);
      assertAlmostEquals(shares["bought most of the group"], (1 + 0.5) / 2, 1e-12);
      // All have bought three pieces, so the first by name is chosen: an a, who buys no B
      assertAlmostEquals(shares["bought most"], (1 + 0) / 2, 1e-12);
      const [ofA, ofB] = [(2 / 8 + 2 / 8 + 1 / 7 + 1 / 7) / 4, (2 / 8 + 1 / 7) / 4];
      assertAlmostEquals(shares["random"], (ofA + ofB) / 2, 1e-12);
    });
    await t.step("tuning sees nothing after the split, and leaves it as it was", async () => {
      const grid = { num_factors: [2, 3], l2_reg: [0.1, 1000], wals_alpha: [10] };
      const trials = await tuneAffinity(session, { grid });
      assertEquals(trials.length, 4);
      assert(trials.every(({ ndcg }, i) => i === 0 || ndcg.mean <= trials[i - 1].ndcg.mean));
      const [{ rows, last }] = (await session.bigquery.query(
        `SELECT COUNT(*) AS \`rows\`, MAX(event_timestamp) AS last
         FROM ecommerce_public.events_before_validation`,
      ))[0];
      assertEquals(rows, 28); // four fifths of 36, rounded down
      assertEquals(last, TWO_TASTES[27].event_timestamp);
      const again = await evaluation.splitPurchases(session);
      assertEquals(again, split);
    });
  },
});
