// @ts-check
/// <reference lib="dom" />
/**
 * A prediction to look at: distances, ranked lists, or names and values.
 *
 * @module
 */
import { bar, el, factList, listTable } from "./dom.js";
import { counted, numberText } from "./format.js";
import { measureOf, readPrediction, segmentOf, shares } from "./prediction.js";

/**
 * @import { Clusters, Columns } from "./prediction.js"
 * @typedef {{view: Node, said: string}} Shown What is seen, and the same in a sentence.
 */

/** Of a long list so many are shown at first. */
const FIRST = 10;

/**
 * @param {unknown} prediction
 * @param {unknown} segments What the model's `segments.json` holds, if it has one.
 * @returns {Shown}
 */
export function predictionView(prediction, segments) {
  const read = readPrediction(prediction);
  if (read.kind === "clusters") return clustersView(read, segments);
  if (read.kind === "columns") return columnsView(read);
  const facts = read.values.map(([name, value]) => {
    const text = typeof value === "object" ? JSON.stringify(value) : numberText(value);
    return /** @type {[string, string]} */ ([name, text]);
  });
  return { view: factList(facts), said: facts.map((fact) => fact.join(": ")).join(", ") };
}

/**
 * @param {Clusters} read
 * @param {unknown} segments
 * @returns {Shown}
 */
function clustersView({ clusters }, segments) {
  const named = clusters.map((cluster) => ({ ...cluster, ...segmentOf(segments, cluster.id) }));
  const nearest = named.find(({ isNearest }) => isNearest);
  const title = `Cluster ${nearest?.id ?? "unknown"}`;
  const { name = "", advice = "" } = nearest ?? {};
  const headline = el("p", { class: "headline" }, title, el("span", {}, name && ` ${name}`));
  const said = [`Nearest: ${title}`, name, advice].filter((text) => text !== "").join(", ");
  return { view: el("div", {}, headline, el("p", {}, advice), distanceTable(named)), said };
}

/** @param {{id: number, distance: number, isNearest: boolean, name: string}[]} clusters */
function distanceTable(clusters) {
  const lengths = shares(clusters.map(({ distance }) => distance));
  const hasNames = clusters.some(({ name }) => name !== "");
  const columns = [
    { title: "Cluster", numeric: true },
    ...(hasNames ? [{ title: "Called" }] : []),
    { title: "Distance", numeric: true },
    { title: "Shorter is nearer" },
  ];
  const rows = clusters.map(({ id, name, distance, isNearest }, at) => [
    id,
    ...(hasNames ? [name] : []),
    numberText(distance),
    el(
      "span",
      { class: "share" },
      bar(lengths[at], isNearest ? "" : "faint"),
      isNearest ? el("strong", {}, "nearest") : null,
    ),
  ]);
  return listTable("Distance to each cluster", columns, rows);
}

/**
 * @param {Columns} columns
 * @returns {Shown}
 */
function columnsView(columns) {
  const { names, rows } = columns;
  const measure = measureOf(columns);
  const lengths = measure < 0 ? [] : shares(rows.map((row) => Number(row[measure])));
  const titles = [
    { title: "#", numeric: true },
    ...names.map((title, at) => ({ title, numeric: at === measure })),
    ...(measure < 0 ? [] : [{ title: "" }]),
  ];
  const lines = rows.map((row, at) => [
    at + 1,
    ...row.map((value) => typeof value === "object" ? JSON.stringify(value) : numberText(value)),
    ...(measure < 0 ? [] : [bar(lengths[at])]),
  ]);
  const table = (/** @type {number} */ count) =>
    listTable("Prediction, in the order answered", titles, lines.slice(0, count));
  const view = el("div", {}, table(FIRST));
  if (rows.length > FIRST) view.append(allButton(rows.length, () => table(rows.length)));
  const first = lines[0].slice(1, names.length + 1).join(", ");
  return { view, said: `${counted(rows.length, "line")}; the first: ${first}` };
}

/**
 * @param {number} count
 * @param {() => HTMLElement} makeAll
 */
function allButton(count, makeAll) {
  const button = el("button", { type: "button" }, `Show all ${count}`);
  button.addEventListener("click", () => {
    const all = makeAll();
    button.parentElement?.replaceChildren(all);
    all.focus();
  });
  return button;
}
