import { assertRejects } from "@std/assert";
import { Court, Disagreement } from "./judge.ts";

Deno.test({
  name: "the judge tells unlike names, types, values, orders and failures apart",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    const court = await Court.open();
    const unlike = [
      ["SELECT 1 AS x", "SELECT 1 AS y"],
      ["SELECT 1 AS x", "SELECT 1.0 AS x"],
      ["SELECT 1 AS x", "SELECT 2 AS x"],
      ["SELECT 1 AS x", "SELECT CAST(NULL AS INT64) AS x"],
      ["SELECT 0.1 AS x", "SELECT 0.10000000001 AS x"],
      ["SELECT [1, 2] AS x", "SELECT [2, 1] AS x"],
      ["SELECT ARRAY<INT64>[] AS x", "SELECT CAST(NULL AS ARRAY<INT64>) AS x"],
      ["SELECT id FROM numbers", "SELECT id FROM numbers WHERE id > 1"],
      ["SELECT id FROM numbers", "SELECT id FROM numbers UNION ALL SELECT 1"],
      ["SELECT id FROM numbers ORDER BY id", "SELECT id FROM numbers ORDER BY id DESC"],
      ["SELECT 1 / 1 AS x", "SELECT 1 / 0 AS x"],
    ];
    try {
      for (const [sql, twin] of unlike) {
        await court.judge(sql);
        await assertRejects(() => court.judge(sql, twin), Disagreement);
      }
      await court.judge("SELECT id FROM numbers", "SELECT id FROM (SELECT * FROM numbers)");
    } finally {
      await court.close();
    }
  },
});
