/**
 * Queries that no one thought of: DuckDB and Google's reference implementation must agree on each.
 * `FROM_SEED` and `SEEDS` in the environment choose others than those of the first thousand.
 */
import { Court, Disagreement, judgeCase } from "./judge.ts";
import { randomQuery } from "./random/queries.ts";

const FIRST = Number(Deno.env.get("FROM_SEED") ?? 1);
const COUNT = Number(Deno.env.get("SEEDS") ?? 1000);
const SHOWN = 5;

Deno.test({
  name: `random queries ${FIRST} to ${FIRST + COUNT - 1}`,
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    const court = await Court.open();
    const failures: string[] = [];
    try {
      for (let seed = FIRST; seed < FIRST + COUNT; seed++) {
        await judgeCase(randomQuery(seed), court).catch((error) =>
          failures.push(`seed ${seed}: ${(error as Error).message}\n${randomQuery(seed)}`)
        );
      }
    } finally {
      await court.close();
    }
    if (failures.length === 0) return;
    const report = failures.slice(0, SHOWN).join("\n\n");
    throw new Disagreement(`${failures.length} of ${COUNT} random queries differ:\n${report}`);
  },
});
