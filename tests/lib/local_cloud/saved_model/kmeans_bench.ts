/** An exported clustering of 4 features and 4 centroids beside a plain function of the same. */
import { kmeansSavedModel, loadSavedModel } from "../../../../lib/local_cloud/saved_model/mod.ts";
import type { Tensor } from "../../../../lib/local_cloud/saved_model/tensor.ts";

const CLUSTERS = 4;
const NAMES = ["spent", "orders", "sessions", "seconds"];
const features = NAMES.map((name, at) => (
  { kind: "NUMERIC" as const, name, mean: at, center: at, scale: at + 1 }
));
const numeric = Float64Array.from({ length: CLUSTERS * NAMES.length }, (_, at) => at % 5 - 2);
const model = loadSavedModel(kmeansSavedModel({
  distanceType: "EUCLIDEAN",
  features,
  clusters: CLUSTERS,
  numeric,
  restSquares: new Float64Array(CLUSTERS),
  norms: new Float64Array(CLUSTERS),
}));

const inputs = (rows: number) =>
  new Map<string, Tensor>(NAMES.map((name, at) => [name, {
    dtype: "float64",
    shape: [rows],
    values: Float64Array.from({ length: rows }, (_, row) => (row * 7 + at) % 11),
  }]));

function plain(rows: number, given: ReadonlyMap<string, Tensor>): number[][] {
  const columns = NAMES.map((name) => given.get(name)!.values as Float64Array);
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: CLUSTERS }, (_, cluster) => {
      const apart = features.map(({ center, scale }, at) =>
        (columns[at][row] - center) / scale - numeric[cluster * NAMES.length + at]
      );
      return Math.sqrt(apart.reduce((sum, x) => sum + x * x, 0));
    }));
}

for (const rows of [1, 1000]) {
  const given = inputs(rows);
  const group = `${rows} instances`;
  Deno.bench({ name: `plain lists, ${group}`, group, baseline: true }, () => {
    plain(rows, given);
  });
  Deno.bench({ name: `SavedModel, ${group}`, group }, () => {
    model.run(given);
  });
}
