// @ts-check
/**
 * The few questions for which there is no REST resource, as GoogleSQL. Names come from the API and
 * are quoted; values are parameters.
 *
 * @module
 */
import { path, postText } from "./rest.js";
import { rowValues } from "./values.js";

/** @import { Field, QueryAnswer } from "../resources.ts" */
/** @import { Values } from "../resources.ts" */

/**
 * A name of several parts as GoogleSQL reads it, whatever letters it has.
 *
 * @param {...string} parts
 */
export function quotedName(...parts) {
  return parts.map((part) => `\`${part.replaceAll(/[\\`]/g, "\\$&")}\``).join(".");
}

/**
 * Different values of some columns, of the rows in which one column's value begins with @prefix.
 *
 * @param {string[]} table Project, dataset and table.
 * @param {string} searched The column that is searched; it is given first.
 * @param {string[]} columns The others.
 */
export function rowsByPrefix(table, searched, columns) {
  const names = [...new Set([searched, ...columns])].map((name) => quotedName(name));
  return `SELECT DISTINCT ${names.join(", ")} FROM ${quotedName(...table)} ` +
    `WHERE STARTS_WITH(CAST(${quotedName(searched)} AS STRING), @prefix) ORDER BY 1 LIMIT 10`;
}

/**
 * What a model learnt of its input columns.
 *
 * @param {string[]} model Project, dataset and model.
 */
export function featureInfo(model) {
  return `SELECT * FROM ML.FEATURE_INFO(MODEL ${quotedName(...model)})`;
}

/**
 * Runs a query.
 *
 * @param {string} project Where it runs.
 * @param {string} query
 * @param {Record<string, string>} [parameters] Texts by name.
 * @returns {Promise<{fields: Field[], rows: Values[]}>}
 */
export async function runQuery(project, query, parameters = {}) {
  const queryParameters = Object.entries(parameters).map(([name, value]) => ({
    name,
    parameterType: { type: "STRING" },
    parameterValue: { value },
  }));
  const body = {
    query,
    useLegacySql: false,
    timeoutMs: 60_000,
    formatOptions: { timestampOutputFormat: "ISO8601_STRING" },
    ...(queryParameters.length > 0 ? { parameterMode: "NAMED", queryParameters } : {}),
  };
  const url = path`/bigquery/v2/projects/${project}/queries`;
  /** @type {QueryAnswer} */
  const answer = JSON.parse(await postText(url, JSON.stringify(body)));
  if (!answer.jobComplete) {
    throw new Error("The query took more than a minute: it goes on as a job");
  }
  const fields = answer.schema?.fields ?? [];
  return { fields, rows: (answer.rows ?? []).map((row) => rowValues(fields, row)) };
}
