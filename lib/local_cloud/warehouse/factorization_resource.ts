/** A matrix factorization model as REST's Model shows it. */
import type { DuckDBConnection } from "@duckdb/node-api";
import type { AlsIteration } from "../ml/als.ts";
import { iterationOptions, modelBody, type StandardField } from "./model_resource.ts";
import type { FactorizationSpec } from "./model_spec.ts";
import type { Field } from "./types.ts";

/** The options of a training, named as in CREATE MODEL. */
interface TrainingOptions {
  walsAlpha: number;
  l2Reg: number;
  maxIterations: number;
  earlyStop: boolean;
  minRelProgress: number;
}

/** REST's name of a metric: `mean_squared_error` → `meanSquaredError`. */
const restNameOf = (metric: string): string =>
  metric === "r2_score" ? "rSquared" : metric.replaceAll(/_(.)/g, (_, c) => c.toUpperCase());

/** A metric of ML.EVALUATE that REST does not have. */
const NOT_IN_REST = "explained_variance";

/**
 * The body of a model whose tables are written, in the same transaction.
 *
 * @param training.begun When training began, in milliseconds since 1970.
 */
export async function factorizationResource(
  connection: DuckDBConnection,
  storage: string,
  { spec, options, iterations, begun }: {
    spec: FactorizationSpec;
    options: TrainingOptions;
    iterations: AlsIteration[];
    begun: number;
  },
): Promise<Record<string, unknown>> {
  const [stored] = (await connection.runAndReadAll(`SELECT * FROM ${storage}_metrics`))
    .getRowObjectsJS();
  const metrics = Object.entries(stored).filter(([name]) => name !== NOT_IN_REST)
    .map(([name, value]) => [restNameOf(name), value]);
  const isImplicit = spec.feedbackType === "IMPLICIT";
  return modelBody({
    ...{ begun, iterations },
    trainingOptions: trainingOptions(spec, options),
    evaluationMetrics: {
      [isImplicit ? "rankingMetrics" : "regressionMetrics"]: Object.fromEntries(metrics),
    },
  }, {
    featureColumns: [spec.user, spec.item].map(standardField),
    labelColumns: [standardField(spec.rating)],
  });
}

const standardField = ({ name, type }: Field): StandardField => ({
  name,
  type: { typeKind: type.kind },
});

function trainingOptions(
  { feedbackType, factors, user, item, rating }: FactorizationSpec,
  options: TrainingOptions,
): Record<string, unknown> {
  return {
    ...iterationOptions(options),
    feedbackType,
    numFactors: String(factors),
    ...(feedbackType === "IMPLICIT" ? { walsAlpha: options.walsAlpha } : {}),
    l2Regularization: options.l2Reg,
    userColumn: user.name,
    itemColumn: item.name,
    inputLabelColumns: [rating.name],
    dataSplitMethod: "NO_SPLIT",
  };
}
