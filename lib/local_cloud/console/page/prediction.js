// @ts-check
/**
 * What a prediction is, by its shape.
 *
 * @module
 */
import { wordsOf } from "./format.js";

/**
 * @typedef {{id: number, distance: number, isNearest: boolean}} ClusterDistance
 * @typedef {{kind: "clusters", clusters: ClusterDistance[]}} Clusters Nearest first.
 * @typedef {{kind: "columns", names: string[], rows: unknown[][]}} Columns In the order answered.
 * @typedef {{kind: "values", values: [string, unknown][]}} Values
 */

/**
 * @param {unknown} prediction One element of `predictions`.
 * @returns {Clusters | Columns | Values}
 */
export function readPrediction(prediction) {
  if (!isRecord(prediction)) return { kind: "values", values: [["prediction", prediction]] };
  return clustersIn(prediction) ?? columnsIn(prediction) ??
    { kind: "values", values: Object.entries(prediction) };
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
function isRecord(value) {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/**
 * The outputs of a k-means model, as BigQuery ML exports it.
 *
 * @param {Record<string, unknown>} prediction
 * @returns {Clusters | undefined}
 */
function clustersIn({ nearest_centroid_id, centroid_ids, centroid_distances }) {
  if (!Array.isArray(centroid_ids) || !Array.isArray(centroid_distances)) return undefined;
  const [nearest] = [nearest_centroid_id].flat();
  const clusters = centroid_ids.map((id, at) => ({
    id: Number(id),
    distance: Number(centroid_distances[at]),
    isNearest: String(id) === String(nearest),
  }));
  return { kind: "clusters", clusters: clusters.sort((a, b) => a.distance - b.distance) };
}

/**
 * Lists of one length, such as ranked items and their ratings.
 *
 * @param {Record<string, unknown>} prediction
 * @returns {Columns | undefined}
 */
function columnsIn(prediction) {
  const names = Object.keys(prediction);
  const lists = Object.values(prediction).filter((value) => Array.isArray(value));
  const length = lists[0]?.length ?? 0;
  if (lists.length < Math.max(1, names.length) || length === 0) return undefined;
  if (lists.some((list) => list.length !== length)) return undefined;
  const rows = Array.from({ length }, (_, at) => lists.map((list) => list[at]));
  return { kind: "columns", names, rows };
}

/**
 * The column to draw: the last in which every value is a number.
 *
 * @param {Columns} columns
 * @returns {number} -1 if there is none.
 */
export function measureOf({ names, rows }) {
  return names.findLastIndex((_, at) => rows.every((row) => typeof row[at] === "number"));
}

/**
 * How long the bar of each value is, from 0 to 1: from zero where no value is negative, else from
 * the least.
 *
 * @param {number[]} values
 */
export function shares(values) {
  const high = Math.max(...values);
  const low = Math.min(0, ...values);
  return values.map((value) => high === low ? 0 : (value - low) / (high - low));
}

/**
 * What a segment beside the model says of a cluster: its texts, each under its own name.
 *
 * @param {unknown} contents Of `segments.json`.
 * @param {number} cluster
 * @returns {[string, string][]} Names in words, and texts; empty where nothing is said.
 */
export function segmentTerms(contents, cluster) {
  const segments = isRecord(contents) && Array.isArray(contents.segments) ? contents.segments : [];
  const segment = segments.find((one) => isRecord(one) && Number(one.centroid_id) === cluster);
  return textsIn(segment);
}

/**
 * What is said of the whole model: `features: corrected`.
 *
 * @param {unknown} contents Of `segments.json`.
 * @returns {string} Empty where nothing is said.
 */
export function factsBeside(contents) {
  return textsIn(contents).map((fact) => fact.join(": ")).join(" · ");
}

/**
 * @param {unknown} record
 * @returns {[string, string][]}
 */
function textsIn(record) {
  const fields = isRecord(record) ? Object.entries(record) : [];
  return fields.flatMap(([name, value]) =>
    typeof value === "string" && value !== "" ? [[wordsOf(name), value]] : []
  );
}

/**
 * The means of training that are kept beside the model.
 *
 * @param {unknown} contents Of `segments.json`.
 * @returns {Record<string, number>}
 */
export function meansIn(contents) {
  const means = isRecord(contents) && isRecord(contents.means) ? contents.means : {};
  const numbers = Object.entries(means).filter(([, mean]) => typeof mean === "number");
  return Object.fromEntries(/** @type {[string, number][]} */ (numbers));
}
