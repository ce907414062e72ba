/** The warehouse: one DuckDB file, its transactions, and the door shut to the file system. */
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { join } from "node:path";
import { CloudError } from "../errors.ts";
import { Catalogue } from "./catalogue.ts";
import { Conflict, conflictInWords } from "./conflict.ts";
import { EntryLog } from "./entry_log.ts";

/** Where a new storage lies: rows of tables, rows of query results, tables of a model. */
export type StorageKind = "table" | "result" | "model";

const PREFIX: Record<StorageKind, string> = {
  table: "data.t",
  result: "results.r",
  model: "models.m",
};

/**
 * Bytes that DuckDB keeps in memory at the most; what is more goes to `folder/tmp`. A laptop has
 * other things to do, and the training worker needs room beside it.
 */
const MOST_MEMORY = 3.2e9;

/** How often {@link Warehouse.retried} tries. */
const ATTEMPTS = 20;

const text = (value: string) => `'${value.replaceAll("'", "''")}'`;

/** Settings, then the locks. Locked, no SQL can reach a file outside of `readable`. */
function settings(folder: string, readable: string[]): string[] {
  const memoryMb = Math.floor(Math.min(Deno.systemMemoryInfo().total * 0.6, MOST_MEMORY) / 1e6);
  return [
    "ATTACH ':memory:' AS results", // what queries answer; gone when the process ends
    `SET memory_limit = '${memoryMb}MB'`,
    `SET temp_directory = ${text(join(folder, "tmp"))}`,
    "SET GLOBAL TimeZone = 'UTC'",
    "SET preserve_insertion_order = true",
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET allow_community_extensions = false",
    `SET allowed_directories = [${readable.map(text).join(", ")}]`,
    "SET enable_external_access = false",
    "SET lock_configuration = true",
  ];
}

/** One DuckDB file and what its names stand for. */
export class Warehouse {
  readonly catalogue: Catalogue;
  readonly #instance: DuckDBInstance;
  readonly #log = new EntryLog();
  #lastStorage = 0;
  #lastCommit = 0n;
  /** Settled when the commit before is done: those that change the catalogue go one by one. */
  #commits: Promise<unknown> = Promise.resolve();

