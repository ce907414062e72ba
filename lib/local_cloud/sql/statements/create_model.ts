/**
 * CREATE MODEL: rows in, a trained model's tables and its entry in the catalogue out.
 *
 * Three steps: the rows are kept in memory; a worker trains on them while nothing is locked; one
 * transaction writes everything. So a model is replaced whole or not at all, whatever happens.
 *
 * @see https://docs.cloud.google.com/bigquery/docs/reference/standard-sql/bigqueryml-syntax-create
 */
import type { DuckDBConnection } from "@duckdb/node-api";
import { alreadyExists } from "../../errors.ts";
import type { ModelRef } from "../../warehouse/catalogue.ts";
import { modelName } from "../../warehouse/model_spec.ts";
import { outputSchema, type Resolved, whereWritten } from "../compile.ts";
import type { Execution, RunStatement } from "../execution.ts";
import { answered } from "../fallback.ts";
import { Unsupported } from "../lower/lowering.ts";
import { type ModelOptions, readModelOptions } from "../model_options.ts";
import type { StatementOutcome } from "../mod.ts";
import type { Option, OutputColumn, Scan, Statement } from "../resolved.ts";
import { bytesOf } from "./measures.ts";
import {
  type CreateMode,
  ddlOutcome,
  type Operation,
  operationOf,
  pathOf,
  tableOrModel,
  targetOf,
} from "./targets.ts";
import { factorizationTrainer } from "./train_factorization.ts";
import { kmeansTrainer } from "./train_kmeans.ts";
import { Scratch, type Trainer, type Training } from "./training.ts";

export const createModel: RunStatement = async (resolved, execution) => {
  const { statement, names } = resolved;
  refuseClauses(statement);
  const [dataset, modelId] = await targetOf(pathOf(statement), "Model", execution);
  const ref: ModelRef = { ...dataset, modelId };
  const options = modelOptions(resolved);
  const output = statement.outputColumnList as OutputColumn[];
  const schema = outputSchema(output);
  const trainer = options.modelType === "KMEANS"
    ? kmeansTrainer(schema, options)
    : factorizationTrainer(schema, options);
  const operation = await existing(ref, resolved, execution, execution.connection);
  const outcome: StatementOutcome = {
    ...ddlOutcome("CREATE_MODEL", operation),
    referencedTables: names.tables.map((table) => table.ref),
    bytesProcessed: await bytesOf(names.tables, execution.connection),
  };
  if (operation === "SKIP") return outcome;
  const query = [output, statement.query as Scan] as [OutputColumn[], Scan];
  if (execution.request.dryRun) {
    const dry = (answer: Pick<StatementOutcome, "evaluator">) =>
      Promise.resolve({ ...outcome, evaluator: answer.evaluator });
    return await answered(query, resolved, execution, dry);
  }
  return { ...outcome, ...await create(ref, query, resolved, execution, options, trainer) };
};

/** Keeps the rows, trains and writes. */
async function create(
  ref: ModelRef,
  query: [OutputColumn[], Scan],
  resolved: Resolved,
  execution: Execution,
  { modelType, maxIterations }: ModelOptions,
  trainer: Trainer,
): Promise<Pick<StatementOutcome, "ddl" | "evaluator" | "ml">> {
  const scratch = new Scratch(execution);
  try {
    const { rows, evaluator } = await answered(query, resolved, execution, async (answer) => ({
      rows: await scratch.keep(trainer.rows(answer.sql)),
      evaluator: answer.evaluator,
    }));
    const training = await trainer.train(rows, scratch);
    const operation = await write(ref, modelType, training, resolved, execution);
    const iterations = training.iterations.map(({ iteration, loss, durationMs }) => ({
      index: iteration,
      trainingLoss: loss,
      durationMs: Math.round(durationMs),
    }));
    return { ddl: { operation }, evaluator, ml: { modelType, maxIterations, iterations } };
  } finally {
    await scratch.drop();
  }
}

/** Everything or nothing: the tables, and the entry that names them. */
function write(
  ref: ModelRef,
  modelType: ModelOptions["modelType"],
  training: Training,
  resolved: Resolved,
  execution: Execution,
): Promise<Operation> {
  const { warehouse, request } = execution;
  return warehouse.transaction(async (connection) => {
    const operation = await existing(ref, resolved, execution, connection);
    if (operation === "SKIP") return operation;
    const storage = warehouse.newStorage("model");
    const { spec, resource } = await training.write(connection, storage);
    const now = Date.now();
    const onlyNew = resolved.statement.createMode === "CREATE_DEFAULT";
    await warehouse.catalogue.putModel(connection, {
      ...{ ref, modelType, storage, resource, created: now, modified: now },
      spec: spec as unknown as Record<string, unknown>,
    }, { onlyNew });
    return operation;
  }, request.signal);
}

function modelOptions(resolved: Resolved): ModelOptions {
  const { statement } = resolved;
  return readModelOptions(statement.optionList as Option[], (message, option) => {
    const place = (option as { place?: Statement["place"] } | undefined)?.place ?? statement.place;
    return place === undefined ? message : `${message} at [${whereWritten(place, resolved)}]`;
  });
}

/** Clauses beside OPTIONS and AS, by the analyzer's name for what they add to the statement. */
const CLAUSES: Record<string, string> = {
  transformList: "TRANSFORM",
  inputColumnDefinitionList: "INPUT",
  outputColumnDefinitionList: "OUTPUT",
  aliasedQueryList: "CREATE MODEL with several queries",
  connection: "REMOTE WITH CONNECTION",
};

function refuseClauses(statement: Statement): void {
  for (const [name, clause] of Object.entries(CLAUSES)) {
    const value = statement[name];
    if (Array.isArray(value) ? value.length > 0 : value !== undefined) {
      throw new Unsupported(clause);
    }
  }
  if (statement.query === undefined) throw new Unsupported("CREATE MODEL without AS query");
}

async function existing(
  ref: ModelRef,
  { statement }: Resolved,
  execution: Execution,
  connection: DuckDBConnection,
): Promise<Operation> {
  const { projectId, datasetId, modelId } = ref;
  const there = await tableOrModel(
    { projectId, datasetId, tableId: modelId },
    execution,
    connection,
  );
  if (there === "Table") throw alreadyExists(`Table ${modelName(ref)}`);
  const mode = statement.createMode as CreateMode;
  return operationOf(mode, there !== undefined, `Model ${modelName(ref)}`);
}
