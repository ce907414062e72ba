/**
 * ML.EVALUATE of a matrix factorization model.
 *
 * @see https://docs.cloud.google.com/bigquery/docs/reference/standard-sql/bigqueryml-syntax-evaluate
 */
import { NUMERIC_KINDS } from "../../../warehouse/features.ts";
import { type FactorizationSpec, specOf } from "../../../warehouse/model_spec.ts";
import { typeName } from "../../../warehouse/types.ts";
import type { MlCall } from "../../catalog.ts";
import {
  inputOf,
  type MlFunction,
  type MlInput,
  optionsOf,
  requiredColumn,
  wrongType,
} from "./call.ts";
import { RANKING_METRICS, rankingMetricsSql } from "./ranking_metrics.ts";
import { RATING_METRICS, ratingMetricsSql } from "./rating_metrics.ts";

/** The names of the metrics of a kind of feedback, in the order of ML.EVALUATE's columns. */
const metricsOf = ({ feedbackType }: FactorizationSpec): readonly string[] =>
  feedbackType === "IMPLICIT" ? RANKING_METRICS : RATING_METRICS;

/**
 * One row of metrics.
 *
 * @param ratings A relation `user`, `item`, `rating` (a DOUBLE), without NULLs.
 */
export function factorizationMetricsSql(
  storage: string,
  { feedbackType }: FactorizationSpec,
  ratings: string,
): string {
  const write = feedbackType === "IMPLICIT" ? rankingMetricsSql : ratingMetricsSql;
  return write(storage, ratings);
}

/** How well the model predicts the ratings given, or those of the training rows. */
export const evaluateFactorization: MlFunction = {
  argumentCount: [1, 3],
  schemas: ({ model }) => [
    metricsOf(specOf(model) as FactorizationSpec)
      .map((name) => ({ name, type: { kind: "FLOAT64" } })),
  ],
  lower(call, scan, lower) {
    optionsOf(call, scan, {});
    const { storage } = call.model;
    const spec = specOf(call.model) as FactorizationSpec;
    const input = inputOf(scan, lower);
    const metrics = input === undefined
      ? `${storage}_metrics`
      : factorizationMetricsSql(storage, spec, ratingsOf(call, spec, input));
    const list = metricsOf(spec).map((name, i) => `${name} AS o${i}`);
    return `(SELECT ${list} FROM ${metrics})`;
  },
};

/** The input's ratings; rows with a NULL in them are left out, as in training. */
function ratingsOf(call: MlCall, spec: FactorizationSpec, input: MlInput): string {
  const [user, item, rating] = [spec.user, spec.item, spec.rating].map(({ name, type }) => {
    const at = requiredColumn(call, input, name);
    const given = input.columns[at].type;
    const isNumber = name === spec.rating.name && NUMERIC_KINDS.has(given.kind);
    if (typeName(given) !== typeName(type) && !isNumber) {
      throw wrongType(call, [name, typeName(given), typeName(type)]);
    }
    return input.names[at];
  });
  return `(SELECT ${user} AS "user", ${item} AS item, CAST(${rating} AS DOUBLE) AS rating
    FROM ${input.rows}
    WHERE ${user} IS NOT NULL AND ${item} IS NOT NULL AND ${rating} IS NOT NULL)`;
}
