/** The aggregate functions, over groups and windows alike. */
import {
  type AggregateCall,
  type AggregateLowering,
  type Lowering,
  once,
  raise,
  refuse,
  Unsupported,
} from "./lowering.ts";
import { checkedSum, mean } from "./functions/numeric.ts";

const argument = (call: AggregateCall, lower: Lowering, position = 0) =>
  lower.expr(call.argumentList[position]);

const kindOf = (call: AggregateCall) => call.argumentList[0].type.kind;

/** The aggregates whose meaning is that of DuckDB's namesake. */
const plain = (name: string): AggregateLowering => (call, lower, apply) =>
  apply(name, lower.exprs(call.argumentList));

/** GoogleSQL's MIN and MAX are NaN as soon as one value is; DuckDB's MIN passes NaN over. */
const extreme = (name: string): AggregateLowering => (call, lower, apply) => {
  const arg = argument(call, lower);
  const sql = apply(name, [arg]);
  if (kindOf(call) !== "FLOAT64") return sql;
  return `CASE WHEN ${apply("bool_or", [`isnan(${arg})`])} THEN 'nan'::DOUBLE ELSE ${sql} END`;
};

/**
 * DuckDB adds BIGINTs in 128 bits, and the cast back raises where INT64 ends; it adds DOUBLEs to
 * infinity, where GoogleSQL raises unless a value was infinite itself.
 */
const sum: AggregateLowering = (call, lower, apply) => {
  const arg = argument(call, lower);
  const sql = apply("sum", [arg]);
  switch (kindOf(call)) {
    case "INT64":
      return `CAST(${sql} AS BIGINT)`;
    case "FLOAT64":
      return `CASE WHEN isinf(${sql}) AND NOT ${apply("bool_or", [`isinf(${arg})`])} THEN ${
        raise("double overflow")
      } ELSE ${sql} END`;
    case "NUMERIC":
      return checkedSum(sql);
    default:
      throw new Unsupported(`SUM of ${kindOf(call)}`, call.place);
  }
};

/** DuckDB's mean of DECIMALs is a DOUBLE. */
const average: AggregateLowering = (call, lower, apply) => {
  const arg = argument(call, lower);
  if (kindOf(call) !== "NUMERIC") return apply("avg", [arg]);
  return mean(apply("sum", [arg]), apply("count", [arg]));
};

/** Zero where no row counts; DuckDB's is NULL then. */
const countIf: AggregateLowering = (call, lower, apply) => {
  if (call.distinct) throw new Unsupported("COUNTIF(DISTINCT)", call.place);
  return `coalesce(${apply("count_if", [argument(call, lower)])}, 0)`;
};

const asDouble = (sql: string) => `CAST(${sql} AS DOUBLE)`;

/** NaN as soon as a value is NaN or infinite, where DuckDB raises. `least` values must be there. */
const spread = (name: string, least: number): AggregateLowering => (call, lower, apply) => {
  const arg = asDouble(argument(call, lower));
  if (kindOf(call) !== "FLOAT64") return apply(name, [arg]);
  const unusual = apply("bool_or", [`NOT isfinite(${arg})`]);
  const enough = `${apply("count", [arg])} >= ${least}`;
  return `CASE WHEN ${unusual} THEN CASE WHEN ${enough} THEN 'nan'::DOUBLE END ELSE ${
    apply(name, [arg], `isfinite(${arg})`)
  } END`;
};

/** The same of pairs; a pair with a NULL in it does not count. */
const joint = (name: string, least: number): AggregateLowering => (call, lower, apply) => {
  if (call.distinct) throw new Unsupported(`${call.name.toUpperCase()}(DISTINCT)`, call.place);
  const args = lower.exprs(call.argumentList).map(asDouble);
  const [x, y] = args;
  const whole = `${x} IS NOT NULL AND ${y} IS NOT NULL`;
  const finite = `isfinite(${x}) AND isfinite(${y})`;
  const unusual = apply("bool_or", [`NOT (${finite})`], whole);
  const enough = `${apply("count", ["1"], whole)} >= ${least}`;
  return `CASE WHEN NOT ${enough} THEN NULL WHEN ${unusual} THEN 'nan'::DOUBLE ELSE ${
    apply(name, args, finite)
  } END`;
};

/** The first `LIMIT` elements of a list. */
function limited(list: string, call: AggregateCall, lower: Lowering): string {
  const limit = "limit" in call ? call.limit : undefined;
  return limit === undefined ? list : `list_slice(${list}, 1, ${lower.expr(limit)})`;
}

/** NULL on no rows in both; NULL elements stay unless IGNORE NULLS. */
const arrayAgg: AggregateLowering = (call, lower, apply) =>
  limited(apply("list", [argument(call, lower)]), call, lower);

