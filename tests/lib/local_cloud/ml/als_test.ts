import {
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLess,
  assertLessOrEqual,
  assertThrows,
} from "@std/assert";
import fc from "fast-check";
import {
  type AlsOptions,
  type FactorizationModel,
  factorize,
  type Ratings,
} from "../../../../lib/local_cloud/ml/als.ts";
import { uniformFrom } from "../../../../lib/local_cloud/ml/random.ts";
import { lists, product, ridge } from "./dense_algebra.ts";

type Triple = [user: number, item: number, value: number];

function ratingsOf(triples: Triple[], userCount: number, itemCount: number): Ratings {
  return {
    ...{ userCount, itemCount },
    users: Uint32Array.from(triples, ([user]) => user),
    items: Uint32Array.from(triples, ([, item]) => item),
    values: Float64Array.from(triples, ([, , value]) => value),
  };
}

function randomTriples(count: number, userCount: number, itemCount: number, seed: number) {
  const uniform = uniformFrom(seed);
  return Array.from({ length: count }, (): Triple => [
    Math.floor(uniform() * userCount),
    Math.floor(uniform() * itemCount),
    1 + Math.floor(uniform() * 5),
  ]);
}

/** Σ of the positive ratings of each pair, users × items. */
function table(triples: Triple[], userCount: number, itemCount: number): number[][] {
  const sums = Array.from({ length: userCount }, () => Array<number>(itemCount).fill(0));
  for (const [user, item, value] of triples) sums[user][item] += Math.max(value, 0);
  return sums;
}

/** The implicit objective with every pair visited. */
function denseObjective(sums: number[][], model: FactorizationModel, options: AlsOptions): number {
  const { factors, l2Reg = 1, walsAlpha = 40 } = options;
  const [x, y] = [lists(model.userFactors, factors), lists(model.itemFactors, factors)];
  const penalty = l2Reg * [...x, ...y].reduce((sum, v) => sum + product(v, v), 0);
  return sums.flatMap((row, u) =>
    row.map((r, i) => (1 + walsAlpha * r) * ((r > 0 ? 1 : 0) - product(x[u], y[i])) ** 2)
  ).reduce((a, b) => a + b, penalty);
}

/** What a run gave, without its times. */
function outcome(ratings: Ratings, options: AlsOptions) {
  const { iterations, ...model } = factorize(ratings, options);
  return { ...model, losses: iterations.map(({ loss }) => loss) };
}

function assertClose(actual: ArrayLike<number>, expected: number[], tolerance = 1e-9) {
  assertEquals(actual.length, expected.length);
  expected.forEach((v, at) => assertAlmostEquals(actual[at], v, tolerance * (1 + Math.abs(v))));
}

const TRIPLES = randomTriples(60, 12, 9, 3);
const RATINGS = ratingsOf(TRIPLES, 12, 9);

/** Sparse, wide and repeated: small sets of ratings, some of them negative. */
const cases = fc.record({
  triples: fc.array(
    fc.tuple(fc.nat(7), fc.nat(5), fc.integer({ min: -1, max: 5 })),
    { minLength: 1, maxLength: 40 },
  ),
  factors: fc.integer({ min: 1, max: 9 }),
  l2Reg: fc.constantFrom(0, 1e-3, 0.1, 1, 10),
  seed: fc.integer(),
});

/** Many ratings for each user, then few: the two ways in which a row's equations are solved. */
const SHAPES = [
  { count: 60, userCount: 12, itemCount: 9, factors: 4 },
  { count: 90, userCount: 50, itemCount: 9, factors: 8 },
];

for (const { count, userCount, itemCount, factors } of SHAPES) {
  const triples = randomTriples(count, userCount, itemCount, 3);
  const ratings = ratingsOf(triples, userCount, itemCount);
  const sums = table(triples, userCount, itemCount);
  const options: AlsOptions = {
    ...{ feedback: "IMPLICIT", factors, l2Reg: 0.3, walsAlpha: 2, earlyStop: false },
  };
  const solve = (seen: number[], other: number[][]) =>
    ridge(
      seen.map((r, at) => ({ vector: other[at], weight: 1 + 2 * r, target: r > 0 ? 1 : 0 })),
      factors,
      0.3,
    );

  Deno.test(`implicit item factors solve the dense equations, ${userCount} users`, () => {
    // The last half-step solved the items, so they are the ridge solution over ALL users.
    const model = factorize(ratings, { ...options, maxIterations: 3 });
    const x = lists(model.userFactors, factors);
    const y = sums[0].map((_, i) => solve(sums.map((row) => row[i]), x));
    assertClose(model.itemFactors, y.flat());
  });

  Deno.test(`implicit user factors solve the dense equations, ${userCount} users`, () => {
    // One iteration more from the same seed solves its users against these items.
    const before = factorize(ratings, { ...options, maxIterations: 3 });
    const after = factorize(ratings, { ...options, maxIterations: 4 });
    const y = lists(before.itemFactors, factors);
    assertClose(after.userFactors, sums.flatMap((row) => solve(row, y)));
  });
}

