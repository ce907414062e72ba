/**
 * A matrix factorization as a SavedModel: the items that ML.RECOMMEND scores best for a user, as a
 * graph.
 *
 * @see https://docs.cloud.google.com/bigquery/docs/exporting-models
 */
import { attr, GraphBuilder, type Output, tensorInfo } from "./graph_builder.ts";
import type { Tensor } from "./tensor.ts";
import { lookUp } from "./vocabulary.ts";
import { inputNode, savedModelFiles, type WrittenFiles } from "./write.ts";

/** So many items are recommended, or all of them if there are fewer. */
const RECOMMENDED = 50;

/** The ids of one side, in rising order. */
export type UserIds =
  | { dtype: "string"; ids: readonly string[] }
  | { dtype: "float64"; ids: Float64Array };

/** A trained factorization. */
export interface FactorizationGraph {
  /** The column of the users, which is the one input. */
  user: string;
  users: UserIds;
  items: readonly string[];
  /** How many numbers stand for a user or an item. */
  factors: number;
  globalIntercept: number;
  /** Users + 1 × factors, row-major; the last row, of a user never seen, is of zeros. */
  userFactors: Float64Array;
  /** Users + 1; the last is 0. */
  userIntercepts: Float64Array;
  /** Items × factors, row-major. */
  itemFactors: Float64Array;
  itemIntercepts: Float64Array;
}

/**
 * The files of a factorization. Its input is the user column, string or float64 of the shape
 * [batch]; its outputs `predicted_rating` (float64) and `predicted_item` (string), of the shape
 * [batch, items] with at most 50 of them, the best first and on a tie the lowest id.
 *
 * The score is global intercept + intercept of the user + intercept of the item + x_user·y_item. A
 * user never seen has neither intercept nor factors.
 */
export function factorizationSavedModel(model: FactorizationGraph): WrittenFiles {
  const graph = new GraphBuilder();
  const { user, users: { dtype }, items } = model;
  const input = graph.placeholder(inputNode(user, 0), dtype);
  const best = graph.topK(
    "best",
    scores(graph, model, userRows(graph, model, input)),
    countOf(model),
  );
  const names = graph.variable("items/ids", {
    ...{ dtype: "string", shape: [items.length], values: items },
  });
  const item = graph.gather("outputs/predicted_item", names, best.indices, ["string", "int32"]);
  const T = attr.type("float64");
  const rating = graph.add("Identity", "outputs/predicted_rating", [best.values], { T });
  const shape = [-1, countOf(model)];
  return savedModelFiles(graph, {
    inputs: { [user]: tensorInfo(input, dtype, [-1]) },
    outputs: {
      predicted_rating: tensorInfo(rating, "float64", shape),
      predicted_item: tensorInfo(item, "string", shape),
    },
  });
}

const countOf = ({ items }: FactorizationGraph) => Math.min(RECOMMENDED, items.length);

const matrix = (values: Float64Array, columns: number): Tensor => (
  { dtype: "float64", shape: [values.length / columns, columns], values }
);

/** The row of each user as int64; the one after all of them for a user never seen. */
function userRows(graph: GraphBuilder, { users }: FactorizationGraph, input: Output): Output {
  return users.dtype === "string"
    ? lookUp(graph, input, { keys: users.ids, asset: "f1.txt", scope: "users" })
    : numberRows(graph, users.ids, input);
}

/** Numbers are found in the sorted list of them: no hash table has float64 keys. */
function numberRows(graph: GraphBuilder, ids: Float64Array, input: Output): Output {
  const shape = [1, ids.length];
  const sorted = graph.variable("users/ids", { dtype: "float64", shape, values: ids });
  const attrs = { T: attr.type("float64"), out_type: attr.type("int64") };
  const asked = graph.expandDims("users/asked", input, 0);
  const at = graph.add("LowerBound", "users/at", [sorted, asked], attrs);
  const last = graph.int64("users/last", ids.length - 1);
  const within = graph.math("Minimum", "users/within", [at, last], "int64");
  const flat = { T: attr.type("float64"), squeeze_dims: attr.ints([0]) };
  const list = graph.add("Squeeze", "users/list", [sorted], flat);
  const found = graph.gather("users/found", list, within, ["float64", "int64"]);
  const same = graph.math("Equal", "users/same", [found, asked]);
  const none = graph.int64("users/none", ids.length);
  const rows = graph.math("SelectV2", "users/rows", [same, within, none], "int64");
  return graph.add("Squeeze", "users/row", [rows], { ...flat, T: attr.type("int64") });
}

/** The score of every item for each user, [batch, items]. */
function scores(graph: GraphBuilder, model: FactorizationGraph, rows: Output): Output {
  const { factors, userFactors, userIntercepts, itemFactors, itemIntercepts } = model;
  const users = graph.variable("users/factors", matrix(userFactors, factors));
  const items = graph.variable("items/factors", matrix(itemFactors, factors));
  const ofUsers = graph.variable("users/intercepts", matrix(userIntercepts, 1));
  const ofItems = graph.variable("items/intercepts", matrix(itemIntercepts, itemIntercepts.length));
  const user = graph.gather("score/user", users, rows, ["float64", "int64"]);
  const dot = graph.matMulTransposed("score/dot", user, items);
  const own = graph.gather("score/user_intercept", ofUsers, rows, ["float64", "int64"]);
  const all = graph.float64("score/global_intercept", model.globalIntercept);
  const withUser = graph.math("AddV2", "score/with_user", [all, own]);
  const withItem = graph.math("AddV2", "score/with_item", [withUser, ofItems]);
  return graph.math("AddV2", "score/score", [withItem, dot]);
}
