import { assert, assertEquals, assertGreaterOrEqual } from "@std/assert";
import { DuckDBInstance, type JS } from "@duckdb/node-api";
import { samplePaths, writeSample } from "../../data-samples/sample.ts";

const HOME = new URL("../../data-samples/", import.meta.url);
const COMMITTED = new URL("events_flat_data.parquet", HOME).pathname;
const MOST_BYTES = 4 * 2 ** 20;

/** Rows of a query in which `events`, `users` and `products` stand for the files of one sample. */
async function ask(query: string, sample = COMMITTED): Promise<Record<string, JS>[]> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    for (const [view, path] of Object.entries(samplePaths(sample))) {
      await connection.run(`CREATE VIEW ${view} AS FROM '${path}'`);
    }
    return (await connection.runAndReadAll(query)).getRowObjectsJS();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** Runs `use` with a folder that is gone afterwards. */
async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The command as a person runs it. */
async function run(...args: string[]) {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", new URL("generate.ts", HOME).pathname, ...args],
  });
  const { code, stdout, stderr } = await command.output();
  const text = new TextDecoder();
  return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}

async function assertSameBytes(sample: string, other: string): Promise<void> {
  const paths = samplePaths(other);
  for (const [file, path] of Object.entries(samplePaths(sample))) {
    const one = await Deno.readFile(path);
    const two = await Deno.readFile(paths[file as keyof typeof paths]);
    assert(one.length === two.length && one.every((byte, i) => byte === two[i]), `${file} differ`);
  }
}

Deno.test("the same users and seed make the same bytes, another seed makes others", async () => {
  await inFolder(async (folder) => {
    const [a, b, c] = ["a", "b", "c"].map((name) => `${folder}/${name}.parquet`);
    await writeSample({ users: 300, seed: 9, out: a });
    await writeSample({ users: 300, seed: 9, out: b });
    await writeSample({ users: 300, seed: 10, out: c });
    await assertSameBytes(a, b);
    const ids = "SELECT user_pseudo_id FROM users ORDER BY 1 LIMIT 20";
    assert(JSON.stringify(await ask(ids, a)) !== JSON.stringify(await ask(ids, c)));
  });
});

Deno.test("the committed sample is what the generator makes, and is at most 4 MiB", async () => {
  await inFolder(async (folder) => {
    const out = `${folder}/events_flat_data.parquet`;
    await writeSample({ users: 5000, seed: 1, out });
    await assertSameBytes(out, COMMITTED);
    assert((await Deno.stat(out)).size <= MOST_BYTES);
    assertEquals([...Deno.readDirSync(folder)].length, 3, "nothing but the three files is left");
  });
});

Deno.test("the walk-through's two users buy several things at once, however few users there are", async () => {
  const query = `
    SELECT user_pseudo_id AS id, count(*)::INTEGER AS orders
    FROM events
    WHERE event_name = 'purchase' AND ecommerce.unique_items > 1
      AND user_pseudo_id IN ('5053424.7664335544', '2534169.4418845320')
    GROUP BY ALL ORDER BY id`;
  await inFolder(async (folder) => {
    const pair = `${folder}/pair.parquet`;
    await writeSample({ users: 2, seed: 3, out: pair });
    for (const sample of [COMMITTED, pair]) {
      const rows = await ask(query, sample);
      assertEquals(rows.map(({ id }) => id), ["2534169.4418845320", "5053424.7664335544"]);
      for (const { orders } of rows) assertGreaterOrEqual(orders, 3);
    }
  });
});

Deno.test("one product name holds a comma, Tee is part of Tee White, and all three are sold", async () => {
  const [row] = await ask(`
    SELECT
      count(*)::INTEGER AS products,
      count(DISTINCT item_name)::INTEGER AS names,
      list(item_name) FILTER (contains(item_name, ',')) AS commas
    FROM products`);
  assertEquals(row, { products: 300, names: 300, commas: ["Salt, Pepper and Chilli Set"] });

  const sold = await ask(`
    SELECT DISTINCT unnest(items).item_name AS name FROM events WHERE event_name = 'purchase'`);
  const names = new Set(sold.map(({ name }) => name));
  for (const name of ["Tee", "Tee White", "Salt, Pepper and Chilli Set"]) assert(names.has(name));
});

Deno.test("a small sample holds the first users of a larger one, event by event", async () => {
  await inFolder(async (folder) => {
    const [small, large] = [`${folder}/small.parquet`, `${folder}/large.parquet`];
    await writeSample({ users: 40, seed: 1, out: small });
    await writeSample({ users: 90, seed: 1, out: large });
    const [row] = await ask(
      `
      SELECT count(*)::INTEGER AS missing
      FROM (FROM '${small}' EXCEPT ALL FROM '${large}')`,
      small,
    );
    assertEquals(row, { missing: 0 });
  });
});

