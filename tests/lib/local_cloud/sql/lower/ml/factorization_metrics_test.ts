import { assertAlmostEquals, assertEquals } from "@std/assert";
import { type Engine, withEngine } from "../../with_engine.ts";
import { taste } from "./small_models.ts";

interface Rating {
  u: string;
  i: string;
  r: number;
}
const RATINGS: Rating[] = [
  { u: "ann", i: "p", r: 2 },
  { u: "ann", i: "q", r: 1 },
  { u: "bob", i: "q", r: 3 },
  { u: "bob", i: "r", r: 1 },
  { u: "eve", i: "p", r: 1 },
];

const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;

/** Scores of all pairs, by user and item. */
async function scores({ run }: Engine): Promise<Map<string, Map<string, number>>> {
  const found = new Map<string, Map<string, number>>();
  for (const [score, u, i] of (await run("SELECT * FROM ML.RECOMMEND(MODEL d.taste)")).values) {
    if (!found.has(u as string)) found.set(u as string, new Map());
    found.get(u as string)!.set(i as string, score as number);
  }
  return found;
}

/** The metrics of implicit feedback, slowly. */
function ranking(all: Map<string, Map<string, number>>, ratings: Rating[]): number[] {
  const users = [...new Set(ratings.map(({ u }) => u))];
  const perUser = users.map((user) => {
    const order = [...all.get(user)!].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    const rated = ratings.filter(({ u }) => u === user)
      .map(({ i, r }) => ({ r, place: order.findIndex(([item]) => item === i) + 1 }));
    const places = rated.map(({ place }) => place).sort((a, b) => a - b);
    const discounted = (r: number, place: number) => r / Math.log2(1 + place);
    const ideal = rated.map(({ r }) => r).sort((a, b) => b - a);
    return {
      precision: mean(places.map((place, k) => (k + 1) / place)),
      errors: order.map(([item, s]) =>
        ((ratings.some(({ u, i }) => u === user && i === item) ? 1 : 0) - s) ** 2
      ),
      gain: rated.reduce((sum, { r, place }) => sum + discounted(r, place), 0) /
        ideal.reduce((sum, r, k) => sum + discounted(r, k + 1), 0),
      rank: rated.reduce((sum, { r, place }) => sum + r * (place - 1) / (order.length - 1), 0),
    };
  });
  const total = ratings.reduce((sum, { r }) => sum + r, 0);
  return [
    mean(perUser.map(({ precision }) => precision)),
    mean(perUser.flatMap(({ errors }) => errors)),
    mean(perUser.map(({ gain }) => gain)),
    perUser.reduce((sum, { rank }) => sum + rank, 0) / total,
  ];
}

