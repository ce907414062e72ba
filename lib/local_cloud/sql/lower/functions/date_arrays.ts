/** GENERATE_DATE_ARRAY and GENERATE_TIMESTAMP_ARRAY, through arrays of whole numbers. */
import { MICROS, MONTHS, notFor, partOf } from "../date_parts.ts";
import { type FunctionLowering, once, refuse } from "../lowering.ts";
import { wholeNumbers } from "./arrays.ts";

const EPOCH = "DATE '1970-01-01'";
const daysOf = (date: string) => `(${date} - ${EPOCH})`;

/** Days and weeks: the numbers of the days since 1970, made dates. */
const byDays = (from: string, to: string, step: string): string =>
  `list_transform(${
    wholeNumbers(daysOf(from), daysOf(to), step)
  }, lambda i: ${EPOCH} + CAST(i AS INTEGER))`;

/**
 * Months: the n-th date is n steps after the first. One late in its month would, once cut to a shorter
 * month's last day, stay cut: that is refused when it is met. The last one can lie beyond the end.
 */
function byMonths(from: string, to: string, step: string): string {
  const monthOf = (date: string) => `(year(${date}) * 12 + month(${date}))`;
  const numbers = wholeNumbers("0", `(${monthOf(to)} - ${monthOf(from)})`, step);
  const dates =
    `list_transform(${numbers}, lambda i: CAST(${from} + to_months(CAST(i AS INTEGER)) AS DATE))`;
  const late = refuse("GENERATE_DATE_ARRAY by months from a day after the 28th");
  return `CASE WHEN day(${from}) > 28 THEN ${late} ELSE list_filter(${dates}, lambda d: CASE WHEN ${step} > 0 THEN d <= ${to} ELSE d >= ${to} END) END`;
}

const generateDates: FunctionLowering = ([from, to, step = "1::BIGINT"], call) => {
  const partNode = call.argumentList[3];
  const part = partNode === undefined ? "DAY" : partOf(partNode);
  const months = MONTHS[part];
  const days = part === "WEEK" ? 7 : part === "DAY" ? 1 : undefined;
  if (months === undefined && days === undefined) throw notFor(call.name, part, partNode);
  const write = months === undefined ? byDays : byMonths;
  const unit = months ?? days!;
  return once(from, (a) =>
    once(to, (b) =>
      once(
        unit === 1 ? step : `(${step} * ${unit})`,
        (by) => `CASE WHEN ${a} IS NOT NULL AND ${b} IS NOT NULL THEN ${write(a, b, by)} END`,
      )));
};

const generateTimestamps: FunctionLowering = ([from, to, step], call) => {
  const partNode = call.argumentList[3];
  const unit = MICROS[partOf(partNode)];
  if (unit === undefined) throw notFor(call.name, partOf(partNode), partNode);
  const micros = once(from, (a) =>
    once(
      to,
      (b) =>
        once(
          unit === 1 ? step : `(${step} * ${unit})`,
          (by) => wholeNumbers(`epoch_us(${a})`, `epoch_us(${b})`, by),
        ),
    ));
  return `list_transform(${micros}, lambda i: make_timestamptz(i))`;
};

export const DATE_ARRAYS: [string, FunctionLowering][] = [
  ["generate_date_array", generateDates],
  ["generate_timestamp_array", generateTimestamps],
];
