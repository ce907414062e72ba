import { assertEquals, assertRejects } from "@std/assert";
import { CloudError } from "../../../../lib/local_cloud/errors.ts";
import { withEngine } from "./with_engine.ts";

Deno.test("what goes wrong while a query runs is told in BigQuery's words, without our SQL", async () => {
  await withEngine(async ({ run }) => {
    const messages: Record<string, string> = {
      "SELECT 9223372036854775807 * 2": "int64 overflow: 9223372036854775807 * 2",
      "SELECT SUM(x) FROM UNNEST([9223372036854775807, 1]) AS x": "int64 overflow",
      "SELECT 1 / x FROM UNNEST([0]) AS x": "division by zero",
      "SELECT CAST(x AS INT64) FROM UNNEST(['a']) AS x": "Bad int64 value: a",
      "SELECT [1, 2][OFFSET(5)]": "Array index 5 is out of bounds",
      "SELECT (SELECT x FROM UNNEST([1, 2]) AS x)":
        "Scalar subquery produced more than one element",
    };
    for (const [sql, message] of Object.entries(messages)) {
      const error = await assertRejects(() => run(sql), CloudError);
      assertEquals([error.reason, error.message], ["invalidQuery", message]);
    }
  });
});
