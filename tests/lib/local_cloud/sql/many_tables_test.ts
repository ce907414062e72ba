import { assertRejects } from "@std/assert";
import { CloudError } from "../../../../lib/local_cloud/errors.ts";
import { withEngine } from "./with_engine.ts";

Deno.test("wildcard tables and INFORMATION_SCHEMA are refused by name, not as missing", async () => {
  await withEngine(async ({ run }) => {
    const refused: [string, string][] = [
      ["SELECT * FROM `p.d.events_*`", "A wildcard table is not supported"],
      ["SELECT * FROM d.INFORMATION_SCHEMA.TABLES", "INFORMATION_SCHEMA is not supported"],
      ["SELECT * FROM `region-us`.information_schema.JOBS", "INFORMATION_SCHEMA is not supported"],
    ];
    for (const [sql, message] of refused) await assertRejects(() => run(sql), CloudError, message);
  });
});
