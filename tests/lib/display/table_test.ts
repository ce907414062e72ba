import { assert, assertEquals, assertMatch, assertNotMatch, assertThrows } from "@std/assert";
import fc from "fast-check";
import { DISPLAY, table, type TableOptions } from "../../../lib/display.ts";

function shown(rows: readonly object[], options?: TableOptions) {
  const bundle = table(rows, options)[DISPLAY]();
  return { html: String(bundle["text/html"]), text: String(bundle["text/plain"]) };
}

Deno.test("a table's columns have titles, units, digits and kinds", () => {
  const rows = [
    { id: "a", share: 0.125, msec: 754_000, value: 1234.5, items: ["x", "y"], n: 1000n },
    { id: "b", share: 1, msec: 850, value: -3, items: [], n: null },
  ];
  const columns: TableOptions["columns"] = {
    id: { title: "User" },
    n: { unit: "pieces" },
    share: { as: "percent", digits: 0 },
    msec: { title: "Time", as: "seconds_of_msec" },
    value: { as: "dollars" },
    items: { as: "list" },
  };
  assertEquals(shown(rows, { title: "Two users", note: "Made up.", columns }).text.split("\n"), [
    "Two users",
    "",
    "User  N (pieces)  Share         Time      Value  Items",
    "a          1,000    13%  12 min 34 s  $1,234.50  x, y",
    "b              –   100%        0.9 s     −$3.00",
    "",
    "Made up.",
  ]);
});

Deno.test("a table's HTML has caption, headings and numbers to the right", () => {
  const { html } = shown([{ name: "a", n: 1.25 }], { title: "T", note: "N" });
  assertMatch(html, /<caption[^>]*><b>T<\/b><\/caption>/);
  assertMatch(html, /<th scope="col" align="left"[^>]*>Name<\/th>/);
  assertMatch(html, /<td align="right" style="[^"]*tabular-nums[^"]*">1.25<\/td>/);
  assertMatch(html, /<p><small>N<\/small><\/p>/);
  assertNotMatch(html, /color/);
});

Deno.test("a long table shows its first rows and says how many are left", () => {
  const rows = Array.from({ length: 1025 }, (_, i) => ({ i }));
  const { html, text } = shown(rows);
  assertEquals(html.match(/<tr>/g)?.length, 21);
  assertMatch(text, /… and 1,005 more$/);
  assertMatch(shown(rows, { rows: 3 }).text, /… and 1,022 more$/);
});

Deno.test("dates and wrapped dates are read as they are", () => {
  const row = { day: { value: "2020-11-01" }, at: new Date(0), none: undefined, bad: NaN };
  assertMatch(shown([row]).text, /2020-11-01 +1970-01-01T00:00:00.000Z +– +–/);
});

Deno.test("no text becomes a tag", () => {
  const TAGS = /^(div|table|caption|b|thead|tr|th|tbody|td|p|small)$/;
  const hostile = fc.oneof(fc.string(), fc.constantFrom("<b", "</td>", "<script>", '" x="', "'>"));
  fc.assert(fc.property(hostile, hostile, hostile, (cell, title, note) => {
    const { html } = shown([{ cell, [title || "x"]: [cell] }], { title, note });
    for (const [, name] of html.matchAll(/<\/?([^\s>]*)[^>]*>/g)) assert(TAGS.test(name), html);
    assertEquals(html.match(/<td/g)?.length, title === "cell" ? 1 : 2);
  }));
});

Deno.test("a table that cannot be shown says why", () => {
  assertThrows(() => table([]), RangeError, "there are no rows");
  assertThrows(
    () => table([{ a: 1, b: 2 }], { columns: { c: {} } }),
    TypeError,
    'the field "c" as the rows have none of that name: there are a, b',
  );
});
