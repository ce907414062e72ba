import { assertAlmostEquals, assertEquals } from "@std/assert";
import {
  decimal,
  digitsFor,
  duration,
  formatFor,
  logTicks,
  niceEnd,
  symlogTicks,
  tickFormat,
} from "../../../lib/display/numbers.ts";
import { textWidth, wrapped } from "../../../lib/display/text_width.ts";

Deno.test("numbers have the digits that their size asks for", () => {
  assertEquals([[1, 2], [0.25, 3.5], [150.5, 2], [12345.6], [0.25], [0.0001]].map(formatFor), [
    ",d",
    ",.2f",
    ",.1f",
    ",.0f",
    ".3f",
    ".3~g",
  ]);
  assertEquals([[1, 2], [3.5], [150.5], [12345.6], [0.25]].map(digitsFor), [0, 2, 1, 0, 3]);
});

Deno.test("large ticks are short", () => {
  assertEquals(tickFormat([0, 9_999]), undefined);
  assertEquals(tickFormat([0, 10_000]), "~s");
  assertEquals(tickFormat([1, 1000], "log"), "~s");
  assertEquals(tickFormat([0.01, 1], "log"), "~f");
});

Deno.test("a log axis has powers of ten, and 2 and 5 between few of them", () => {
  assertEquals(logTicks(1, 2000), [1, 10, 100, 1000]);
  assertEquals(logTicks(0.05, 3), [0.05, 0.1, 0.2, 0.5, 1, 2]);
});

Deno.test("a symlog axis from zero has ticks at like distances up to its end", () => {
  assertEquals(symlogTicks([5, 40, 598]), [0, 3, 10, 30, 100, 300, 600]);
  assertEquals(symlogTicks([12, 11]), [0, 10, 15]);
  assertEquals(symlogTicks([0.001, 250_000]), [0, 1, 10, 100, 1000, 10_000, 100_000, 300_000]);
  assertEquals([symlogTicks([0.4]), symlogTicks([1]), symlogTicks([2.1])], [
    [0, 0.4],
    [0, 1],
    [0, 1, 3],
  ]);
});

Deno.test("a nice end is the value or a little more", () => {
  assertEquals([598, 600, 1, 11, 15, 16, 0.07, 9.5].map(niceEnd), [
    ...[600, 600, 1, 15, 15, 20, 0.07, 10],
  ]);
});

Deno.test("what rounds to zero has no sign", () => {
  assertEquals([-0, -0.001, 0, -0.01].map((value) => decimal(value, 2)), [
    ...["0.00", "0.00", "0.00", "-0.01"],
  ]);
});

Deno.test("a duration is said in seconds, minutes or hours", () => {
  assertEquals([0, 850, 59_949, 59_951, 754_000, 3_599_600, 7_620_000, -1000].map(duration), [
    "0.0 s",
    "0.9 s",
    "59.9 s",
    "1 min 00 s",
    "12 min 34 s",
    "1 h 00 min",
    "2 h 07 min",
    "−1.0 s",
  ]);
});

Deno.test("the width of text is a little more than Helvetica's", () => {
  // 5 × 0.556 em at 10 px.
  assertAlmostEquals(textWidth("12345", { size: 10 }) / 27.8, 1.04, 1e-9);
  assertEquals(textWidth("", { size: 10 }), 0);
});

Deno.test("text is wrapped between words", () => {
  assertEquals(wrapped("one two three", { width: 50, size: 13 }), ["one two", "three"]);
  assertEquals(wrapped("incomprehensibilities", { width: 50, size: 13 }), [
    "incomprehensibilities",
  ]);
  assertEquals(wrapped("", { width: 50, size: 13 }), [""]);
});
