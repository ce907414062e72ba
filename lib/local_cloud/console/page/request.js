// @ts-check
/**
 * What is asked: an instance of what the form holds, as JSON and as a command.
 *
 * @module
 */

/** @import { Value as Input } from "../signature.ts" */
/** @import { Values } from "../resources.ts" */

/**
 * One instance. An input without a text is left out: there is no null in a tensor.
 *
 * @param {readonly Input[]} inputs
 * @param {Record<string, string>} texts By the names of the inputs.
 * @returns {Record<string, unknown>}
 */
export function instanceOf(inputs, texts) {
  const given = inputs.filter(({ name }) => (texts[name] ?? "") !== "");
  return Object.fromEntries(
    given.map((input) => [input.name, jsonValue(input, texts[input.name])]),
  );
}

/**
 * A text as the JSON that an input takes; one that does not fit stays a text, so that the API says
 * what is wrong with it.
 *
 * @param {Input} input
 * @param {string} text
 * @returns {unknown}
 */
function jsonValue({ dtype, shape }, text) {
  if (shape.length > 1) return listOf(text);
  const bare = text.trim();
  if (dtype === "bool") return { true: true, false: false }[bare.toLowerCase()] ?? text;
  if (dtype === "string" || !/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(bare)) return text;
  const number = Number(bare);
  // digits that a number would lose are sent as text, as JSON has int64
  return dtype === "int64" && !Number.isSafeInteger(number) ? bare : number;
}

/** @param {string} text */
function listOf(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * The body of a request.
 *
 * @param {Record<string, unknown>} instance
 */
export function requestText(instance) {
  return JSON.stringify({ instances: [instance] }, null, 2);
}

/**
 * A command for a POSIX shell that asks the same.
 *
 * @param {string} url
 * @param {string} body
 */
export function curlText(url, body) {
  const quoted = (/** @type {string} */ text) => `'${text.replaceAll("'", "'\\''")}'`;
  return `curl -X POST ${quoted(url)} \\\n  -H 'Content-Type: application/json' \\\n` +
    `  -d ${quoted(body)}`;
}

/**
 * The inputs that have no text yet.
 *
 * @param {readonly Input[]} inputs
 * @param {Record<string, string>} texts
 * @returns {string[]} Their names.
 */
export function missingIn(inputs, texts) {
  return inputs.map(({ name }) => name).filter((name) =>
    !Object.hasOwn(texts, name) || !texts[name]
  );
}

/**
 * An instance to go on with by hand: an input without a text is there, but empty.
 *
 * @param {readonly Input[]} inputs
 * @param {Record<string, string>} texts
 * @returns {Record<string, unknown>}
 */
export function draftOf(inputs, texts) {
  const blank = inputs.map((
    { name, dtype, shape },
  ) => [name, dtype === "string" && shape.length <= 1 ? "" : null]);
  return { ...Object.fromEntries(blank), ...instanceOf(inputs, texts) };
}

/**
 * What a row of a table puts into the form. An input that the row has no column for gets the mean
 * without a note.
 *
 * @param {readonly Input[]} inputs
 * @param {Values} row By the names of its columns, in any case of letters.
 * @param {Record<string, number>} means What stands in for NULL, by input.
 * @returns {{texts: Record<string, string>, notes: Record<string, string>}} Notes say what was NULL.
 */
export function textsOf(inputs, row, means) {
  const values = new Map(Object.entries(row).map(([name, value]) => [name.toLowerCase(), value]));
  /** @type {Record<string, string>} */
  const texts = {};
  /** @type {Record<string, string>} */
  const notes = {};
  for (const { name } of inputs) {
    const value = values.get(name.toLowerCase());
    const mean = Object.hasOwn(means, name) ? means[name] : undefined;
    if (typeof value === "string") texts[name] = value;
    else if (mean !== undefined) texts[name] = String(mean);
    if (value !== null) continue;
    notes[name] = mean === undefined
      ? "NULL in this row"
      : "NULL in this row: the mean of training stands in, as in ML.PREDICT";
  }
  return { texts, notes };
}
