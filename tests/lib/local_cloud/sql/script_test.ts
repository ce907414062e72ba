import { assertEquals, assertThrows } from "@std/assert";
import { CloudError } from "../../../../lib/local_cloud/errors.ts";
import { splitScript } from "../../../../lib/local_cloud/sql/script.ts";

Deno.test("a script is split at its semicolons, not at those in strings and comments", () => {
  assertEquals(splitScript("SELECT ';' -- ;\n; SELECT 2;").map((sql) => sql.trim()), [
    "SELECT ';' -- ;",
    "SELECT 2",
  ]);
});

Deno.test("a later statement keeps the lines and columns it has in the script", () => {
  const [, second] = splitScript("SELECT 1;\n  SELECT 2");
  assertEquals(second, "         \n  SELECT 2");
});

Deno.test("nothing but comments is no statement", () => {
  assertEquals(splitScript(" -- nothing\n;;"), []);
});

Deno.test("a procedural statement is refused by name and place", () => {
  const error = assertThrows(() => splitScript("SELECT 1;\nDECLARE x INT64;"), CloudError);
  assertEquals(
    error.message,
    "DECLARE in a script is not supported by the local warehouse at [2:1]",
  );
});

Deno.test("ALTER is refused by name, not for want of its table", () => {
  const error = assertThrows(() => splitScript("ALTER TABLE d.t ADD COLUMN x INT64"), CloudError);
  assertEquals(error.message, "ALTER is not supported by the local warehouse at [1:1]");
});
