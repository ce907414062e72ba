// @ts-check
/**
 * What a model learnt, in tables: features, metrics, centroids.
 *
 * @module
 */
import { bar, el, factList, listTable } from "./dom.js";
import { countText, numberText, wordsOf } from "./format.js";

/**
 * @import { FeatureValue, Iteration, Metrics, Model } from "../resources.ts"
 * @import { Field } from "../resources.ts"
 * @import { Value, Values } from "../resources.ts"
 */

/**
 * The columns a model takes, with what training saw in them.
 *
 * @param {Model} model
 * @param {{fields: Field[], rows: Values[]}} [info] What ML.FEATURE_INFO says.
 */
export function featureTable({ featureColumns = [] }, info) {
  const typeOf = new Map(featureColumns.map(({ name, type }) => [name, type?.typeKind ?? ""]));
  /** @type {Values[]} */
  const rows = info?.rows ?? featureColumns.map(({ name }) => ({ input: name }));
  if (rows.length === 0) return el("p", {}, "The model does not say.");
  const told = (info?.fields ?? []).map(({ name }) => name)
    .filter((name) => name !== "input" && rows.some((row) => (row[name] ?? null) !== null));
  const columns = [
    { title: "Feature" },
    { title: "Type" },
    ...told.map((name) => ({ title: wordsOf(name), numeric: true })),
  ];
  return listTable(
    "Features",
    columns,
    rows.map((row) => {
      const name = String(row.input);
      return [name, typeOf.get(name), ...told.map((column) => statistic(row[column]))];
    }),
  );
}

/** @param {Value} value A number as REST writes it. */
function statistic(value) {
  return value === null || value === undefined ? "" : numberText(Number(value));
}

/**
 * The metrics that are one number each.
 *
 * @param {Metrics} metrics
 */
export function metricFacts(metrics) {
  return factList(
    Object.entries(metrics).filter(([, value]) => typeof value !== "object")
      .map(([name, value]) => [wordsOf(name), numberText(value)]),
  );
}

/**
 * One row per cluster: its users and the feature values of its centre.
 *
 * @param {Metrics} metrics
 * @param {NonNullable<Iteration["clusterInfos"]>} infos Of the last iteration.
 * @returns {Node | null} Nothing for a model without clusters.
 */
export function centroidTable({ clusters = [] }, infos) {
  if (clusters.length === 0) return null;
  const features = (clusters[0].featureValues ?? []).map(({ featureColumn }) => featureColumn);
  const radius = new Map(infos.map((info) => [info.centroidId, info.clusterRadius]));
  const all = clusters.reduce((sum, { count }) => sum + Number(count), 0);
  const columns = [
    { title: "Cluster", numeric: true },
    { title: "Members", numeric: true },
    { title: "Share" },
    ...features.map((title) => ({ title, numeric: true })),
    { title: "Radius", numeric: true },
  ];
  const table = listTable(
    "Centroids: feature values of each cluster’s centre",
    columns,
    clusters.map(({ centroidId, count, featureValues = [] }) => {
      const share = Number(count) / all;
      const percent = `${(share * 100).toFixed(1)} %`;
      const shown = el("span", { class: "share" }, bar(share), el("span", {}, percent));
      const values = featureValues.map(featureText);
      return [centroidId, countText(count), shown, ...values, numberText(radius.get(centroidId))];
    }),
  );
  return el("div", {}, el("h3", {}, "Centroids"), table);
}

/**
 * A number, or the categories and how often each is seen.
 *
 * @param {FeatureValue} value
 */
function featureText({ numericalValue, categoricalValue }) {
  if (!categoricalValue) return numberText(numericalValue);
  return categoricalValue.categoryCounts
    .map(({ category, count }) => `${category} × ${countText(count)}`).join(", ");
}
