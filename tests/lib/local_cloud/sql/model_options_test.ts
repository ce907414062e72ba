import { assertEquals, assertThrows } from "@std/assert";
import { CloudError } from "../../../../lib/local_cloud/errors.ts";
import {
  defaultClusters,
  defaultFactors,
  readModelOptions,
} from "../../../../lib/local_cloud/sql/model_options.ts";
import type { Literal, Option } from "../../../../lib/local_cloud/sql/resolved.ts";

function literal(value: unknown): Literal {
  switch (typeof value) {
    case "string":
      return { kind: "Literal", type: { kind: "STRING" }, value: { stringValue: value } };
    case "boolean":
      return { kind: "Literal", type: { kind: "BOOL" }, value: { boolValue: value } };
    case "bigint":
      return { kind: "Literal", type: { kind: "INT64" }, value: { int64Value: String(value) } };
    default:
      return {
        kind: "Literal",
        type: { kind: "FLOAT64" },
        value: { doubleValue: value as number },
      };
  }
}

const read = (given: Record<string, unknown>) => {
  const options: Option[] = Object.entries(given)
    .map(([name, value]) => ({ name, value: literal(value) }));
  return readModelOptions(options, (message) => message);
};

const refusal = (given: Record<string, unknown>) =>
  assertThrows(() => read(given), CloudError).message;

Deno.test("options are read in any case, with BigQuery's defaults", () => {
  assertEquals(read({ Model_Type: "KMeans", num_CLUSTERS: 4n, kmeans_init_method: "kmeans++" }), {
    modelType: "KMEANS",
    numClusters: 4,
    initMethod: "KMEANS++",
    initColumn: undefined,
    distanceType: "EUCLIDEAN",
    standardizeFeatures: true,
    maxIterations: 20,
    earlyStop: true,
    minRelProgress: 0.01,
  });
  assertEquals(
    read({ model_type: "matrix_factorization", feedback_type: "implicit", l2_reg: 30n }),
    {
      modelType: "MATRIX_FACTORIZATION",
      feedbackType: "IMPLICIT",
      numFactors: undefined,
      userColumn: "user",
      itemColumn: "item",
      ratingColumn: "rating",
      walsAlpha: 40,
      l2Reg: 30,
      maxIterations: 20,
      earlyStop: true,
      minRelProgress: 0.01,
    },
  );
});

Deno.test("what only says the default is accepted", () => {
  read({ model_type: "kmeans", warm_start: false });
  read({ model_type: "matrix_factorization", data_split_method: "no_split" });
});

Deno.test("sizes follow from the number of rows, within the bounds of their options", () => {
  assertEquals([1, 99, 4000, 10 ** 9].map(defaultClusters), [2, 2, 4, 9]);
  assertEquals([1, 4, 1000, 10 ** 6].map(defaultFactors), [2, 2, 10, 20]);
});

Deno.test("a wrong option of k-means is refused by name", () => {
  const kmeans = (options: Record<string, unknown>) =>
    refusal({ model_type: "kmeans", ...options });
  assertEquals(
    [
      { num_clusters: 1n },
      { num_clusters: 101n },
      { num_clusters: 4 },
      { num_clusters: "4" },
      { max_iterations: 0n },
      { early_stop: 1n },
      { min_rel_progress: -0.5 },
      { kmeans_init_method: "fastest" },
      { distance_type: 2n },
    ].map(kmeans),
    [
      "Option NUM_CLUSTERS must be an INT64 literal from 2 to 100, but is 1 of type INT64",
      "Option NUM_CLUSTERS must be an INT64 literal from 2 to 100, but is 101 of type INT64",
      "Option NUM_CLUSTERS must be an INT64 literal from 2 to 100, but is 4 of type FLOAT64",
      "Option NUM_CLUSTERS must be an INT64 literal from 2 to 100, but is '4' of type STRING",
      "Option MAX_ITERATIONS must be an INT64 literal of at least 1, but is 0 of type INT64",
      "Option EARLY_STOP must be a BOOL literal, but is 1 of type INT64",
      "Option MIN_REL_PROGRESS must be a FLOAT64 literal from 0 to 1, but is -0.5 of type FLOAT64",
      "Option KMEANS_INIT_METHOD must be one of 'RANDOM', 'KMEANS++', 'CUSTOM', but is 'fastest' " +
      "of type STRING",
      "Option DISTANCE_TYPE must be one of 'EUCLIDEAN', 'COSINE', but is 2 of type INT64",
    ],
  );
  assertEquals(
    kmeans({ kmeans_init_method: "custom" }),
    "KMEANS_INIT_METHOD = 'CUSTOM' needs KMEANS_INIT_COL",
  );
  assertEquals(
    kmeans({ kmeans_init_col: "f" }),
    "KMEANS_INIT_COL needs KMEANS_INIT_METHOD = 'CUSTOM'",
  );
});

Deno.test("a wrong option of matrix factorization is refused by name", () => {
  const factorization = (options: Record<string, unknown>) =>
    refusal({ model_type: "matrix_factorization", ...options });
  assertEquals(
    [{ num_factors: 201n }, { l2_reg: -1n }, { wals_alpha: 1 }, { data_split_method: "random" }]
      .map(factorization),
    [
      "Option NUM_FACTORS must be an INT64 literal from 2 to 200, but is 201 of type INT64",
      "Option L2_REG must be a FLOAT64 literal of at least 0, but is -1 of type INT64",
      "WALS_ALPHA needs FEEDBACK_TYPE = 'IMPLICIT'",
      "DATA_SPLIT_METHOD = 'RANDOM' is not supported by the local warehouse: evaluate on rows of " +
      "your own with ML.EVALUATE(MODEL …, (query))",
    ],
  );
});

Deno.test("what BigQuery has and the local warehouse has not is refused with advice", () => {
  const refused = [
    ...["num_trials", "max_parallel_trials", "hparam_tuning_algorithm", "model_registry"],
    ...["vertex_ai_model_id", "kms_key_name"],
  ];
  for (const name of refused) {
    const message = refusal({ model_type: "kmeans", [name]: "x" });
    const start = `Option ${name.toUpperCase()} is not supported by the local warehouse: `;
    assertEquals(message.slice(0, start.length), start);
  }
  assertEquals(
    refusal({ model_type: "kmeans", warm_start: true }),
    "Option WARM_START = TRUE is not supported by the local warehouse: train the model anew",
  );
});

Deno.test("an unknown option, an unknown type and an option given twice are refused", () => {
  assertEquals(
    [
      { model_type: "kmeans", num_cluster: 3n },
      { model_type: "kmeans", speed: 3n },
      { model_type: "kmeans", num_factors: 3n },
      { model_type: "kmeans", Model_type: "kmeans" },
      { model_type: "linear_reg" },
      { model_type: 3n },
      { num_clusters: 3n },
    ].map(refusal),
    [
      "Unknown option: NUM_CLUSTER; Did you mean NUM_CLUSTERS?",
      "Unknown option: SPEED",
      "Option NUM_FACTORS is not allowed for model type KMEANS",
      "Duplicate option specified for 'Model_type'",
      "Model type LINEAR_REG is not supported by the local warehouse: it trains KMEANS and " +
      "MATRIX_FACTORIZATION, and imports TENSORFLOW",
      "Option MODEL_TYPE must be a STRING literal",
      "CREATE MODEL needs the option MODEL_TYPE: 'KMEANS', 'MATRIX_FACTORIZATION' or 'TENSORFLOW'",
    ],
  );
});
