import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { type Edit, lineAndColumn, rewrite } from "../../../../lib/local_cloud/sql/rewrite.ts";

Deno.test("a message's place is put back to where it is in the text as it was written", () => {
  const text = "SELECT `a.b`.c,\n  `d.e` FROM t";
  const { restore } = rewrite(text, [
    { start: 7, end: 12, text: "`a`.`b`" },
    { start: 18, end: 23, text: "`d`.`e`" },
  ]);
  assertEquals(restore("Not there at [2:16]"), "Not there at [2:14]");
  assertEquals(restore("Not there at [1:15]"), "Not there at [1:13]");
  assertEquals(restore("Not there at [1:3]"), "Not there at [1:3]");
});

Deno.test("a message without a place stays as it is", () => {
  assertEquals(rewrite("a", []).restore("No [place]"), "No [place]");
});

Deno.test("every offset outside the edits finds the same character again", () => {
  const edits = fc.array(fc.tuple(fc.nat(8), fc.nat(8), fc.string()), { maxLength: 5 });
  fc.assert(fc.property(edits, (steps) => {
    // Unlike any edit's text, so that what is kept can be told apart.
    const text = Array.from({ length: 120 }, (_, i) => String.fromCharCode(0x4e00 + i)).join("");
    let at = 0;
    const ordered: Edit[] = steps.map(([gap, length, made]) => {
      const start = at + gap + 1;
      at = start + length;
      return { start, end: at, text: made };
    });
    const { sql, original } = rewrite(text, ordered);
    for (let i = 0; i < text.length; i++) {
      if (ordered.some(({ start, end }) => i >= start && i < end)) continue;
      assertEquals(original(sql.indexOf(text[i])), i);
    }
  }));
});

Deno.test("lines and columns count from one", () => {
  assertEquals(lineAndColumn("ab\ncd", 0), "1:1");
  assertEquals(lineAndColumn("ab\ncd", 4), "2:2");
});
