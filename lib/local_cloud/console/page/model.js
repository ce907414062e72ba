// @ts-check
/**
 * A model: how it was trained and what it learnt.
 *
 * @module
 */
import { lineChart } from "./chart.js";
import { el, factList, listTable } from "./dom.js";
import { countText, numberText, timeText, wordsOf } from "./format.js";
import { centroidTable, featureTable, metricFacts } from "./model_facts.js";
import { getJson, path } from "./rest.js";
import { featureInfo, runQuery } from "./statements.js";

/**
 * @import { Iteration, Model, TrainingRun } from "../resources.ts"
 * @import { Page, Route } from "./routes.js"
 */

/**
 * @param {Route} route
 * @returns {Promise<Page>}
 */
export async function modelPage({ names }) {
  const [project, dataset, name] = names;
  /** @type {Model} */
  const model = await getJson(
    path`/bigquery/v2/projects/${project}/datasets/${dataset}/models/${name}`,
  );
  const run = model.trainingRuns?.at(-1);
  // the resource lists features by name; what was seen in them is only to be had by a query
  const info = run && model.featureColumns
    ? await runQuery(project, featureInfo(names))
    : undefined;
  return {
    title: name,
    kind: "Model",
    trail: [`${project}.${dataset}`],
    content: [
      modelFacts(model, run),
      ...(run ? trainingSections(run) : []),
      section("Features", featureTable(model, info)),
      run?.trainingOptions ? section("Options", optionFacts(run.trainingOptions)) : null,
    ],
  };
}

const section = (/** @type {string} */ title, /** @type {(Node | null)[]} */ ...content) =>
  el("section", {}, el("h2", {}, title), ...content);

/**
 * @param {Model} model
 * @param {TrainingRun} [run]
 */
function modelFacts({ modelType, location, lastModifiedTime, labelColumns, description }, run) {
  const labels = (labelColumns ?? []).map(({ name }) => name).join(", ");
  return factList([
    ["Kind", modelType],
    ["Trained", timeText(run?.startTime ?? lastModifiedTime)],
    ["Location", location],
    ["Learnt from", labels],
    ["Description", description],
  ]);
}

/** @param {TrainingRun} run */
function trainingSections({ results = [], evaluationMetrics = {} }) {
  const metrics = Object.entries(evaluationMetrics).map(([kind, values]) =>
    section(
      capital(wordsOf(kind)),
      metricFacts(values),
      centroidTable(values, results.at(-1)?.clusterInfos ?? []),
    )
  );
  return [...metrics, ...(results.length > 0 ? [lossSection(results)] : [])];
}

const capital = (/** @type {string} */ text) => text.charAt(0).toUpperCase() + text.slice(1);

/** @param {Iteration[]} results */
function lossSection(results) {
  const points = results.flatMap(({ index, trainingLoss }) =>
    trainingLoss === undefined ? [] : [{ x: index, y: trainingLoss }]
  );
  const columns = [
    { title: "Iteration", numeric: true },
    { title: "Training loss", numeric: true },
    { title: "Took, ms", numeric: true },
  ];
  const rows = results.map(({ index, trainingLoss, durationMs }) => [
    index,
    numberText(trainingLoss),
    countText(durationMs),
  ]);
  return section(
    "Training",
    points.length > 0 ? lineChart(points, { x: "Iteration", y: "Training loss" }) : null,
    el("details", {}, el("summary", {}, "As a table"), listTable("Training", columns, rows)),
  );
}

/** @param {Record<string, unknown>} options */
function optionFacts(options) {
  return factList(
    Object.entries(options).map(([name, value]) => [
      wordsOf(name),
      Array.isArray(value) ? value.join(", ") : String(value),
    ]),
  );
}
