/**
 * The OPTIONS of CREATE MODEL: which there are, what each may be, and why some are refused.
 *
 * @see https://docs.cloud.google.com/bigquery/docs/reference/standard-sql/bigqueryml-syntax-create-kmeans
 * @see https://docs.cloud.google.com/bigquery/docs/reference/standard-sql/bigqueryml-syntax-create-matrix-factorization
 * @see https://docs.cloud.google.com/bigquery/docs/reference/standard-sql/bigqueryml-syntax-create-tensorflow
 */
import { invalidQuery } from "../errors.ts";
import { found, oneEditApart, type Rule, typedValue, type Value, wanted } from "./option_rules.ts";
import type {
  FactorizationModelOptions,
  ImportOptions,
  KMeansModelOptions,
  ModelOptions,
} from "./model_option_types.ts";
import type { Option } from "./resolved.ts";

export type * from "./model_option_types.ts";

/** NUM_CLUSTERS of n training rows: log10(n), rounded, 2 to 100. */
export function defaultClusters(rows: number): number {
  return clamp(Math.round(Math.log10(rows)), 2, 100);
}

/** NUM_FACTORS of n training rows: log2(n), rounded, 2 to 200. */
export function defaultFactors(rows: number): number {
  return clamp(Math.round(Math.log2(rows)), 2, 200);
}

const clamp = (value: number, least: number, most: number) =>
  Math.min(most, Math.max(least, value));

const COMMON: Record<string, Rule> = {
  MODEL_TYPE: { type: "STRING" },
  MAX_ITERATIONS: { type: "INT64", range: [1, 1_000_000] },
  EARLY_STOP: { type: "BOOL" },
  MIN_REL_PROGRESS: { type: "FLOAT64", range: [0, 1] },
};

const RULES: Record<ModelOptions["modelType"], Record<string, Rule>> = {
  KMEANS: {
    ...COMMON,
    NUM_CLUSTERS: { type: "INT64", range: [2, 100] },
    KMEANS_INIT_METHOD: { type: "STRING", values: ["RANDOM", "KMEANS++", "CUSTOM"] },
    KMEANS_INIT_COL: { type: "STRING" },
    DISTANCE_TYPE: { type: "STRING", values: ["EUCLIDEAN", "COSINE"] },
    STANDARDIZE_FEATURES: { type: "BOOL" },
    WARM_START: { type: "BOOL" },
  },
  MATRIX_FACTORIZATION: {
    ...COMMON,
    FEEDBACK_TYPE: { type: "STRING", values: ["EXPLICIT", "IMPLICIT"] },
    NUM_FACTORS: { type: "INT64", range: [2, 200] },
    USER_COL: { type: "STRING" },
    ITEM_COL: { type: "STRING" },
    RATING_COL: { type: "STRING" },
    WALS_ALPHA: { type: "FLOAT64", range: [0, Number.MAX_VALUE] },
    L2_REG: { type: "FLOAT64", range: [0, Number.MAX_VALUE] },
    DATA_SPLIT_METHOD: {
      type: "STRING",
      values: ["NO_SPLIT", "AUTO_SPLIT", "RANDOM", "CUSTOM", "SEQ"],
    },
  },
  TENSORFLOW: { MODEL_TYPE: { type: "STRING" }, MODEL_PATH: { type: "STRING" } },
};

/** Options that BigQuery knows and the local warehouse does not, with what to do instead. */
const REFUSED: Record<string, string> = {
  NUM_TRIALS: "train one model per value and compare them with ML.EVALUATE",
  MAX_PARALLEL_TRIALS: "it needs NUM_TRIALS, which is not supported either",
  HPARAM_TUNING_ALGORITHM: "it needs NUM_TRIALS, which is not supported either",
  HPARAM_TUNING_OBJECTIVES: "it needs NUM_TRIALS, which is not supported either",
  MODEL_REGISTRY: "export the model and upload it",
  VERTEX_AI_MODEL_ID: "export the model and upload it",
  VERTEX_AI_MODEL_VERSION_ALIASES: "export the model and upload it",
  KMS_KEY_NAME: "nothing is encrypted here; leave it out",
  DATA_SPLIT_EVAL_FRACTION: "evaluate on rows of your own with ML.EVALUATE(MODEL …, (query))",
  DATA_SPLIT_TEST_FRACTION: "evaluate on rows of your own with ML.EVALUATE(MODEL …, (query))",
  DATA_SPLIT_COL: "evaluate on rows of your own with ML.EVALUATE(MODEL …, (query))",
};

/**
 * Reads the options of a CREATE MODEL statement; names and enumerated values in any case.
 *
 * @param placed Adds to a message where in the statement an option stands.
 * @throws {CloudError} `invalidQuery`, naming the option: unknown, refused, twice, of another type
 * or out of its range.
 */
export function readModelOptions(
  options: Option[],
  placed: (message: string, option?: Option) => string,
): ModelOptions {
  const fail = (message: string, option?: Option) => invalidQuery(placed(message, option));
  const given = new Map<string, Option>();
  for (const option of options) {
    const name = option.name.toUpperCase();
    if (given.has(name)) throw fail(`Duplicate option specified for '${option.name}'`, option);
    given.set(name, option);
  }
  const modelType = readModelType(given.get("MODEL_TYPE"), fail);
  const values = new Map<string, Value>();
  for (const [name, option] of given) {
    const rule = RULES[modelType][name];
    if (rule === undefined) throw fail(unknownOption(name, modelType), option);
    const value = typedValue(option.value, rule);
    if (value === undefined) {
      throw fail(`Option ${name} must be ${wanted(rule)}${found(option.value)}`, option);
    }
    values.set(name, value);
  }
  return READ[modelType](values, (message, name) => fail(message, given.get(name)));
}

