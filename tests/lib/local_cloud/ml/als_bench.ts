/** Weighted ALS over 130 000 ratings and 15 factors beside a plain implementation over lists. */
import { factorize, type Ratings } from "../../../../lib/local_cloud/ml/als.ts";
import { uniformFrom } from "../../../../lib/local_cloud/ml/random.ts";
import { solveDense } from "./dense_algebra.ts";

const [USERS, ITEMS, RATINGS, FACTORS] = [27_000, 400, 130_000, 15];
const uniform = uniformFrom(1);
const ratings: Ratings = {
  ...{ userCount: USERS, itemCount: ITEMS },
  users: Uint32Array.from({ length: RATINGS }, () => uniform() * USERS),
  items: Uint32Array.from({ length: RATINGS }, () => uniform() ** 2 * ITEMS),
  values: Float64Array.from({ length: RATINGS }, () => 1 + Math.floor(5 * uniform())),
};

type Seen = [column: number, rating: number][];

function seenBy(rows: Uint32Array, columns: Uint32Array, count: number): Seen[] {
  const seen: Seen[] = Array.from({ length: count }, () => []);
  rows.forEach((row, e) => seen[row].push([columns[e], ratings.values[e]]));
  return seen;
}

/** (YᵀY + α Σ r·y·yᵀ + λI)·x = Σ (1 + α·r)·y for every row, λ = 1 and α = 40. */
function plainHalfStep(seen: Seen[], other: number[][]): number[][] {
  const axes = Array.from({ length: FACTORS }, (_, p) => p);
  const shared = axes.map((p) =>
    axes.map((q) => other.reduce((s, y) => s + y[p] * y[q], +(p === q)))
  );
  return seen.map((own) => {
    const matrix = axes.map((p) =>
      axes.map((q) =>
        own.reduce((s, [i, r]) => s + 40 * r * other[i][p] * other[i][q], shared[p][q])
      )
    );
    return solveDense(
      matrix,
      axes.map((p) => own.reduce((s, [i, r]) => s + (1 + 40 * r) * other[i][p], 0)),
    );
  });
}

function plainAls(iterations: number): void {
  const byUser = seenBy(ratings.users, ratings.items, USERS);
  const byItem = seenBy(ratings.items, ratings.users, ITEMS);
  let items = byItem.map(() => Array.from({ length: FACTORS }, () => uniform() / 10));
  for (let iteration = 0; iteration < iterations; iteration++) {
    items = plainHalfStep(byItem, plainHalfStep(byUser, items));
  }
}

const options = { factors: FACTORS, maxIterations: 2, earlyStop: false };

Deno.bench(
  { name: "plain lists, implicit, 2 iterations", group: "als", baseline: true, n: 3 },
  () => {
    plainAls(2);
  },
);
Deno.bench({ name: "factorize, implicit, 2 iterations", group: "als", n: 10 }, () => {
  factorize(ratings, { ...options, feedback: "IMPLICIT" });
});
Deno.bench({ name: "factorize, explicit, 2 iterations", group: "als", n: 10 }, () => {
  factorize(ratings, { ...options, feedback: "EXPLICIT" });
});
