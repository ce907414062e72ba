/** What the statements of sql/ give for a shop that was worked out by hand. */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { makeProductMatrix, makeUserStats } from "../lib/features.ts";
import type { Session } from "../lib/session.ts";
import { readStatement } from "../lib/sql.ts";
import {
  CORRECTED_MATRIX,
  CORRECTED_STATS,
  event,
  EVENTS,
  PUBLISHED_MATRIX,
  PUBLISHED_STATS,
  type Rating,
  type Stats,
} from "./fixtures.ts";
import { openShop } from "./open_shop.ts";

const SQL = new URL("../sql/", import.meta.url);
/** The clients keep their connections. */
const options = { sanitizeOps: false, sanitizeResources: false };

async function statements(): Promise<string[]> {
  const names: string[] = [];
  for await (const folder of Deno.readDir(SQL)) {
    if (!folder.isDirectory) continue;
    for await (const { name } of Deno.readDir(new URL(`${folder.name}/`, SQL))) {
      if (name.endsWith(".sql")) names.push(`${folder.name}/${name.slice(0, -4)}`);
    }
  }
  return names.sort();
}

const own = (await statements()).filter((name) => !name.startsWith("published/"));

Deno.test("each statement begins with what it makes or gives, and is at most 80 lines", async () => {
  for (const name of own) {
    const text = await Deno.readTextFile(new URL(`${name}.sql`, SQL));
    assert(/^-- (Makes|Gives) /.test(text), name);
    assert(text.split("\n").length <= 81, name);
    assert(text.split("\n").every((line) => line.length <= 100), name);
    assert(!text.replaceAll(/--[^\n]*/g, "").includes(";"), `${name} must be one statement`);
  }
});

Deno.test("every name in a statement is found when the dataset is called otherwise", async () => {
  for (const name of own) {
    const text = await readStatement({ dataset: "p.d", names: {} }, name);
    const code = text.replaceAll(/--[^\n]*/g, "");
    assert(!code.includes("ecommerce_public"), name);
    assert(code.includes("`p.d."), name);
  }
});

Deno.test("an unknown or malformed name of a statement is refused", async () => {
  for (const name of ["../deno", "features/../x", "features", "features/user-stats"]) {
    const error = await readStatement({ dataset: "d", names: {} }, name).catch((error) => error);
    assert(error instanceof TypeError, name);
  }
});

async function stats({ bigquery }: Session, table: string): Promise<Stats[]> {
  const query = `SELECT user_pseudo_id, session_count, total_time_spend_by_user_in_msec,
    average_order_value, no_of_orders FROM ecommerce_public.${table} ORDER BY user_pseudo_id`;
  return (await bigquery.query(query))[0];
}

function assertStats(actual: Stats[], expected: readonly Stats[]): void {
  assertEquals(actual.length, expected.length);
  actual.forEach(({ average_order_value: value, ...rest }, i) => {
    const { average_order_value, ...others } = expected[i];
    assertEquals(rest, others);
    if (average_order_value === null) assertEquals(value, null);
    else assertAlmostEquals(value ?? NaN, average_order_value);
  });
}

async function matrix({ bigquery }: Session, table: string): Promise<Rating[]> {
  const query = `SELECT user_pseudo_id, TRIM(product_recommended) AS product, rating
    FROM ecommerce_public.${table} ORDER BY user_pseudo_id, product`;
  const [rows] = await bigquery.query(query);
  return rows.map((row) => [row.user_pseudo_id, row.product, row.rating]);
}

Deno.test({
  name: "the features of the shop are those worked out by hand",
  ...options,
  async fn(t) {
    await using shop = await openShop(EVENTS);
    const { session } = shop;
    await t.step("user_stats as published", async () => {
      await makeUserStats(session, "published");
      assertStats(await stats(session, "user_stats"), PUBLISHED_STATS);
    });
    await t.step("user_stats as corrected", async () => {
      await makeUserStats(session, "corrected");
      assertStats(await stats(session, "user_stats_corrected"), CORRECTED_STATS);
    });
    await t.step("user_product_matrix as published", async () => {
      assertEquals(await makeProductMatrix(session, "published"), PUBLISHED_MATRIX.length);
      assertEquals(await matrix(session, "user_product_matrix"), PUBLISHED_MATRIX);
    });
    await t.step("user_product_matrix as corrected", async () => {
      assertEquals(await makeProductMatrix(session, "corrected"), CORRECTED_MATRIX.length);
      const rows = await matrix(session, "user_product_matrix_corrected");
      rows.forEach(([user, product, rating], i) => {
        assertEquals([user, product], CORRECTED_MATRIX[i].slice(0, 2));
        assertAlmostEquals(rating ?? NaN, CORRECTED_MATRIX[i][2] ?? NaN, 1e-12);
      });
    });
    await t.step("the published query itself gives the same rows as the table", async () => {
      const rating = await readStatement(session, "published/getratingbasedonProduct");
      await session.bigquery.query(rating);
      const published = await readStatement(session, "published/user_product_matrix");
      const [rows] = await session.bigquery.query(published);
      // It leaves open which name comes first in a text, and so has no blank before it.
      const trimmed = rows.map((row): Rating => [
        row.user_pseudo_id,
        row.product_recommended.trim(),
        row.rating,
      ]);
      assertEquals(trimmed.sort(), PUBLISHED_MATRIX);
    });
  },
});

Deno.test({
  name: "a purchase that is sent twice is one order, and one without a number is an order too",
  ...options,
  async fn() {
    const buy = { user: "gus", session: 1, name: "purchase", basket: { Tea: 2, Cup: 1 } };
    await using shop = await openShop([
      ...EVENTS,
      event({ ...buy, minute: 20, order: "T9" }),
      event({ ...buy, minute: 21, order: "T9" }),
      event({ ...buy, minute: 22, order: "(not set)", basket: { Lamp: 1 } }),
      event({ ...buy, minute: 23, basket: { Lamp: 2 } }),
    ]);
    await makeUserStats(shop.session, "corrected");
    const gus = (await stats(shop.session, "user_stats_corrected")).find((row) =>
      row.user_pseudo_id === "gus"
    );
    assertEquals(gus?.no_of_orders, 3);
    assertAlmostEquals(gus?.average_order_value ?? NaN, (18 + 100 + 200) / 3);
  },
});
