/**
 * A k-means model as a SavedModel: what ML.PREDICT computes of a row, as a graph.
 *
 * @see https://docs.cloud.google.com/bigquery/docs/exporting-models
 */
import { attr, GraphBuilder, type Output, tensorInfo } from "./graph_builder.ts";
import type { TensorInfo } from "./messages.ts";
import type { Tensor } from "./tensor.ts";
import { lookUp } from "./vocabulary.ts";
import { inputNode, savedModelFiles, type WrittenFiles } from "./write.ts";

/** A number: it enters the distance as z = (x − center) / scale, and as `mean` where it is NaN. */
export interface NumericFeature {
  kind: "NUMERIC";
  name: string;
  mean: number;
  center: number;
  /** Infinite for a feature that never varied: it is 0 everywhere. */
  scale: number;
}

/** A text, one of whose categories a row has, or none of them. */
export interface CategoricalFeature {
  kind: "CATEGORICAL";
  name: string;
  categories: readonly string[];
  /**
   * Categories + 1 × centroids, row-major: the centroids' coordinates in each category, and a row of
   * zeros for a category that was never seen.
   */
  weights: Float64Array;
}

/** A trained clustering. */
export interface KMeansGraph {
  distanceType: "EUCLIDEAN" | "COSINE";
  features: readonly (NumericFeature | CategoricalFeature)[];
  /** How many centroids. */
  clusters: number;
  /** Centroids × numeric features, row-major: their coordinates in z. */
  numeric: Float64Array;
  /** Of each centroid the squared length of its categories' coordinates. */
  restSquares: Float64Array;
  /** Of each centroid the length. */
  norms: Float64Array;
}

/**
 * The files of a clustering. Its inputs are the features by name, float64 or string of the shape
 * [batch]; its outputs `centroid_distances` (float64) and `centroid_ids` (int64) of the shape
 * [batch, clusters], and `nearest_centroid_id` (int64) of the shape [batch, 1], the lowest id on a
 * tie.
 */
export function kmeansSavedModel(model: KMeansGraph): WrittenFiles {
  const graph = new GraphBuilder();
  const inputs: Record<string, TensorInfo> = {};
  const given = model.features.map(({ kind, name }, at) => {
    const dtype = kind === "NUMERIC" ? "float64" : "string";
    const node = graph.placeholder(inputNode(name, at), dtype);
    inputs[name] = tensorInfo(node, dtype, [-1]);
    return node;
  });
  const row: Row = { z: standardized(graph, model, given), ...categories(graph, model, given) };
  const distances = model.distanceType === "COSINE"
    ? cosine(graph, model, row)
    : euclidean(graph, model, row);
  const { clusters } = model;
  return savedModelFiles(graph, {
    inputs,
    outputs: {
      centroid_distances: tensorInfo(distances, "float64", [-1, clusters]),
      centroid_ids: tensorInfo(ids(graph, clusters, distances), "int64", [-1, clusters]),
      nearest_centroid_id: tensorInfo(nearest(graph, distances), "int64", [-1, 1]),
    },
  });
}

/** What is known of a row inside the graph; absent what the model has no features for. */
interface Row {
  /** [batch, numeric features]. */
  z?: Output;
  /** Σ of the weights of the row's categories, [batch, centroids]. */
  dot?: Output;
  /** How many categories of the row were seen in training, [batch, 1]. */
  seen?: Output;
}

const vector = (values: Float64Array): Tensor => (
  { dtype: "float64", shape: [values.length], values }
);

function standardized(graph: GraphBuilder, model: KMeansGraph, given: Output[]) {
  const numeric = model.features.flatMap((feature, at) =>
    feature.kind === "NUMERIC" ? [{ ...feature, input: given[at] }] : []
  );
  if (numeric.length === 0) return undefined;
  const of = (name: "mean" | "center" | "scale") =>
    graph.variable(`numeric/${name}`, vector(Float64Array.from(numeric, (one) => one[name])));
  const [mean, center, scale] = [of("mean"), of("center"), of("scale")];
  const x = graph.add("Pack", "numeric/x", numeric.map(({ input }) => input), {
    N: attr.int(numeric.length),
    T: attr.type("float64"),
    axis: attr.int(1),
  });
  const missing = graph.math("IsNan", "numeric/missing", [x]);
  const known = graph.math("SelectV2", "numeric/known", [missing, mean, x]);
  const moved = graph.math("Sub", "numeric/moved", [known, center]);
  return graph.math("RealDiv", "numeric/z", [moved, scale]);
}

