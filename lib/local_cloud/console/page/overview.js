// @ts-check
/**
 * What there is: datasets with tables and models, buckets, endpoints.
 *
 * @module
 */
import { datasetUrls, modelsIn, tablesIn } from "./datasets.js";
import { breakable, el, factList, listTable } from "./dom.js";
import { counted, countText, sizeText, timeText } from "./format.js";
import { getJson, listAll, path } from "./rest.js";
import { hrefTo } from "./routes.js";
import { endpointTable, noEndpoints, vertexModelTable } from "./vertex_view.js";

/**
 * @import { Bucket, Dataset, Endpoint, Model, ObjectList, Table, VertexModel } from "../resources.ts"
 * @import { Known } from "../known.ts"
 * @import { Page } from "./routes.js"
 * @typedef {{dataset: Dataset, tables: Table[], models: Model[]}} DatasetContents
 * @typedef {{bucket: Bucket, objects: ObjectList}} BucketContents
 * @typedef {{project: string, location: string}} Place
 * @typedef {{model: VertexModel, versions: number}} Registered
 */

/** @returns {Promise<Page>} */
export async function overviewPage() {
  /** @type {Known} */
  const known = await getJson("/console/known.json");
  const [datasets, buckets, endpoints, models] = await Promise.all([
    Promise.all(known.projects.map(datasetsOf)).then((found) => found.flat()),
    bucketsOf(),
    Promise.all(known.locations.map(endpointsIn)),
    Promise.all(known.locations.map(registeredIn)),
  ]);
  const found = {
    datasets,
    buckets,
    endpoints: endpoints.flat(),
    models: models.flat(),
  };
  const isEmpty = Object.values(found).every((list) => list.length === 0);
  return { title: "Overview", content: isEmpty ? emptyView() : overviewView(found) };
}

/**
 * @param {string} project
 * @returns {Promise<DatasetContents[]>}
 */
async function datasetsOf(project) {
  return await Promise.all((await datasetUrls(project)).map(async (url) => {
    /** @type {[Dataset, Table[], Model[]]} */
    const [dataset, tables, models] = await Promise.all([
      getJson(url),
      tablesIn(url),
      modelsIn(url),
    ]);
    return { dataset, tables, models };
  }));
}

/** @returns {Promise<BucketContents[]>} */
async function bucketsOf() {
  /** @type {Bucket[]} */
  const buckets = await listAll("/storage/v1/b", "items");
  return await Promise.all(buckets.map(async (bucket) => ({
    bucket,
    objects: await getJson(path`/storage/v1/b/${bucket.name}/o`),
  })));
}

/**
 * @param {Place} place
 * @returns {Promise<Endpoint[]>}
 */
function endpointsIn({ project, location }) {
  return listAll(path`/v1/projects/${project}/locations/${location}/endpoints`, "endpoints");
}

/**
 * @param {Place} place
 * @returns {Promise<Registered[]>}
 */
async function registeredIn({ project, location }) {
  const url = path`/v1/projects/${project}/locations/${location}/models`;
  /** @type {VertexModel[]} */
  const models = await listAll(url, "models");
  return await Promise.all(models.map(async (model) => {
    const id = model.name.split("/")[5];
    const versions = await listAll(`${url}/${encodeURIComponent(id)}:listVersions`, "models");
    return { model, versions: versions.length };
  }));
}

/**
 * @param {{datasets: DatasetContents[], buckets: BucketContents[], endpoints: Endpoint[],
 *   models: Registered[]}} found
 */
function overviewView({ datasets, buckets, endpoints, models }) {
  const count = (/** @type {"tables" | "models"} */ kind) =>
    datasets.reduce((sum, dataset) => sum + dataset[kind].length, 0);
  const counts = [
    counted(datasets.length, "dataset"),
    counted(count("tables"), "table"),
    counted(count("models"), "model"),
    counted(buckets.length, "bucket"),
    counted(endpoints.length, "endpoint"),
  ];
  return [
    el("p", { class: "lead" }, counts.join(" · ")),
    section("Endpoints", endpoints.length > 0 ? endpointTable(endpoints) : noEndpoints()),
    ...(models.length > 0 ? [section("Model registry", vertexModelTable(models))] : []),
    ...datasets.map(datasetSection),
    section("Buckets", buckets.length > 0 ? bucketTable(buckets) : el("p", {}, "No bucket yet.")),
  ];
}

