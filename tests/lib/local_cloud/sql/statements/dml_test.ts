import { assertEquals } from "@std/assert";
import { withEngine } from "../with_engine.ts";

Deno.test("INSERT, UPDATE, DELETE and TRUNCATE change rows and count them", async () => {
  await withEngine(async ({ run }) => {
    await run("CREATE TABLE d.t (x INT64, s STRING, a ARRAY<INT64>)");
    const counts = [];
    for (
      const sql of [
        "INSERT INTO d.t (x, s) VALUES (1, 'a'), (2, 'b'), (3, NULL)",
        "INSERT INTO d.t (s, x) SELECT s, x + 10 FROM d.t WHERE x < 3",
        "UPDATE d.t SET s = CONCAT(s, '!'), x = x + 1 WHERE x > 10",
        "DELETE FROM d.t WHERE s IS NULL",
      ]
    ) counts.push((await run(sql)).dml);
    assertEquals(counts, [
      { inserted: 3, updated: 0, deleted: 0 },
      { inserted: 2, updated: 0, deleted: 0 },
      { inserted: 0, updated: 2, deleted: 0 },
      { inserted: 0, updated: 0, deleted: 1 },
    ]);
    assertEquals((await run("SELECT x, s, a IS NULL FROM d.t ORDER BY x")).values, [
      ["1", "a", false],
      ["2", "b", false],
      ["12", "a!", false],
      ["13", "b!", false],
    ]);
    assertEquals((await run("TRUNCATE TABLE d.t")).dml?.deleted, 4);
    assertEquals((await run("SELECT COUNT(*) FROM d.t")).values, [["0"]]);
  });
});
