import { assertEquals, assertRejects } from "@std/assert";
import { CloudError } from "../../../../../lib/local_cloud/errors.ts";
import { withEngine } from "../with_engine.ts";

Deno.test("CREATE TABLE AS SELECT makes, replaces, skips or refuses as its form says", async () => {
  await withEngine(async ({ run }) => {
    const operations = [];
    for (const form of ["TABLE", "OR REPLACE TABLE", "TABLE IF NOT EXISTS"]) {
      operations.push((await run(`CREATE ${form} d.t AS SELECT '${form}' AS x`)).ddl?.operation);
    }
    assertEquals(operations, ["CREATE", "REPLACE", "SKIP"]);
    assertEquals((await run("SELECT x FROM d.t")).values, [["OR REPLACE TABLE"]]);
    await assertRejects(
      () => run("CREATE TABLE d.t AS SELECT 1 AS x"),
      CloudError,
      "Already Exists: Table p:d.t",
    );
  });
});

Deno.test("a replacement that fails leaves the old table whole", async () => {
  await withEngine(async ({ run }) => {
    await run("CREATE TABLE d.t AS SELECT 1 AS x");
    await assertRejects(
      () => run("CREATE OR REPLACE TABLE d.t AS SELECT 1 / (x - 1) AS y FROM d.t"),
      CloudError,
      "division by zero",
    );
    assertEquals((await run("SELECT * FROM d.t")).values, [["1"]]);
  });
});

Deno.test("a table can be replaced by a query over itself", async () => {
  await withEngine(async ({ run }) => {
    await run("CREATE TABLE d.t AS SELECT 1 AS x");
    await run("CREATE OR REPLACE TABLE d.t AS SELECT x + 1 AS x FROM d.t");
    assertEquals((await run("SELECT * FROM d.t")).values, [["2"]]);
  });
});

Deno.test("a NULL array is kept as an empty one, and an array takes no NULL", async () => {
  await withEngine(async ({ run }) => {
    await run("CREATE TABLE d.t AS SELECT CAST(NULL AS ARRAY<INT64>) AS a");
    assertEquals((await run("SELECT a IS NULL AS n, a FROM d.t")).values, [[false, []]]);
    await assertRejects(
      () => run("CREATE TABLE d.u AS SELECT [1, NULL] AS a"),
      CloudError,
      "Array cannot have a null element; error in writing field a",
    );
  });
});

Deno.test("columns keep their order, their types and NOT NULL", async () => {
  await withEngine(async ({ run }) => {
    await run("CREATE TABLE d.t (b INT64 NOT NULL, a STRUCT<x STRING, y ARRAY<DATE>>)");
    const { schema } = await run("SELECT * FROM d.t");
    assertEquals(schema.map(({ name, type }) => [name, type.kind]), [["b", "INT64"], [
      "a",
      "STRUCT",
    ]]);
    await assertRejects(
      () => run("INSERT INTO d.t (a) VALUES (NULL)"),
      CloudError,
      "Required column b cannot be null",
    );
  });
});

Deno.test("a view reads its tables anew each time", async () => {
  await withEngine(async ({ run }) => {
    await run("CREATE TABLE d.t AS SELECT 1 AS x");
    await run("CREATE VIEW d.v AS SELECT x * 10 AS y FROM d.t");
    await run("INSERT INTO d.t VALUES (2)");
    assertEquals((await run("SELECT SUM(y) AS y FROM d.v")).values, [["30"]]);
    await assertRejects(() => run("DROP TABLE d.v"), CloudError, "use DROP VIEW");
    await run("DROP VIEW d.v");
    await assertRejects(() => run("SELECT * FROM d.v"), CloudError, "Not found");
  });
});

Deno.test("of two plain CREATE TABLE at once one makes the table, the other is told", async () => {
  await withEngine(async ({ run }) => {
    const made = (value: number) => run(`CREATE TABLE d.t AS SELECT ${value} AS x`);
    const ended = await Promise.allSettled([made(1), made(2), made(3)]);
    const refusals = ended.flatMap((one) => one.status === "rejected" ? [one.reason.message] : []);
    const expected = "Already Exists: Table p:d.t";
    assertEquals(refusals, [expected, expected]);
    const kept = ended.findIndex(({ status }) => status === "fulfilled") + 1;
    assertEquals((await run("SELECT x FROM d.t")).values, [[String(kept)]]);
  });
});

Deno.test("an array inside a struct is kept as one at the top: empty for NULL, without NULLs", async () => {
  await withEngine(async ({ run }) => {
    await run(
      "CREATE TABLE d.t AS SELECT STRUCT(CAST(NULL AS ARRAY<INT64>) AS x, 1 AS y) AS s, " +
        "[STRUCT(CAST(NULL AS ARRAY<INT64>) AS z), STRUCT([2])] AS l, " +
        "CAST(NULL AS STRUCT<a ARRAY<INT64>>) AS n",
    );
    const { values } = await run(
      "SELECT s.x IS NULL, s.y, ARRAY_LENGTH(l[OFFSET(0)].z), l[OFFSET(1)].z[OFFSET(0)], n IS NULL FROM d.t",
    );
    assertEquals(values, [[false, "1", "0", "2", true]]);
    await assertRejects(
      () => run("CREATE TABLE d.u AS SELECT STRUCT([1, NULL] AS a) AS s"),
      CloudError,
      "Array cannot have a null element; error in writing field s.a",
    );
  });
});