  private constructor(instance: DuckDBInstance) {
    this.#instance = instance;
    this.catalogue = new Catalogue(this.#log);
  }

  /**
   * Opens `folder/warehouse.duckdb`, made if it is not there. What a killed process left half done
   * is gone: uncommitted rows as DuckDB replays its log, tables that nothing names here.
   *
   * @param options.readable Directories that load jobs may read files from. DuckDB knows no
   *   read-only ones: only our own statements, never a user's, hold file names.
   * @throws {Error} if another process has the file open.
   */
  static async open(folder: string, options: { readable: string[] }): Promise<Warehouse> {
    await Deno.mkdir(folder, { recursive: true });
    const instance = await DuckDBInstance.create(join(folder, "warehouse.duckdb"));
    const warehouse = new Warehouse(instance);
    await warehouse.#with(async (connection) => {
      for (const statement of settings(folder, options.readable)) await connection.run(statement);
      await warehouse.#prepare(connection);
    });
    return warehouse;
  }

  /** A new connection; the caller disconnects it. */
  connect(): Promise<DuckDBConnection> {
    return this.#instance.connect();
  }

  /**
   * Runs `work` in a transaction on a connection of its own: committed whole, or rolled back if it
   * throws. Two that write the same names of the catalogue do not fail each other: the one that
   * commits later holds. DuckDB lets one transaction write either to the file or to `results`.
   *
   * @param signal Aborted, the running statement is interrupted and nothing stays.
   * @throws {CloudError} `stopped` if aborted, `invalidQuery` if another transaction changed the
   *   same rows first, and what `work` throws.
   */
  async transaction<T>(
    work: (connection: DuckDBConnection) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    throwIfStopped(signal);
    const connection = await this.connect();
    const release = interruptOnAbort(connection, signal);
    try {
      await connection.run("BEGIN");
      const value = await work(connection);
      release();
      throwIfStopped(signal);
      if (this.#log.changed(connection)) await this.#commitInTurn(connection);
      else await connection.run("COMMIT");
      return value;
    } catch (error) {
      release();
      await connection.run("ROLLBACK").catch(() => {}); // DuckDB may have ended it already
      throwIfStopped(signal);
      throw conflictInWords(error);
    } finally {
      connection.disconnectSync();
    }
  }

  /**
   * A transaction that is begun anew if another one committed first what it wrote too. `work` may
   * run several times, and must leave nothing outside of the transaction.
   */
  async retried<T>(
    work: (connection: DuckDBConnection) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    for (let attempt = 1;; attempt++) {
      try {
        return await this.transaction(work, signal);
      } catch (error) {
        if (!(error instanceof Conflict) || attempt === ATTEMPTS) throw error;
      }
    }
  }

  /**
   * A name that nothing in DuckDB has: `data.t42` for the rows of a table, `results.r42` (in memory)
   * for a query's, `models.m42` for what the names of a model's tables begin with
   * (`models.m42_centroids`).
   */
  newStorage(kind: StorageKind): string {
    return `${PREFIX[kind]}${++this.#lastStorage}`;
  }

  /** Writes the log into the file and closes it. */
  async close(): Promise<void> {
    await this.#commits;
    // A checkpoint waits for no one: with a transaction still open the log is replayed next time.
    await this.#with((connection) => connection.run("CHECKPOINT")).catch(() => {});
    this.#instance.closeSync();
  }

  async #prepare(connection: DuckDBConnection): Promise<void> {
    await EntryLog.create(connection);
    await connection.run("CREATE SCHEMA IF NOT EXISTS data");
    await connection.run("CREATE SCHEMA IF NOT EXISTS models");
    await this.#log.resume(connection);
    this.#lastCommit = await this.#log.lastCommit(connection);
    await this.#log.sweep(connection);
    const named = await this.#log.storages(connection);
    const present = await tablesOf(connection);
    this.#lastStorage = Math.max(0, ...[...named, ...present].map(numberOf));
    const kept = new Set(named);
    const orphans = present.filter((table) => !kept.has(stemOf(table)));
    for (const table of orphans) await connection.run(`DROP TABLE ${table}`);
  }

  #commitInTurn(connection: DuckDBConnection): Promise<void> {
    const turn = this.#commits.then(() =>
      this.#with(async (now) => {
        await this.#log.settle(connection, now, ++this.#lastCommit);
        await connection.run("COMMIT");
        await this.#sweep(now);
      })
    );
    this.#commits = turn.catch(() => {});
    return turn;
  }

  /** Drops what nothing names any more. What fails to be dropped goes at the next opening. */
  async #sweep(connection: DuckDBConnection): Promise<void> {
    try {
      const unnamed = new Set(await this.#log.sweep(connection));
      if (unnamed.size === 0) return;
      const tables = await tablesOf(connection);
      for (const table of tables.filter((name) => unnamed.has(stemOf(name)))) {
        await connection.run(`DROP TABLE ${table}`);
      }
    } catch (error) {
      console.error("Cannot drop replaced tables:", error);
    }
  }

  async #with<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const connection = await this.connect();
    try {
      return await work(connection);
    } finally {
      connection.disconnectSync();
    }
  }
}

/** The tables of the file by DuckDB's name: `data.t42`, `models.m7_centroids`. */
async function tablesOf(connection: DuckDBConnection): Promise<string[]> {
  const rows = await connection.runAndReadAll(
    `SELECT schema_name || '.' || table_name FROM duckdb_tables()
      WHERE database_name = current_database() AND schema_name IN ('data', 'models')`,
  );
  return rows.getRows().map(([name]) => name as string);
}

/** `models.m7_centroids` → `models.m7`: what the catalogue names. */
const stemOf = (table: string) => table.split("_", 1)[0];

const numberOf = (storage: string) => Number(/\d+/.exec(storage)?.[0] ?? 0);

function throwIfStopped(signal?: AbortSignal): void {
  if (signal?.aborted) throw new CloudError("stopped", "Job execution was cancelled");
}

/** Interrupts what runs once `signal` is aborted, again and again until released. */
function interruptOnAbort(connection: DuckDBConnection, signal?: AbortSignal): () => void {
  let timer: ReturnType<typeof setInterval> | undefined;
  const start = () => {
    connection.interrupt();
    // An interrupt between two statements is lost, so one is not enough.
    timer ??= setInterval(() => connection.interrupt(), 20);
  };
  signal?.addEventListener("abort", start, { once: true });
  return () => {
    signal?.removeEventListener("abort", start);
    clearInterval(timer);
  };
}
