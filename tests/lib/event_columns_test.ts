import { assertEquals, assertThrows } from "@std/assert";
import { checkColumns, type Column } from "../../lib/event_columns.ts";
import { eventColumns } from "../../lib/event_files.ts";
import { Failure } from "../../lib/failure.ts";

const columns = await eventColumns();

function changed(name: string, change: Partial<Column>): Column[] {
  return columns.map((column) => column.name === name ? { ...column, ...change } : column);
}

function refusal(columns: Column[]): string {
  return assertThrows(() => checkColumns(columns, "shop.parquet"), Failure).message;
}

Deno.test("the sample's schema has every column the models read", () => {
  checkColumns(columns, "the sample");
});

Deno.test("a missing column is named", () => {
  assertEquals(
    refusal(columns.filter(({ name }) => name !== "user_pseudo_id")),
    "Cannot learn from shop.parquet as it has no column user_pseudo_id",
  );
});

Deno.test("a missing field of a nested column is named with its path", () => {
  assertEquals(
    refusal(changed("items", { fields: [{ name: "item_name", type: "STRING" }] })),
    "Cannot learn from shop.parquet as it has no column items.item_category",
  );
});

Deno.test("a column of another type, or one that is not repeated, is named", () => {
  assertEquals(
    refusal(changed("event_timestamp", { type: "STRING" })),
    "Cannot learn from shop.parquet as its column event_timestamp must be INTEGER: it is STRING",
  );
  assertEquals(
    refusal(changed("items", { mode: "NULLABLE" })),
    "Cannot learn from shop.parquet as its column items must be REPEATED: it is NULLABLE",
  );
});
