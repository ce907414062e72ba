/**
 * A shop of six users and five products, small enough to work out by hand what every statement must
 * give. "Tea" is part of "Teapot", and "Salt, Pepper" is one product with a comma in its name.
 *
 * | user | visits | minutes | orders                              |
 * | ---- | -----: | ------: | ----------------------------------- |
 * | ann  |      2 |     3   | 2 Tea + 1 Cup; later 1 Teapot       |
 * | bob  |      1 |     2   | 1 Teapot + 2 Cup                    |
 * | cleo |      1 |     1   | 1 Lamp                              |
 * | dan  |      2 |     1.5 | none; looks at Tea twice, cart once |
 * | eve  |      1 |     4   | 1 "Salt, Pepper" + 1 Cup            |
 * | fay  |      1 |     –   | none                                |
 */

/** US dollars for one piece. */
export const PRICES = { "Tea": 5, "Teapot": 30, "Cup": 8, "Salt, Pepper": 10, "Lamp": 100 };
type Product = keyof typeof PRICES;
type Basket = Partial<Record<Product, number>>;

/** An event of GA4, as far as the models read it. */
export interface GaEvent {
  event_date: string;
  /** Microseconds since 1970, UTC. */
  event_timestamp: number;
  event_name: string;
  event_params: { key: string; value: { int_value: number } }[];
  user_pseudo_id: string;
  ecommerce: { unique_items: number; transaction_id?: string } | null;
  items: { item_name: string; item_category: string; price: number; quantity: number }[];
}

const START = Date.UTC(2021, 0, 1, 10) * 1000;
const MINUTE = 60_000_000;

interface Happening {
  user: string;
  /** Minutes since the start. */
  minute: number;
  /** Number of the user's session. */
  session: number;
  name: string;
  /** Attention in milliseconds. */
  attention?: number;
  basket?: Basket;
  order?: string;
}

/** One event of the shop. */
export function event(happening: Happening): GaEvent {
  const { user, minute, session, name, attention, basket = {}, order } = happening;
  const items = (Object.entries(basket) as [Product, number][]).map(([item_name, quantity]) => ({
    item_name,
    item_category: item_name === "Lamp" ? "Light" : "Kitchen",
    price: PRICES[item_name],
    quantity,
  }));
  const params = { ga_session_id: session, engagement_time_msec: attention };
  return {
    event_date: "20210101",
    event_timestamp: START + minute * MINUTE,
    event_name: name,
    event_params: Object.entries(params)
      .filter((entry): entry is [string, number] => entry[1] !== undefined)
      .map(([key, int_value]) => ({ key, value: { int_value } })),
    user_pseudo_id: user,
    ecommerce: items.length > 0 ? { unique_items: items.length, transaction_id: order } : null,
    items,
  };
}

/** Everything that happened in the shop, in order of time. */
export const EVENTS: readonly GaEvent[] = ([
  { user: "ann", minute: 0, session: 1, name: "page_view", attention: 60_000 },
  {
    ...{ user: "ann", minute: 1, session: 1, name: "purchase", attention: 60_000 },
    ...{ basket: { Tea: 2, Cup: 1 }, order: "T1" },
  },
  {
    ...{ user: "bob", minute: 2, session: 1, name: "purchase", attention: 120_000 },
    ...{ basket: { Teapot: 1, Cup: 2 }, order: "T2" },
  },
  {
    ...{ user: "cleo", minute: 3, session: 1, name: "purchase", attention: 60_000 },
    ...{ basket: { Lamp: 1 }, order: "T3" },
  },
  { user: "dan", minute: 4, session: 1, name: "view_item", attention: 30_000, basket: { Tea: 1 } },
  { user: "dan", minute: 5, session: 2, name: "view_item", attention: 30_000, basket: { Tea: 1 } },
  {
    user: "dan",
    minute: 6,
    session: 2,
    name: "add_to_cart",
    attention: 30_000,
    basket: { Tea: 1 },
  },
  {
    ...{ user: "eve", minute: 7, session: 1, name: "purchase", attention: 240_000 },
    ...{ basket: { "Salt, Pepper": 1, Cup: 1 }, order: "T4" },
  },
  { user: "fay", minute: 8, session: 1, name: "session_start" },
  {
    ...{ user: "ann", minute: 9, session: 2, name: "purchase", attention: 60_000 },
    ...{ basket: { Teapot: 1 }, order: "T5" },
  },
] satisfies Happening[]).map(event);

/** Sessions, milliseconds, dollars, orders: what is known of a user. */
export interface Stats {
  user_pseudo_id: string;
  session_count: number;
  total_time_spend_by_user_in_msec: number | null;
  average_order_value: number | null;
  no_of_orders: number | null;
}

const stats = (
  user_pseudo_id: string,
  [session_count, total_time_spend_by_user_in_msec, average_order_value, no_of_orders]: [
    number,
    number | null,
    number | null,
    number | null,
  ],
): Stats => ({
  ...{ user_pseudo_id, session_count, total_time_spend_by_user_in_msec },
  ...{ average_order_value, no_of_orders },
});

/** By user: the mean price of item lines, and their number. */
export const PUBLISHED_STATS: readonly Stats[] = [
  stats("ann", [2, 180_000, (5 + 8 + 30) / 3, 3]),
  stats("bob", [1, 120_000, (30 + 8) / 2, 2]),
  stats("cleo", [1, 60_000, 100, 1]),
  stats("dan", [2, 90_000, null, null]),
  stats("eve", [1, 240_000, (10 + 8) / 2, 2]),
  stats("fay", [1, null, null, null]),
];

/** By user: dollars per order, and their number. */
export const CORRECTED_STATS: readonly Stats[] = [
  stats("ann", [2, 180_000, (18 + 30) / 2, 2]),
  stats("bob", [1, 120_000, 46, 1]),
  stats("cleo", [1, 60_000, 100, 1]),
  stats("dan", [2, 90_000, 0, 0]),
  stats("eve", [1, 240_000, 18, 1]),
  stats("fay", [1, 0, 0, 0]),
];

/** How a user rates a product; names without the blanks that the published statement leaves. */
export type Rating = readonly [user: string, product: string, rating: number | null];

/**
 * Bought together, by text: ann "Tea, Cup", bob "Teapot, Cup", eve "Salt, Pepper, Cup". "Tea" is found
 * in bob's text, and "Salt, Pepper" falls into two products that nobody sold.
 */
export const PUBLISHED_MATRIX: readonly Rating[] = [
  ["ann", "Pepper", null],
  ["ann", "Salt", null],
  ["bob", "Pepper", null],
  ["bob", "Salt", null],
  ["bob", "Tea", 2],
  ["eve", "Tea", 2],
  ["eve", "Teapot", 2],
];

/** A piece bought 1, put into the cart 0.5, looked at 0.2. */
export const CORRECTED_MATRIX: readonly Rating[] = [
  ["ann", "Cup", 1],
  ["ann", "Tea", 2],
  ["ann", "Teapot", 1],
  ["bob", "Cup", 2],
  ["bob", "Teapot", 1],
  ["cleo", "Lamp", 1],
  ["dan", "Tea", 0.9],
  ["eve", "Cup", 1],
  ["eve", "Salt, Pepper", 1],
];

/** Events as newline-delimited JSON. */
export function toNdjson(events: readonly unknown[]): string {
  return events.map((each) => `${JSON.stringify(each)}\n`).join("");
}
