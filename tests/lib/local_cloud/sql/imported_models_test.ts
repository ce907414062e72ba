import { assert, assertEquals, assertRejects } from "@std/assert";
import { openSqlEngine } from "../../../../lib/local_cloud/sql/engine.ts";
import { Warehouse } from "../../../../lib/local_cloud/warehouse/engine.ts";
import { filesOf } from "../saved_model/fixtures.ts";
import { type Engine, withEngine } from "./with_engine.ts";

const TABLE = "table_of_tensorflow_1";

async function upload({ objects }: Pick<Engine, "objects">): Promise<void> {
  await objects.createBucket("models");
  for (const [path, bytes] of await filesOf(TABLE)) await objects.put("models", `m/${path}`, bytes);
}

const imported = (name: string) =>
  `CREATE MODEL d.${name} OPTIONS (model_type = 'tensorflow', model_path = 'gs://models/m/*')`;

/** Totals of the models' 8.25 for a mug. */
const totals = (name: string, rows: number) =>
  `SELECT SUM(total) FROM ML.PREDICT(MODEL d.${name},
    (SELECT 'mug' AS product, i AS amount FROM UNNEST(GENERATE_ARRAY(1, ${rows})) AS i))`;

Deno.test("a model composes with any other SQL, in views and tables too", async () => {
  await withEngine(async (engine) => {
    const { run } = engine;
    await upload(engine);
    await run(imported("m"));
    await run("CREATE TABLE d.t AS SELECT * FROM UNNEST(['mug', 'cap', 'hat']) AS product");
    await run(`CREATE VIEW d.v AS SELECT p.product, p.total, p.row FROM
      ML.PREDICT(MODEL d.m, (SELECT product, 2 AS amount FROM d.t)) AS p JOIN d.t USING (product)`);
    await run("CREATE TABLE d.kept AS SELECT * FROM d.v WHERE total > 10");
    const { values } = await run("SELECT * FROM d.kept ORDER BY total");
    assertEquals(values, [["mug", 16.5, "1"], ["cap", 24, "2"]]);
    const none = await run(`SELECT * FROM ML.PREDICT(MODEL d.m,
      (SELECT product, 1 AS amount FROM d.t WHERE FALSE))`);
    assertEquals(none.values, []);
    const { evaluator } = await run(totals("m", 3), { dryRun: true });
    assertEquals(evaluator, "duckdb");
  });
});

Deno.test("models are loaded again when others took their place", async () => {
  await withEngine(async (engine) => {
    await upload(engine);
    const names = Array.from({ length: 7 }, (_, i) => `m${i}`);
    for (const name of names) await engine.run(imported(name));
    for (const name of [...names, ...names]) {
      assertEquals((await engine.run(totals(name, 4000))).values, [[8.25 * 4000 * 4001 / 2]]);
    }
  });
});

Deno.test("queries over models run side by side", async () => {
  await withEngine(async (engine) => {
    await upload(engine);
    await engine.run(imported("m"));
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => engine.run(totals("m", 20_000))),
    );
    for (const { values } of answers) assertEquals(values, [[8.25 * 20_000 * 20_001 / 2]]);
  });
});

Deno.test("a query over a model is cancelled", async () => {
  await withEngine(async (engine) => {
    await upload(engine);
    await engine.run(imported("m"));
    const stop = new AbortController();
    const running = engine.run(totals("m", 900_000), { signal: stop.signal });
    setTimeout(() => stop.abort(), 200);
    await assertRejects(() => running, Error, "cancelled");
    assertEquals((await engine.run(totals("m", 1))).values, [[8.25]]);
  });
});

Deno.test("a model is there when the warehouse is opened again", async () => {
  const folder = await Deno.makeTempDir();
  const open = async <T>(work: (run: (sql: string) => Promise<unknown[][]>) => Promise<T>) => {
    await withEngine(async ({ objects }) => {
      await upload({ objects });
      const warehouse = await Warehouse.open(folder, { readable: [] });
      const engine = await openSqlEngine(warehouse, objects);
      const run = async (sql: string) => {
        const { rows } = await engine.run({
          ...{ sql, projectId: "p", location: "US", parameters: [], dryRun: false },
          signal: new AbortController().signal,
        });
        const connection = await warehouse.connect();
        const found = rows && await connection.runAndReadAll(`SELECT * FROM ${rows.storage}`);
        connection.closeSync();
        return found?.getRowsJson() ?? [];
      };
      await work(run);
      await engine.close();
      await warehouse.close();
    });
  };
  await open(async (run) => {
    await run("CREATE SCHEMA d");
    await run(imported("m"));
  });
  await open(async (run) => {
    assertEquals(await run(totals("m", 2)), [[24.75]]);
    await run("DROP MODEL d.m");
  });
  const warehouse = await Warehouse.open(folder, { readable: [] });
  const connection = await warehouse.connect();
  const tables = await connection.runAndReadAll(
    "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'models'",
  );
  assert(tables.getRows().length === 0, "nothing of a dropped model is left");
  connection.closeSync();
  await warehouse.close();
  await Deno.remove(folder, { recursive: true });
});
