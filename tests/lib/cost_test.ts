/** What a run is said to cost. */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { describeCost, estimateCost } from "../../lib/cost.ts";
import { readArguments } from "../../lib/arguments.ts";
import { makeUserStats } from "../../lib/features.ts";
import { EVENTS } from "../fixtures.ts";
import { openShop } from "../open_shop.ts";

const MIB = 2 ** 20;
const TIB = 2 ** 40;

Deno.test({
  name: "a run's cost is told by dry runs",
  // The clients keep their connections.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn(t) {
    await using shop = await openShop(EVENTS);
    const { session } = shop;
    await t.step("a statement that reads little is billed for ten megabytes", async () => {
      const check = (await estimateCost(session)).find((cost) => cost.statement === "events/check");
      assert(check?.bytes !== undefined && check.bytes > 0 && check.bytes < 10 * MIB);
      assertAlmostEquals(check.dollars ?? NaN, 10 * MIB / TIB * 6.25, 1e-12);
    });
    await t.step("training costs fifty times a query, for each time it is run", async () => {
      const costs = await estimateCost(session);
      const dollars = (name: string) => costs.find((cost) => cost.statement === name)?.dollars ?? 0;
      assertAlmostEquals(dollars("user_clusters/train"), 100 * dollars("events/check"), 1e-12);
    });
    await t.step(
      "matrix factorization is billed by slot hours, whose price nobody knows before",
      async () => {
        const { kind, times, bytes, dollars } = (await estimateCost(session))
          .find((cost) => cost.statement === "product_affinity/train")!;
        assertEquals({ kind, times, bytes, dollars }, {
          ...{ kind: "slot hours", times: 3, bytes: undefined, dollars: undefined },
        });
      },
    );
    await t.step("what a dry run cannot say yet is known once the table is there", async () => {
      const bytes = async () =>
        (await estimateCost(session)).find((cost) => cost.statement === "user_clusters/train")
          ?.bytes;
      assertEquals(await bytes(), undefined);
      await makeUserStats(session, "published");
      assert((await bytes() ?? 0) > 0);
    });
    await t.step("the lines name the project, each statement, and the reservation", async () => {
      const settings = readArguments(["--project", "my-project"])!;
      const text = (await describeCost(session, settings)).join("\n");
      for (
        const part of [
          "local-cloud",
          "user_clusters/train",
          "together",
          "slot hours",
          "reservation",
        ]
      ) {
        assert(text.includes(part), `${part} is missing from:\n${text}`);
      }
    });
    await t.step("k-means alone needs no reservation", async () => {
      const settings = readArguments(["--model", "user_clusters"])!;
      const text = (await describeCost(session, settings)).join("\n");
      assert(!/reservation|slot/.test(text) && !text.includes("product_affinity"), text);
    });
  },
});
