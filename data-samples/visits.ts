/** What a shopper does in the shop: visits over the season, steps within a visit. */
import { UTC_OFFSETS } from "./audience.ts";
import { drawVisitStart } from "./calendar.ts";
import { PAGE, PRODUCTS } from "./catalogue.ts";
import type { Draw } from "./draw.ts";
import {
  drawCount,
  drawGroup,
  drawLineCount,
  drawProduct,
  SEGMENTS,
  type Shopper,
} from "./shoppers.ts";

/** Event names; a step carries the place of its name in this list. */
export const EVENT_NAMES = [
  "session_start",
  "first_visit",
  "page_view",
  "scroll",
  "view_item",
  "add_to_cart",
  "begin_checkout",
  "add_payment_info",
  "purchase",
  "user_engagement",
] as const;

const KIND = Object.fromEntries(EVENT_NAMES.map((name, place) => [name, place])) as Record<
  typeof EVENT_NAMES[number],
  number
>;

/** One event, before it has a time. */
export interface Step {
  /** Place in {@linkcode EVENT_NAMES}. */
  readonly kind: number;
  /** Place in the catalogue's pages. */
  readonly page: number;
  /** Packed lines, see {@linkcode packLine}; none for most steps. */
  readonly lines?: readonly number[];
}

/** One session of one shopper. */
export interface Visit {
  /** Seconds since 1970, UTC. */
  readonly start: number;
  /** 1 for the shopper's first visit ever. */
  readonly number: number;
  /** Engaged milliseconds of the whole visit. */
  readonly engagedMsec: number;
  readonly steps: readonly Step[];
}

/** The shortest time between the starts of two visits of one shopper, in seconds. */
const BETWEEN_VISITS = 5400;

/** How often a product that the shopper already has is left out, per look at the shelf. */
const SKIPS_OWNED = 0.9;

/** Share of visits without an order that end on the first page. */
const BOUNCES = 0.4;

/** A product (its place in the catalogue) and how many of it (1 to 15), in one number. */
export function packLine(product: number, quantity: number): number {
  return product * 16 + quantity;
}

/** All visits of one shopper in order of time. */
export function drawVisits(draw: Draw, shopper: Shopper): Visit[] {
  const segment = SEGMENTS[shopper.segment];
  const starts = drawStarts(draw, shopper);
  const owned = new Set<number>();
  let ordersLeft = Math.min(starts.length, drawCount(draw, segment.orders));

  return starts.map((start, place) => {
    const isBuying = draw.chance(ordersLeft / (starts.length - place));
    if (isBuying) ordersLeft--;
    const number = shopper.earlierVisits + place + 1;
    const seconds = segment.visitSeconds * shopper.pace * Math.exp(0.3 * draw.bell());
    return {
      start,
      number,
      engagedMsec: Math.round(1000 * seconds * (isBuying ? 1.15 : 0.85)),
      steps: [
        ...arrive(draw, number === 1),
        ...(isBuying ? buy(draw, shopper, owned) : browse(draw, shopper)),
      ],
    };
  });
}

function drawStarts(draw: Draw, shopper: Shopper): number[] {
  const offset = UTC_OFFSETS[shopper.place];
  const wanted = drawCount(draw, SEGMENTS[shopper.segment].visits);
  return Array.from({ length: wanted }, () => drawVisitStart(draw, offset))
    .sort((a, b) => a - b)
    .filter((start, place, starts) => place === 0 || start - starts[place - 1] >= BETWEEN_VISITS);
}

function arrive(draw: Draw, isFirst: boolean): Step[] {
  const page = PAGE.home;
  const steps: Step[] = [{ kind: KIND.session_start, page }];
  if (isFirst) steps.push({ kind: KIND.first_visit, page });
  steps.push({ kind: KIND.page_view, page });
  if (draw.chance(0.15)) steps.push({ kind: KIND.scroll, page });
  return steps;
}

/** A visit that ends with an order; what is bought is added to `owned`. */
function buy(draw: Draw, shopper: Shopper, owned: Set<number>): Step[] {
  const group = drawGroup(draw, shopper);
  const basket = drawBasket(draw, shopper, group, owned);
  const steps: Step[] = [{ kind: KIND.page_view, page: PAGE.group + group }];
  for (const line of basket) {
    steps.push(viewItem(line >> 4));
    if (draw.chance(0.2)) steps.push(viewItem(drawProduct(draw, shopper, group)));
    steps.push({ kind: KIND.add_to_cart, page: PAGE.product + (line >> 4), lines: [line] });
    owned.add(line >> 4);
  }
  steps.push({ kind: KIND.begin_checkout, page: PAGE.checkout, lines: basket });
  if (draw.chance(0.8)) {
    steps.push({ kind: KIND.add_payment_info, page: PAGE.checkout, lines: basket });
  }
  steps.push({ kind: KIND.purchase, page: PAGE.thanks, lines: basket });
  return steps;
}

/** A visit without an order; some fill a basket and leave it. */
function browse(draw: Draw, shopper: Shopper): Step[] {
  const group = drawGroup(draw, shopper);
  if (draw.chance(BOUNCES)) return [{ kind: KIND.user_engagement, page: PAGE.home }];

  const steps: Step[] = [{ kind: KIND.page_view, page: PAGE.group + group }];
  let product = -1;
  for (let looks = draw.below(4); looks > 0; looks--) {
    product = drawProduct(draw, shopper, group);
    steps.push(viewItem(product));
  }
  if (product >= 0 && draw.chance(0.4)) {
    const lines = [packLine(product, 1)];
    steps.push({ kind: KIND.add_to_cart, page: PAGE.product + product, lines });
    if (draw.chance(0.6)) steps.push({ kind: KIND.begin_checkout, page: PAGE.checkout, lines });
  }
  steps.push({ kind: KIND.user_engagement, page: steps[steps.length - 1].page });
  return steps;
}

function viewItem(product: number): Step {
  return { kind: KIND.view_item, page: PAGE.product + product, lines: [packLine(product, 1)] };
}

/** Different products, mostly of the visit's group and mostly ones that the shopper has not yet. */
function drawBasket(draw: Draw, shopper: Shopper, group: number, owned: Set<number>): number[] {
  const wanted = Math.max(shopper.fewestLines, drawLineCount(draw, shopper));
  const products: number[] = [];
  while (products.length < wanted) {
    const from = draw.chance(0.85) ? group : drawGroup(draw, shopper);
    const product = drawProduct(draw, shopper, from);
    if (products.includes(product)) continue;
    if (owned.has(product) && draw.chance(SKIPS_OWNED)) continue;
    products.push(product);
  }
  return products.map((product) => packLine(product, drawQuantity(draw, product)));
}

function drawQuantity(draw: Draw, product: number): number {
  const { isHighEnd, price } = PRODUCTS[product];
  if (isHighEnd || draw.chance(price < 20 ? 0.7 : 0.92)) return 1;
  return draw.chance(0.8) ? 2 : 3;
}
