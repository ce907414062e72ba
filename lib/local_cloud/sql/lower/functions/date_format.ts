/** FORMAT_DATE and its kin: each element of a constant format is written by itself. */
import type { FunctionCall } from "../../resolved.ts";
import { stringLiteral } from "../../values.ts";
import { type FunctionLowering, once, Unsupported } from "../lowering.ts";
import { inZone, type Zone, zoneOf } from "../zones.ts";
import { weekOfYear } from "./extract.ts";

const text = (sql: string) => `CAST(${sql} AS VARCHAR)`;
const padded = (sql: string, width: number, fill: "0" | " " = "0") =>
  `lpad(${text(sql)}, ${width}, '${fill}')`;
const two = (sql: string) => padded(sql, 2);
const twelve = (x: string) => `((hour(${x}) + 11) % 12 + 1)`;
/** Names are English in both engines. */
const name = (x: string, element: string) => `strftime(${x}, '%${element}')`;

/** Elements of a date; `x` is a DATE or DATETIME. A year is not padded. */
const DATE_ELEMENTS: Record<string, (x: string) => string> = {
  A: (x) => name(x, "A"),
  a: (x) => name(x, "a"),
  B: (x) => name(x, "B"),
  b: (x) => name(x, "b"),
  C: (x) => text(`year(${x}) // 100`),
  D: (x) => name(x, "m/%d/%y"),
  d: (x) => two(`day(${x})`),
  E4Y: (x) => padded(`year(${x})`, 4),
  e: (x) => padded(`day(${x})`, 2, " "),
  F: (x) => `${text(`year(${x})`)} || strftime(${x}, '-%m-%d')`,
  G: (x) => text(`isoyear(${x})`),
  g: (x) => two(`isoyear(${x}) % 100`),
  h: (x) => name(x, "b"),
  j: (x) => padded(`dayofyear(${x})`, 3),
  m: (x) => two(`month(${x})`),
  Q: (x) => text(`quarter(${x})`),
  U: (x) => two(weekOfYear(x, 0)),
  u: (x) => text(`(dayofweek(${x}) + 6) % 7 + 1`),
  V: (x) => two(`week(${x})`),
  W: (x) => two(weekOfYear(x, 1)),
  w: (x) => text(`dayofweek(${x})`),
  x: (x) => name(x, "m/%d/%y"),
  Y: (x) => text(`year(${x})`),
  y: (x) => two(`year(${x}) % 100`),
};

const fraction = (x: string) => `microsecond(${x}) % 1000000`;
const clock = (x: string) => `${two(`hour(${x})`)} || ':' || ${two(`minute(${x})`)}`;
const wholeClock = (x: string) => `${clock(x)} || ':' || ${two(`second(${x})`)}`;

/** Elements of a time of day; `x` is a TIME or DATETIME. */
const TIME_ELEMENTS: Record<string, (x: string) => string> = {
  "E*S": (x) =>
    `${two(`second(${x})`)} || rtrim(rtrim('.' || ${padded(fraction(x), 6)}, '0'), '.')`,
  E3S: (x) => `${two(`second(${x})`)} || '.' || ${padded(`${fraction(x)} // 1000`, 3)}`,
  E6S: (x) => `${two(`second(${x})`)} || '.' || ${padded(fraction(x), 6)}`,
  H: (x) => two(`hour(${x})`),
  I: (x) => two(twelve(x)),
  k: (x) => padded(`hour(${x})`, 2, " "),
  l: (x) => padded(twelve(x), 2, " "),
  M: (x) => two(`minute(${x})`),
  P: (x) => `CASE WHEN hour(${x}) < 12 THEN 'am' ELSE 'pm' END`,
  p: (x) => `CASE WHEN hour(${x}) < 12 THEN 'AM' ELSE 'PM' END`,
  R: clock,
  S: (x) => two(`second(${x})`),
  T: wholeClock,
  X: wholeClock,
};

const BOTH_ELEMENTS: Record<string, (x: string) => string> = {
  ...DATE_ELEMENTS,
  ...TIME_ELEMENTS,
  c: (x) =>
    [DATE_ELEMENTS.a(x), DATE_ELEMENTS.b(x), DATE_ELEMENTS.e(x), wholeClock(x), DATE_ELEMENTS.Y(x)]
      .join(" || ' ' || "),
};

/** What names a zone at UTC; another zone's names are not known to be Google's. */
const UTC_ELEMENTS: Record<string, (x: string) => string> = {
  ...BOTH_ELEMENTS,
  Ez: () => "'+00:00'",
  s: (x) => text(`epoch_us(date_trunc('second', ${x})) // 1000000`),
  Z: () => "'UTC'",
  z: () => "'+0000'",
};

const PLAIN: Record<string, string> = { "%": "%", n: "\n", t: "\t" };
const ELEMENT = /%(E4Y|E\*S|E3S|E6S|Ez|.?)/gs;

/**
 * A format taken apart: texts, and the names of elements behind their `%`.
 *
 * @throws {Unsupported} if it is not a literal.
 */
export function formatOf(call: FunctionCall): { text: string; element?: string }[] {
  const [node] = call.argumentList;
  const format = node.kind === "Literal" ? node.value.stringValue : undefined;
  if (format === undefined) throw new Unsupported("A format that is not a literal", node.place);
  const pieces: { text: string; element?: string }[] = [];
  let from = 0;
  for (const { 0: { length }, 1: element, index } of format.matchAll(ELEMENT)) {
    pieces.push({ text: format.slice(from, index) });
    pieces.push(element in PLAIN ? { text: PLAIN[element] } : { text: "", element });
    from = index + length;
  }
  pieces.push({ text: format.slice(from) });
  return pieces.filter(({ text, element }) => element !== undefined || text !== "");
}

function elementsFor(kind: string, zone: Zone): Record<string, (x: string) => string> {
  if (kind === "DATE") return DATE_ELEMENTS;
  if (kind === "TIME") return TIME_ELEMENTS;
  const atUtc = kind === "TIMESTAMP" && zone.kind === "fixed" && zone.minutes === 0;
  return atUtc ? UTC_ELEMENTS : BOTH_ELEMENTS;
}

/** `FORMAT_DATE('%Y-%m', d)` → the year, a dash, the month; NULL for no date. */
const format: FunctionLowering = ([, value], call) => {
  const [, of, zoneNode] = call.argumentList;
  const zone = zoneOf(zoneNode);
  const elements = elementsFor(of.type.kind, zone);
  const pieces = formatOf(call);
  const civil = of.type.kind === "TIMESTAMP" ? inZone(value, zone) : value;
  return once(civil, (x) => {
    const parts = pieces.map(({ text, element }) => {
      if (element === undefined) return stringLiteral(text);
      const write = elements[element];
      if (write !== undefined) return write(x);
      throw new Unsupported(`${call.name.toUpperCase()} with %${element}`, call.place);
    });
    return `CASE WHEN ${x} IS NOT NULL THEN ${parts.join(" || ") || "''"} END`;
  });
};

export const DATE_FORMATS: [string, FunctionLowering][] = [
  ["format_date", format],
  ["format_datetime", format],
  ["format_time", format],
  ["format_timestamp", format],
];
