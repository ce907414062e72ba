/** The words behind the generator's numbers, as typed lists that the SQL beside this file reads. */
import type { DuckDBConnection } from "@duckdb/node-api";
import { DEVICES, PLACES, SOURCES } from "./audience.ts";
import { GROUPS, PAGES, PRODUCTS } from "./catalogue.ts";
import { SEGMENTS } from "./shoppers.ts";
import { EVENT_NAMES } from "./visits.ts";

/** Name of the SQL variable, type of one entry as DuckDB's `from_json` takes it, entries. */
const DICTIONARIES: readonly (readonly [string, unknown, readonly unknown[]])[] = [
  ["event_names", "VARCHAR", EVENT_NAMES],
  ["segments", "VARCHAR", SEGMENTS.map(({ name }) => name)],
  ["groups", "VARCHAR", GROUPS],
  ["pages", strings("location", "title"), PAGES],
  ["places", strings("continent", "sub_continent", "country", "region", "city"), PLACES],
  ["sources", strings("medium", "name", "source"), SOURCES],
  [
    "devices",
    { ...strings("category", "operating_system", "language"), web_info: strings("browser") },
    DEVICES,
  ],
  [
    "products",
    {
      ...strings("item_id", "item_name", "item_brand", "item_category", "item_category2"),
      price: "DOUBLE",
    },
    PRODUCTS.map(({ itemId, name, brand, group, isHighEnd, price }) => ({
      item_id: itemId,
      item_name: name,
      item_brand: brand,
      item_category: GROUPS[group],
      item_category2: isHighEnd ? "High-End" : "Everyday",
      price,
    })),
  ],
];

/** Sets one SQL variable per dictionary on `connection`. */
export async function setDictionaries(connection: DuckDBConnection): Promise<void> {
  for (const [name, type, entries] of DICTIONARIES) {
    await connection.run(
      `SET VARIABLE ${name} = from_json(${quote(entries)}, ${quote([type])})`,
    );
  }
}

function strings(...names: string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, "VARCHAR"]));
}

function quote(value: unknown): string {
  return `'${JSON.stringify(value).replaceAll("'", "''")}'`;
}
