/**
 * The functions of BigQuery ML that read a model: each becomes a subquery over the model's tables,
 * so that it composes with any other SQL.
 */
import { CloudError, invalidQuery } from "../../errors.ts";
import type { ModelEntry } from "../../warehouse/catalogue.ts";
import { modelName } from "../../warehouse/model_spec.ts";
import type { MlCall, MlSchema } from "../catalog.ts";
import type { TvfScan } from "../resolved.ts";
import { columnName, type Lowering } from "./lowering.ts";
import type { MlFunction, PreparationPlace } from "./ml/call.ts";
import { centroids } from "./ml/centroids.ts";
import { detectAnomalies } from "./ml/detect_anomalies.ts";
import { evaluateFactorization } from "./ml/evaluate_factorization.ts";
import { evaluateKMeans } from "./ml/evaluate_kmeans.ts";
import { factorizationTrainingInfo, featureInfo, kmeansTrainingInfo } from "./ml/information.ts";
import { predict } from "./ml/predict.ts";
import { predictImported } from "./ml/predict_imported.ts";
import { recommend } from "./ml/recommend.ts";
import { weights } from "./ml/weights.ts";

type PerType = Partial<Record<ModelEntry["modelType"], MlFunction>>;

const FUNCTIONS: Record<string, PerType | undefined> = {
  CENTROIDS: { KMEANS: centroids },
  DETECT_ANOMALIES: { KMEANS: detectAnomalies },
  EVALUATE: { KMEANS: evaluateKMeans, MATRIX_FACTORIZATION: evaluateFactorization },
  FEATURE_INFO: { KMEANS: featureInfo, MATRIX_FACTORIZATION: featureInfo },
  PREDICT: { KMEANS: predict, TENSORFLOW: predictImported },
  RECOMMEND: { MATRIX_FACTORIZATION: recommend },
  TRAINING_INFO: { KMEANS: kmeansTrainingInfo, MATRIX_FACTORIZATION: factorizationTrainingInfo },
  WEIGHTS: { MATRIX_FACTORIZATION: weights },
};

function functionOf({ name, model }: MlCall): MlFunction {
  const perType = FUNCTIONS[name];
  if (perType === undefined) {
    throw invalidQuery(`Function ML.${name} is not supported by the local warehouse`);
  }
  const found = perType[model.modelType];
  if (found !== undefined) return found;
  const instead = Object.keys(FUNCTIONS).filter((other) => FUNCTIONS[other]?.[model.modelType]);
  throw invalidQuery(
    `ML.${name} is not supported for the ${model.modelType} model ${modelName(model.ref)}: ` +
      `it answers to ${instead.map((other) => `ML.${other}`).join(", ")}`,
  );
}

/**
 * The schemas a call may have, tried in order until one fits its input.
 *
 * @throws {CloudError} `invalidQuery`, naming the function: unknown, not for this type of model, or
 * called with too few or too many arguments.
 */
export function mlSchemas(call: MlCall): MlSchema[] {
  return placed(call, () => checkedSchemas(call));
}

function checkedSchemas(call: MlCall): MlSchema[] {
  const { argumentCount: [least, most], schemas } = functionOf(call);
  const { name, argumentCount, model } = call;
  if (argumentCount < least || argumentCount > most) {
    const wanted = least === most ? `${least}` : `${least} to ${most}`;
    throw invalidQuery(
      `${name} expects ${wanted} argument${most === 1 ? "" : "s"} for ${model.modelType} models ` +
        `but ${argumentCount} ${argumentCount === 1 ? "was" : "were"} passed`,
    );
  }
  return schemas(call);
}

/** Makes ready what the calls of a statement will use. */
export async function prepareMlCalls(
  calls: MlCall[],
  place: PreparationPlace,
): Promise<void> {
  for (const call of calls) await functionOf(call).prepare?.(call, place);
}

/** A call as a SELECT of exactly the scan's columns. */
export function lowerMlCall(call: MlCall, scan: TvfScan, lower: Lowering): string {
  const rows = placed(call, () => functionOf(call).lower(call, scan, lower));
  const list = scan.columnList.map((column, i) =>
    `o${scan.columnIndexList[i]} AS ${columnName(column)}`
  );
  return `SELECT ${list.join(", ") || "1 AS c0"} FROM ${rows}`;
}

/** What is wrong with a call is where its name stands, unless it is known better. */
function placed<T>(call: MlCall, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const isPlaced = !(error instanceof CloudError) || / at \[\d+:\d+\]$/.test(error.message);
    if (isPlaced || call.place === undefined) throw error;
    throw invalidQuery(`${error.message} at [${call.place}]`);
  }
}