Deno.test("a purchase's revenue, pieces and number of products agree with its items", async () => {
  const [row] = await ask(`
    WITH lines AS (
      SELECT ecommerce, unnest(items) AS item FROM events WHERE event_name = 'purchase'
    ),
    orders AS (
      SELECT
        abs(any_value(ecommerce.purchase_revenue) - sum(item.price * item.quantity)) < 0.005
          AND abs(any_value(ecommerce.purchase_revenue) - sum(item.item_revenue)) < 0.005
          AND any_value(ecommerce.total_item_quantity) = sum(item.quantity)
          AND any_value(ecommerce.unique_items) = count(DISTINCT item.item_id)
          AND count(*) = count(DISTINCT item.item_id) AS agrees
      FROM lines GROUP BY ecommerce.transaction_id
    )
    SELECT bool_and(agrees) AS agrees, count(*) = (
      SELECT count(*) FROM events WHERE event_name = 'purchase'
    ) AS complete FROM orders`);
  assertEquals(row, { agrees: true, complete: true });
});

Deno.test("events are in order of time, within the season and after the user's first visit", async () => {
  const [row] = await ask(`
    SELECT
      bool_and(event_date BETWEEN '20201101' AND '20210131') AS in_season,
      bool_and(event_date = strftime(make_timestamp(event_timestamp), '%Y%m%d')) AS same_day,
      bool_and(event_timestamp >= user_first_touch_timestamp) AS after_first_touch,
      bool_and(in_order) AS in_order
    FROM (
      SELECT *, coalesce(event_timestamp >= lag(event_timestamp) OVER (), true) AS in_order
      FROM events
    )`);
  assertEquals(row, { in_season: true, same_day: true, after_first_touch: true, in_order: true });
});

Deno.test("every event names its session, and a session has one number and one start", async () => {
  const [row] = await ask(`
    WITH named AS (
      SELECT user_pseudo_id, event_name,
        list_filter(event_params, lambda p: p.key = 'ga_session_id')[1].value.int_value AS id,
        list_filter(event_params, lambda p: p.key = 'ga_session_number')[1].value.int_value AS number
      FROM events
    ),
    sessions AS (
      SELECT count(DISTINCT number) AS numbers, count(*) FILTER (event_name = 'session_start') AS starts
      FROM named GROUP BY user_pseudo_id, id
    )
    SELECT bool_and(numbers = 1 AND starts = 1) AS sound,
      (SELECT count(*) FILTER (id IS NULL) = 0 FROM named) AS complete
    FROM sessions`);
  assertEquals(row, { sound: true, complete: true });
});

Deno.test("every user's segment and groups are planted, and visitors are those who never buy", async () => {
  const [row] = await ask(`
    WITH seen AS (
      SELECT user_pseudo_id, bool_or(event_name = 'purchase') AS buys FROM events GROUP BY ALL
    )
    SELECT
      count(*)::INTEGER AS users,
      bool_and(buys = (segment <> 'visitor')) AS agrees,
      count(DISTINCT segment)::INTEGER AS segments,
      bool_and(len(preferred_groups) BETWEEN 1 AND 3) AS few_groups
    FROM users FULL JOIN seen USING (user_pseudo_id)`);
  assertEquals(row, { users: 5000, agrees: true, segments: 5, few_groups: true });
});

interface Field {
  readonly name: string;
  readonly type: string;
  readonly mode: string;
  readonly fields?: readonly Field[];
}

/** A BigQuery field's type as DuckDB spells it. */
function spell({ type, mode, fields = [] }: Field): string {
  const names: Record<string, string> = { STRING: "VARCHAR", INTEGER: "BIGINT", FLOAT: "DOUBLE" };
  const inner = fields.map((field) => `"${field.name}" ${spell(field)}`).join(", ");
  return (names[type] ?? `STRUCT(${inner})`) + (mode === "REPEATED" ? "[]" : "");
}

Deno.test("schema.json describes the file: names, order, types", async () => {
  const schema: Field[] = JSON.parse(await Deno.readTextFile(new URL("schema.json", HOME)));
  const columns = await ask("SELECT column_name, column_type FROM (DESCRIBE events)");
  assertEquals(
    columns.map(({ column_name, column_type }) =>
      `${column_name} ${String(column_type).replaceAll('"', "")}`
    ),
    schema.map((field) => `${field.name} ${spell(field).replaceAll('"', "")}`),
  );
});

Deno.test("wrong arguments are refused with one sentence and exit code 2", async () => {
  const wrong = [["--users", "many"], ["--users", "1"], ["--seed", "1.5"], ["--out", "a.csv"]];
  for (const args of [...wrong, ["--out", "/no/such/folder/a.parquet"], ["--bogus"], ["extra"]]) {
    const { code, stdout, stderr } = await run(...args);
    assertEquals([code, stdout], [2, ""]);
    assertEquals(stderr.trimEnd().split("\n").length, 1, stderr);
    assert(stderr.startsWith("Cannot "), stderr);
  }
});

Deno.test("help goes to the output and is no error", async () => {
  const { code, stdout } = await run("--help");
  assertEquals(code, 0);
  assert(stdout.includes("--seed S"));
});

Deno.test("a run that is interrupted leaves the old file whole and nothing beside it", async () => {
  await inFolder(async (folder) => {
    const out = `${folder}/a.parquet`;
    await Deno.writeTextFile(out, "old");
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "-A", new URL("generate.ts", HOME).pathname]
        .concat("--users", "1000000", "--out", out),
      stdout: "null",
      stderr: "null",
    }).spawn();
    await new Promise((resume) => setTimeout(resume, 2500));
    child.kill("SIGINT");
    assertEquals((await child.status).code, 130);
    assertEquals(await Deno.readTextFile(out), "old");
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["a.parquet"]);
  });
});
