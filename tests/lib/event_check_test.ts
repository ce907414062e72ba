import { assertEquals, assertThrows } from "@std/assert";
import { checkSummary, type EventSummary, type Plan } from "../../lib/event_check.ts";
import { Failure } from "../../lib/failure.ts";

const SHOP: EventSummary = {
  ...{ events: 1200, events_with_user: 1200, events_with_time: 1200, events_with_session: 1200 },
  ...{ users: 6, buyers: 4, purchases: 5, purchases_of_several: 3 },
  ...{ first_event_micros: 1, last_event_micros: 2, products: 5 },
  ...{ item_lines: 8, item_lines_with_name: 8, item_lines_with_price: 8 },
  item_lines_with_quantity: 8,
};
const PLAN: Plan = {
  ...{ source: "shop.csv", features: "published", clusters: 4 },
  ...{ hasAffinity: true, isForced: false },
};

function refusal(summary: Partial<EventSummary>, plan: Partial<Plan> = {}): string {
  const check = () => checkSummary({ ...SHOP, ...summary }, { ...PLAN, ...plan });
  return assertThrows(check, Failure).message.replace("Cannot learn from shop.csv as ", "");
}

Deno.test("a small shop can be learnt from", () => {
  checkSummary(SHOP, PLAN);
});

Deno.test("events that nothing can be learnt from are refused with the reason", () => {
  const none = { purchases: 0, item_lines: 0, buyers: 0 };
  assertEquals(refusal({ events: 0 }), "it holds no events");
  assertEquals(refusal({ events_with_user: 0 }), "no event has a user_pseudo_id");
  assertEquals(refusal(none), "none of its 1,200 events is a purchase");
  assertEquals(refusal({ users: 1 }), "two users or more are needed: it has 1");
  assertEquals(
    refusal({}, { clusters: 7 }),
    "7 clusters need as many users: it has 6 (see --clusters)",
  );
});

Deno.test("one buyer or one product is enough for clusters but not for recommendations", () => {
  checkSummary({ ...SHOP, buyers: 1, products: 1 }, { ...PLAN, hasAffinity: false });
  assertEquals(
    refusal({ buyers: 1 }),
    "two buyers or more are needed to recommend anything: it has 1",
  );
});

Deno.test("the published features need orders of several products, the corrected ones do not", () => {
  const single = { purchases_of_several: 0 };
  assertEquals(refusal(single).endsWith("use --features corrected"), true);
  checkSummary({ ...SHOP, ...single }, { ...PLAN, features: "corrected" });
});

Deno.test("very many published ratings are refused unless forced", () => {
  const large = { buyers: 80_000, products: 300 };
  assertEquals(
    refusal(large),
    "the published features would pair 80,000 buyers with nearly all of 300 products, about " +
      "48,000,000 ratings: use --features corrected, or --force to wait for them",
  );
  checkSummary({ ...SHOP, ...large }, { ...PLAN, isForced: true });
  checkSummary({ ...SHOP, ...large }, { ...PLAN, features: "corrected" });
});
