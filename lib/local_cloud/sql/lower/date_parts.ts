/** Date parts: DAY, WEEK(MONDAY), ISOYEAR …, as the analyzer writes them and as DuckDB counts. */
import type { Expr } from "../resolved.ts";
import { Unsupported } from "./lowering.ts";

const NAMES = [
  "YEAR",
  "MONTH",
  "DAY",
  "DAYOFWEEK",
  "DAYOFYEAR",
  "QUARTER",
  "HOUR",
  "MINUTE",
  "SECOND",
  "MILLISECOND",
  "MICROSECOND",
  "NANOSECOND",
  "DATE",
  "WEEK",
  "DATETIME",
  "TIME",
  "ISOYEAR",
  "ISOWEEK",
  "WEEK_MONDAY",
  "WEEK_TUESDAY",
  "WEEK_WEDNESDAY",
  "WEEK_THURSDAY",
  "WEEK_FRIDAY",
  "WEEK_SATURDAY",
] as const;

/** A date part's name: WEEK begins on Sunday, WEEK_MONDAY is written WEEK(MONDAY). */
export type Part = typeof NAMES[number];

/**
 * Reads a date part argument: a number of zetasql.functions.DateTimestampPart.
 *
 * @throws {Unsupported} for a part that is not listed.
 */
export function partOf(node: Expr): Part {
  const number = node.kind === "Literal" ? node.value.enumValue : undefined;
  const part = number === undefined ? undefined : NAMES[number - 1];
  if (part === undefined) throw new Unsupported("This date part", node.place);
  return part;
}

/** The refusal of a part where it has no meaning or no lowering. */
export const notFor = (name: string, part: Part, { place }: { place?: Expr["place"] }) =>
  new Unsupported(`${name.replace("$", "").toUpperCase()} of ${part}`, place);

const WEEK_STARTS: Part[] = [
  "WEEK",
  "WEEK_MONDAY",
  "WEEK_TUESDAY",
  "WEEK_WEDNESDAY",
  "WEEK_THURSDAY",
  "WEEK_FRIDAY",
  "WEEK_SATURDAY",
];

/** On which day weeks begin, 0 for Sunday as DuckDB counts; `undefined` if the part is no week. */
export function weekStart(part: Part): number | undefined {
  if (part === "ISOWEEK") return 1;
  const day = WEEK_STARTS.indexOf(part);
  return day === -1 ? undefined : day;
}

/** Days since the week of a DATE or DATETIME began. */
export const dayOfWeek = (civil: string, start: number): string =>
  start === 0 ? `dayofweek(${civil})` : `((dayofweek(${civil}) + ${7 - start}) % 7)`;

/** Microseconds of the parts of a day. */
export const MICROS: Partial<Record<Part, number>> = {
  DAY: 86_400_000_000,
  HOUR: 3_600_000_000,
  MINUTE: 60_000_000,
  SECOND: 1_000_000,
  MILLISECOND: 1000,
  MICROSECOND: 1,
};

/** Months of the parts that are made of months. */
export const MONTHS: Partial<Record<Part, number>> = { YEAR: 12, QUARTER: 3, MONTH: 1 };
