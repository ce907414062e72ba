import { assert, assertEquals, assertThrows } from "@std/assert";
import { Failure } from "../../lib/failure.ts";
import { matching, oneOf, PATTERNS, wholeNumber } from "../../lib/option_values.ts";

Deno.test("names of Google Cloud are told from others", () => {
  const good = {
    dataset: ["ecommerce_public", "A1"],
    table: ["d.t", "p-1.d.events_*"],
    project: ["my-project", "example.com:shop-1"],
    location: ["US", "europe-west1"],
    region: ["us-central1", "northamerica-northeast1"],
    bucket: ["local-cloud-ecommerce_public", "a.b.c"],
    machine: ["n1-standard-2", "c2d-highcpu-4", "a2-highgpu-1g"],
  };
  const bad = {
    dataset: ["a-b", ""],
    table: ["t", "a b.c"],
    project: ["1st-project", "ab"],
    location: ["US1", "'"],
    region: ["US", "us-central"],
    bucket: ["A", "-bucket", "ab$"],
    machine: ["n1", "n1-standard", "n1-standard-2; rm"],
  };
  for (const name of Object.keys(PATTERNS) as (keyof typeof PATTERNS)[]) {
    for (const value of good[name]) assertEquals(matching("--x", value, PATTERNS[name]), value);
    for (const value of bad[name]) {
      assertThrows(() => matching("--x", value, PATTERNS[name]), Failure, PATTERNS[name].rule);
    }
  }
});

Deno.test("a whole number is one of a range, written in digits alone", () => {
  const range = { least: 1, most: 99 };
  assertEquals([wholeNumber("--n", "1", range), wholeNumber("--n", "99", range)], [1, 99]);
  for (const text of ["0", "100", "1e1", "+3", " 3", "3.0", ""]) {
    assertThrows(() => wholeNumber("--n", text, range), Failure, "from 1 to 99");
  }
});

Deno.test("one of a few values is taken as it is", () => {
  assert(oneOf("--x", "b", ["a", "b"]) === "b");
  assertThrows(() => oneOf("--x", "B", ["a", "b"]), Failure, 'a or b: current value is "B"');
});
