import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import fc from "fast-check";
import { type AnswerPart, differenceOf, toAnswer } from "../../../lib/deploy/known_answers.ts";

const answer = (parts: Record<string, number>): AnswerPart[] =>
  Object.entries(parts).map(([name, value]) => ({ name, value }));

Deno.test("the walk-through's answer is read nearest first", () => {
  const prediction = {
    nearest_centroid_id: [3],
    centroid_distances: [
      17.12813603951723,
      142.2885807575315,
      14.73747037975442,
      15.66436157266043,
    ],
    centroid_ids: [1, 2, 3, 4],
  };
  assertEquals(toAnswer("user_clusters", prediction).map(({ name }) => name), ["3", "4", "1", "2"]);
});

Deno.test("of two equally near centroids the one that is named comes first", () => {
  const prediction = { nearest_centroid_id: [2], centroid_distances: [1, 1], centroid_ids: [1, 2] };
  assertEquals(toAnswer("user_clusters", prediction)[0].name, "2");
});

Deno.test("recommendations stay in their order", () => {
  const prediction = { predicted_item: ["Tea", " Cup"], predicted_rating: [0.9, 0.1] };
  assertEquals(toAnswer("product_affinity", prediction), [
    { name: "Tea", value: 0.9 },
    { name: " Cup", value: 0.1 },
  ]);
});

Deno.test("an answer of another model's shape is refused", () => {
  assertThrows(() => toAnswer("user_clusters", { predicted_item: [], predicted_rating: [] }));
  assertThrows(() => toAnswer("product_affinity", { scores: [1] }));
});

Deno.test("a difference of more than a millionth is told", () => {
  const known = answer({ a: 3, b: 2, c: 1 });
  assertEquals(differenceOf(answer({ a: 3.000001, b: 2, c: 1 }), known), undefined);
  assertStringIncludes(
    differenceOf(answer({ a: 3.00001, b: 2, c: 1 }), known) ?? "",
    '"a" is 3.00001',
  );
  assertStringIncludes(differenceOf(answer({ b: 2, a: 3, c: 1 }), known) ?? "", 'place of "a"');
  assertStringIncludes(differenceOf([], known) ?? "", "nothing was answered");
});

Deno.test("equal values may change places, also at the end of a list that is cut off", () => {
  const known = answer({ a: 3, b: 2, c: 2 });
  assertEquals(differenceOf(answer({ a: 3, c: 2, b: 2 }), known), undefined);
  assertEquals(differenceOf(answer({ a: 3, c: 2 }), known), undefined);
});

Deno.test("an answer equals itself, and another one with any value changed does not", () => {
  const values = fc.uniqueArray(fc.integer({ min: 1, max: 1e6 }), { minLength: 1, maxLength: 20 });
  fc.assert(fc.property(values, fc.nat(), (numbers, pick) => {
    const known = numbers.sort((a, b) => b - a).map((value) => ({ name: `p${value}`, value }));
    assertEquals(differenceOf(known, known), undefined);
    const changed = known.map((part, i) =>
      i === pick % known.length ? { ...part, value: part.value * 1.01 + 0.01 * numbers[0] } : part
    );
    assertEquals(differenceOf(changed, known) === undefined, false);
  }));
});
