import { assert, assertEquals, assertRejects } from "@std/assert";
import { CloudError } from "../../../../lib/local_cloud/errors.ts";
import type { TableEntry } from "../../../../lib/local_cloud/warehouse/catalogue.ts";
import { Warehouse } from "../../../../lib/local_cloud/warehouse/engine.ts";

const DATASET = { projectId: "p", datasetId: "d" };

async function withWarehouse(
  work: (warehouse: Warehouse, folder: string, reopen: () => Promise<Warehouse>) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const open = () => Warehouse.open(folder, { readable: [`${folder}/objects`] });
  await Deno.mkdir(`${folder}/objects`);
  let warehouse = await open();
  const reopen = async () => {
    await warehouse.close();
    return warehouse = await open();
  };
  try {
    await warehouse.transaction((c) =>
      warehouse.catalogue.putDataset(c, {
        ref: DATASET,
        location: "US",
        created: 1,
        modified: 1,
        resource: {},
      })
    );
    await work(warehouse, folder, reopen);
  } finally {
    await warehouse.close();
    await Deno.remove(folder, { recursive: true });
  }
}

function entry(tableId: string, storage: string): TableEntry {
  return {
    ref: { ...DATASET, tableId },
    type: "TABLE",
    columns: [{ name: "x", type: { kind: "INT64" } }],
    storage,
    created: 1,
    modified: 1,
    resource: {},
  };
}

/** Makes or replaces a table of one row. */
function create(
  warehouse: Warehouse,
  tableId: string,
  { value = 1, onlyNew = false, before = () => Promise.resolve() as Promise<unknown> } = {},
): Promise<string> {
  return warehouse.transaction(async (c) => {
    const storage = warehouse.newStorage("table");
    await c.run(`CREATE TABLE ${storage} AS SELECT ${value} AS x`);
    await warehouse.catalogue.putTable(c, entry(tableId, storage), { onlyNew });
    await before();
    return storage;
  });
}

async function values(warehouse: Warehouse, sql: string): Promise<unknown[]> {
  const connection = await warehouse.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRowsJson().flat();
  } finally {
    connection.disconnectSync();
  }
}

const physicalTables = (warehouse: Warehouse) =>
  values(
    warehouse,
    "SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE schema_name IN ('data', 'models') ORDER BY 1",
  );

async function valueOf(warehouse: Warehouse, tableId: string): Promise<unknown> {
  const found = await warehouse.transaction((c) =>
    warehouse.catalogue.table(c, { ...DATASET, tableId })
  );
  return found && (await values(warehouse, `SELECT x FROM ${found.storage}`))[0];
}

Deno.test("SQL reaches no file, no extension and no setting", () =>
  withWarehouse(async (warehouse, folder) => {
    await Deno.writeTextFile(`${folder}/objects/a.csv`, "x\n7\n");
    assertEquals(await values(warehouse, `FROM read_csv('${folder}/objects/a.csv')`), ["7"]);
    for (
      const sql of [
        "FROM read_text('/etc/passwd')",
        `FROM read_text('${folder}/objects/../../../../etc/passwd')`,
        `COPY (SELECT 1) TO '${folder}/x.csv'`,
        `ATTACH '${folder}/x.duckdb'`,
        `EXPORT DATABASE '${folder}/x'`,
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SET TimeZone = 'Europe/Berlin'",
        "RESET lock_configuration",
      ]
    ) await assertRejects(() => values(warehouse, sql), Error);
  }));

Deno.test("each connection is in UTC", () =>
  withWarehouse(async (warehouse) => {
    assertEquals(await values(warehouse, "SELECT current_setting('TimeZone')"), ["UTC"]);
  }));

Deno.test("a transaction that throws leaves nothing", () =>
  withWarehouse(async (warehouse) => {
    const failed = create(warehouse, "t", { before: () => Promise.reject(new Error("no")) });
    await assertRejects(() => failed, Error, "no");
    assertEquals(await valueOf(warehouse, "t"), undefined);
    assertEquals(await physicalTables(warehouse), []);
  }));

Deno.test("a table that replaces another takes its rows with it", () =>
  withWarehouse(async (warehouse) => {
    await create(warehouse, "t");
    const second = await create(warehouse, "t", { value: 2 });
    assertEquals(await valueOf(warehouse, "t"), 2);
    assertEquals(await physicalTables(warehouse), [second]);
  }));

Deno.test("names differ by case", () =>
  withWarehouse(async (warehouse) => {
    await create(warehouse, "t");
    await create(warehouse, "T", { value: 2 });
    assertEquals([await valueOf(warehouse, "t"), await valueOf(warehouse, "T")], [1, 2]);
  }));

