import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLess,
  assertLessOrEqual,
  assertThrows,
} from "@std/assert";
import fc from "fast-check";
import { kmeans, type KMeansOptions } from "../../../../lib/local_cloud/ml/kmeans.ts";
import { fillNormal, uniformFrom } from "../../../../lib/local_cloud/ml/random.ts";
import { adjustedRand } from "./adjusted_rand.ts";

/** One iteration as the textbook has it: assign to the nearest, average, assign and measure. */
function plainIteration(rows: number[][], centroids: number[][]) {
  const apart = (x: number[], c: number[]) => x.reduce((s, v, j) => s + (v - c[j]) ** 2, 0);
  const nearest = (x: number[], all: number[][]) => {
    const distances = all.map((c) => apart(x, c));
    return distances.indexOf(Math.min(...distances));
  };
  const before = rows.map((x) => nearest(x, centroids));
  const moved = centroids.map((_, c) => {
    const own = rows.filter((_, i) => before[i] === c);
    return own[0].map((_, j) => own.reduce((s, x) => s + x[j], 0) / own.length);
  });
  const assignments = rows.map((x) => nearest(x, moved));
  const total = rows.reduce((s, x, i) => s + apart(x, moved[assignments[i]]), 0);
  return { centroids: moved, assignments, loss: total / rows.length };
}

/** What a run reached, without its times. */
function outcome(rows: Float64Array, dimensions: number, options: KMeansOptions) {
  const { centroids, assignments, iterations } = kmeans(rows, dimensions, options);
  return {
    ...{ centroids, assignments },
    iterations: iterations.map(({ iteration, loss, clusters }) => ({ iteration, loss, clusters })),
  };
}

function normals(count: number, seed: number): Float64Array {
  const rows = new Float64Array(count);
  fillNormal(rows, 1, uniformFrom(seed));
  return rows;
}

const METHODS = ["RANDOM", "KMEANS++"] as const;
const DISTANCES = ["EUCLIDEAN", "COSINE"] as const;

const CUSTOM = { initMethod: "CUSTOM", earlyStop: false } as const;

/** Small sets of whole-numbered rows in two dimensions: many ties, many duplicates. */
const tables = fc.record({
  rows: fc.array(fc.integer({ min: -6, max: 6 }), { minLength: 6, maxLength: 60 })
    .map((values) => Float64Array.from(values.slice(0, values.length & ~1))),
  clusters: fc.integer({ min: 1, max: 5 }),
  seed: fc.integer(),
  initMethod: fc.constantFrom(...METHODS),
  distanceType: fc.constantFrom(...DISTANCES),
});

/** Runs a case, or nothing when it has too few distinct rows. */
function tryOutcome(rows: Float64Array, options: KMeansOptions) {
  try {
    return outcome(rows, 2, options);
  } catch (error) {
    assert(error instanceof RangeError);
    return undefined;
  }
}

Deno.test("four points and two custom centroids come out as worked by hand", () => {
  // Points 0, 2, 10, 12 with centroids at 0 and 2: 0 → first; 2, 10, 12 → second.
  // Iteration 0: centroids 0 and 24/3 = 8. Then 0, 2 → first; 10, 12 → second.
  //   squared distances 0, 4, 4, 16: loss 24/4 = 6; radii √(4/2) and √(20/2).
  // Iteration 1: centroids 1 and 11, squared distances all 1: loss 1, radii 1.
  const model = outcome(Float64Array.of(0, 2, 10, 12), 1, {
    ...CUSTOM,
    ...{ clusters: 2, initialRows: [0, 1], maxIterations: 2 },
  });
  const pair = (a: number, b: number) => [
    { centroidId: 1, radius: a, size: 2 },
    { centroidId: 2, radius: b, size: 2 },
  ];
  assertEquals(model, {
    centroids: Float64Array.of(1, 11),
    assignments: Uint32Array.of(0, 0, 1, 1),
    iterations: [
      { iteration: 0, loss: 6, clusters: pair(Math.SQRT2, Math.sqrt(10)) },
      { iteration: 1, loss: 1, clusters: pair(1, 1) },
    ],
  });
});