const section = (/** @type {string} */ title, /** @type {Node[]} */ ...content) =>
  el("section", {}, el("h2", {}, title), ...content);

/** @param {DatasetContents} contents */
function datasetSection({ dataset, tables, models }) {
  const { projectId, datasetId } = dataset.datasetReference;
  const facts = factList([
    ["Project", projectId],
    ["Location", dataset.location],
    ["Changed", timeText(dataset.lastModifiedTime)],
    ["Description", dataset.description],
  ]);
  const content = [
    ...(models.length > 0 ? [el("h3", {}, "Models"), modelTable(models)] : []),
    ...(tables.length > 0 ? [el("h3", {}, "Tables"), tableTable(tables)] : []),
  ];
  const empty = el("p", {}, "Nothing is in it yet.");
  return section(`Dataset ${datasetId}`, facts, ...(content.length > 0 ? content : [empty]));
}

/** @param {Table[]} tables */
function tableTable(tables) {
  const columns = [
    { title: "Table" },
    { title: "Rows", numeric: true },
    { title: "Size", numeric: true },
    { title: "Changed", fixed: true },
  ];
  return listTable(
    "Tables",
    columns,
    tables.map(({ tableReference, type, numRows, numBytes, lastModifiedTime }) => {
      const { projectId, datasetId, tableId } = tableReference;
      const link = el(
        "a",
        { href: hrefTo("tables", [projectId, datasetId, tableId]) },
        breakable(tableId),
      );
      const rows = type === "VIEW" ? "view" : countText(numRows);
      return [link, rows, sizeText(numBytes), timeText(lastModifiedTime)];
    }),
  );
}

/** @param {Model[]} models */
function modelTable(models) {
  const columns = [{ title: "Model" }, { title: "Kind" }, { title: "Trained", fixed: true }];
  return listTable(
    "Models",
    columns,
    models.map(({ modelReference, modelType, lastModifiedTime }) => {
      const { projectId, datasetId, modelId } = modelReference;
      const link = el(
        "a",
        { href: hrefTo("models", [projectId, datasetId, modelId]) },
        breakable(modelId),
      );
      return [link, modelType, timeText(lastModifiedTime)];
    }),
  );
}

/** @param {BucketContents[]} buckets */
function bucketTable(buckets) {
  const columns = [
    { title: "Bucket" },
    { title: "Location" },
    { title: "Objects", numeric: true },
    { title: "Size", numeric: true },
    { title: "Changed", fixed: true },
  ];
  return listTable(
    "Buckets",
    columns,
    buckets.map(({ bucket: { name, location, updated }, objects }) => {
      const { items = [], nextPageToken } = objects;
      // of a large bucket the first page alone is counted
      const least = nextPageToken ? "over " : "";
      const size = items.reduce((sum, item) => sum + Number(item.size), 0);
      const newest = items.map((item) => item.updated).reduce((a, b) => a > b ? a : b, updated);
      const link = el("a", { href: hrefTo("buckets", [name]) }, breakable(name));
      const counts = [least + countText(items.length), least + sizeText(size)];
      return [link, location, ...counts, timeText(newest)];
    }),
  );
}

function emptyView() {
  const variables = [
    `export BIGQUERY_EMULATOR_HOST=${location.origin}`,
    `export STORAGE_EMULATOR_HOST=${location.origin}`,
    `export VERTEX_AI_EMULATOR_HOST=${location.origin}`,
  ];
  return [
    el("p", { class: "lead" }, "Nothing is stored here yet."),
    el("p", {}, "In the project’s folder, train the models and put one behind an endpoint:"),
    el("pre", {}, "deno task retrain --yes\ndeno task deploy --yes"),
    el("p", {}, "Or lead clients of BigQuery, Cloud Storage and Vertex AI here:"),
    el("pre", {}, variables.join("\n")),
  ];
}
