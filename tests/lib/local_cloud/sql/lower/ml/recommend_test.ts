import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { CloudError } from "../../../../../../lib/local_cloud/errors.ts";
import { product, ridge } from "../../../ml/dense_algebra.ts";
import { type Engine, withEngine } from "../../with_engine.ts";
import { taste } from "./small_models.ts";

interface Vectors {
  intercept: number;
  users: Map<string, { factors: number[]; intercept: number }>;
  items: Map<string, { factors: number[]; intercept: number }>;
}

/** The model as ML.WEIGHTS tells it. */
async function weights({ run }: Engine): Promise<Vectors> {
  const { values } = await run(`SELECT processed_input, feature,
    ARRAY(SELECT weight FROM UNNEST(factor_weights) ORDER BY factor) AS w, intercept
    FROM ML.WEIGHTS(MODEL d.taste)`);
  const side = (input: string) =>
    new Map(
      values.filter(([name]) => name === input).map(([_, feature, factors, intercept]) => [
        feature as string,
        { factors: factors as number[], intercept: intercept as number },
      ]),
    );
  const global = values.find(([name]) => name === null)!;
  assertEquals(global.slice(1, 3), ["global__INTERCEPT__", []]);
  return { intercept: global[3] as number, users: side("u"), items: side("i") };
}

const NONE = { factors: [0, 0], intercept: 0 };

/** The score in ten plain lines. */
function score({ intercept, users, items }: Vectors, user: string, item: string): number {
  const [u, i] = [users.get(user) ?? NONE, items.get(item) ?? NONE];
  return intercept + u.intercept + i.intercept + product(u.factors, i.factors);
}

for (const feedback of ["implicit", "explicit"] as const) {
  Deno.test(`ML.RECOMMEND (${feedback}) answers each of its forms with the score`, async () => {
    await withEngine(async (engine) => {
      await taste(engine, feedback);
      const model = await weights(engine);
      const name = feedback === "implicit" ? "predicted_r_confidence" : "predicted_r";
      const forms: [string, string[]][] = [
        ["", [..."pqr"].flatMap((i) => ["ann", "bob", "eve"].map((u) => u + i))],
        [", (SELECT 'bob' AS U)", ["bobp", "bobq", "bobr"]],
        [", (SELECT 'q' AS i)", ["annq", "bobq", "eveq"]],
        [", (SELECT 'r' AS i, 'ann' AS u)", ["annr"]],
        [", (SELECT 'new' AS u)", ["newp", "newq", "newr"]],
        [", (SELECT 'z' AS i)", ["annz", "bobz", "evez"]],
        [", (SELECT u, i FROM d.ratings)", ["annp", "annq", "bobq", "bobr", "evep", "ever"]],
        [", (SELECT u FROM UNNEST(['eve', 'eve']) AS u)", [..."ppqqrr"].map((i) => `eve${i}`)],
      ];
      for (const [input, pairs] of forms) {
        const { schema, values } = await engine.run(
          `SELECT * FROM ML.RECOMMEND(MODEL d.taste${input}) ORDER BY u, i`,
        );
        assertEquals(schema.map(({ name }) => name), [name, "u", "i"]);
        assertEquals(values.map(([_, u, i]) => `${u}${i}`), pairs.sort());
        for (const [given, u, i] of values) {
          assertAlmostEquals(given as number, score(model, u as string, i as string), 1e-12);
        }
      }
    });
  });
}

Deno.test("ML.RECOMMEND of pairs passes other columns through, after the two ids", async () => {
  await withEngine(async (engine) => {
    await taste(engine, "implicit");
    const { schema, values } = await engine.run(`SELECT * EXCEPT (predicted_r_confidence)
      FROM ML.RECOMMEND(MODEL d.taste, (SELECT 1 AS a, 'p' AS i, 2 AS b, 'eve' AS u))`);
    assertEquals(schema.map(({ name }) => name), ["u", "i", "a", "b"]);
    assertEquals(values, [["eve", "p", "1", "2"]]);
  });
});

Deno.test("ML.RECOMMEND composes with joins, aggregates and itself", async () => {
  await withEngine(async (engine) => {
    await taste(engine, "implicit");
    const { values } = await engine.run(`SELECT a.u, COUNT(*) AS n, MAX(a.i) AS last
      FROM ML.RECOMMEND(MODEL d.taste) AS a
      LEFT JOIN d.ratings AS seen ON seen.u = a.u AND seen.i = a.i
      JOIN ML.RECOMMEND(MODEL d.taste, (SELECT 'ann' AS u UNION ALL SELECT 'bob')) AS b
        ON b.u = a.u AND b.i = a.i AND b.predicted_r_confidence = a.predicted_r_confidence
      WHERE seen.u IS NULL GROUP BY a.u ORDER BY a.u`);
    assertEquals(values, [["ann", "1", "r"], ["bob", "1", "p"]]);
  });
});

Deno.test("ML.RECOMMEND refuses an input without ids, with more than one id, or of another type", async () => {
  await withEngine(async (engine) => {
    await taste(engine, "implicit");
    const messages = [];
    for (const input of ["1 AS x", "'ann' AS u, 1 AS x", "1 AS u", "'ann' AS u, 1 AS i"]) {
      const sql = `SELECT * FROM ML.RECOMMEND(MODEL d.taste, (SELECT ${input}))`;
      messages.push((await assertRejects(() => engine.run(sql), CloudError)).message);
    }
    const call = "ML.RECOMMEND of model p:d.taste";
    assertEquals(messages, [
      `The input of ${call} must have a column u, a column i, or both at [1:18]`,
      `The input of ${call} with one of the columns u and i must have no other: it has x at [1:18]`,
      `Column u in the input of ${call} has type INT64, but the model was trained on STRING at [1:18]`,
      `Column i in the input of ${call} has type INT64, but the model was trained on STRING at [1:18]`,
    ]);
  });
});

Deno.test("names of any letters come back as the columns of a model", async () => {
  await withEngine(async ({ run }) => {
    await run(`CREATE MODEL d.m OPTIONS (model_type = 'matrix_factorization',
        user_col = 'the user', item_col = 'It\\'s', rating_col = 'select', num_factors = 2) AS
      SELECT 1 AS \`the user\`, 2 AS \`It's\`, 3 AS \`select\``);
    const { schema } = await run(
      "SELECT * FROM ML.RECOMMEND(MODEL d.m, (SELECT 1 AS `the user`))",
    );
    assertEquals(schema.map(({ name }) => name), ["predicted_select", "the user", "It's"]);
  });
});

Deno.test("weighted least squares leaves each item at its exact minimum", async () => {
  await withEngine(async (engine) => {
    await taste(engine, "implicit");
    const { users, items } = await weights(engine);
    const rated: Record<string, number> = { annp: 2, annq: 1, bobq: 3, bobr: 1, evep: 1 };
    for (const [item, { factors }] of items) {
      // c = 1 + 40·r and p = 1 where rated; c = 1 and p = 0 elsewhere.
      const observations = [...users].map(([user, { factors: vector }]) => {
        const rating = rated[`${user}${item}`] ?? 0;
        return { weight: 1 + 40 * rating, target: rating > 0 ? 1 : 0, vector };
      });
      const exact = ridge(observations, 2, 0.5);
      factors.forEach((value, k) => assertAlmostEquals(value, exact[k], 1e-9));
    }
  });
});
