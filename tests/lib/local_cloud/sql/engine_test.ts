import { assertEquals, assertRejects } from "@std/assert";
import { CloudError } from "../../../../lib/local_cloud/errors.ts";
import { withEngine } from "./with_engine.ts";

Deno.test("a missing table, a missing dataset and a wrong name are told in BigQuery's words", async () => {
  await withEngine(async ({ run }) => {
    const messages = [];
    for (const sql of ["SELECT * FROM d.t", "SELECT * FROM e.t", "SELECT * FROM t", "SELECT x"]) {
      messages.push((await assertRejects(() => run(sql), CloudError)).message);
    }
    assertEquals(messages, [
      "Not found: Table p:d.t was not found in location US",
      "Not found: Dataset p:e was not found in location US",
      'Table "t" must be qualified with a dataset (e.g. dataset.table).',
      "Unrecognized name: x at [1:8]",
    ]);
  });
});

Deno.test("a default dataset completes names, and names are case-sensitive as in BigQuery", async () => {
  await withEngine(async ({ run }) => {
    await run("CREATE TABLE d.T AS SELECT 1 AS x");
    const defaultDataset = { projectId: "p", datasetId: "d" };
    assertEquals((await run("SELECT x FROM T", { defaultDataset })).values, [["1"]]);
    await assertRejects(
      () => run("SELECT x FROM t", { defaultDataset }),
      CloudError,
      "Table p:d.t",
    );
  });
});

Deno.test("a quoted two-part name has the table's own name as its alias", async () => {
  await withEngine(async ({ run }) => {
    await run("CREATE TABLE d.t AS SELECT 1 AS x");
    assertEquals((await run("SELECT t.x FROM `p.d.t`")).values, [["1"]]);
  });
});

Deno.test("the place of an error is that in the text as it was written", async () => {
  await withEngine(async ({ run }) => {
    await run("CREATE TABLE d.t AS SELECT 1 AS x");
    await assertRejects(
      () => run("SELECT 1 FROM `d.t`, y.z"),
      CloudError,
      "Dataset p:y was not found",
    );
    await assertRejects(() => run("SELECT 'ü' FROM `d.t` WHERE y"), CloudError, "y at [1:29]");
    await run("CREATE TABLE d.many AS SELECT x FROM UNNEST(GENERATE_ARRAY(0, 10000)) AS x");
    await assertRejects(
      () => run("SELECT 'ü', SOUNDEX('a') FROM `d.many`"),
      CloudError,
      "Function SOUNDEX is not supported by the local warehouse over more than 10000 rows or 4 MB at [1:13]",
    );
  });
});

Deno.test("parameters of every shape stand for their values", async () => {
  await withEngine(async ({ run }) => {
    const parameters = [
      { name: "n", type: { kind: "INT64" as const }, value: { value: "2" } },
      { name: "s", type: { kind: "STRING" as const }, value: { value: `it's "\\" \u2028 ü` } },
      {
        name: "a",
        type: { kind: "ARRAY" as const, element: { kind: "INT64" as const } },
        value: { arrayValues: [{ value: "1" }, { value: "2" }] },
      },
      { name: "none", type: { kind: "FLOAT64" as const }, value: { value: null } },
    ];
    const { values } = await run(
      "SELECT @n + 1, @s, ARRAY(SELECT x * 2 FROM UNNEST(@a) AS x), @none, '@n' LIMIT @n",
      { parameters },
    );
    assertEquals(values, [["3", `it's "\\" \u2028 ü`, ["2", "4"], null, "@n"]]);
  });
});

Deno.test("positional parameters are taken in their order", async () => {
  await withEngine(async ({ run }) => {
    const parameters = ["7", "5"].map((value) => ({
      type: { kind: "INT64" as const },
      value: { value },
    }));
    assertEquals((await run("SELECT ? - ?", { parameters })).values, [["2"]]);
    await assertRejects(
      () => run("SELECT ?, ?, ?", { parameters }),
      CloudError,
      "Positional query parameter not found at [1:14]",
    );
  });
});

Deno.test("a value that is no value of its parameter's type is an error", async () => {
  await withEngine(async ({ run }) => {
    const parameters = [{ name: "n", type: { kind: "INT64" as const }, value: { value: "two" } }];
    await assertRejects(() => run("SELECT @n", { parameters }), CloudError);
  });
});

Deno.test("a script answers with its last statement and lists them all", async () => {
  await withEngine(async ({ run }) => {
    const ran = await run("CREATE TABLE d.t AS SELECT 1 AS x;\nSELECT x + 1 AS y FROM d.t;");
    assertEquals([ran.statementType, ran.values], ["SCRIPT", [["2"]]]);
    assertEquals(ran.children?.map(({ statementType }) => statementType), [
      "CREATE_TABLE_AS_SELECT",
      "SELECT",
    ]);
  });
});

Deno.test("a dry run tells schema and bytes and makes nothing", async () => {
  await withEngine(async ({ run }) => {
    await run("CREATE TABLE d.t AS SELECT 1 AS x");
    const dry = await run("SELECT x FROM d.t", { dryRun: true });
    assertEquals([dry.schema, dry.rows, dry.bytesProcessed], [
      [{ name: "x", type: { kind: "INT64" } }],
      undefined,
      8,
    ]);
    await run("CREATE TABLE d.u AS SELECT 1 AS x", { dryRun: true });
    await assertRejects(() => run("SELECT * FROM d.u"), CloudError, "Table p:d.u");
  });
});

Deno.test("SQL reaches no file, whatever it tries", async () => {
  await withEngine(async ({ run }) => {
    for (const sql of ["SELECT * FROM `/etc/passwd`", "SELECT read_text('/etc/passwd')"]) {
      await assertRejects(() => run(sql), CloudError);
    }
  });
});

Deno.test("a cancelled query stops and leaves nothing", async () => {
  await withEngine(async ({ run }) => {
    await run("CREATE TABLE d.n AS SELECT x FROM UNNEST([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) AS x");
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 100);
    const tables = Array.from({ length: 10 }, (_, i) => `d.n AS n${i}`).join(", ");
    await assertRejects(
      () =>
        run(`CREATE TABLE d.t AS SELECT COUNT(*) AS x FROM ${tables}`, {
          signal: controller.signal,
        }),
      CloudError,
      "cancelled",
    );
    await assertRejects(() => run("SELECT * FROM d.t"), CloudError, "Table p:d.t");
  });
});

Deno.test("a query that is too long or too deep is the user's error, not the server's", async () => {
  await withEngine(async ({ run }) => {
    const long = `SELECT '${"a".repeat(2 ** 20)}'`;
    const deep = `${"SELECT x FROM (".repeat(300)}SELECT 1 AS x${")".repeat(300)}`;
    const told: [string, string][] = [[long, "The query is too large"], [deep, "too complex"]];
    for (const [sql, message] of told) {
      const error = await assertRejects(() => run(sql), CloudError, message);
      assertEquals(error.code, 400);
    }
    assertEquals((await run("SELECT 1")).values, [["1"]]);
  });
});
