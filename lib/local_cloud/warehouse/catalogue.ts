/** What the warehouse's names stand for: datasets, tables, routines, models. */
import type { DuckDBConnection } from "@duckdb/node-api";
import type { EntryLog, Key, Kind } from "./entry_log.ts";
import type { Field, SqlType } from "./types.ts";

export interface DatasetRef {
  projectId: string;
  datasetId: string;
}
export interface TableRef extends DatasetRef {
  tableId: string;
}
export interface RoutineRef extends DatasetRef {
  routineId: string;
}
export interface ModelRef extends DatasetRef {
  modelId: string;
}

/** When an entry was made and last changed, in milliseconds since 1970. */
interface Dated {
  created: number;
  modified: number;
}

export interface DatasetEntry extends Dated {
  ref: DatasetRef;
  location: string;
  /** Labels, description, friendlyName, access … as REST has them. */
  resource: Record<string, unknown>;
}

export interface TableEntry extends Dated {
  ref: TableRef;
  type: "TABLE" | "VIEW";
  columns: Field[];
  /** DuckDB's name of the rows, with columns of the names of `columns`; empty for a view. */
  storage: string;
  /** GoogleSQL, of a view. */
  viewQuery?: string;
  /** Labels, description, friendlyName … as REST has them. */
  resource: Record<string, unknown>;
}

/** An argument of a routine; without a type it is ANY TYPE. */
export interface RoutineArgument {
  name: string;
  type?: SqlType;
}

export interface RoutineEntry extends Dated {
  ref: RoutineRef;
  resource: {
    routineType: "SCALAR_FUNCTION" | "TABLE_VALUED_FUNCTION";
    arguments: RoutineArgument[];
    returnType?: SqlType;
    definitionBody: string;
    description?: string;
    [more: string]: unknown;
  };
  /** The text of the CREATE FUNCTION statement. */
  ddl: string;
}

export interface ModelEntry extends Dated {
  ref: ModelRef;
  modelType: "KMEANS" | "MATRIX_FACTORIZATION" | "TENSORFLOW";
  /** What the names of the model's tables begin with, in DuckDB: `models.m42`. */
  storage: string;
  /** The body of REST's Model, without names and times. */
  resource: Record<string, unknown>;
  /** How the model's features are laid out; for the warehouse alone. */
  spec: Record<string, unknown>;
}

/** How to write an entry. */
export interface PutOptions {
  /** Refuse with `duplicate` if the name is taken, also by one who commits first. Default false. */
  onlyNew?: boolean;
}

type AnyRef = DatasetRef | TableRef | RoutineRef | ModelRef;

function keyOf(kind: Kind, ref: AnyRef): Key {
  const parts: Partial<Record<string, string>> = { ...ref };
  // A table's ref names its dataset too.
  const id = kind === "Dataset" ? "" : parts[`${kind.toLowerCase()}Id`] ?? "";
  return { kind, projectId: ref.projectId, datasetId: ref.datasetId, id };
}

/**
 * Datasets, tables, routines and models by name; names are case-sensitive, as BigQuery's are.
 *
 * Every method joins the transaction of the connection it is given. What replaced or removed entries
 * stored is dropped when the transaction commits.
 */
export class Catalogue {
  readonly #log: EntryLog;

  constructor(log: EntryLog) {
    this.#log = log;
  }

  /** A dataset, or `undefined` if there is none of the name. */
  dataset(c: DuckDBConnection, ref: DatasetRef): Promise<DatasetEntry | undefined> {
    return this.#get(c, "Dataset", ref);
  }

  /** The datasets of a project, by name. */
  datasets(c: DuckDBConnection, projectId: string): Promise<DatasetEntry[]> {
    return this.#list(c, "Dataset", { projectId, datasetId: "" });
  }

  /** The projects that have a dataset, by name. */
  projects(c: DuckDBConnection): Promise<string[]> {
    return this.#log.projects(c, "Dataset");
  }