/** The metrics of explicit feedback, slowly. */
function rating(pairs: { r: number; p: number }[]): number[] {
  const errors = pairs.map(({ r, p }) => r - p);
  const spread = (values: number[]) => mean(values.map((v) => (v - mean(values)) ** 2));
  const sorted = errors.map(Math.abs).sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const ratings = pairs.map(({ r }) => r);
  return [
    mean(errors.map(Math.abs)),
    mean(errors.map((e) => e * e)),
    mean(pairs.map(({ r, p }) => (Math.log1p(r) - Math.log1p(Math.max(p, 0))) ** 2)),
    (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2,
    1 - mean(errors.map((e) => e * e)) / spread(ratings),
    1 - spread(errors) / spread(ratings),
  ];
}

function assertNear(given: unknown[], wanted: number[]): void {
  wanted.forEach((value, i) => assertAlmostEquals(given[i] as number, value, 1e-12));
}

Deno.test("implicit ML.EVALUATE ranks all items for each user, as ten slow lines do", async () => {
  await withEngine(async (engine) => {
    await taste(engine, "implicit");
    const all = await scores(engine);
    const stored = await engine.run("SELECT * FROM ML.EVALUATE(MODEL d.taste)");
    assertEquals(stored.schema.map(({ name }) => name), [
      ...["mean_average_precision", "mean_squared_error"],
      ...["normalized_discounted_cumulative_gain", "average_rank"],
    ]);
    assertNear(stored.values[0], ranking(all, RATINGS));
    const same = await engine.run("SELECT * FROM ML.EVALUATE(MODEL d.taste, TABLE d.ratings)");
    assertEquals(same.values, stored.values);
    // Ratings of a pair add up; unknown ids and ratings of nothing are left out.
    const other = await engine.run(`SELECT * FROM ML.EVALUATE(MODEL d.taste, (
      SELECT 'eve' AS u, 'r' AS i, 1 AS r UNION ALL SELECT 'eve', 'r', 2 UNION ALL
      SELECT 'eve', 'q', 1 UNION ALL SELECT 'ann', 'r', 0 UNION ALL SELECT 'ann', 'r', -1 UNION ALL
      SELECT 'new', 'p', 1 UNION ALL SELECT 'ann', 'new', 1))`);
    const added = [{ u: "eve", i: "r", r: 3 }, { u: "eve", i: "q", r: 1 }];
    assertNear(other.values[0], ranking(all, added));
    const none = await engine.run(
      "SELECT * FROM ML.EVALUATE(MODEL d.taste, (SELECT * FROM d.ratings WHERE FALSE))",
    );
    assertEquals(none.values, [[null, null, null, null]]);
  });
});

Deno.test("items of equal score are ranked by their ids", async () => {
  await withEngine(async ({ run }) => {
    // Items that the same users rate alike have the same factors, to the bit.
    await run(`CREATE MODEL d.m OPTIONS (model_type = 'matrix_factorization',
        feedback_type = 'implicit', user_col = 'u', item_col = 'i', rating_col = 'r',
        num_factors = 2) AS
      SELECT u, i, 1 AS r FROM UNNEST([1, 2]) AS u, UNNEST([1, 2, 3, 4, 5]) AS i`);
    const { values: distinct } = await run(
      "SELECT COUNT(DISTINCT predicted_r_confidence) FROM ML.RECOMMEND(MODEL d.m) GROUP BY u",
    );
    assertEquals(distinct, [["1"], ["1"]]);
    const { values } = await run(`SELECT average_rank, mean_average_precision
      FROM ML.EVALUATE(MODEL d.m, (SELECT 1 AS u, 3 AS i, 1 AS r))`);
    assertEquals(values, [[0.5, 1 / 3]]);
  });
});

Deno.test("explicit ML.EVALUATE measures errors, as slow lines do, unknown ids included", async () => {
  await withEngine(async (engine) => {
    await taste(engine, "explicit");
    const all = await scores(engine);
    const stored = await engine.run("SELECT * FROM ML.EVALUATE(MODEL d.taste)");
    assertEquals(stored.schema.map(({ name }) => name), [
      ...["mean_absolute_error", "mean_squared_error", "mean_squared_log_error"],
      ...["median_absolute_error", "r2_score", "explained_variance"],
    ]);
    assertNear(
      stored.values[0],
      rating(RATINGS.map(({ u, i, r }) => ({ r, p: all.get(u)!.get(i)! }))),
    );
    const same = await engine.run("SELECT * FROM ML.EVALUATE(MODEL d.taste, TABLE d.ratings)");
    assertEquals(same.values, stored.values);
    const [[p]] = (await engine.run(
      "SELECT predicted_r FROM ML.RECOMMEND(MODEL d.taste, (SELECT 'new' AS u, 'p' AS i))",
    )).values;
    const one = await engine.run(
      "SELECT * FROM ML.EVALUATE(MODEL d.taste, (SELECT 'new' AS u, 'p' AS i, 4.5 AS r))",
    );
    assertAlmostEquals(one.values[0][0] as number, 4.5 - (p as number), 1e-12);
    assertEquals(one.values[0].slice(4), [null, null]);
  });
});

Deno.test("ML.TRAINING_INFO and ML.FEATURE_INFO of a factorization", async () => {
  await withEngine(async (engine) => {
    await taste(engine, "explicit");
    const training = await engine.run("SELECT * FROM ML.TRAINING_INFO(MODEL d.taste)");
    assertEquals(
      training.schema.map(({ name }) => name),
      ["training_run", "iteration", "loss", "eval_loss", "duration_ms"],
    );
    const [loss] = training.values.at(-1)!.slice(2);
    const { values } = await engine.run(
      "SELECT mean_squared_error FROM ML.EVALUATE(MODEL d.taste)",
    );
    assertAlmostEquals(loss as number, values[0][0] as number, 1e-12);
    const features = await engine.run(
      "SELECT input, category_count, mean FROM ML.FEATURE_INFO(MODEL d.taste)",
    );
    assertEquals(features.values, [["u", "3", null], ["i", "3", null]]);
  });
});
