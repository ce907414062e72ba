/** The first and the last day of a part of time: DATE_TRUNC and its kin, LAST_DAY. */
import { dayOfWeek, MICROS, MONTHS, notFor, type Part, partOf, weekStart } from "../date_parts.ts";
import { type FunctionLowering, once } from "../lowering.ts";
import { inZone, ofZone, withinYears, zoneOf } from "../zones.ts";

const OVERFLOW = "Date or time overflow: the result lies outside of the years 1 to 9999";

/** Midnight at which the part began that a DATE or DATETIME lies in; a date without a time. */
function firstDay(civil: string, part: Part): string | undefined {
  const start = weekStart(part);
  if (start !== undefined) {
    return once(
      civil,
      (x) => `(CAST(${x} AS DATE) - CAST(${dayOfWeek(x, start)} AS INTEGER))`,
    );
  }
  if (part === "DAY") return `CAST(${civil} AS DATE)`;
  if (MONTHS[part] === undefined && part !== "ISOYEAR") return undefined;
  return `CAST(date_trunc('${part.toLowerCase()}', ${civil}) AS DATE)`;
}

/** Parts of a day are cut off the DATETIME or TIME itself. */
const cut = (civil: string, part: Part): string => `date_trunc('${part.toLowerCase()}', ${civil})`;

const isOfDay = (part: Part) => MICROS[part] !== undefined && part !== "DAY";

/** Truncation of DATE and DATETIME; a week can begin ahead of year 1. */
function truncated(civil: string, part: Part, kind: "DATE" | "DATETIME"): string | undefined {
  if (kind === "DATETIME" && isOfDay(part)) return cut(civil, part);
  const day = firstDay(civil, part);
  return day === undefined || kind === "DATE" ? day : `CAST(${day} AS TIMESTAMP)`;
}

const mayOverflow = (part: Part) => weekStart(part) !== undefined || part === "ISOYEAR";

const trunc: FunctionLowering = ([x], call) => {
  const [of, partNode, zoneNode] = call.argumentList;
  const part = partOf(partNode);
  if (of.type.kind === "TIMESTAMP") {
    const zone = zoneOf(zoneNode);
    // Clocks are set forward and back by whole minutes at most once in an hour.
    if (zone.kind === "named" && isOfDay(part)) throw notFor(call.name, part, partNode);
    const sql = truncated(inZone(x, zone), part, "DATETIME");
    if (sql === undefined) throw notFor(call.name, part, partNode);
    const atUtc = zone.kind === "fixed" && zone.minutes === 0;
    const whole = ofZone(sql, zone);
    return atUtc && !mayOverflow(part) ? whole : withinYears(whole, "TIMESTAMP", OVERFLOW);
  }
  const kind = of.type.kind as "DATE" | "DATETIME";
  const sql = truncated(x, part, kind);
  if (sql === undefined) throw notFor(call.name, part, partNode);
  return mayOverflow(part) ? withinYears(sql, kind, OVERFLOW) : sql;
};

/** A TIME is cut as a DATETIME of some day. */
const timeTrunc: FunctionLowering = ([x], call) => {
  const part = partOf(call.argumentList[1]);
  if (!isOfDay(part)) throw notFor(call.name, part, call.argumentList[1]);
  return `CAST(${cut(`(DATE '2000-01-01' + ${x})`, part)} AS TIME)`;
};

/** LAST_DAY(d, part): the day before the next part begins. */
const lastDay: FunctionLowering = ([x], call) => {
  const partNode = call.argumentList[1];
  const part = partNode === undefined ? "MONTH" : partOf(partNode);
  const first = firstDay(x, part);
  if (first === undefined || part === "DAY") throw notFor("LAST_DAY", part, partNode ?? call);
  const last = (day: string) => {
    if (weekStart(part) !== undefined) return `(${day} + 6)`;
    if (part !== "ISOYEAR") return `CAST(${day} + to_months(${MONTHS[part]}) AS DATE) - 1`;
    // The next ISO year begins 52 or 53 weeks later, and 53 weeks later it has begun.
    return `CAST(date_trunc('isoyear', ${day} + 371) AS DATE) - 1`;
  };
  return withinYears(once(first, last), "DATE", OVERFLOW);
};

const KINDS = ["date", "datetime", "timestamp"];

export const DATE_TRUNCS: [string, FunctionLowering][] = [
  ...KINDS.map((kind): [string, FunctionLowering] => [`${kind}_trunc`, trunc]),
  ["last_day", lastDay],
  ["time_trunc", timeTrunc],
];
