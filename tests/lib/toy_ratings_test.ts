import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { Failure } from "../../lib/failure.ts";
import * as toy from "../../lib/toy_ratings.ts";
import { openCloud } from "../open_shop.ts";

const KITCHEN = ["Tea", "Teapot", "Cup"];

Deno.test({
  name: "the toy model grades what was not graded by taste, and each grade is the sum of its parts",
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    await using shop = await openCloud();
    await toy.makeToyRatings(shop.session);
    await toy.trainToyTaste(shop.session);
    const ratings = await toy.readToyRatings(shop.session);
    const factors = await toy.readToyFactors(shop.session);
    assertEquals(ratings.length, 6 * 5);
    assertEquals(ratings.filter(({ given }) => given === null).length, 10);
    for (const { user_name: user, product, given, predicted } of ratings) {
      const isLiked = ["Ann", "Bob", "Cleo"].includes(user) === KITCHEN.includes(product);
      assert(isLiked ? predicted > 3.5 : predicted < 2.5, `${user}, ${product}: ${predicted}`);
      if (given !== null) assertAlmostEquals(predicted, given, 0.3);
      assertAlmostEquals(toy.explainRating(factors, { user, product }).sum, predicted, 1e-9);
    }
  },
});

Deno.test("a user who is not in the toy cannot be explained", () => {
  const factors: toy.ToyFactors[] = [
    { kind: "all ratings", name: null, intercept: 3, factor_1: null, factor_2: null },
    { kind: "user", name: "Ann", intercept: 0, factor_1: 1, factor_2: 0 },
  ];
  assertThrows(
    () => toy.explainRating(factors, { user: "Zoe", product: "Tea" }),
    Failure,
    "no user called Zoe: name one of Ann",
  );
});
