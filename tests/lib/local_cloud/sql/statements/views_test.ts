import { assertEquals, assertRejects } from "@std/assert";
import { CloudError } from "../../../../../lib/local_cloud/errors.ts";
import { withEngine } from "../with_engine.ts";

Deno.test("a view over a table that was replaced reads its columns by name", async () => {
  await withEngine(async ({ run }) => {
    await run("CREATE TABLE d.t AS SELECT 'a' AS a, 'b' AS b");
    await run("CREATE VIEW d.v AS SELECT * FROM d.t");
    await run("CREATE OR REPLACE TABLE d.t AS SELECT 'b' AS b, 'new' AS n, 'a' AS a");
    assertEquals((await run("SELECT a, b FROM d.v")).values, [["a", "b"]]);
    await run("CREATE OR REPLACE TABLE d.t AS SELECT 1.5 AS a");
    assertEquals((await run("SELECT a + 1 FROM d.v")).values, [[2.5]]);
    await assertRejects(() => run("SELECT b FROM d.v"), CloudError, "Unrecognized name: b");
  });
});

Deno.test("a view that stands on itself is refused and can be dropped", async () => {
  await withEngine(async ({ run }) => {
    await run("CREATE VIEW d.v AS SELECT 1 AS a");
    await run("CREATE OR REPLACE VIEW d.v AS SELECT * FROM d.v");
    await assertRejects(
      () => run("SELECT * FROM d.v"),
      CloudError,
      "View p:d.v stands on itself, or on more than 16 levels of views",
    );
    await run("DROP VIEW d.v");
  });
});

Deno.test("a view does not replace a table, nor a table a view", async () => {
  await withEngine(async ({ run }) => {
    await run("CREATE TABLE d.t AS SELECT 1 AS a");
    await run("CREATE VIEW d.v AS SELECT 2 AS a");
    const refused: [string, string][] = [
      ["CREATE OR REPLACE VIEW d.t AS SELECT 3 AS a", "p:d.t is not allowed .* currently a TABLE"],
      ["CREATE OR REPLACE TABLE d.v AS SELECT 3 AS a", "p:d.v is not allowed .* currently a VIEW"],
    ];
    for (const [sql, message] of refused) {
      const error = await assertRejects(() => run(sql), CloudError);
      assertEquals(new RegExp(message).test(error.message), true, error.message);
    }
    const { values } = await run("SELECT t.a, v.a AS b FROM d.t, d.v");
    assertEquals(values, [["1", "2"]]);
  });
});