Deno.test("explicit vectors and intercepts solve the dense normal equations of the other side", () => {
  const options = { factors: 3, l2Reg: 0.2, earlyStop: false };
  const before = factorize(RATINGS, { ...options, maxIterations: 3 });
  const after = factorize(RATINGS, { ...options, maxIterations: 4 });
  const mean = TRIPLES.reduce((sum, [, , r]) => sum + r, 0) / TRIPLES.length;
  assertAlmostEquals(after.globalIntercept, mean, 1e-12);
  const solve = (own: 0 | 1, count: number, factors: Float64Array, intercepts: Float64Array) => {
    const other = lists(factors, 3);
    return Array.from({ length: count }, (_, row) => {
      const seen = TRIPLES.filter((triple) => triple[own] === row);
      const observations = seen.map((triple) => ({
        weight: 1,
        vector: [...other[triple[1 - own]], 1],
        target: triple[2] - mean - intercepts[triple[1 - own]],
      }));
      return seen.length > 0 ? ridge(observations, 4, 0.2) : [0, 0, 0, 0];
    });
  };
  const users = solve(0, 12, before.itemFactors, before.itemIntercepts);
  assertClose(after.userFactors, users.flatMap((v) => v.slice(0, 3)));
  assertClose(after.userIntercepts, users.map((v) => v[3]));
  const items = solve(1, 9, after.userFactors, after.userIntercepts);
  assertClose(after.itemFactors, items.flatMap((v) => v.slice(0, 3)));
  assertClose(after.itemIntercepts, items.map((v) => v[3]));
});

Deno.test("the explicit loss is the mean squared error over the ratings", () => {
  const model = factorize(RATINGS, { factors: 3, l2Reg: 0.2 });
  const [x, y] = [lists(model.userFactors, 3), lists(model.itemFactors, 3)];
  const errors = TRIPLES.map(([u, i, r]) =>
    r - model.globalIntercept - model.userIntercepts[u] - model.itemIntercepts[i] -
    product(x[u], y[i])
  );
  const expected = product(errors, errors) / TRIPLES.length;
  assertAlmostEquals(model.iterations.at(-1)?.loss ?? NaN, expected, 1e-12);
});

Deno.test("the implicit loss is the dense one and never rises, whatever the ratings", () => {
  fc.assert(fc.property(cases, ({ triples, ...rest }) => {
    const options: AlsOptions = { ...rest, feedback: "IMPLICIT", earlyStop: false };
    const sums = table(triples, 8, 6);
    let before = Infinity;
    for (let maxIterations = 1; maxIterations <= 4; maxIterations++) {
      const model = factorize(ratingsOf(triples, 8, 6), { ...options, maxIterations });
      const objective = denseObjective(sums, model, options);
      const told = (model.iterations.at(-1)?.loss ?? NaN) * 48;
      assertAlmostEquals(told, objective, 1e-9 * (1 + objective));
      assertLessOrEqual(objective, before * (1 + 1e-9) + 1e-9);
      before = objective;
    }
  }));
});

Deno.test("the explicit objective never rises, whatever the ratings", () => {
  fc.assert(fc.property(cases, ({ triples, ...rest }) => {
    let before = Infinity;
    for (let maxIterations = 1; maxIterations <= 4; maxIterations++) {
      const options = { ...rest, maxIterations, earlyStop: false };
      const model = factorize(ratingsOf(triples, 8, 6), options);
      const { userFactors, itemFactors, userIntercepts, itemIntercepts } = model;
      const all = [...userFactors, ...itemFactors, ...userIntercepts, ...itemIntercepts];
      const error = (model.iterations.at(-1)?.loss ?? NaN) * triples.length;
      const objective = error + rest.l2Reg * product(all, all);
      assertLessOrEqual(objective, before * (1 + 1e-9) + 1e-9);
      before = objective;
    }
  }));
});

Deno.test("implicit ratings of the same pair add up, and those not above 0 add nothing", () => {
  const options: AlsOptions = { feedback: "IMPLICIT", factors: 2 };
  const apart = outcome(ratingsOf([[0, 0, 2], [1, 1, 4], [0, 0, 3], [1, 0, -2]], 2, 2), options);
  const summed = outcome(ratingsOf([[1, 1, 4], [0, 0, 5]], 2, 2), options);
  assertEquals(apart, summed);
});