type Fail = (message: string, option?: Option) => Error;

function readModelType(option: Option | undefined, fail: Fail): ModelOptions["modelType"] {
  if (option === undefined) {
    throw fail(
      "CREATE MODEL needs the option MODEL_TYPE: 'KMEANS', 'MATRIX_FACTORIZATION' or 'TENSORFLOW'",
    );
  }
  const value = typedValue(option.value, COMMON.MODEL_TYPE);
  if (value === undefined) throw fail("Option MODEL_TYPE must be a STRING literal", option);
  const name = String(value).toUpperCase();
  if (name in RULES) return name as ModelOptions["modelType"];
  throw fail(
    `Model type ${name} is not supported by the local warehouse: it trains KMEANS and ` +
      "MATRIX_FACTORIZATION, and imports TENSORFLOW",
    option,
  );
}

function unknownOption(name: string, modelType: ModelOptions["modelType"]): string {
  const advice = REFUSED[name];
  if (advice !== undefined) {
    return `Option ${name} is not supported by the local warehouse: ${advice}`;
  }
  const known = Object.keys(RULES[modelType]);
  const isOther = Object.values(RULES).some((rules) => name in rules);
  const what = isOther
    ? `Option ${name} is not allowed for model type ${modelType}`
    : `Unknown option: ${name}`;
  const near = known.find((other) => oneEditApart(name, other));
  return `${what}${near === undefined ? "" : `; Did you mean ${near}?`}`;
}

type Values = Map<string, Value>;
type FailOn = (message: string, name: string) => Error;

/** The options that every model type has, defaults filled in. */
function commonOptions(values: Values) {
  return {
    maxIterations: (values.get("MAX_ITERATIONS") ?? 20) as number,
    earlyStop: (values.get("EARLY_STOP") ?? true) as boolean,
    minRelProgress: (values.get("MIN_REL_PROGRESS") ?? 0.01) as number,
  };
}

function kmeansOptions(values: Values, fail: FailOn): KMeansModelOptions {
  const initMethod = (values.get("KMEANS_INIT_METHOD") ??
    "RANDOM") as KMeansModelOptions["initMethod"];
  const initColumn = values.get("KMEANS_INIT_COL") as string | undefined;
  if (values.get("WARM_START") === true) {
    throw fail(
      "Option WARM_START = TRUE is not supported by the local warehouse: train the model anew",
      "WARM_START",
    );
  }
  if (initMethod === "CUSTOM" && initColumn === undefined) {
    throw fail("KMEANS_INIT_METHOD = 'CUSTOM' needs KMEANS_INIT_COL", "KMEANS_INIT_METHOD");
  }
  if (initMethod !== "CUSTOM" && initColumn !== undefined) {
    throw fail("KMEANS_INIT_COL needs KMEANS_INIT_METHOD = 'CUSTOM'", "KMEANS_INIT_COL");
  }
  return {
    modelType: "KMEANS",
    numClusters: values.get("NUM_CLUSTERS") as number | undefined,
    initMethod,
    initColumn,
    distanceType: (values.get("DISTANCE_TYPE") ??
      "EUCLIDEAN") as KMeansModelOptions["distanceType"],
    standardizeFeatures: (values.get("STANDARDIZE_FEATURES") ?? true) as boolean,
    ...commonOptions(values),
  };
}

function factorizationOptions(values: Values, fail: FailOn): FactorizationModelOptions {
  const feedbackType = (values.get("FEEDBACK_TYPE") ??
    "EXPLICIT") as FactorizationModelOptions["feedbackType"];
  if (values.has("WALS_ALPHA") && feedbackType !== "IMPLICIT") {
    throw fail("WALS_ALPHA needs FEEDBACK_TYPE = 'IMPLICIT'", "WALS_ALPHA");
  }
  const split = values.get("DATA_SPLIT_METHOD") ?? "NO_SPLIT";
  if (split !== "NO_SPLIT") {
    throw fail(
      `DATA_SPLIT_METHOD = '${split}' is not supported by the local warehouse: ${REFUSED.DATA_SPLIT_COL}`,
      "DATA_SPLIT_METHOD",
    );
  }
  return {
    modelType: "MATRIX_FACTORIZATION",
    feedbackType,
    numFactors: values.get("NUM_FACTORS") as number | undefined,
    userColumn: String(values.get("USER_COL") ?? "user"),
    itemColumn: String(values.get("ITEM_COL") ?? "item"),
    ratingColumn: String(values.get("RATING_COL") ?? "rating"),
    walsAlpha: (values.get("WALS_ALPHA") ?? 40) as number,
    l2Reg: (values.get("L2_REG") ?? 1) as number,
    ...commonOptions(values),
  };
}

function importOptions(values: Values, fail: FailOn): ImportOptions {
  const modelPath = values.get("MODEL_PATH");
  if (modelPath === undefined) {
    throw fail(
      "Model type TENSORFLOW needs the option MODEL_PATH: 'gs://bucket/folder/*'",
      "MODEL_TYPE",
    );
  }
  return { modelType: "TENSORFLOW", modelPath: String(modelPath) };
}

const READ: Record<ModelOptions["modelType"], (values: Values, fail: FailOn) => ModelOptions> = {
  KMEANS: kmeansOptions,
  MATRIX_FACTORIZATION: factorizationOptions,
  TENSORFLOW: importOptions,
};
