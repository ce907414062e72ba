/** From raw events to segments and recommendations, through Google's clients and the local cloud. */
import { assert, assertEquals, assertGreater, assertLess, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { readArguments } from "../lib/arguments.ts";
import { startProgress } from "../lib/progress.ts";
import { summarize } from "../lib/report.ts";
import { retrain, type RetrainResult } from "../lib/retrain.ts";
import { EVENTS } from "./fixtures.ts";
import { openCloud, openShop, run, type Shop, writeEvents } from "./open_shop.ts";

/** The clients keep their connections. */
const options = { sanitizeOps: false, sanitizeResources: false };

async function retrainShop(shop: Shop, ...args: string[]): Promise<RetrainResult> {
  const settings = readArguments(args);
  assert(settings);
  let stages = 0;
  const result = await retrain(shop.session, settings, (total) => {
    stages = total;
    return startProgress(total, "none");
  });
  assertEquals(result.stages.length, stages);
  return result;
}

async function count({ session }: Shop, query: string): Promise<number> {
  const [[row]] = await session.bigquery.query(`SELECT COUNT(*) AS n FROM ${query}`);
  return row.n;
}

Deno.test({
  name: "the sample becomes the planted segments and products that were bought later",
  ...options,
  async fn(t) {
    await using shop = await openCloud();
    const first = await retrainShop(shop);
    await t.step("every user has a cluster, and the four kinds of users are found", async () => {
      assertEquals(first.events.users, 5000);
      assertEquals(
        first.user_clusters?.segments.map(({ tier, character }) => `${tier} ${character}`),
        ["Platinum premium", "Gold selective spender", "Silver to engage", "Bronze bronze"],
      );
      assertEquals(await count(shop, "ecommerce_public.user_clusters_op"), 5000);
      assertGreater(first.user_clusters?.recovery?.published.buyers ?? 0, 0.85);
      assertGreater(first.user_clusters?.recovery?.corrected.buyers ?? 0, 0.85);
    });
    await t.step("corrected features recommend better than popularity, published do not", () => {
      const scores = first.product_affinity?.scores;
      assert(scores);
      assertGreater(scores.corrected.recall.low, 3 * scores.popular.recall.high);
      assertLess(scores.published.recall.low, scores.popular.recall.high);
    });
    await t.step("the walk-through's users get five products each, none bought before", () => {
      assertEquals(first.users.map(({ user_pseudo_id }) => user_pseudo_id).sort(), [
        "2534169.4418845320",
        "5053424.7664335544",
      ]);
      for (const { bought = [], recommended = [], cluster } of first.users) {
        assert(cluster);
        assertEquals(recommended.length, 5);
        const names = bought.map(({ item_name }) => item_name);
        assert(recommended.every((each) => !names.includes(each.product_recommended)));
      }
    });
    await t.step("nobody is recommended what the user has bought", async () => {
      const again = await count(
        shop,
        `ecommerce_public.product_affinity_op AS r
         JOIN (SELECT DISTINCT user_pseudo_id, TRIM(i.item_name) AS item_name
               FROM ecommerce_public.events_flat_data, UNNEST(items) AS i
               WHERE event_name = 'purchase') AS b
         ON b.user_pseudo_id = r.user_pseudo_id AND b.item_name = r.product_recommended`,
      );
      assertEquals(again, 0);
    });
    await t.step("a second run loads nothing again and finds the same", async () => {
      const second = await retrainShop(shop);
      assertEquals([first.was_loaded, second.was_loaded], [true, false]);
      const found = ({ stages: _, was_loaded: __, ...rest }: RetrainResult) => rest;
      assertEquals(found(second), found(first));
    });
    await t.step("rows added to the table by someone else are noticed", async () => {
      await shop.session.bigquery.query(
        "INSERT INTO ecommerce_public.events_flat_data (event_name) VALUES ('page_view')",
      );
      const third = await retrainShop(shop, "--model", "user_clusters");
      assertEquals([third.was_loaded, third.events.events], [true, first.events.events]);
    });
    await t.step("the summary says it all in 100 columns", () => {
      const text = summarize(first);
      for (const part of ["Platinum", "premium", "Recall@10", "2534169.4418845320", "Seconds"]) {
        assertStringIncludes(text, part);
      }
      assertEquals(text.split("\n").filter((line) => line.length > 100), []);
    });
  },
});

Deno.test({
  name: "a shop of six users is learnt from with either features",
  ...options,
  async fn() {
    await using shop = await openShop(EVENTS);
    const file = await writeEvents(shop, EVENTS);
    for (const features of ["published", "corrected"]) {
      const args = ["--events", file, "--features", features, "--clusters", "2"];
      const result = await retrainShop(shop, ...args);
      assertEquals(result.events.users, 6);
      assertEquals(result.user_clusters?.segments.length, 2);
      assertEquals(result.product_affinity?.split.users_judged, 1);
      assertEquals(result.users[0].user_pseudo_id, "ann");
    }
  },
});

Deno.test({
  name: "the command prints a summary, or JSON, or nothing",
  ...options,
  async fn() {
    await using shop = await openShop(EVENTS);
    const file = await writeEvents(shop, EVENTS);
    const some = ["--events", file, "--clusters", "2", "--model", "user_clusters"];
    const plain = await run(shop, some);
    assertEquals([plain.code, plain.stderr.includes("[1/")], [0, true]);
    assertStringIncludes(plain.stdout, "Platinum");
    const json = await run(shop, [...some, "--json", "-"]);
    assertEquals(JSON.parse(json.stdout).events.users, 6);
    assertStringIncludes(json.stderr, "Platinum");
    const quiet = await run(shop, [...some, "--quiet", "--json", "found.json"]);
    assertEquals(quiet, { code: 0, stdout: "", stderr: "" });
    const written = await Deno.readTextFile(join(shop.folder, "found.json"));
    assertEquals(JSON.parse(written).user_clusters.segments.length, 2);
  },
});

Deno.test({
  name: "wrong input ends in one sentence and leaves what there was",
  ...options,
  async fn(t) {
    await using shop = await openShop(EVENTS);
    const good = await writeEvents(shop, EVENTS);
    assertEquals((await run(shop, ["--events", good, "--clusters", "2", "--quiet"])).code, 0);
    const before = await count(shop, "ecommerce_public.events_flat_data");
    const buyers = EVENTS.filter(({ event_name }) => event_name === "purchase");
    const cases: Record<string, { args: string[]; sentence: string }> = {
      "a missing file": { args: ["--events", "none.csv"], sentence: "there is no such file" },
      "a file of another kind": { args: ["--events", "x.xlsx"], sentence: "" },
      "an empty file": { args: ["--events", await writeEvents(shop, [])], sentence: "is empty" },
      "a misspelt column": {
        args: [
          "--events",
          await writeEvents(
            shop,
            EVENTS.map(({ user_pseudo_id: user_pseudo, ...rest }) => ({ ...rest, user_pseudo })),
          ),
        ],
        sentence: "no event has a user_pseudo_id",
      },
      "a text where a number belongs": {
        args: ["--events", await writeEvents(shop, [{ ...EVENTS[0], event_timestamp: "noon" }])],
        sentence: "event_timestamp",
      },
      "no purchases": {
        args: ["--events", await writeEvents(shop, [EVENTS[0], EVENTS[4]])],
        sentence: "none of its 2 events is a purchase",
      },
      "one user": {
        args: ["--events", await writeEvents(shop, [buyers[0]])],
        sentence: "two users or more are needed",
      },
      "more clusters than users": {
        args: ["--events", good, "--clusters", "7"],
        sentence: "7 clusters need as many users: it has 6",
      },
      "a table that is not there": {
        args: ["--table", "ecommerce_public.nothing"],
        sentence: "ecommerce_public.nothing",
      },
      "a table of other columns": {
        args: ["--table", "ecommerce_public.user_stats"],
        sentence: "it has no column event_timestamp",
      },
      "a folder for the results that is not there": {
        args: ["--events", good, "--json", "nowhere/found.json"],
        sentence: "there is no such folder",
      },
    };
    for (const [name, { args, sentence }] of Object.entries(cases)) {
      await t.step(name, async () => {
        const { code, stdout, stderr } = await run(shop, ["--quiet", ...args]);
        assertEquals([code, stdout], [2, ""], stderr);
        assertStringIncludes(stderr, sentence);
        assert(stderr.startsWith("Cannot "), stderr);
        assertEquals(stderr.trim().split("\n").length, 1);
        assertEquals(await count(shop, "ecommerce_public.events_flat_data"), before);
      });
    }
    await t.step("the model is as it was, and no table is left over", async () => {
      assertEquals(await count(shop, "ML.CENTROIDS(MODEL ecommerce_public.user_clusters)"), 8);
      const [tables] = await shop.session.bigquery.dataset("ecommerce_public").getTables();
      assertEquals(tables.filter(({ id }) => id?.includes("_loading_")), []);
    });
  },
});

Deno.test({
  name: "two runs at once both succeed",
  ...options,
  async fn() {
    await using shop = await openCloud();
    const file = await writeEvents(shop, EVENTS);
    const args = ["--events", file, "--clusters", "2", "--quiet", "--json", "-"];
    const runs = await Promise.all([run(shop, args), run(shop, args)]);
    assertEquals(runs.map(({ code }) => code), [0, 0], runs.map(({ stderr }) => stderr).join());
    const [a, b] = runs.map(({ stdout }) => JSON.parse(stdout));
    assertEquals(a.user_clusters, b.user_clusters);
  },
});

Deno.test({
  name: "events that nothing can be learnt from leave no table where there was none",
  ...options,
  async fn() {
    await using shop = await openCloud();
    const file = await writeEvents(shop, [EVENTS[0], EVENTS[4]]);
    assertEquals((await run(shop, ["--events", file, "--quiet"])).code, 2);
    const [tables] = await shop.session.bigquery.dataset("ecommerce_public").getTables();
    assertEquals(tables.map(({ id }) => id), []);
  },
});

Deno.test({
  name: "the same events as CSV, or in a table of another name, are learnt from alike",
  ...options,
  async fn() {
    await using shop = await openShop(EVENTS);
    const names = Object.keys(EVENTS[0]) as (keyof typeof EVENTS[0])[];
    const cell = (value: unknown) => {
      const text = typeof value === "object" ? JSON.stringify(value) : String(value);
      return `"${text.replaceAll('"', '""')}"`;
    };
    const lines = EVENTS.map((each) => names.map((name) => cell(each[name])).join(","));
    await Deno.writeTextFile(join(shop.folder, "shop.csv"), [names.join(), ...lines].join("\n"));
    await shop.session.bigquery.query(
      "CREATE TABLE ecommerce_public.web AS SELECT * FROM ecommerce_public.events_flat_data",
    );
    const some = ["--clusters", "2"];
    const fromCsv = await retrainShop(shop, "--events", join(shop.folder, "shop.csv"), ...some);
    const fromTable = await retrainShop(shop, "--table", "ecommerce_public.web", ...some);
    const { source: _, stages: __, was_loaded: ___, ...found } = fromCsv;
    assertEquals({ ...fromTable, source: _, stages: __, was_loaded: ___ }, fromCsv);
    assertEquals(found.events.purchases, 5);
  },
});

Deno.test({
  name: "Ctrl-C ends a run with 130 and leaves what there was",
  ...options,
  async fn() {
    await using shop = await openShop(EVENTS);
    const before = await count(shop, "ecommerce_public.events_flat_data");
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--quiet",
        "-A",
        "lib/main.ts",
        "retrain",
        "--data",
        join(shop.folder, "cloud"),
      ],
      cwd: join(import.meta.dirname!, ".."),
      env: { NO_COLOR: "1" },
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    // The sample takes a while to load; half a second is enough to begin.
    await new Promise((resolve) => setTimeout(resolve, 500));
    child.kill("SIGINT");
    const { code, stdout, stderr } = await child.output();
    const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    assertEquals([code, out], [130, ""], err);
    assertEquals(err.trim(), "Stopped: what was not finished was left as it had been");
    assertEquals(await count(shop, "ecommerce_public.events_flat_data"), before);
  },
});