Deno.test("two that replace one table at once both succeed, and the later commit holds", () =>
  withWarehouse(async (warehouse) => {
    await create(warehouse, "t", { value: 0 });
    const gate = Promise.withResolvers<void>();
    const slow = create(warehouse, "t", { value: 1, before: () => gate.promise });
    await create(warehouse, "t", { value: 2 }); // does not wait for the slow one
    assertEquals(await valueOf(warehouse, "t"), 2);
    gate.resolve();
    const storage = await slow;
    assertEquals(await valueOf(warehouse, "t"), 1);
    assertEquals(await physicalTables(warehouse), [storage]);
  }));

Deno.test("of twenty that create one new table at once, one does", () =>
  withWarehouse(async (warehouse) => {
    const tries = Array.from(
      { length: 20 },
      (_, value) => create(warehouse, "t", { value, onlyNew: true }),
    );
    const outcomes = await Promise.allSettled(tries);
    const failed = outcomes.filter((outcome) => outcome.status === "rejected");
    assertEquals(failed.length, 19);
    for (const { reason } of failed) assertEquals(reason.message, "Already Exists: Table p:d.t");
    assertEquals((await physicalTables(warehouse)).length, 1);
  }));

Deno.test("a change in place of a table that was replaced meanwhile fails in words", () =>
  withWarehouse(async (warehouse) => {
    const storage = await create(warehouse, "t");
    const error = await assertRejects(() =>
      warehouse.transaction(async (c) => {
        await warehouse.catalogue.putTable(c, { ...entry("t", storage), modified: 5 });
        await create(warehouse, "t", { value: 2 });
      }), CloudError);
    assertEquals(
      error.message,
      "Could not serialize access to table p:d.t due to concurrent update",
    );
    assertEquals(await valueOf(warehouse, "t"), 2);
  }));

Deno.test("a dataset goes with nothing in it, and nothing comes into one that went", () =>
  withWarehouse(async (warehouse) => {
    const { catalogue } = warehouse;
    const remove = () => warehouse.transaction((c) => catalogue.removeDataset(c, DATASET));
    await create(warehouse, "t");
    const inUse = await assertRejects(remove, CloudError);
    assertEquals(inUse.reason, "resourceInUse");
    await warehouse.transaction((c) => catalogue.removeTable(c, { ...DATASET, tableId: "t" }));
    assertEquals(await physicalTables(warehouse), []);
    const late = await assertRejects(() => create(warehouse, "t", { before: remove }), CloudError);
    assertEquals(late.message, "Not found: Dataset p:d");
  }));

Deno.test("an aborted transaction is interrupted and leaves nothing", () =>
  withWarehouse(async (warehouse) => {
    const started = performance.now();
    const error = await assertRejects(() =>
      warehouse.transaction(async (c) => {
        await c.run("CREATE TABLE data.t999 AS SELECT 1 AS x");
        await c.run("SELECT count(*) FROM range(100000) a, range(100000) b, range(100000) c");
      }, AbortSignal.timeout(100)), CloudError);
    assertEquals(error.reason, "stopped");
    assert(performance.now() - started < 5000);
    assertEquals(await physicalTables(warehouse), []);
  }));

Deno.test("an opened warehouse has what was committed, no orphans, and new numbers", () =>
  withWarehouse(async (warehouse, _folder, reopen) => {
    const storage = await create(warehouse, "t");
    await values(warehouse, "CREATE TABLE data.t77 AS SELECT 1");
    await values(warehouse, "CREATE TABLE models.m78_centroids AS SELECT 1");
    const again = await reopen();
    assertEquals(await physicalTables(again), [storage]);
    assertEquals(await valueOf(again, "t"), 1);
    assert(Number(again.newStorage("table").slice("data.t".length)) > 78);
  }));

Deno.test("after kill -9 all that was acknowledged is there, and nothing half done", async () => {
  const folder = await Deno.makeTempDir();
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", new URL("./until_killed.ts", import.meta.url).pathname, folder],
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  let acknowledged = 0;
  for await (const line of child.stdout.pipeThrough(new TextDecoderStream())) {
    acknowledged += line.match(/\n/g)?.length ?? 0;
    if (acknowledged >= 20) child.kill("SIGKILL");
  }
  await child.status;
  const warehouse = await Warehouse.open(folder, { readable: [] });
  const tables = await warehouse.transaction((c) => warehouse.catalogue.tables(c, DATASET));
  assert(tables.length >= acknowledged, `${tables.length} tables of ${acknowledged}`);
  assertEquals(await physicalTables(warehouse), tables.map(({ storage }) => storage).sort());
  for (const { storage } of tables) {
    assertEquals(await values(warehouse, `SELECT count(*) FROM ${storage}`), ["1000"]);
  }
  await warehouse.close();
  await Deno.remove(folder, { recursive: true });
});
