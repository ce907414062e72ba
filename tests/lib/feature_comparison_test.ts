/** What the two definitions of the features make of a shop that was worked out by hand. */
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { compareFeatures, makeLogFeatures } from "../../lib/feature_comparison.ts";
import { makeUserStats, withFeatures } from "../../lib/features.ts";
import { drawUsers } from "../../lib/user_sample.ts";
import { EVENTS } from "../fixtures.ts";
import { openShop } from "../open_shop.ts";

Deno.test({
  name: "features of a small shop, compared",
  // The clients keep their connections.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn(t) {
    await using shop = await openShop(EVENTS);
    await makeUserStats(shop.session, "published");
    await makeUserStats(shop.session, "corrected");
    await t.step(
      "eight item lines are five orders, and who never bought is seen as a buyer",
      async () => {
        const rows = await compareFeatures(shop.session);
        // ann 43 / 3, bob 19, cleo 100, eve 9 dollars a line; 24, 46, 100, 18 an order.
        const line = (43 / 3 + 19 + 100 + 9) / 4;
        const expected = [[6, 6], [2, 2], [8, 5], [2, 5 / 4], [line, 47], [2, 0], [line, 0]];
        assertEquals(rows.length, expected.length);
        rows.forEach(({ published, corrected }, i) => {
          assertAlmostEquals(published ?? NaN, expected[i][0], 1e-9);
          assertAlmostEquals(corrected ?? NaN, expected[i][1], 1e-9);
        });
      },
    );
    await t.step("logarithms are those of 1 + x, of the features of the session", async () => {
      const logs = await makeLogFeatures(withFeatures(shop.session, "corrected"));
      const rows = await drawUsers(logs);
      const dan = rows.find(({ user_pseudo_id }) => user_pseudo_id === "dan");
      assertAlmostEquals(dan?.session_count ?? NaN, Math.log(3));
      assertAlmostEquals(dan?.total_time_spend_by_user_in_msec ?? NaN, Math.log(90_001));
      assertEquals([dan?.average_order_value, dan?.no_of_orders], [0, 0]);
      assertEquals(rows.length, 6);
    });
  },
});
