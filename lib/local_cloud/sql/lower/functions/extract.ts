/** EXTRACT: parts of dates and times, counted as GoogleSQL counts them. */
import { dayOfWeek, notFor, type Part, partOf, weekStart } from "../date_parts.ts";
import { type FunctionLowering, once } from "../lowering.ts";
import { inZone, shownInZone, zoneOf } from "../zones.ts";

const PARTS: Partial<Record<Part, (civil: string) => string>> = {
  DAY: (x) => `day(${x})`,
  // Sunday is 1; for DuckDB it is 0.
  DAYOFWEEK: (x) => `(dayofweek(${x}) + 1)`,
  DAYOFYEAR: (x) => `dayofyear(${x})`,
  HOUR: (x) => `hour(${x})`,
  ISOWEEK: (x) => `week(${x})`,
  ISOYEAR: (x) => `isoyear(${x})`,
  // DuckDB's milliseconds and microseconds count from the minute on.
  MICROSECOND: (x) => `(microsecond(${x}) % 1000000)`,
  MILLISECOND: (x) => `(millisecond(${x}) % 1000)`,
  MINUTE: (x) => `minute(${x})`,
  MONTH: (x) => `month(${x})`,
  QUARTER: (x) => `quarter(${x})`,
  SECOND: (x) => `second(${x})`,
  YEAR: (x) => `year(${x})`,
};

/** Weeks begun on that day of the week since the year began: days before the first are week 0. */
export const weekOfYear = (civil: string, start: number): string =>
  `((dayofyear(${civil}) + 6 - ${dayOfWeek(civil, start)}) // 7)`;

const extract: FunctionLowering = ([value], call) => {
  const [of, partNode, zone] = call.argumentList;
  const part = partOf(partNode);
  const civil = of.type.kind === "TIMESTAMP" ? inZone(value, zoneOf(zone)) : value;
  const write = PARTS[part];
  if (write !== undefined) return write(civil);
  const start = weekStart(part);
  if (start === undefined) throw notFor("EXTRACT", part, partNode);
  return once(civil, (x) => weekOfYear(x, start));
};

/** EXTRACT(DATE FROM …) and its kin. */
const civilPart = (type: string): FunctionLowering => ([value], call) => {
  const [of, zone] = call.argumentList;
  const show = type === "TIME" ? inZone : shownInZone;
  const civil = of.type.kind === "TIMESTAMP" ? show(value, zoneOf(zone)) : value;
  return `CAST(${civil} AS ${type})`;
};

export const EXTRACTS: [string, FunctionLowering][] = [
  ["$extract", extract],
  ["$extract_date", civilPart("DATE")],
  ["$extract_datetime", civilPart("TIMESTAMP")],
  ["$extract_time", civilPart("TIME")],
];