function categories(graph: GraphBuilder, { features, clusters }: KMeansGraph, given: Output[]) {
  const row: { dot?: Output; seen?: Output } = {};
  let number = 0;
  features.forEach((feature, at) => {
    if (feature.kind === "NUMERIC") return;
    const scope = `category_${++number}`;
    const { categories: keys, weights } = feature;
    const found = lookUp(graph, given[at], { keys, asset: `f${number}.txt`, scope });
    const shape = [keys.length + 1, clusters];
    const table = graph.variable(`${scope}/weights`, { dtype: "float64", shape, values: weights });
    const dot = graph.gather(`${scope}/dot`, table, found, ["float64", "int64"]);
    const isSeen = graph.math("Less", `${scope}/is_seen`, [found, `${scope}/none`], "int64");
    const one = graph.cast(`${scope}/one`, isSeen, ["bool", "float64"]);
    const seen = graph.expandDims(`${scope}/seen`, one, 1);
    row.dot = row.dot ? graph.math("AddV2", `${scope}/dots`, [row.dot, dot]) : dot;
    row.seen = row.seen ? graph.math("AddV2", `${scope}/seen_all`, [row.seen, seen]) : seen;
  });
  return row;
}

/** The numeric coordinates of the centroids as a variable. */
function centroids(graph: GraphBuilder, { clusters, numeric }: KMeansGraph): Output {
  const shape = [clusters, numeric.length / clusters];
  return graph.variable("centroids/numeric", { dtype: "float64", shape, values: numeric });
}

/** ‖x − c‖² = ‖z − n‖² + ‖w‖² + seen − 2·dot, and the root of it. */
function euclidean(graph: GraphBuilder, model: KMeansGraph, { z, dot, seen }: Row): Output {
  let square = z && numericSquares(graph, z, centroids(graph, model));
  if (dot !== undefined && seen !== undefined) {
    const rest = graph.variable("centroids/rest_squares", vector(model.restSquares));
    const begun = square ? graph.math("AddV2", "euclidean/with_rest", [square, rest]) : rest;
    const withSeen = graph.math("AddV2", "euclidean/with_seen", [begun, seen]);
    const twice = graph.math("Mul", "euclidean/twice", [graph.float64("euclidean/two", 2), dot]);
    const left = graph.math("Sub", "euclidean/left", [withSeen, twice]);
    // Rounding may leave a little less than nothing.
    const zero = graph.float64("euclidean/zero", 0);
    square = graph.math("Maximum", "euclidean/square", [left, zero]);
  }
  return graph.math("Sqrt", "outputs/centroid_distances", [square!]);
}

function numericSquares(graph: GraphBuilder, z: Output, coordinates: Output): Output {
  const rows = graph.expandDims("euclidean/rows", z, 1);
  const columns = graph.expandDims("euclidean/columns", coordinates, 0);
  const squares = graph.math("SquaredDifference", "euclidean/squares", [rows, columns]);
  return graph.sum("euclidean/numeric", squares, 2);
}

/** √(1 − x·c / (‖x‖·‖c‖)), and 1 where either has no length. */
function cosine(graph: GraphBuilder, model: KMeansGraph, { z, dot, seen }: Row): Output {
  let product = dot;
  let square = seen;
  if (z !== undefined) {
    const numeric = graph.matMulTransposed("cosine/numeric", z, centroids(graph, model));
    product = dot ? graph.math("AddV2", "cosine/product", [numeric, dot]) : numeric;
    const sum = graph.sum("cosine/z_square", graph.math("Square", "cosine/z_squares", [z]), 1);
    const squares = graph.expandDims("cosine/z_length", sum, 1);
    square = seen ? graph.math("AddV2", "cosine/square", [squares, seen]) : squares;
  }
  const length = graph.math("Sqrt", "cosine/length", [square!]);
  const norms = graph.variable("centroids/norms", vector(model.norms));
  const lengths = graph.math("Mul", "cosine/lengths", [length, norms]);
  const [zero, one] = [graph.float64("cosine/zero", 0), graph.float64("cosine/one", 1)];
  const similar = graph.math("RealDiv", "cosine/similar", [product!, lengths]);
  const rest = graph.math("Sub", "cosine/rest", [one, similar]);
  const root = graph.math("Sqrt", "cosine/root", [
    graph.math("Maximum", "cosine/positive", [rest, zero]),
  ]);
  const none = graph.math("Equal", "cosine/none", [lengths, zero]);
  return graph.math("SelectV2", "outputs/centroid_distances", [none, one, root]);
}

/** The ids from 1, for each row. */
function ids(graph: GraphBuilder, clusters: number, distances: Output): Output {
  const list = graph.int64("ids/list", Array.from({ length: clusters }, (_, at) => at + 1));
  const shape = graph.add("Shape", "ids/shape", [distances], {
    T: attr.type("float64"),
    out_type: attr.type("int32"),
  });
  const attrs = { T: attr.type("int64"), Tidx: attr.type("int32") };
  return graph.add("BroadcastTo", "outputs/centroid_ids", [list, shape], attrs);
}

/** The id of the least distance; TopKV2 promises the lowest one on a tie, ArgMin does not. */
function nearest(graph: GraphBuilder, distances: Output): Output {
  const near = graph.math("Neg", "nearest/near", [distances]);
  const { indices } = graph.topK("nearest/top", near, 1);
  const wide = graph.cast("nearest/index", indices, ["int32", "int64"]);
  return graph.math(
    "AddV2",
    "outputs/nearest_centroid_id",
    [wide, graph.int64("nearest/one", 1)],
    "int64",
  );
}
