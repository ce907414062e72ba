import { assert, assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { niceTicks } from "../../../../../lib/local_cloud/console/page/ticks.js";

Deno.test("ticks are round numbers around the range", () => {
  assertEquals(niceTicks(2.1, 33.6), [0, 10, 20, 30, 40]);
  assertEquals(niceTicks(0.3379, 0.3397), [0.3375, 0.338, 0.3385, 0.339, 0.3395, 0.34]);
  assertEquals(niceTicks(0, 1, { about: 6, whole: true }), [0, 1]);
  assertEquals(niceTicks(5, 5).length >= 2, true);
  for (const tiny of [0, 1e-323, -7e-323, 1e-200]) assertEquals(niceTicks(tiny, tiny), [0, 0.5]);
});

Deno.test("ticks rise, cover the range and are few, whatever the range", () => {
  const number = fc.double({ min: -1e9, max: 1e9, noNaN: true });
  fc.assert(fc.property(number, number, (a, b) => {
    const [low, high] = [Math.min(a, b), Math.max(a, b)];
    const span = high - low;
    fc.pre(span === 0 || (span > 1e-6 && span > 1e-6 * Math.max(Math.abs(low), Math.abs(high))));
    const ticks = niceTicks(low, high);
    const slack = (ticks[1] - ticks[0]) * 1e-6;
    assert(ticks.length >= 2 && ticks.length <= 12, `${ticks}`);
    assert(ticks.every((tick, at) => at === 0 || tick > ticks[at - 1]), `${ticks}`);
    assert(ticks[0] <= low + slack && ticks[ticks.length - 1] >= high - slack, `${ticks}`);
  }));
});
