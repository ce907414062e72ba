import { assertEquals } from "@std/assert";
import type { Field } from "../../../../../lib/local_cloud/console/resources.ts";
import {
  isNumber,
  rowValues,
  typeText,
} from "../../../../../lib/local_cloud/console/page/values.js";
import { flattened } from "../../../../../lib/local_cloud/console/page/value_view.js";

const tags: Field = {
  name: "tags",
  type: "RECORD",
  mode: "REPEATED",
  fields: [{ name: "key", type: "STRING" }, { name: "values", type: "INTEGER", mode: "REPEATED" }],
};

Deno.test("NULL, an empty text and an empty list stay apart", () => {
  const fields: Field[] = [
    { name: "a", type: "STRING" },
    { name: "b", type: "STRING" },
    { name: "c", type: "STRING", mode: "REPEATED" },
  ];
  assertEquals(rowValues(fields, { f: [{ v: null }, { v: "" }, { v: [] }] }), {
    a: null,
    b: "",
    c: [],
  });
});

Deno.test("records and lists inside of each other are read", () => {
  const row = { f: [{ v: [{ v: { f: [{ v: "k" }, { v: [{ v: "9007199254740993" }] }] } }] }] };
  assertEquals(rowValues([tags], row), { tags: [{ key: "k", values: ["9007199254740993"] }] });
});

Deno.test("types are written as GoogleSQL writes them", () => {
  assertEquals(typeText(tags), "ARRAY<STRUCT<key STRING, values ARRAY<INT64>>>");
  assertEquals(typeText({ name: "x", type: "FLOAT" }), "FLOAT64");
});

Deno.test("a list of numbers is no number", () => {
  assertEquals(isNumber({ name: "x", type: "INTEGER" }), true);
  assertEquals(isNumber({ name: "x", type: "INTEGER", mode: "REPEATED" }), false);
});

Deno.test("a record inside a record becomes columns of its own", () => {
  const record = { key: "k", value: { int: null, deep: { text: "t" } }, list: ["a"] };
  assertEquals(flattened(record), {
    "key": "k",
    "value.int": null,
    "value.deep.text": "t",
    "list": ["a"],
  });
});
