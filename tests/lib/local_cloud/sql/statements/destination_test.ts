import { assertEquals, assertRejects } from "@std/assert";
import { CloudError } from "../../../../../lib/local_cloud/errors.ts";
import type { Destination } from "../../../../../lib/local_cloud/sql/mod.ts";
import { withEngine } from "../with_engine.ts";

const into = (
  tableId: string,
  writeDisposition: Destination["writeDisposition"],
): { destination: Destination } => ({
  destination: {
    table: { projectId: "p", datasetId: "d", tableId },
    writeDisposition,
    createDisposition: "CREATE_IF_NEEDED",
  },
});

Deno.test("jobs that append at once to a table not there yet lose no rows", async () => {
  await withEngine(async ({ run }) => {
    const jobs = [1, 2, 3, 4].map((x) => run(`SELECT ${x} AS x`, into("t", "WRITE_APPEND")));
    await Promise.all(jobs);
    const { values } = await run("SELECT x FROM d.t ORDER BY x");
    assertEquals(values, [["1"], ["2"], ["3"], ["4"]]);
  });
});

Deno.test("a column of arrays that appended rows leave out is empty in them", async () => {
  await withEngine(async ({ run }) => {
    await run("CREATE TABLE d.t (id INT64, a ARRAY<INT64>)");
    await run("SELECT 1 AS id", into("t", "WRITE_APPEND"));
    assertEquals((await run("SELECT id, a IS NULL FROM d.t")).values, [["1", false]]);
  });
});

Deno.test("a view is no destination", async () => {
  await withEngine(async ({ run }) => {
    await run("CREATE VIEW d.v AS SELECT 1 AS a");
    for (const disposition of ["WRITE_TRUNCATE", "WRITE_APPEND", "WRITE_EMPTY"] as const) {
      await assertRejects(
        () => run("SELECT 2 AS a", into("v", disposition)),
        CloudError,
        "p:d.v is not allowed for this operation because it is currently a VIEW.",
      );
    }
    assertEquals((await run("SELECT a FROM d.v")).values, [["1"]]);
  });
});

Deno.test("only a query has a destination, and nothing else is run with one", async () => {
  await withEngine(async ({ run }) => {
    const refused: [string, string][] = [
      ["CREATE TABLE d.u AS SELECT 1 AS a", "CREATE TABLE AS SELECT statements"],
      ["SELECT 1 AS a; SELECT 2 AS a", "destinationTable cannot be set for scripts"],
    ];
    for (const [sql, message] of refused) {
      await assertRejects(() => run(sql, into("t", "WRITE_EMPTY")), CloudError, message);
    }
    await assertRejects(() => run("SELECT * FROM d.u"), CloudError, "Not found: Table p:d.u");
    await assertRejects(() => run("SELECT * FROM d.t"), CloudError, "Not found: Table p:d.t");
  });
});
