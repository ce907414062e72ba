import { assertEquals } from "@std/assert";
import {
  featureInfo,
  quotedName,
  rowsByPrefix,
} from "../../../../../lib/local_cloud/console/page/statements.js";

Deno.test("a name stays a name, whatever letters it has", () => {
  assertEquals(quotedName("p-1", "d", "t"), "`p-1`.`d`.`t`");
  assertEquals(quotedName("a`; DROP TABLE x; --\\"), "`a\\`; DROP TABLE x; --\\\\`");
});

Deno.test("rows are searched by a parameter, and each column is asked for once", () => {
  assertEquals(
    rowsByPrefix(["p", "d", "t"], "id", ["a b", "id"]),
    "SELECT DISTINCT `id`, `a b` FROM `p`.`d`.`t` " +
      "WHERE STARTS_WITH(CAST(`id` AS STRING), @prefix) ORDER BY 1 LIMIT 10",
  );
});

Deno.test("features are asked for by the model's full name", () => {
  assertEquals(
    featureInfo(["p", "d", "m"]),
    "SELECT * FROM ML.FEATURE_INFO(MODEL `p`.`d`.`m`)",
  );
});
