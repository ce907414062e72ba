/**
 * The catalogue's store: a log of what each name stands for, in which the latest line holds.
 *
 * Lines are only ever added by transactions, so two that write the same name at once never meet
 * DuckDB's write-write conflict; what they wrote is numbered when they commit, one after the other
 * (see `engine.ts`), and the later one holds. Lines that no longer hold are swept after a commit.
 */
import type { DuckDBConnection } from "@duckdb/node-api";
import { concurrentUpdate, madeMeanwhile } from "./conflict.ts";
import { alreadyExists, CloudError, notFound } from "../errors.ts";

/** What kind of thing a name stands for. */
export type Kind = "Dataset" | "Table" | "Routine" | "Model";

/** The full name of an entry; a dataset's own has an empty `id`. */
export interface Key {
  kind: Kind;
  projectId: string;
  datasetId: string;
  id: string;
}

/** One line of the log; `body` is null once the name stands for nothing. */
interface Line {
  id: string;
  body: string | null;
  storage: string;
}

/** What a transaction did to a name. */
interface Change {
  key: Key;
  /** What the name stood for before. */
  before?: Line;
  after?: Line;
  onlyNew: boolean;
}

/** The number of lines not committed yet: above every other, so that a transaction sees its own. */
const UNCOMMITTED = 2n ** 62n;

const COLUMNS = "kind, project, dataset, id";
const LIVE = `(SELECT * FROM catalogue.entries
  QUALIFY row_number() OVER (PARTITION BY ${COLUMNS} ORDER BY committed DESC, step DESC) = 1)`;

/** `p:d.t`, as BigQuery's messages print a name. */
function keyName({ projectId, datasetId, id }: Key): string {
  return `${projectId}:${datasetId}${id === "" ? "" : `.${id}`}`;
}

/** A store of JSON bodies by kind and name. Every method joins the connection's transaction. */
export class EntryLog {
  readonly #changes = new WeakMap<DuckDBConnection, Map<string, Change>>();
  #step = 0n;

  /** Makes the table the log is kept in, if there is none. */
  static async create(connection: DuckDBConnection): Promise<void> {
    await connection.run("CREATE SCHEMA IF NOT EXISTS catalogue");
    await connection.run(`CREATE TABLE IF NOT EXISTS catalogue.entries (
      kind VARCHAR, project VARCHAR, dataset VARCHAR, id VARCHAR,
      body VARCHAR, storage VARCHAR, committed BIGINT, step BIGINT)`);
  }

  /** The highest number a commit was given, 0 if none was. */
  async lastCommit(connection: DuckDBConnection): Promise<bigint> {
    const sql = "SELECT coalesce(max(committed), 0) FROM catalogue.entries";
    return (await connection.runAndReadAll(sql)).getRows()[0][0] as bigint;
  }