/** NULL arrays are left out. */
const arrayConcatAgg: AggregateLowering = (call, lower, apply) => {
  const arg = argument(call, lower);
  return `flatten(${limited(apply("list", [arg], `${arg} IS NOT NULL`), call, lower)})`;
};

/** The delimiter is a constant; NULL strings are left out by both. */
const stringAgg: AggregateLowering = (call, lower, apply) => {
  const isText = kindOf(call) === "STRING";
  const [value, delimiter = isText ? "','" : "','::BLOB"] = lower.exprs(call.argumentList);
  if (isText && !("limit" in call && call.limit)) return apply("string_agg", [value, delimiter]);
  const list = limited(apply("list", [value], `${value} IS NOT NULL`), call, lower);
  if (isText) return `array_to_string(${list}, ${delimiter})`;
  return `list_reduce(${list}, lambda x, y: x || ${delimiter} || y)`;
};

/** Exact: BigQuery's sketch is exact on small inputs, and any answer close to it is right. */
const approxCountDistinct: AggregateLowering = (call, lower, apply) => {
  const arg = argument(call, lower);
  return apply("count", [`DISTINCT ${arg}`]);
};

const quantile = (name: string): AggregateLowering => (call, lower, apply) => {
  const [value, fraction] = lower.exprs(call.argumentList);
  const what = call.name.toUpperCase();
  if (call.nullHandlingModifier === "RESPECT_NULLS") {
    throw new Unsupported(`${what} with RESPECT NULLS`, call.place);
  }
  const sql = apply(name, [value, fraction]);
  if (kindOf(call) !== "FLOAT64") {
    return name === "quantile_cont" ? asDouble(sql) : sql;
  }
  const unusual = apply("bool_or", [`NOT isfinite(${value})`]);
  return `CASE WHEN ${unusual} THEN ${refuse(`${what} of NaN or infinity`)} ELSE ${sql} END`;
};

/**
 * `APPROX_QUANTILES(x, n)`: n + 1 of the sorted values, the q-th at ⌈q · count / n⌉, which gives what
 * the examples of the documentation show; BigQuery comes near to that on many rows.
 *
 * @see https://cloud.google.com/bigquery/docs/reference/standard-sql/approximate_aggregate_functions
 */
const approxQuantiles: AggregateLowering = (call, lower, apply) => {
  const [value, number] = lower.exprs(call.argumentList);
  const withNulls = call.nullHandlingModifier === "RESPECT_NULLS";
  const list = apply("list", [value], withNulls ? undefined : `${value} IS NOT NULL`);
  const quantiles = once(
    `list_sort(${list}, 'ASC', 'NULLS FIRST')`,
    (sorted) =>
      `CASE WHEN len(${sorted}) > 0 THEN list_transform(range(0, ${number} + 1), lambda q: ${sorted}[greatest(1, CAST(ceil(q * len(${sorted}) / ${number}) AS BIGINT))]) END`,
  );
  if (kindOf(call) !== "FLOAT64") return quantiles;
  // DuckDB's sort puts NaN last.
  const nan = apply("bool_or", [`isnan(${value})`]);
  return `CASE WHEN ${nan} THEN ${refuse("APPROX_QUANTILES of NaN")} ELSE ${quantiles} END`;
};

export const AGGREGATES: [string, AggregateLowering][] = [
  ["$count_star", (_, __, apply) => apply("count", ["*"])],
  ["any_value", plain("any_value")],
  ["approx_count_distinct", approxCountDistinct],
  ["approx_quantiles", approxQuantiles],
  ["array_agg", arrayAgg],
  ["array_concat_agg", arrayConcatAgg],
  ["avg", average],
  ["bit_and", plain("bit_and")],
  ["bit_or", plain("bit_or")],
  ["bit_xor", plain("bit_xor")],
  ["corr", joint("corr", 2)],
  ["count", plain("count")],
  ["countif", countIf],
  ["covar_pop", joint("covar_pop", 1)],
  ["covar_samp", joint("covar_samp", 2)],
  ["logical_and", plain("bool_and")],
  ["logical_or", plain("bool_or")],
  ["max", extreme("max")],
  ["min", extreme("min")],
  ["stddev_pop", spread("stddev_pop", 1)],
  ["stddev_samp", spread("stddev_samp", 2)],
  ["string_agg", stringAgg],
  ["sum", sum],
  ["var_pop", spread("var_pop", 1)],
  ["var_samp", spread("var_samp", 2)],
];

/** Known to windows only. */
export const QUANTILES: [string, AggregateLowering][] = [
  ["percentile_cont", quantile("quantile_cont")],
  ["percentile_disc", quantile("quantile_disc")],
];
