import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { CloudError } from "../../../../lib/local_cloud/errors.ts";
import { FEW } from "../../../../lib/local_cloud/sql/reference.ts";
import { type Engine, withEngine } from "./with_engine.ts";

/** What the compiler does not know, and will not soon. */
const UNKNOWN = "APPROX_TOP_SUM";
const SOUND = "SOUNDEX";

/** Lets `work` run and gives what it wrote to the log. */
async function logOf(work: () => Promise<unknown>): Promise<string[]> {
  const lines: string[] = [];
  const { error } = console;
  console.error = (line: string) => lines.push(line);
  try {
    await work();
  } finally {
    console.error = error;
  }
  return lines;
}

const few = (work: (engine: Engine) => Promise<void>) =>
  withEngine(async (engine) => {
    await engine.run("CREATE TABLE d.t AS SELECT 'Robert' AS name, [1.5, 2] AS xs, 1 AS n");
    await work(engine);
  });

Deno.test("few rows are answered by the reference implementation, and the log says why", async () => {
  await few(async ({ run }) => {
    const lines = await logOf(async () => {
      const { values, evaluator, schema } = await run(
        `SELECT ${SOUND}(t.name) AS code, xs, n FROM d.t WHERE ${SOUND}(name) = 'R163'`,
      );
      assertEquals(values, [["R163", [1.5, 2], "1"]]);
      assertEquals(evaluator, "reference");
      assertEquals(schema.map(({ name }) => name), ["code", "xs", "n"]);
    });
    assertEquals(lines, [
      "Answered by Google's reference implementation: Function SOUNDEX is not supported by the local warehouse at [1:8]",
    ]);
  });
});

Deno.test("so is the query of a CREATE TABLE AS SELECT, over views and SQL functions too", async () => {
  await few(async ({ run }) => {
    await run("CREATE VIEW d.v AS SELECT name, n + 1 AS m FROM d.t");
    await run("CREATE FUNCTION d.f(x STRING) AS ((SELECT MAX(n) FROM d.t WHERE name = x))");
    await logOf(async () => {
      const made = await run(
        `CREATE TABLE d.u AS SELECT ${SOUND}(v.name) AS code, m, d.f(name) AS n FROM d.v`,
      );
      assertEquals(made.evaluator, "reference");
    });
    const { values, evaluator } = await run("SELECT * FROM d.u");
    assertEquals([values, evaluator], [[["R163", "2", "1"]], "duckdb"]);
  });
});

Deno.test("a dry run says who would answer", async () => {
  await few(async ({ run }) => {
    const outcome = await run(`SELECT ${SOUND}(name) FROM d.t`, { dryRun: true });
    assertEquals([outcome.evaluator, outcome.rows], ["reference", undefined]);
  });
});

Deno.test("many rows are refused by name, with the bound and the place", async () => {
  await withEngine(async ({ run }) => {
    const rows = `UNNEST(GENERATE_ARRAY(1, ${FEW.rows + 1}))`;
    await run(`CREATE TABLE d.many AS SELECT 'x' AS name FROM ${rows}`);
    const { message } = await assertRejects(
      () => run(`SELECT ${SOUND}(name) FROM d.many`),
      CloudError,
    );
    assertEquals(
      message,
      "Function SOUNDEX is not supported by the local warehouse over more than 10000 rows or 4 MB at [1:8]",
    );
  });
});

Deno.test("what neither knows is refused by name", async () => {
  await few(async ({ run }) => {
    const { message } = await assertRejects(
      () => run(`SELECT ${UNKNOWN}(name, n, 1) FROM d.t`),
      CloudError,
    );
    assertMatch(message, /^Function APPROX_TOP_SUM is not supported by the local warehouse/);
  });
});

Deno.test("an error while the reference implementation runs is the user's, in its words", async () => {
  await few(async ({ run }) => {
    const error = await assertRejects(
      () => run(`SELECT ${SOUND}(name), 1 / (n - 1) FROM d.t`),
      CloudError,
    );
    assertEquals([error.reason, error.message], ["invalidQuery", "division by zero: 1 / 0"]);
  });
});

Deno.test("a result that the warehouse has no type for is refused", async () => {
  await few(async ({ run }) => {
    await assertRejects(
      () => run(`SELECT ${SOUND}(name), CAST(n AS BIGNUMERIC) FROM d.t`),
      CloudError,
      "BIGNUMERIC is not supported",
    );
  });
});

Deno.test("all types go to the reference implementation and come back", async () => {
  await withEngine(async ({ run }) => {
    await run(`CREATE TABLE d.all_types AS SELECT 'x' AS s, -9223372036854775808 AS i, -0.0 AS f,
      TRUE AS b, b'\\x00\\xff' AS y, DATE '0001-01-01' AS d, DATETIME '9999-12-31 23:59:59.999999' AS dt,
      TIME '23:59:59.999999' AS t, TIMESTAMP '1969-12-31 23:59:59.5' AS ts, NUMERIC '-1.000000001' AS n,
      STRUCT(1 AS a, [STRUCT(NULL AS b)] AS c) AS st, CAST(NULL AS STRING) AS nothing`);
    const plain = await run("SELECT * FROM d.all_types");
    await logOf(async () => {
      const { values, evaluator, schema } = await run(
        `SELECT * FROM d.all_types WHERE ${SOUND}(s) IS NOT NULL`,
      );
      assertEquals(values, plain.values);
      assertEquals(schema, plain.schema);
      assert(evaluator === "reference");
    });
  });
});
