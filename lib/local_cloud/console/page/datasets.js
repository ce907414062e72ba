// @ts-check
/**
 * What BigQuery's datasets hold.
 *
 * @module
 */
import { getJson, listAll, path } from "./rest.js";

/** @import { Dataset, Model, Table } from "../resources.ts" */

/** So many tables of a dataset are looked at one by one. */
const LOOKED_AT = 200;

/**
 * The addresses of a project's datasets.
 *
 * @param {string} project
 */
export async function datasetUrls(project) {
  const url = path`/bigquery/v2/projects/${project}/datasets`;
  /** @type {Dataset[]} */
  const datasets = await listAll(url, "datasets");
  return datasets.map(({ datasetReference: { datasetId } }) =>
    `${url}/${encodeURIComponent(datasetId)}`
  );
}

/**
 * The tables of a dataset, by name. The first two hundred have schema and size, of others only the
 * name is known.
 *
 * @param {string} dataset Its address.
 * @returns {Promise<Table[]>}
 */
export async function tablesIn(dataset) {
  /** @type {Table[]} */
  const listed = await listAll(`${dataset}/tables`, "tables");
  /** @type {Table[]} */
  const first = await Promise.all(
    listed.slice(0, LOOKED_AT).map(({ tableReference: { tableId } }) =>
      getJson(`${dataset}/tables/${encodeURIComponent(tableId)}`)
    ),
  );
  return [...first, ...listed.slice(LOOKED_AT)];
}

/**
 * The models of a dataset, by name and kind.
 *
 * @param {string} dataset Its address.
 * @returns {Promise<Model[]>}
 */
export function modelsIn(dataset) {
  return listAll(`${dataset}/models`, "models");
}
