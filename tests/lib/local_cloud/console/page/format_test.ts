import { assertEquals } from "@std/assert";
import {
  counted,
  countText,
  numberText,
  readableJson,
  sizeText,
  timeText,
  wordsOf,
} from "../../../../../lib/local_cloud/console/page/format.js";

Deno.test("counts and sizes read well, and what is not known is left empty", () => {
  assertEquals(["12345", 0, undefined].map(countText), ["12,345", "0", ""]);
  assertEquals([counted(1, "table"), counted(2, "table")], ["1 table", "2 tables"]);
  assertEquals(["0", "1023", "1536", 5 * 1024 ** 3, undefined].map(sizeText), [
    "0 B",
    "1023 B",
    "1.5 KiB",
    "5.0 GiB",
    "",
  ]);
});

Deno.test("measured numbers have four significant digits, and whole ones all digits", () => {
  assertEquals([1234567, 0.056789, 3, -2.00049, 1e-7].map(numberText), [
    "1,234,567",
    "0.05679",
    "3",
    "-2",
    "1.000e-7",
  ]);
  assertEquals([NaN, -Infinity, null].map(numberText), ["NaN", "-Infinity", ""]);
});

Deno.test("a name made of digits is shown as it is", () => {
  assertEquals(numberText("2534169.4418845320"), "2534169.4418845320");
  assertEquals(numberText("007"), "007");
});

Deno.test("times are shown to the minute, in milliseconds or as RFC 3339", () => {
  const date = new Date(2026, 0, 31, 9, 5);
  assertEquals(timeText(String(date.getTime())), "2026-01-31 09:05");
  assertEquals(timeText(date.toISOString()), "2026-01-31 09:05");
  assertEquals([timeText(undefined), timeText("soon")], ["", "soon"]);
});

Deno.test("names of REST and of columns become words", () => {
  assertEquals(wordsOf("meanSquaredDistance"), "mean squared distance");
  assertEquals(wordsOf("null_count"), "null count");
});

Deno.test("JSON is indented, lists of plain values are one line, and no text is changed", () => {
  const json = `{"a":[1,2],"b":[{"c":["x [ y"]}],"d":"no  [ list"}`;
  const read = readableJson(json);
  assertEquals(JSON.parse(read), JSON.parse(json));
  assertEquals(read.split("\n")[1], '  "a": [ 1, 2 ],');
  assertEquals(readableJson("<html>"), "<html>");
});