  /** Adds or replaces a dataset. */
  putDataset(c: DuckDBConnection, entry: DatasetEntry, options?: PutOptions): Promise<void> {
    return this.#put(c, "Dataset", entry, "", options);
  }

  /** Removes a dataset; one that something is left in fails to commit with `resourceInUse`. */
  removeDataset(c: DuckDBConnection, ref: DatasetRef): Promise<void> {
    return this.#remove(c, "Dataset", ref);
  }

  /** A table or view, or `undefined` if there is none of the name. */
  table(c: DuckDBConnection, ref: TableRef): Promise<TableEntry | undefined> {
    return this.#get(c, "Table", ref);
  }

  /** The tables and views of a dataset, by name. */
  tables(c: DuckDBConnection, ref: DatasetRef): Promise<TableEntry[]> {
    return this.#list(c, "Table", ref);
  }

  /** Adds or replaces a table or view. */
  putTable(c: DuckDBConnection, entry: TableEntry, options?: PutOptions): Promise<void> {
    return this.#put(c, "Table", entry, entry.storage, options);
  }

  /** Removes a table or view, if it is there. */
  removeTable(c: DuckDBConnection, ref: TableRef): Promise<void> {
    return this.#remove(c, "Table", ref);
  }

  /** A routine, or `undefined` if there is none of the name. */
  routine(c: DuckDBConnection, ref: RoutineRef): Promise<RoutineEntry | undefined> {
    return this.#get(c, "Routine", ref);
  }

  /** The routines of a dataset, by name. */
  routines(c: DuckDBConnection, ref: DatasetRef): Promise<RoutineEntry[]> {
    return this.#list(c, "Routine", ref);
  }

  /** Adds or replaces a routine. */
  putRoutine(c: DuckDBConnection, entry: RoutineEntry, options?: PutOptions): Promise<void> {
    return this.#put(c, "Routine", entry, "", options);
  }

  /** Removes a routine, if it is there. */
  removeRoutine(c: DuckDBConnection, ref: RoutineRef): Promise<void> {
    return this.#remove(c, "Routine", ref);
  }

  /** A model, or `undefined` if there is none of the name. */
  model(c: DuckDBConnection, ref: ModelRef): Promise<ModelEntry | undefined> {
    return this.#get(c, "Model", ref);
  }

  /** The models of a dataset, by name. */
  models(c: DuckDBConnection, ref: DatasetRef): Promise<ModelEntry[]> {
    return this.#list(c, "Model", ref);
  }

  /** Adds or replaces a model. */
  putModel(c: DuckDBConnection, entry: ModelEntry, options?: PutOptions): Promise<void> {
    return this.#put(c, "Model", entry, entry.storage, options);
  }

  /** Removes a model, if it is there. */
  removeModel(c: DuckDBConnection, ref: ModelRef): Promise<void> {
    return this.#remove(c, "Model", ref);
  }

  async #get<T>(c: DuckDBConnection, kind: Kind, ref: AnyRef): Promise<T | undefined> {
    const body = await this.#log.get(c, keyOf(kind, ref));
    return body === undefined ? undefined : JSON.parse(body);
  }

  async #list<T>(c: DuckDBConnection, kind: Kind, ref: DatasetRef): Promise<T[]> {
    return (await this.#log.list(c, { kind, ...ref })).map((body) => JSON.parse(body));
  }

  #put(
    c: DuckDBConnection,
    kind: Kind,
    entry: { ref: AnyRef },
    storage: string,
    options: PutOptions = {},
  ): Promise<void> {
    return this.#log.write(c, keyOf(kind, entry.ref), {
      body: JSON.stringify(entry),
      storage,
      ...options,
    });
  }

  #remove(c: DuckDBConnection, kind: Kind, ref: AnyRef): Promise<void> {
    return this.#log.write(c, keyOf(kind, ref), { body: null });
  }
}
