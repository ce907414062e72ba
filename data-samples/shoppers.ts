/** Who comes to the sample shop: the segments that are planted, and one shopper at a time. */
import { AUDIENCE } from "./audience.ts";
import { GROUPS, PRODUCTS } from "./catalogue.ts";
import { cumulate, type Draw } from "./draw.ts";

/** A whole number around `mean`, kept within `least` and `most`. */
interface Count {
  readonly mean: number;
  readonly deviation: number;
  readonly least: number;
  readonly most: number;
}

/** How the shoppers of one segment behave over the season. */
export interface Segment {
  readonly name: string;
  /** Share of all users, 0 to 1. */
  readonly share: number;
  readonly visits: Count;
  readonly orders: Count;
  /** Engaged seconds of a typical visit. */
  readonly visitSeconds: number;
  /** Chances of an order with 1, 2, 3 … different products. */
  readonly lines: readonly number[];
  /** Chance that a product looked for is a high-end one. */
  readonly highEnd: number;
}

/** The planted segments; `visitor` never buys. Shares add up to 1. */
export const SEGMENTS: readonly Segment[] = [
  {
    name: "premium",
    share: 0.045,
    visits: { mean: 11, deviation: 1.5, least: 7, most: 16 },
    orders: { mean: 6, deviation: 0.9, least: 4, most: 9 },
    visitSeconds: 240,
    lines: [0.2, 0.34, 0.26, 0.14, 0.06],
    highEnd: 0.02,
  },
  {
    name: "selective_spender",
    share: 0.06,
    visits: { mean: 3.6, deviation: 0.9, least: 1, most: 7 },
    orders: { mean: 1.2, deviation: 0.45, least: 1, most: 3 },
    visitSeconds: 90,
    lines: [0.92, 0.08],
    highEnd: 0.97,
  },
  {
    name: "to_engage",
    share: 0.07,
    visits: { mean: 4.6, deviation: 0.7, least: 3, most: 7 },
    orders: { mean: 4.1, deviation: 0.6, least: 3, most: 6 },
    visitSeconds: 130,
    lines: [0.36, 0.38, 0.18, 0.08],
    highEnd: 0.01,
  },
  {
    name: "bronze",
    share: 0.12,
    visits: { mean: 2.3, deviation: 0.8, least: 1, most: 5 },
    orders: { mean: 1.15, deviation: 0.4, least: 1, most: 2 },
    visitSeconds: 75,
    lines: [0.66, 0.27, 0.07],
    highEnd: 0.005,
  },
  {
    name: "visitor",
    share: 0.705,
    visits: { mean: 1.35, deviation: 0.8, least: 1, most: 5 },
    orders: { mean: 0, deviation: 0, least: 0, most: 0 },
    visitSeconds: 50,
    lines: [1],
    highEnd: 0.12,
  },
];

/** One user and what is planted in them. */
export interface Shopper {
  readonly userPseudoId: string;
  /** Place in {@linkcode SEGMENTS}. */
  readonly segment: number;
  /** Places in {@linkcode GROUPS}, dearest first. */
  readonly groups: readonly number[];
  readonly place: number;
  readonly device: number;
  readonly source: number;
  /** Visits before the season; 0 for a user who is new in it. */
  readonly earlierVisits: number;
  /** Differs from 1 for shoppers who take more or less time than their segment. */
  readonly pace: number;
  /** Smallest number of different products in an order. */
  readonly fewestLines: number;
}

/** The walk-through asks for these two by id: they always exist and buy several things at once. */
const KNOWN_USERS: readonly Partial<Shopper>[] = [
  { userPseudoId: "5053424.7664335544", segment: 0, fewestLines: 2 },
  { userPseudoId: "2534169.4418845320", segment: 2, fewestLines: 2 },
];

const SEGMENTS_BY_SHARE = cumulate(SEGMENTS.map(({ share }) => share));
const LINES_BY_SHARE = SEGMENTS.map(({ lines }) => cumulate(lines));
/** Some groups draw more people than others: without it, popularity would know nothing. */
const GROUPS_BY_TRAFFIC = cumulate(
  GROUPS.map((_, group) => 0.6 + 0.9 * ((group * 5 + 7) % 12) / 11),
);
const GROUP_COUNTS = cumulate([0.35, 0.4, 0.25]);
/** How a shopper's wishes spread over one, two or three preferred groups. */
const WISHES = [[1], [0.65, 0.35], [0.5, 0.3, 0.2]].map(cumulate);
const STRAY_WISH = 0.06;

/** Numbers of each group's everyday and high-end products, and how well each sells. */
const SHELF_GOODS = GROUPS.map((_, group) => ({
  everyday: stock(group, false),
  highEnd: stock(group, true),
}));

/** The shopper number `index` (0, 1, …); the first two are the known users. */
export function drawShopper(draw: Draw, index: number): Shopper {
  const segment = draw.position(SEGMENTS_BY_SHARE);
  return {
    userPseudoId: drawUserId(draw, index),
    segment,
    groups: drawGroups(draw),
    place: draw.position(AUDIENCE.places),
    device: draw.position(AUDIENCE.devices),
    source: draw.position(AUDIENCE.sources),
    earlierVisits: draw.chance(0.16) ? 1 + draw.below(segment === 0 ? 20 : 5) : 0,
    pace: Math.exp(0.16 * draw.bell()),
    fewestLines: 1,
    ...KNOWN_USERS[index],
  };
}

/** A whole number around the mean of `count`. */
export function drawCount(draw: Draw, { mean, deviation, least, most }: Count): number {
  return Math.min(most, Math.max(least, Math.round(mean + deviation * draw.bell())));
}

/** How many different products an order holds. */
export function drawLineCount(draw: Draw, shopper: Shopper): number {
  return 1 + draw.position(LINES_BY_SHARE[shopper.segment]);
}

/** The product group a visit is about: nearly always one that the shopper prefers. */
export function drawGroup(draw: Draw, shopper: Shopper): number {
  if (draw.chance(STRAY_WISH)) return draw.position(GROUPS_BY_TRAFFIC);
  return shopper.groups[draw.position(WISHES[shopper.groups.length - 1])];
}

/** Number of a product of `group` that fits the shopper's segment. */
export function drawProduct(draw: Draw, shopper: Shopper, group: number): number {
  const isHighEnd = draw.chance(SEGMENTS[shopper.segment].highEnd);
  const { products, shares } = isHighEnd ? SHELF_GOODS[group].highEnd : SHELF_GOODS[group].everyday;
  return products[draw.position(shares)];
}

/** Like GA4's cookie ids. The first part is different for each index (below 9 million). */
function drawUserId(draw: Draw, index: number): string {
  const first = 1_000_000 + (index * 7_368_787 + 4_053_425) % 9_000_000;
  const second = 1_000_000_000 + draw.below(9_000_000_000 / 4) * 4 + draw.below(4);
  return `${first}.${second}`;
}

function drawGroups(draw: Draw): number[] {
  const wanted = 1 + draw.position(GROUP_COUNTS);
  const groups: number[] = [];
  while (groups.length < wanted) {
    const group = draw.position(GROUPS_BY_TRAFFIC);
    if (!groups.includes(group)) groups.push(group);
  }
  return groups;
}

function stock(group: number, isHighEnd: boolean) {
  const goods = PRODUCTS.map((product, number) => ({ ...product, number }))
    .filter((product) => product.group === group && product.isHighEnd === isHighEnd);
  return {
    products: goods.map(({ number }) => number),
    shares: cumulate(goods.map(({ rank }) => 1 / (rank + 3) ** 0.7)),
  };
}
