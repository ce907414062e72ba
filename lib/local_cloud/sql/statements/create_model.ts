/**
 * CREATE MODEL: rows in, a trained model's tables and its entry in the catalogue out.
 *
 * Three steps: the rows are kept in memory; a worker trains on them while nothing is locked; one
 * transaction writes everything. So a model is replaced whole or not at all, whatever happens. A model
 * of TensorFlow is not trained but imported.
 *
 * @see https://docs.cloud.google.com/bigquery/docs/reference/standard-sql/bigqueryml-syntax-create
 */
import { type CloudError, invalidQuery } from "../../errors.ts";
import type { ModelRef } from "../../warehouse/catalogue.ts";
import { outputSchema, type Resolved, whereWritten } from "../compile.ts";
import type { Execution, RunStatement } from "../execution.ts";
import { answered } from "../fallback.ts";
import { Unsupported } from "../lower/lowering.ts";
import { type ModelOptions, readModelOptions, type TrainingOptions } from "../model_options.ts";
import type { StatementOutcome } from "../mod.ts";
import type { Option, OutputColumn, Scan, Statement } from "../resolved.ts";
import { importModel } from "./import_model.ts";
import { bytesOf } from "./measures.ts";
import { operationOn, writeModel } from "./model_entry.ts";
import { ddlOutcome, pathOf, targetOf } from "./targets.ts";
import { factorizationTrainer } from "./train_factorization.ts";
import { kmeansTrainer } from "./train_kmeans.ts";
import { Scratch, type Trainer } from "./training.ts";

export const createModel: RunStatement = async (resolved, execution) => {
  const { statement, names } = resolved;
  refuseClauses(statement);
  const [dataset, modelId] = await targetOf(pathOf(statement), "Model", execution);
  const ref: ModelRef = { ...dataset, modelId };
  const options = modelOptions(resolved);
  if (options.modelType === "TENSORFLOW") {
    if (statement.query !== undefined) throw new Unsupported("AS query of an imported model");
    return await importModel(ref, options, resolved, execution);
  }
  if (statement.query === undefined) throw withoutQuery(resolved);
  const output = statement.outputColumnList as OutputColumn[];
  const schema = outputSchema(output);
  const trainer = options.modelType === "KMEANS"
    ? kmeansTrainer(schema, options)
    : factorizationTrainer(schema, options);
  const operation = await operationOn(ref, resolved, execution, execution.connection);
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
  { modelType, maxIterations }: TrainingOptions,
  trainer: Trainer,
): Promise<Pick<StatementOutcome, "ddl" | "evaluator" | "ml">> {
  const scratch = new Scratch(execution);
  try {
    const { rows, evaluator } = await answered(query, resolved, execution, async (answer) => ({
      rows: await scratch.keep(trainer.rows(answer.sql)),
      evaluator: answer.evaluator,
    }));
    const training = await trainer.train(rows, scratch);
    const operation = await writeModel(ref, resolved, execution, training.write.bind(training));
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

function modelOptions(resolved: Resolved): ModelOptions {
  const { statement } = resolved;
  return readModelOptions(statement.optionList as Option[], (message, option) => {
    const place = (option as { place?: Statement["place"] } | undefined)?.place ?? statement.place;
    return message + whereWritten(place, resolved);
  });
}

/** Clauses beside OPTIONS and AS, by the analyzer's name for what they add to the statement. */
const CLAUSES: Record<string, string> = {
  transformList: "TRANSFORM",
  inputColumnDefinitionList: "INPUT",
  outputColumnDefinitionList: "OUTPUT",
  aliasedQueryList: "CREATE MODEL with several queries",
  connection: "REMOTE WITH CONNECTION",
  isRemote: "REMOTE",
};

/** In the words of the analyzer, which allows it for models that are not trained. */
function withoutQuery(resolved: Resolved): CloudError {
  const where = whereWritten(resolved.statement.place, resolved);
  return invalidQuery(`The AS SELECT clause is required for CREATE MODEL${where}`);
}

function refuseClauses(statement: Statement): void {
  for (const [name, clause] of Object.entries(CLAUSES)) {
    const value = statement[name];
    if (Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false) {
      throw new Unsupported(clause);
    }
  }
}