  /** The body of a name, or `undefined`. */
  async get(connection: DuckDBConnection, key: Key): Promise<string | undefined> {
    return (await this.#line(connection, key))?.body ?? undefined;
  }

  /** The bodies of a kind in a dataset (for datasets: in a project), by name. */
  async list(connection: DuckDBConnection, key: Omit<Key, "id">): Promise<string[]> {
    const rows = await connection.runAndReadAll(
      `SELECT body FROM ${LIVE} WHERE body IS NOT NULL AND kind = $1 AND project = $2
        AND (kind = 'Dataset' OR dataset = $3) ORDER BY dataset, id`,
      [key.kind, key.projectId, key.datasetId],
    );
    return rows.getRows().map(([body]) => body as string);
  }

  /** The projects that have something of a kind, by name. */
  async projects(connection: DuckDBConnection, kind: Kind): Promise<string[]> {
    const rows = await connection.runAndReadAll(
      `SELECT DISTINCT project FROM ${LIVE} WHERE body IS NOT NULL AND kind = $1 ORDER BY project`,
      [kind],
    );
    return rows.getRows().map(([project]) => project as string);
  }

  /** Writes the body of a name; `null` removes it. */
  async write(
    connection: DuckDBConnection,
    key: Key,
    { body, storage = "", onlyNew = false }: {
      body: string | null;
      storage?: string;
      onlyNew?: boolean;
    },
  ): Promise<void> {
    const before = await this.#line(connection, key);
    if (onlyNew && before !== undefined) throw alreadyExists(`${key.kind} ${keyName(key)}`);
    if (body === null && before === undefined) return;
    this.#remember(connection, {
      key,
      before,
      after: body === null ? undefined : { id: key.id, body, storage },
      onlyNew,
    });
    await connection.run(
      "INSERT INTO catalogue.entries VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
      [
        key.kind,
        key.projectId,
        key.datasetId,
        key.id,
        body,
        storage,
        UNCOMMITTED,
        ++this.#step,
      ],
    );
  }

  /** Whether the connection's transaction wrote anything here. */
  changed(connection: DuckDBConnection): boolean {
    return this.#changes.has(connection);
  }

  /**
   * Numbers what the transaction wrote, after a look at what others committed meanwhile. The caller
   * holds the commit lock until the COMMIT is done.
   *
   * @param now A connection outside of the transaction, which sees what is committed.
   * @throws {CloudError} `duplicate`, `notFound`, `resourceInUse` or a conflict.
   */
  async settle(connection: DuckDBConnection, now: DuckDBConnection, commit: bigint): Promise<void> {
    const changes = this.#changes.get(connection)!;
    for (const change of changes.values()) await this.#check(now, change, changes);
    await connection.run(
      "UPDATE catalogue.entries SET committed = $1 WHERE committed = $2",
      [commit, UNCOMMITTED],
    );
  }

  /** Deletes the lines that no longer hold; gives the storage that nothing names any more. */
  async sweep(connection: DuckDBConnection): Promise<string[]> {
    const rows = await connection.runAndReadAll(
      `SELECT DISTINCT storage FROM catalogue.entries
        WHERE storage <> '' AND storage NOT IN (SELECT storage FROM ${LIVE} WHERE body IS NOT NULL)`,
    );
    await connection.run(`DELETE FROM catalogue.entries WHERE step NOT IN (
      SELECT step FROM ${LIVE} WHERE body IS NOT NULL)`);
    return rows.getRows().map(([storage]) => storage as string);
  }

  /** All storage that is named, of every kind. */
  async storages(connection: DuckDBConnection): Promise<string[]> {
    const rows = await connection.runAndReadAll(
      `SELECT storage FROM ${LIVE} WHERE body IS NOT NULL AND storage <> ''`,
    );
    return rows.getRows().map(([storage]) => storage as string);
  }

  /** Continues the numbers of an earlier process. */
  async resume(connection: DuckDBConnection): Promise<void> {
    const sql = "SELECT coalesce(max(step), 0) FROM catalogue.entries";
    this.#step = (await connection.runAndReadAll(sql)).getRows()[0][0] as bigint;
  }

  async #line(connection: DuckDBConnection, key: Key): Promise<Line | undefined> {
    const rows = await connection.runAndReadAll(
      `SELECT id, body, storage FROM catalogue.entries
        WHERE kind = $1 AND project = $2 AND dataset = $3 AND id = $4
        ORDER BY committed DESC, step DESC LIMIT 1`,
      [key.kind, key.projectId, key.datasetId, key.id],
    );
    const [line] = rows.getRowObjects() as unknown as Line[];
    return line?.body === null ? undefined : line;
  }

  #remember(connection: DuckDBConnection, change: Change): void {
    const changes = this.#changes.get(connection) ?? new Map<string, Change>();
    const name = `${change.key.kind} ${keyName(change.key)}`;
    const earlier = changes.get(name);
    changes.set(name, {
      ...change,
      before: earlier === undefined ? change.before : earlier.before,
      onlyNew: earlier === undefined ? change.onlyNew : earlier.onlyNew,
    });
    this.#changes.set(connection, changes);
  }

  async #check(
    now: DuckDBConnection,
    { key, before, after, onlyNew }: Change,
    changes: Map<string, Change>,
  ): Promise<void> {
    const current = await this.#line(now, key);
    if (onlyNew && current !== undefined) throw madeMeanwhile(`${key.kind} ${keyName(key)}`);
    const inPlace = after !== undefined && after.storage !== "" &&
      after.storage === before?.storage;
    if (inPlace && current?.storage !== before.storage) {
      throw concurrentUpdate(`${key.kind.toLowerCase()} ${keyName(key)}`);
    }
    const dataset = { ...key, kind: "Dataset", id: "" } as const;
    if (key.kind === "Dataset") {
      if (after === undefined) await this.#checkEmpty(now, key, changes);
    } else if (after !== undefined && !changes.get(`Dataset ${keyName(dataset)}`)?.after) {
      if (await this.#line(now, dataset) === undefined) {
        throw notFound(`Dataset ${keyName(dataset)}`);
      }
    }
  }

  async #checkEmpty(
    now: DuckDBConnection,
    key: Key,
    changes: Map<string, Change>,
  ): Promise<void> {
    const rows = await now.runAndReadAll(
      `SELECT kind, project AS "projectId", dataset AS "datasetId", id FROM ${LIVE}
        WHERE body IS NOT NULL AND kind <> 'Dataset' AND project = $1 AND dataset = $2`,
      [key.projectId, key.datasetId],
    );
    const left = (rows.getRowObjects() as unknown as Key[])
      .filter((entry) => !changes.has(`${entry.kind} ${keyName(entry)}`));
    if (left.length > 0) {
      throw new CloudError("resourceInUse", `Dataset ${keyName(key)} is still in use`);
    }
  }
}
