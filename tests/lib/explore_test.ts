/** A first look at a shop that was worked out by hand. */
import { assertEquals } from "@std/assert";
import { countEvents, eventFunnel, firstEvents } from "../../lib/explore.ts";
import { EVENTS } from "../fixtures.ts";
import { openShop } from "../open_shop.ts";

Deno.test({
  name: "the events of a shop, looked at",
  // The clients keep their connections.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn(t) {
    await using shop = await openShop(EVENTS);
    await t.step("the first ones come in the order of their time", async () => {
      const rows = await firstEvents(shop.session, { rows: 2 });
      assertEquals(rows, [
        {
          time_utc: "2021-01-01 10:00:00",
          user_pseudo_id: "ann",
          event_name: "page_view",
          ga_session_id: 1,
          engagement_time_msec: 60_000,
          products: 0,
        },
        {
          time_utc: "2021-01-01 10:01:00",
          user_pseudo_id: "ann",
          event_name: "purchase",
          ga_session_id: 1,
          engagement_time_msec: 60_000,
          products: 2,
        },
      ]);
    });
    await t.step("each kind is counted once, and so are its users", async () => {
      assertEquals(await countEvents(shop.session), [
        { event_name: "purchase", events: 5, users: 4 },
        { event_name: "view_item", events: 2, users: 1 },
        { event_name: "add_to_cart", events: 1, users: 1 },
        { event_name: "page_view", events: 1, users: 1 },
        { event_name: "session_start", events: 1, users: 1 },
      ]);
    });
    await t.step("the funnel counts users who did a thing, whatever they did before", async () => {
      assertEquals(await eventFunnel(shop.session), [
        { stage: "visited", users: 6 },
        { stage: "looked at a product", users: 1 },
        { stage: "filled a cart", users: 1 },
        { stage: "began checkout", users: 0 },
        { stage: "bought", users: 4 },
      ]);
    });
  },
});
