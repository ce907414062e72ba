// @ts-check
/// <reference lib="dom" />
/**
 * Calls of the REST APIs that this page comes from.
 *
 * @module
 */

/** An error as the API answered it. */
export class ApiError extends Error {
  /**
   * @param {string} message For people.
   * @param {number} status 0 if there was no answer.
   * @param {string} body What was answered, as text.
   */
  constructor(message, status, body) {
    super(message);
    /** @type {number} */
    this.status = status;
    /** @type {string} */
    this.body = body;
  }
}

/**
 * @param {string} path
 * @param {RequestInit} [init]
 * @returns {Promise<string>}
 */
async function send(path, init) {
  let response;
  try {
    response = await fetch(path, { ...init, cache: "no-store" });
  } catch {
    const message = "The local cloud does not answer: it has stopped, or was stopped for being " +
      "idle. Start it with: deno task local-cloud";
    throw new ApiError(message, 0, "");
  }
  const body = await response.text();
  if (response.ok) return body;
  throw new ApiError(messageIn(body) ?? `${response.status} ${body}`, response.status, body);
}

/**
 * The sentence in Google's error envelope.
 *
 * @param {string} body
 * @returns {string | undefined}
 */
function messageIn(body) {
  try {
    const message = JSON.parse(body)?.error?.message;
    return typeof message === "string" ? message : undefined;
  } catch {
    return undefined;
  }
}

/**
 * What a GET answers.
 *
 * @template T
 * @param {string} path
 * @returns {Promise<T>}
 */
export async function getJson(path) {
  return JSON.parse(await send(path));
}

/**
 * Everything that a list has, page by page.
 *
 * @template T
 * @param {string} path
 * @param {string} key The field that holds the entries; it is absent if there are none.
 * @returns {Promise<T[]>}
 */
export async function listAll(path, key) {
  /** @type {T[]} */
  const all = [];
  for (let pageToken = "";;) {
    const query = pageToken === "" ? "" : `?${new URLSearchParams({ pageToken })}`;
    /** @type {Record<string, unknown>} */
    const page = await getJson(path + query);
    all.push(.../** @type {T[]} */ (page[key] ?? []));
    pageToken = String(page.nextPageToken ?? "");
    if (pageToken === "") return all;
  }
}

/**
 * Sends JSON.
 *
 * @param {string} path
 * @param {string} json
 * @returns {Promise<string>} The answer as it came.
 */
export function postText(path, json) {
  return send(path, {
    method: "POST",
    body: json,
    headers: { "content-type": "application/json" },
  });
}

/**
 * A path of names, each written so that it is one segment.
 *
 * @param {TemplateStringsArray} parts
 * @param {...string} names
 */
export function path(parts, ...names) {
  return String.raw({ raw: parts }, ...names.map(encodeURIComponent));
}