Deno.test("one iteration equals the plain one", () => {
  const rows = normals(300 * 3, 5);
  const lists = Array.from({ length: 300 }, (_, i) => [...rows.subarray(3 * i, 3 * i + 3)]);
  const initialRows = [0, 1, 2, 3, 4];
  const options = { ...CUSTOM, clusters: 5, initialRows, maxIterations: 1 };
  const model = kmeans(rows, 3, options);
  const plain = plainIteration(lists, lists.slice(0, 5));
  assertEquals([...model.assignments], plain.assignments);
  plain.centroids.flat().forEach((v, at) => assertAlmostEquals(model.centroids[at], v, 1e-12));
  assertAlmostEquals(model.iterations[0].loss, plain.loss, 1e-12);
});

Deno.test("cosine centroids come out as worked by hand", () => {
  // (3, 0), (0, 4) | (−2, 0), (0, 0), centroids at the first and the third row. (0, 4) is at
  // distance 1 from both, as is (0, 0): the lower id takes them. Iteration 0, first cluster: unit
  // vectors (1, 0) + (0, 1) point to (1, 1)/√2, mean norm (3 + 4 + 0)/3 = 7/3. Second: (−1, 0), 2.
  // Distances² 1 − 1/√2 twice, 0, and 1 for the zero row.
  const rows = Float64Array.of(3, 0, 0, 4, -2, 0, 0, 0);
  const options = { ...CUSTOM, clusters: 2, initialRows: [0, 2], maxIterations: 1 };
  const model = kmeans(rows, 2, { ...options, distanceType: "COSINE" });
  assertEquals([...model.assignments], [0, 0, 1, 0]);
  const along = 7 / 3 / Math.SQRT2;
  [along, along, -2, 0].forEach((v, at) => assertAlmostEquals(model.centroids[at], v, 1e-12));
  assertAlmostEquals(model.iterations[0].loss, (2 * (1 - Math.SQRT1_2) + 1) / 4, 1e-12);
});

Deno.test("the loss never rises, whatever the rows, distance and beginning", () => {
  fc.assert(fc.property(tables, ({ rows, ...options }) => {
    const losses = tryOutcome(rows, { ...options, earlyStop: false })?.iterations ?? [];
    for (let i = 1; i < losses.length; i++) {
      assertLessOrEqual(losses[i].loss, losses[i - 1].loss + 1e-12);
    }
  }));
});

Deno.test("there are k clusters with rows whenever there are k distinct rows", () => {
  fc.assert(fc.property(tables, ({ rows, ...options }) => {
    const last = tryOutcome(rows, options)?.iterations.at(-1)?.clusters ?? [];
    for (const { size } of last) assertGreater(size, 0);
  }));
});

Deno.test("the last loss is the mean squared distance to the nearest returned centroid", () => {
  const rows = normals(500 * 2, 3);
  const { centroids, iterations } = kmeans(rows, 2, { clusters: 4 });
  let sum = 0;
  for (let i = 0; i < rows.length; i += 2) {
    const [x, y] = [rows[i], rows[i + 1]];
    sum += Math.min(
      ...[0, 2, 4, 6].map((c) => (x - centroids[c]) ** 2 + (y - centroids[c + 1]) ** 2),
    );
  }
  assertAlmostEquals(iterations.at(-1)?.loss ?? NaN, sum / 500, 1e-14);
});

Deno.test("the same seed gives the same bytes", () => {
  fc.assert(
    fc.property(tables, ({ rows, ...options }) => {
      assertEquals(tryOutcome(rows, options), tryOutcome(rows.slice(), options));
    }),
    { numRuns: 50 },
  );
});

Deno.test("with custom centroids the order of the rows does not matter", () => {
  const rows = normals(200 * 2, 8);
  const forth = kmeans(rows, 2, { ...CUSTOM, clusters: 3, initialRows: [0, 1, 2] });
  const reversed = Float64Array.from({ length: 400 }, (_, at) => rows[398 - (at & ~1) + (at & 1)]);
  const back = kmeans(reversed, 2, { ...CUSTOM, clusters: 3, initialRows: [199, 198, 197] });
  forth.centroids.forEach((v, at) => assertAlmostEquals(back.centroids[at], v, 1e-12));
  assertEquals([...back.assignments].reverse(), [...forth.assignments]);
});

