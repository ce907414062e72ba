/** A SQL engine over an empty warehouse with one dataset, `d` of project `p`, for one test. */
import {
  type SqlEngine,
  type StatementOutcome,
  type StatementRequest,
} from "../../../../lib/local_cloud/sql/mod.ts";
import { openSqlEngine } from "../../../../lib/local_cloud/sql/engine.ts";
import { ObjectStore } from "../../../../lib/local_cloud/object_store.ts";
import { Warehouse } from "../../../../lib/local_cloud/warehouse/engine.ts";

export interface Ran extends StatementOutcome {
  /** The result's rows, values as DuckDB's JSON writes them. */
  values: unknown[][];
}

export interface Engine {
  warehouse: Warehouse;
  objects: ObjectStore;
  engine: SqlEngine;
  run(sql: string, request?: Partial<StatementRequest>): Promise<Ran>;
}

/** Opens, lets `work` run, closes and removes everything. */
export async function withEngine(work: (engine: Engine) => Promise<void>): Promise<void> {
  const { close, ...engine } = await openEngine([]);
  try {
    await work(engine);
  } finally {
    await close();
  }
}

/**
 * Opens; `close` closes and removes everything.
 *
 * @param readable Directories that our own statements may read files from.
 */
export async function openEngine(
  readable: string[],
): Promise<Engine & { close(): Promise<void> }> {
  const folder = await Deno.makeTempDir();
  const objects = await ObjectStore.open(`${folder}/objects`);
  const warehouse = await Warehouse.open(folder, { readable });
  const engine = await openSqlEngine(warehouse, objects);
  const run: Engine["run"] = async (sql, request = {}) => {
    const outcome = await engine.run({
      sql,
      projectId: "p",
      location: "US",
      parameters: [],
      dryRun: false,
      signal: new AbortController().signal,
      ...request,
    });
    return { ...outcome, values: await valuesOf(outcome, warehouse) };
  };
  await run("CREATE SCHEMA d");
  const close = async () => {
    await engine.close();
    await warehouse.close();
    await objects.close();
    await Deno.remove(folder, { recursive: true });
  };
  return { warehouse, objects, engine, run, close };
}

async function valuesOf({ rows }: StatementOutcome, warehouse: Warehouse): Promise<unknown[][]> {
  if (rows === undefined) return [];
  const connection = await warehouse.connect();
  try {
    const reader = await connection.runAndReadAll(`SELECT * FROM ${rows.storage}`);
    return reader.getRowsJson();
  } finally {
    connection.closeSync();
  }
}
