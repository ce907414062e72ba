import { assertEquals, assertRejects } from "@std/assert";
import { CloudError } from "../../../../../lib/local_cloud/errors.ts";
import { withEngine } from "../with_engine.ts";

Deno.test("a function with a query in its body is evaluated for each row", async () => {
  await withEngine(async ({ run }) => {
    await run("CREATE TABLE d.sales AS SELECT 'tee' AS item, 2 AS n UNION ALL SELECT 'tee', 3");
    await run(`CREATE FUNCTION d.sold(product STRING) AS (
      (SELECT SUM(n) FROM d.sales WHERE item = product))`);
    const { values } = await run(
      "SELECT p, d.sold(TRIM(p)) FROM UNNEST([' tee', 'mug']) AS p ORDER BY p",
    );
    assertEquals(values, [[" tee", "5"], ["mug", null]]);
  });
});

Deno.test("functions call functions, and a declared type is cast to", async () => {
  await withEngine(async ({ run }) => {
    await run("CREATE FUNCTION d.twice(x INT64) RETURNS FLOAT64 AS (x * 2)");
    await run("CREATE FUNCTION d.four_times(x INT64) AS (d.twice(x) + `p.d.twice`(x))");
    const { values, schema } = await run("SELECT d.four_times(3) AS y");
    assertEquals([values, schema[0].type.kind], [[[12]], "FLOAT64"]);
  });
});

Deno.test("a templated function takes any type", async () => {
  await withEngine(async ({ run }) => {
    await run("CREATE FUNCTION d.same(x ANY TYPE) AS (x)");
    assertEquals((await run("SELECT d.same('a'), d.same(1)")).values, [["a", "1"]]);
  });
});

Deno.test("a function is replaced, dropped, and then unknown", async () => {
  await withEngine(async ({ run }) => {
    await run("CREATE FUNCTION d.f() AS (1)");
    await run("CREATE OR REPLACE FUNCTION d.f() AS (2)");
    assertEquals((await run("SELECT d.f()")).values, [["2"]]);
    await run("DROP FUNCTION d.f");
    await assertRejects(() => run("SELECT d.f()"), CloudError, "Function not found: d.f");
    await assertRejects(() => run("DROP FUNCTION d.f"), CloudError, "Not found: Routine p:d.f");
  });
});

Deno.test("a function in another language is refused by name", async () => {
  await withEngine(async ({ run }) => {
    const sql = "CREATE FUNCTION d.f() RETURNS INT64 LANGUAGE js AS 'return 1'";
    await assertRejects(() => run(sql), CloudError, "A function in js is not supported");
  });
});