Deno.test("with custom centroids every row twice gives the same centroids", () => {
  const rows = normals(200 * 2, 9);
  const options = { ...CUSTOM, clusters: 3, initialRows: [0, 1, 2] };
  const once = kmeans(rows, 2, options);
  const twice = kmeans(Float64Array.of(...rows, ...rows), 2, options);
  once.centroids.forEach((v, at) => assertAlmostEquals(twice.centroids[at], v, 1e-12));
  assertAlmostEquals(twice.iterations.at(-1)?.loss ?? 0, once.iterations.at(-1)?.loss ?? NaN);
});

for (const initMethod of METHODS) {
  for (const distanceType of DISTANCES) {
    Deno.test(`planted blobs are found again from ${initMethod} by ${distanceType}`, () => {
      const rows = normals(3000 * 2, 11);
      const truth = Array.from({ length: 3000 }, (_, i) => i % 3);
      truth.forEach((blob, i) => {
        rows[2 * i] += [20, 0, -20][blob];
        rows[2 * i + 1] += [0, 20, -10][blob];
      });
      const { assignments } = kmeans(rows, 2, { clusters: 3, initMethod, distanceType, seed: 4 });
      assertGreater(adjustedRand(assignments, truth), 0.95);
    });
  }
}

Deno.test("an emptied cluster moves onto the farthest row", () => {
  // Centroids at 0, 0 and 1: the second stays empty, so it moves onto 100, the farthest row.
  const rows = Float64Array.of(0, 0, 1, 2, 100);
  const { centroids } = kmeans(rows, 1, { ...CUSTOM, clusters: 3, initialRows: [0, 1, 2] });
  assertEquals([...centroids], [0, 100, 1.5]);
});

Deno.test("ids follow the first column of the centroids that training begins with", () => {
  const rows = Float64Array.of(30, 0, 31, 0, 10, 5, 11, 5, 20, 9, 21, 9);
  const { centroids } = kmeans(rows, 2, { clusters: 3, seed: 2 });
  assertEquals([...centroids], [10.5, 5, 20.5, 9, 30.5, 0]);
});

Deno.test("training stops after the first iteration that gains too little", () => {
  const rows = normals(1000 * 2, 1);
  const options = { clusters: 6, maxIterations: 300, minRelProgress: 0.01 };
  const losses = kmeans(rows, 2, options).iterations.map(({ loss }) => loss);
  const gains = losses.slice(1).map((loss, i) => (losses[i] - loss) / losses[i]);
  assertLess(gains.at(-1) ?? NaN, 0.01);
  gains.slice(0, -1).forEach((gain) => assertGreater(gain, 0.01));
  assertEquals(kmeans(rows, 2, { ...options, earlyStop: false }).iterations.length, 300);
});

Deno.test("what cannot be clustered is refused with the rule and the value", () => {
  const refused = (rows: number[], options: KMeansOptions, message: string) =>
    assertThrows(() => kmeans(Float64Array.from(rows), 1, options), RangeError, message);
  refused(
    [1, 2, 2, 1],
    { clusters: 3 },
    "Cannot form 3 clusters as there must be at least as many distinct rows: current value is 2",
  );
  refused([1, 2, 0], { clusters: 2, distanceType: "COSINE" }, "directions: current value is 1");
  refused([1, NaN], { clusters: 1 }, "every value must be finite: current value is NaN");
  refused([1, 2], { clusters: 0 }, "1 or more: current value is 0");
  refused([1, 2], { clusters: 1, maxIterations: 0 }, "maxIterations must be");
  const custom = { clusters: 2, initMethod: "CUSTOM" } as const;
  refused([1, 2], { ...custom, initialRows: [0] }, "there must be 2 of them: current value is 1");
  refused([1, 2], { ...custom, initialRows: [0, 2] }, "a row of 0 to 1: current value is 2");
});
