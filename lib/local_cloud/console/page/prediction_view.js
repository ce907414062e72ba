// @ts-check
/// <reference lib="dom" />
/**
 * A prediction to look at: distances, ranked lists, or names and values.
 *
 * @module
 */
import { bar, el, factList, listTable } from "./dom.js";
import { counted, numberText } from "./format.js";
import { measureOf, readPrediction, segmentTerms, shares } from "./prediction.js";

/**
 * @import { Clusters, Columns } from "./prediction.js"
 * @typedef {{id: number, distance: number, isNearest: boolean,
 *   terms: Map<string, string>}} NamedCluster
 * @typedef {{view: Node, said: string}} Shown What is seen, and the same in a sentence.
 */

/** Of a long list so many are shown at first. */
const FIRST = 10;

/** A longer text is a sentence: it is said of the nearest cluster alone. */
const COLUMN_LETTERS = 20;

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
  const named = clusters.map((cluster) => ({
    ...cluster,
    terms: new Map(segmentTerms(segments, cluster.id)),
  }));
  const nearest = named.find(({ isNearest }) => isNearest);
  const title = `Cluster ${nearest?.id ?? "unknown"}`;
  const terms = [...nearest?.terms ?? []];
  const said = [`Nearest: ${title}`, ...terms.map((term) => term.join(": "))].join(", ");
  const view = el(
    "div",
    {},
    el("p", { class: "headline" }, title),
    terms.length > 0 ? factList(terms) : null,
    distanceTable(named),
  );
  return { view, said };
}

/** @param {NamedCluster[]} clusters */
function distanceTable(clusters) {
  const lengths = shares(clusters.map(({ distance }) => distance));
  const terms = shortTerms(clusters);
  const columns = [
    { title: "Cluster", numeric: true },
    { title: "Distance", numeric: true },
    { title: "Shorter is nearer" },
    ...terms.map((title) => ({ title: el("span", { class: "term" }, title), fixed: true })),
  ];
  const rows = clusters.map(({ id, terms: own, distance, isNearest }, at) => [
    id,
    numberText(distance),
    el(
      "span",
      { class: "share" },
      bar(lengths[at], isNearest ? "" : "faint"),
      isNearest ? el("strong", {}, "nearest") : null,
    ),
    ...terms.map((term) => own.get(term) ?? ""),
  ]);
  return listTable("Distance to each cluster", columns, rows);
}

/**
 * The terms that fit into a column.
 *
 * @param {NamedCluster[]} clusters
 */
function shortTerms(clusters) {
  const all = new Set(clusters.flatMap(({ terms }) => [...terms.keys()]));
  return [...all].filter((term) =>
    clusters.every(({ terms }) => (terms.get(term) ?? "").length <= COLUMN_LETTERS)
  );
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
  const alike = sameMeasure(columns, measure);
  if (rows.length > FIRST) view.append(allButton(rows.length, () => table(rows.length)));
  const first = lines[0].slice(1, names.length + 1).join(", ");
  const said = `${counted(rows.length, "line")}; the first: ${first}`;
  if (alike === "") return { view, said };
  return { view: el("div", {}, el("p", {}, alike), view), said: `${said}; ${alike}` };
}

/**
 * A warning where what lines are ranked by does not tell them apart.
 *
 * @param {Columns} columns
 * @param {number} measure
 */
function sameMeasure({ names, rows }, measure) {
  if (rows.length < 2 || rows.some((row) => row[measure] !== rows[0][measure])) return "";
  return measure < 0 ? "" : `Each line has the same ${names[measure]}: their order says nothing.`;
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
