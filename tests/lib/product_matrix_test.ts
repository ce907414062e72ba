import { assertAlmostEquals, assertEquals } from "@std/assert";
import { makeProductMatrix, withFeatures } from "../../lib/features.ts";
import * as matrix from "../../lib/product_matrix.ts";
import { EVENTS } from "../fixtures.ts";
import { openShop } from "../open_shop.ts";

Deno.test({
  name: "the matrices of the shop worked out by hand, and what is wrong with the published one",
  sanitizeOps: false,
  sanitizeResources: false,
  async fn(t) {
    await using shop = await openShop(EVENTS);
    const published = withFeatures(shop.session, "published");
    const corrected = withFeatures(shop.session, "corrected");
    await makeProductMatrix(published, "published");
    await makeProductMatrix(corrected, "corrected");

    await t.step("the first lines of orders of two products or more", async () => {
      const lines = await matrix.purchaseLines(shop.session, { rows: 3 });
      assertEquals(lines.map((line) => [line.user_pseudo_id, line.item_name, line.pieces]), [
        ["ann", "Cup", 1],
        ["ann", "Tea", 2],
        ["bob", "Cup", 2],
      ]);
      assertEquals(lines[0].time_utc, "2021-01-01 10:01");
    });
    await t.step("the size of the corrected matrix", async () => {
      const { share_rated_alike, share_filled, ...counts } = await matrix.matrixShape(corrected);
      assertEquals(counts, { users: 5, names: 5, products: 5, ratings: 9, ratings_missing: 0 });
      assertAlmostEquals(share_filled, 9 / 25, 1e-12);
      // Tea, Teapot and Cup are rated by several; Teapot is 1 for both
      assertAlmostEquals(share_rated_alike ?? NaN, 1 / 3, 1e-12);
    });
    await t.step("published ratings are alike for all users", async () => {
      assertEquals((await matrix.matrixShape(published)).share_rated_alike, 1);
    });
    await t.step("a name with a comma falls apart", async () => {
      const names = (await matrix.brokenNames(published)).map(({ name }) => name);
      assertEquals(names.sort(), ["Pepper", "Salt"]);
      assertEquals(await matrix.brokenNames(corrected), []);
    });
    await t.step("Tea is found in Teapot", async () => {
      assertEquals(await matrix.namesInNames(shop.session), [{
        ...{ item_name: "Tea", product_group: "Kitchen", also_found: "Teapot" },
        ...{ buyers: 1, buyers_found: 2 },
      }]);
    });
    await t.step("the published query compares 8 products of buyers with 3 texts", async () => {
      assertEquals(await matrix.publishedComparisons(shop.session), {
        ...{ buyers: 4, products_of_buyers: 8, users_with_text: 3, comparisons: 24 },
      });
    });
    await t.step("a user's ratings, highest first", async () => {
      const ratings = await matrix.ratingsOf(corrected, "dan");
      assertEquals(
        ratings.map(({ product_recommended, is_bought }) => [
          ...[product_recommended, is_bought],
        ]),
        [["Tea", false]],
      );
      assertAlmostEquals(ratings[0].rating ?? NaN, 0.2 + 0.2 + 0.5, 1e-12);
      const ann = await matrix.ratingsOf(corrected, "ann", { rows: 2 });
      assertEquals(ann.map((row) => [row.product_recommended, row.rating, row.is_bought]), [
        ["Tea", 2, true],
        ["Cup", 1, true],
      ]);
    });
  },
});
