/** TensorFlow's SavedModels: written, loaded and run. Bytes in, bytes out. */
export { loadSavedModel, type ModelFiles, type ServingModel } from "./load.ts";
export type { Signature, TensorSpec } from "./signature.ts";
export { type DType, shapeFits, sizeOf, type Tensor } from "./tensor.ts";
export {
  type CategoricalFeature,
  type KMeansGraph,
  kmeansSavedModel,
  type NumericFeature,
} from "./kmeans_graph.ts";
export {
  type FactorizationGraph,
  factorizationSavedModel,
  type UserIds,
} from "./factorization_graph.ts";
