/** The products of the sample shop, numbered, and the pages that show them. */
import { SHELVES } from "./assortment.ts";

/** One product; its number is its place in {@linkcode PRODUCTS}. */
export interface Product {
  readonly itemId: string;
  readonly name: string;
  readonly brand: string;
  /** Place of its product group in {@linkcode GROUPS}. */
  readonly group: number;
  readonly isHighEnd: boolean;
  /** US dollars. */
  readonly price: number;
  /** Place among its group's goods of the same price level, best seller 0. */
  readonly rank: number;
}

/** One page of the shop; its number is its place in {@linkcode PAGES}. */
export interface Page {
  readonly location: string;
  readonly title: string;
}

/** Names of the product groups. */
export const GROUPS: readonly string[] = SHELVES.map((shelf) => shelf.group);

/** Every product, group by group. */
export const PRODUCTS: readonly Product[] = SHELVES.flatMap((shelf, group) =>
  [
    ...parseGoods(shelf.everyday).map((good) => ({ ...good, isHighEnd: false })),
    ...parseGoods(shelf.highEnd).map((good) => ({ ...good, isHighEnd: true })),
  ].map((good, place) => ({
    ...good,
    group,
    brand: shelf.brands[place % shelf.brands.length],
    itemId: `SKU${String((group + 1) * 100 + place).padStart(5, "0")}`,
  }))
);

const SITE = "https://shop.example.com";

/** Fixed pages first, then one per product group, then one per product. */
export const PAGES: readonly Page[] = [
  { location: `${SITE}/`, title: "Home" },
  { location: `${SITE}/basket`, title: "Basket" },
  { location: `${SITE}/checkout`, title: "Checkout" },
  { location: `${SITE}/checkout/thank-you`, title: "Thank you" },
  ...GROUPS.map((group) => ({ location: `${SITE}/${slug(group)}`, title: group })),
  ...PRODUCTS.map(({ group, name }) => ({
    location: `${SITE}/${slug(GROUPS[group])}/${slug(name)}`,
    title: name,
  })),
];

/** Numbers of the fixed pages, and of the first group's and the first product's page. */
export const PAGE = { home: 0, basket: 1, checkout: 2, thanks: 3, group: 4, product: 16 } as const;

function parseGoods(goods: string): { name: string; price: number; rank: number }[] {
  return goods.split(";").map((good, rank) => {
    const words = good.trim().split(" ");
    return { name: words.slice(0, -1).join(" "), price: Number(words.at(-1)), rank };
  });
}

function slug(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
}
