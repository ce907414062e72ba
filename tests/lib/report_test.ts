import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { summarize } from "../../lib/report.ts";
import type { RetrainResult } from "../../lib/retrain.ts";
import { nameSegments } from "../../lib/segments.ts";

const estimate = (mean: number) => ({ mean, low: mean - 0.01, high: mean + 0.01 });
const score = (mean: number) => ({
  ...{ recall: estimate(mean), ndcg: estimate(mean), map: estimate(mean) },
  coverage: 0.5,
});
const centroid = (centroid_id: number, size: number) => ({
  ...{ centroid_id, users: 100 / centroid_id, session_count: size },
  total_time_spend_by_user_in_msec: 60_000 * size,
  ...{ average_order_value: 12.345, no_of_orders: size },
});

const RESULT: RetrainResult = {
  ...{ where: "local", project: "local-cloud", dataset: "ecommerce_public" },
  ...{ features: "published", source: "shop.parquet", was_loaded: true },
  events: {
    ...{ events: 1234, events_with_user: 1234, events_with_time: 1234, events_with_session: 1234 },
    ...{ users: 150, buyers: 40, purchases: 90, purchases_of_several: 30 },
    first_event_micros: Date.UTC(2020, 10, 1) * 1000,
    last_event_micros: Date.UTC(2021, 0, 31) * 1000,
    ...{ item_lines: 200, item_lines_with_name: 200, item_lines_with_price: 200 },
    ...{ item_lines_with_quantity: 200, products: 12 },
  },
  user_clusters: {
    segments: nameSegments([centroid(1, 2), centroid(2, 9)]),
    quality: { davies_bouldin_index: 0.7, mean_squared_distance: 1.2 },
    recovery: { published: { all: 0.6, buyers: 0.9 }, corrected: { all: 0.7, buyers: 0.95 } },
  },
  product_affinity: {
    quality: {
      ...{ mean_average_precision: 0.5, mean_squared_error: 0.1 },
      ...{ normalized_discounted_cumulative_gain: 0.8, average_rank: 0.2 },
    },
    split: { splitMicros: Date.UTC(2021, 0, 7) * 1000, buyers: 30, products: 12, users_judged: 9 },
    scores: { popular: score(0.1), published: score(0.2), corrected: score(0.4) },
  },
  users: [
    {
      user_pseudo_id: "1.2",
      cluster: {
        ...{ centroid_id: 2, user_pseudo_id: "1.2", session_count: 9 },
        ...{ total_time_spend_by_user_in_msec: 30_000, average_order_value: 12.5, no_of_orders: 4 },
      },
      bought: ["Tea", "Cup", "Pot", "Lamp"].map((item_name) => ({
        ...{ item_name, product_group: null, pieces: 1 },
      })),
      recommended: [{
        ...{ product_recommended: "Tray", predicted_rating_confidence: 0.91 },
        ...{ product_group: "Kitchen", price_usd: 12 },
      }],
    },
    { user_pseudo_id: "3.4", bought: [], recommended: [] },
  ],
  stages: [{ name: "load events", seconds: 1.25 }, { name: "check events", seconds: 0.5 }],
};

Deno.test("the summary names segments, products and figures with their units", () => {
  const text = summarize(RESULT);
  for (
    const line of [
      "  from shop.parquet: 1,234 events of 150 users, 2020-11-01 to 2021-01-31 (UTC)",
      "  Platinum  premium       50  33.3 %       9.0      9.0          12.35         9.0   2",
      "User 1.2  Platinum, premium\n  9 sessions, 0.5 minutes, 4 item lines, item price $12.50",
      "  bought Tea; Cup; Pot and 1 more",
      "User 3.4\n  unknown: no event has this user_pseudo_id",
      "  1  Tray         Kitchen     12.00       0.910",
      "  load events      1.25  together     1.75",
    ]
  ) assertStringIncludes(text, line);
});

Deno.test("columns say item lines for the published features and orders for the corrected", () => {
  assertStringIncludes(summarize(RESULT), "Item price, $  Item lines");
  assertStringIncludes(summarize({ ...RESULT, features: "corrected" }), "Order value, $  Orders");
});

Deno.test("only a terminal gets colours, and they change no letter", () => {
  // deno-lint-ignore no-control-regex -- an escape sequence begins with a control character
  const bare = (text: string) => text.replaceAll(/\x1b\[[0-9;]*m/g, "");
  const [plain, colored] = [false, true].map((isColored) => summarize(RESULT, { isColored }));
  assert(!plain.includes("\x1b"));
  assert(colored.includes("\x1b"));
  assertEquals(bare(colored), plain);
});

Deno.test("a model that was not trained is not mentioned", () => {
  const text = summarize({ ...RESULT, product_affinity: undefined, users: [] });
  assert(!text.includes("Recommendations"));
  assert(summarize({ ...RESULT, user_clusters: undefined }).includes("Recommendations"));
});
