// @ts-check
/**
 * Numbers, sizes and times as people read them.
 *
 * @module
 */

const WHOLE = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];

/**
 * A count with thousands separated: `12,345`.
 *
 * @param {number | string | undefined} count A number, or digits as REST writes int64.
 */
export function countText(count) {
  return count === undefined || count === "" ? "" : WHOLE.format(Number(count));
}

/**
 * `1 table`, `2 tables`.
 *
 * @param {number} count
 * @param {string} noun
 */
export function counted(count, noun) {
  return `${countText(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/**
 * A size in bytes as `1.5 KiB`.
 *
 * @param {number | string | undefined} bytes
 */
export function sizeText(bytes) {
  if (bytes === undefined || bytes === "") return "";
  let size = Number(bytes);
  let unit = 0;
  for (; size >= 1024 && unit < UNITS.length - 1; unit++) size /= 1024;
  return `${size >= 100 || unit === 0 ? Math.round(size) : size.toFixed(1)} ${UNITS[unit]}`;
}

/**
 * A time to the minute, where the reader is: `2026-01-31 09:05`.
 *
 * @param {number | string | undefined} when Milliseconds since 1970, also as digits, or RFC 3339.
 */
export function timeText(when) {
  if (when === undefined || when === "") return "";
  const date = new Date(/^\d+$/.test(String(when)) ? Number(when) : when);
  if (Number.isNaN(date.getTime())) return String(when);
  const two = (/** @type {number} */ part) => String(part).padStart(2, "0");
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join("-");
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

/**
 * A measured number to four significant digits: `1,234`, `0.05679`.
 *
 * @param {unknown} value Anything else is shown as it is: a text of digits may be a name.
 */
export function numberText(value) {
  if (typeof value !== "number") return String(value ?? "");
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e15)) return value.toExponential(3);
  const options = size >= 1000 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 4 };
  return new Intl.NumberFormat("en", options).format(value);
}

/**
 * A name of REST in words: `meanSquaredDistance` is `mean squared distance`.
 *
 * @param {string} name
 */
export function wordsOf(name) {
  return name.replace(/^.*\./, "").replaceAll("_", " ")
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2").toLowerCase();
}

/**
 * JSON to read: indented, lists of plain values in one line each.
 *
 * @param {string} text What is no JSON is given back.
 */
export function readableJson(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
      .replaceAll(/\[\n[^[\]{}]*\]/g, (list) => list.replaceAll(/\n\s*/g, " "));
  } catch {
    return text;
  }
}
