/** What CREATE MODEL and the trainers of its model types agree on. */
import type { DuckDBConnection } from "@duckdb/node-api";
import { CloudError, invalidQuery } from "../../errors.ts";
import { type TrainedModel, type TrainingJob, trainInWorker } from "../../ml/train.ts";
import type { ModelEntry } from "../../warehouse/catalogue.ts";
import type { ModelSpec } from "../../warehouse/model_spec.ts";
import type { Execution } from "../execution.ts";

/** How a type of model is trained on the rows of a query. */
export interface Trainer {
  /** Training rows: a SELECT over a compiled query, whose columns are `k0`, `k1`, … */
  rows(query: string): string;
  /**
   * Trains on the rows, which are in the table `rows`; nothing of the warehouse is locked meanwhile.
   *
   * @throws {CloudError} for data that cannot be trained on.
   */
  train(rows: string, scratch: Scratch): Promise<Training>;
}

/** A trained model, not yet written. */
export interface Training {
  iterations: { iteration: number; loss: number; durationMs: number }[];
  /** Writes the model's tables in the connection's transaction; `entry` tells what is in them. */
  write(
    connection: DuckDBConnection,
    storage: string,
  ): Promise<{ spec: ModelSpec; resource: ModelEntry["resource"] }>;
}

/** Tables for the time of one training, in memory; a killed process leaves none of them. */
export class Scratch {
  #tables: string[] = [];

  constructor(readonly execution: Execution) {}

  /** Keeps a query's rows, in no order; gives the table's name. */
  async keep(query: string): Promise<string> {
    const { warehouse } = this.execution;
    const table = warehouse.newStorage("result");
    await this.read((connection) => connection.run(`CREATE TABLE ${table} AS ${query}`));
    this.#tables.push(table);
    return table;
  }

  /** Runs what reads these tables; it ends when the job is cancelled. */
  read<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const { warehouse, request } = this.execution;
    return warehouse.transaction(work, request.signal);
  }

  /** The rows of a query, for few of them; BIGINTs are bigints. */
  rows<Row>(query: string): Promise<Row[]> {
    return this.read(async (connection) =>
      (await connection.runAndReadAll(query)).getRowObjectsJS() as unknown as Row[]
    );
  }

  /** Trains in a worker, which ends with the job. */
  async train<Job extends TrainingJob>(job: Job): Promise<TrainedModel<Job>> {
    try {
      return await trainInWorker(job, { signal: this.execution.request.signal });
    } catch (error) {
      throw error instanceof RangeError ? invalidQuery(error.message) : error;
    }
  }

  /** Drops the tables. */
  async drop(): Promise<void> {
    const { connection } = this.execution;
    for (const table of this.#tables) await connection.run(`DROP TABLE IF EXISTS ${table}`);
  }
}

/** Data without a row that can be trained on. */
export const noRows = (): CloudError =>
  invalidQuery("Input data doesn't contain any rows to train the model on");