Deno.test("explicit ratings of the same pair are observations of their own", () => {
  // One user and item, ratings 1 and 4 against 2.5 twice: the same sums, so the same model.
  const options: AlsOptions = { factors: 2, l2Reg: 0.5, seed: 1, earlyStop: false };
  const apart = outcome(ratingsOf([[0, 0, 1], [0, 0, 4], [1, 0, 5]], 2, 1), options);
  const even = outcome(ratingsOf([[0, 0, 2.5], [0, 0, 2.5], [1, 0, 5]], 2, 1), options);
  assertClose(apart.userFactors, [...even.userFactors]);
  assertClose(apart.userIntercepts, [...even.userIntercepts]);
  assertGreater(apart.losses.at(-1) ?? NaN, even.losses.at(-1) ?? NaN);
});

Deno.test("users and items without ratings have zero factors and intercepts", () => {
  for (const feedback of ["IMPLICIT", "EXPLICIT"] as const) {
    const model = factorize(ratingsOf([[1, 1, 5], [1, 2, 1]], 3, 3), { feedback, factors: 2 });
    assertEquals([...model.userFactors.subarray(0, 2), ...model.userFactors.subarray(4)], [
      0,
      0,
      0,
      0,
    ]);
    assertEquals([...model.itemFactors.subarray(0, 2)], [0, 0]);
    assertEquals([model.userIntercepts[0], model.itemIntercepts[0]], [0, 0]);
  }
});

Deno.test("the same seed gives the same bytes", () => {
  for (const feedback of ["IMPLICIT", "EXPLICIT"] as const) {
    const options: AlsOptions = { feedback, factors: 5, seed: 7 };
    assertEquals(outcome(RATINGS, options), outcome(ratingsOf(TRIPLES, 12, 9), options));
  }
});

Deno.test("a hidden purchase is found again", () => {
  // 40 users of 4 groups; each buys the 6 items of the group, but one of them is held out.
  const groupOf = (user: number) => user % 4;
  const hiddenFrom = (user: number) => 6 * groupOf(user) + Math.floor(user / 4) % 6;
  const triples: Triple[] = [];
  for (let user = 0; user < 40; user++) {
    for (let item = 6 * groupOf(user); item < 6 * groupOf(user) + 6; item++) {
      if (item !== hiddenFrom(user)) triples.push([user, item, 1]);
    }
  }
  const model = factorize(ratingsOf(triples, 40, 24), { feedback: "IMPLICIT", factors: 6 });
  const [x, y] = [lists(model.userFactors, 6), lists(model.itemFactors, 6)];
  for (let user = 0; user < 40; user++) {
    const bought = new Set(triples.filter(([u]) => u === user).map(([, item]) => item));
    const unseen = y.map((_, item) => item).filter((item) => !bought.has(item));
    const scores = unseen.map((item) => product(x[user], y[item]));
    assertEquals(unseen[scores.indexOf(Math.max(...scores))], hiddenFrom(user));
  }
});

Deno.test("training stops after the first iteration that gains too little", () => {
  const options: AlsOptions = { feedback: "IMPLICIT", factors: 3, maxIterations: 200 };
  const { losses } = outcome(RATINGS, options);
  const gains = losses.slice(1).map((loss, i) => (losses[i] - loss) / losses[i]);
  assertLess(gains.at(-1) ?? NaN, 0.01);
  gains.slice(0, -1).forEach((gain) => assertGreater(gain, 0.01));
  assertEquals(outcome(RATINGS, { ...options, earlyStop: false }).losses.length, 200);
});

Deno.test("what cannot be factorized is refused with the rule and the value", () => {
  const refused = (ratings: Ratings, options: AlsOptions, message: string) =>
    assertThrows(() => factorize(ratings, options), RangeError, message);
  const one = ratingsOf([[0, 0, 1]], 1, 1);
  refused(one, { factors: 0 }, "Cannot factorize ratings as factors must be a whole number");
  refused(
    one,
    { factors: 1, l2Reg: -1 },
    "l2Reg must be a number of 0 or more: current value is -1",
  );
  refused(ratingsOf([], 1, 1), { factors: 1 }, "there must be at least one: current value is 0");
  refused(
    ratingsOf([[2, 0, 1]], 1, 1),
    { factors: 1 },
    "a user must be under 1: current value is 2",
  );
  refused(
    ratingsOf([[0, 1, 1]], 1, 1),
    { factors: 1 },
    "an item must be under 1: current value is 1",
  );
  refused(ratingsOf([[0, 0, NaN]], 1, 1), { factors: 1 }, "finite: current value is NaN");
});
