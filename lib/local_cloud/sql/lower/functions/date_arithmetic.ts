/** Dates and times forward and back, and the way between two of them. */
import { MICROS, MONTHS, notFor, type Part, partOf, weekStart } from "../date_parts.ts";
import { type FunctionLowering, once } from "../lowering.ts";
import { withinYears } from "../zones.ts";
import { ARITHMETIC } from "./arithmetic.ts";

const OVERFLOW = "Date or time overflow: the result lies outside of the years 1 to 9999";
/** More days than there are from year 1 to year 9999. */
const MOST_DAYS = 3_700_000;

/** `n` where adding that much cannot leave DuckDB's range, else so much that GoogleSQL's is left. */
const bounded = (n: string, most: number) => `greatest(-${most}, least(${most}, ${n}))`;

type Civil = "DATE" | "DATETIME" | "TIMESTAMP";
type Sign = "+" | "-";

/**
 * `x + n parts`; `n` must not be NULL, which bounds pass over. A day that the month has not becomes its last, as in DuckDB; the bounds of the years
 * are GoogleSQL's.
 */
function shifted(
  [x, sign, n]: [string, Sign, string],
  part: Part,
  kind: Civil,
): string | undefined {
  const months = MONTHS[part];
  const days = part === "WEEK" ? 7 : part === "DAY" ? 1 : undefined;
  const micros = MICROS[part];
  if (months !== undefined) {
    if (kind === "TIMESTAMP") return undefined;
    const sum = `(${x} ${sign} to_months(CAST(${bounded(n, MOST_DAYS)} * ${months} AS INTEGER)))`;
    return kind === "DATE" ? `CAST(${sum} AS DATE)` : sum;
  }
  if (kind === "DATE") {
    return days && `(${x} ${sign} CAST(${bounded(n, MOST_DAYS)} * ${days} AS INTEGER))`;
  }
  const unit = days === undefined ? micros : days * MICROS.DAY!;
  if (unit === undefined) return undefined;
  const make = kind === "TIMESTAMP" ? "make_timestamptz" : "make_timestamp";
  const most = Math.ceil(MOST_DAYS * MICROS.DAY! / unit);
  return `${make}(epoch_us(${x}) ${sign} ${bounded(n, most)} * ${unit})`;
}

const add = (sign: Sign): FunctionLowering => ([x, n], call) => {
  const [of, , partNode] = call.argumentList;
  const part = partOf(partNode);
  const kind = of.type.kind as Civil;
  return once(x, (value) =>
    once(n, (count) => {
      const sum = shifted([value, sign, count], part, kind);
      if (sum === undefined) throw notFor(call.name, part, partNode);
      return `CASE WHEN ${count} IS NOT NULL THEN ${withinYears(sum, kind, OVERFLOW)} END`;
    }));
};

const addDays = (date: string, sign: Sign, days: string): string =>
  once(days, (n) => {
    const sum = shifted([date, sign, n], "DAY", "DATE")!;
    return `CASE WHEN ${n} IS NOT NULL THEN ${withinYears(sum, "DATE", OVERFLOW)} END`;
  });

const NUMBERS = new Map(ARITHMETIC);

/** `date + 1`, `1 + date`, `date - 1`; the operators of numbers else. */
const plusDays = (name: "$add" | "$subtract"): FunctionLowering => (args, call, lower) => {
  if (call.type.kind !== "DATE") return NUMBERS.get(name)!(args, call, lower);
  const [date, days] = call.argumentList[0].type.kind === "DATE" ? args : [args[1], args[0]];
  return once(date, (day) => addDays(day, name === "$add" ? "+" : "-", days));
};

const MICROS_OF_DAY = MICROS.DAY!;

/** A TIME goes round the clock. */
const addTime = (sign: Sign): FunctionLowering => ([x, n], call) => {
  const partNode = call.argumentList[2];
  const part = partOf(partNode);
  const unit = MICROS[part];
  if (unit === undefined || part === "DAY") throw notFor(call.name, part, partNode);
  const round = `((${n}) % ${MICROS_OF_DAY / unit}) * ${unit}`;
  const micros = `((epoch_us(${x}) ${sign} ${round}) + ${MICROS_OF_DAY}) % ${MICROS_OF_DAY}`;
  return timeOf(micros);
};

/** The TIME so many microseconds after midnight. */
export const timeOf = (micros: string): string => `(TIME '00:00:00' + to_microseconds(${micros}))`;

/** A number that grows by one at each beginning of the part, whatever the years. */
function ordinal(x: string, part: Part): string | undefined {
  const start = weekStart(part);
  // 1970-01-01 is a Thursday; the shift keeps the dividend positive, where // rounds down.
  if (start !== undefined) return `((${dayNumber(x)} + ${1_400_004 - start}) // 7)`;
  switch (part) {
    case "YEAR":
      return `year(${x})`;
    case "ISOYEAR":
      return `isoyear(${x})`;
    case "QUARTER":
      return `(year(${x}) * 4 + quarter(${x}))`;
    case "MONTH":
      return `(year(${x}) * 12 + month(${x}))`;
    case "DAY":
      return dayNumber(x);
    default:
      return undefined;
  }
}

const dayNumber = (x: string) => `(CAST(${x} AS DATE) - DATE '1970-01-01')`;

/** Microseconds from year 1 to 1970, rounded up to days: added, a count is positive. */
const EPOCH_MICROS = 719_163 * MICROS_OF_DAY;

/** How often a part begins between two dates, datetimes or times. */
const boundaries: FunctionLowering = ([a, b], call) => {
  const partNode = call.argumentList[2];
  const part = partOf(partNode);
  const unit = MICROS[part];
  const count = part === "DAY" || unit === undefined
    ? (x: string) => ordinal(x, part)
    : (x: string) => `((epoch_us(${x}) + ${EPOCH_MICROS}) // ${unit})`;
  if (count("x") === undefined) throw notFor(call.name, part, partNode);
  return `(${once(a, (x) => count(x)!)} - ${once(b, (x) => count(x)!)})`;
};

/** How many whole parts lie between two TIMESTAMPs; `//` rounds towards zero. */
const wholeParts: FunctionLowering = ([a, b], call) => {
  const partNode = call.argumentList[2];
  const part = partOf(partNode);
  const unit = MICROS[part];
  if (unit === undefined) throw notFor(call.name, part, partNode);
  return `((epoch_us(${a}) - epoch_us(${b})) // ${unit})`;
};

/** DATE_DIFF and its kin go by what they are given, not by their names. */
const diff: FunctionLowering = (args, call, lower) =>
  call.argumentList[0].type.kind === "TIMESTAMP"
    ? wholeParts(args, call, lower)
    : boundaries(args, call, lower);

const KINDS = ["date", "datetime", "timestamp"];

export const DATE_ARITHMETIC: [string, FunctionLowering][] = [
  ["$add", plusDays("$add")],
  ["$subtract", plusDays("$subtract")],
  ...KINDS.flatMap((kind): [string, FunctionLowering][] => [
    [`${kind}_add`, add("+")],
    [`${kind}_diff`, diff],
    [`${kind}_sub`, add("-")],
  ]),
  ["time_add", addTime("+")],
  ["time_diff", diff],
  ["time_sub", addTime("-")],
];
