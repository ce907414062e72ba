/** DATE, DATETIME, TIME and TIMESTAMP from their parts, from one another, and from numbers. */
import { TEXT_CASTS } from "../casts/text.ts";
import { CIVIL_CASTS } from "../casts/civil.ts";
import { type CastLowering, failure } from "../casts/lowering.ts";
import type { FunctionCall } from "../../resolved.ts";
import { type FunctionLowering, once, raise, Unsupported } from "../lowering.ts";
import { atUtc, fromUtc, inZone, ofZone, shownInZone, withinYears, zoneOf } from "../zones.ts";
import { timeOf } from "./date_arithmetic.ts";

const CASTS = new Map<string, CastLowering>([...CIVIL_CASTS, ...TEXT_CASTS]);

const kindOf = (call: FunctionCall, i = 0) => call.argumentList[i]?.type.kind;

/** A value of one type as another, raising what a CAST would. */
function asCast(sql: string, from: string, to: string, call: FunctionCall): string {
  if (from === to) return sql;
  const write = CASTS.get(`${from}→${to}`);
  if (write === undefined) {
    throw new Unsupported(`${call.name.toUpperCase()} of ${from}`, call.place);
  }
  return once(sql, (value) => write(value, failure(call)));
}

const inBounds = (n: string, low: number | bigint, high: number | bigint) =>
  `${n} BETWEEN ${low} AND ${high}`;

/** `make_date` takes year 0 and raises for a day that the month has not, in its own words. */
function dateOf([year, month, day]: string[]): string {
  const parts = [year, month, day];
  return named(parts, ([y, m, d]) => {
    const sane = [inBounds(y, 1, 9999), inBounds(m, 1, 12), inBounds(d, 1, 31)].join(" AND ");
    const text = `printf('%04d-%02d-%02d', ${y}, ${m}, ${d})`;
    return `CASE WHEN ${
      nulls([y, m, d])
    } THEN NULL WHEN ${sane} THEN coalesce(TRY_CAST(${text} AS DATE), ${NO_DATE}) ELSE ${NO_DATE} END`;
  });
}

const NO_DATE = raise("Input calculates to invalid date");
const NO_DATETIME = raise("Input calculates to invalid datetime");
const NO_TIME = raise("Input calculates to invalid time");

const nulls = (values: string[]) => values.map((value) => `${value} IS NULL`).join(" OR ");

/** Each value once, as {@link once} does for one. */
function named(values: string[], body: (names: string[]) => string): string {
  const [first, ...rest] = values;
  if (first === undefined) return body([]);
  return once(first, (name) => named(rest, (names) => body([name, ...names])));
}

/** A second 60 is the next minute's first. */
function timeOfParts(values: string[]): string {
  return named(values, ([h, m, s]) => {
    const sane = [inBounds(h, 0, 23), inBounds(m, 0, 59), inBounds(s, 0, 60)].join(" AND ");
    const micros = `((${h} * 3600 + ${m} * 60 + ${s}) % 86400) * 1000000`;
    return `CASE WHEN ${nulls([h, m, s])} THEN NULL WHEN ${sane} THEN ${
      timeOf(micros)
    } ELSE ${NO_TIME} END`;
  });
}

/** A second 60 may carry into the next day, but not out of the year 9999. */
function datetimeOf(values: string[]): string {
  const seconds = named(values.slice(3), ([h, m, s]) => {
    const sane = [inBounds(h, 0, 23), inBounds(m, 0, 59), inBounds(s, 0, 60)].join(" AND ");
    return `CASE WHEN ${
      nulls([h, m, s])
    } THEN NULL WHEN ${sane} THEN ${h} * 3600 + ${m} * 60 + ${s} ELSE ${NO_DATETIME} END`;
  });
  const sum = `(${dateOf(values.slice(0, 3))} + to_microseconds((${seconds}) * 1000000))`;
  return withinYears(sum, "DATETIME", "Input calculates to invalid datetime");
}

/** The day of a text is that of the moment it tells, in UTC. */
const date: FunctionLowering = (args, call) => {
  const kind = kindOf(call);
  if (kind === "INT64") return dateOf(args);
  if (kind === "TIMESTAMP") {
    return `CAST(${shownInZone(args[0], zoneOf(call.argumentList[1]))} AS DATE)`;
  }
  if (kind !== "STRING") return asCast(args[0], kind, "DATE", call);
  if (args.length > 1) throw new Unsupported("DATE of STRING in a time zone", call.place);
  return `CAST(${atUtc(asCast(args[0], kind, "TIMESTAMP", call))} AS DATE)`;
};

const datetime: FunctionLowering = (args, call) => {
  const kind = kindOf(call);
  if (kind === "INT64") return datetimeOf(args);
  if (kind === "TIMESTAMP") return shownInZone(args[0], zoneOf(call.argumentList[1]));
  if (args.length === 2) return `(${args[0]} + ${args[1]})`;
  return asCast(args[0], kind, "DATETIME", call);
};

const time: FunctionLowering = (args, call) => {
  const kind = kindOf(call);
  if (kind === "INT64") return timeOfParts(args);
  if (kind === "TIMESTAMP") {
    return `CAST(${inZone(args[0], zoneOf(call.argumentList[1]))} AS TIME)`;
  }
  return asCast(args[0], kind, "TIME", call);
};

/** TIMESTAMP(datetime, zone); a text that names its own zone takes no second one. */
const timestamp: FunctionLowering = (args, call) => {
  const [of, zoneNode] = call.argumentList;
  if (zoneNode === undefined) return asCast(args[0], of.type.kind, "TIMESTAMP", call);
  if (of.type.kind === "STRING") {
    throw new Unsupported("TIMESTAMP of STRING in a time zone", call.place);
  }
  const civil = asCast(args[0], of.type.kind, "DATETIME", call);
  return withinYears(
    ofZone(civil, zoneOf(zoneNode)),
    "TIMESTAMP",
    "Timestamp is out of supported range",
  );
};

const string: FunctionLowering = (args, call) => {
  if (args.length > 1) throw new Unsupported("STRING in a time zone", call.place);
  return asCast(args[0], kindOf(call), "STRING", call);
};

/** From 0001-01-01 to the last second of 9999-12-31. */
const FIRST_SECOND = -62_135_596_800n;
const LAST_SECOND = 253_402_300_799n;

/** TIMESTAMP_SECONDS and its kin: `unit` of them are a second. */
const fromUnix = (unit: bigint): FunctionLowering => ([n]) =>
  once(n, (count) => {
    const within = inBounds(count, FIRST_SECOND * unit, LAST_SECOND * unit + unit - 1n);
    const micros = unit === 1_000_000n ? count : `${count} * ${1_000_000n / unit}`;
    return `CASE WHEN ${within} THEN make_timestamptz(${micros}) WHEN ${count} IS NOT NULL THEN ${
      raise("Input value is outside of the range of TIMESTAMP: the years 1 to 9999")
    } END`;
  });

/** UNIX_SECONDS and its kin round down. */
const toUnix = (unit: bigint): FunctionLowering => ([x]) => {
  if (unit === 1_000_000n) return `epoch_us(${x})`;
  const micros = 1_000_000n / unit;
  // Added, a count is positive, where // rounds down.
  const shift = -FIRST_SECOND * unit;
  return `((epoch_us(${x}) + ${shift * micros}) // ${micros} - ${shift})`;
};

const FIRST_DAY = -719_162;
const LAST_DAY = 2_932_896;

const fromUnixDate: FunctionLowering = ([n]) =>
  once(
    n,
    (days) =>
      `CASE WHEN ${
        inBounds(days, FIRST_DAY, LAST_DAY)
      } THEN DATE '1970-01-01' + CAST(${days} AS INTEGER) WHEN ${days} IS NOT NULL THEN ${
        raise("DATE_FROM_UNIX_DATE range is -719162 to 2932896")
      } END`,
  );

/** The moment a statement began is the same all through it, as `now()` is through a transaction. */
const now = (write: (civil: string) => string): FunctionLowering => (_, call) =>
  write(shownInZone("now()", zoneOf(call.argumentList[0])));

export const DATE_MAKING: [string, FunctionLowering][] = [
  ["current_date", now((civil) => `CAST(${civil} AS DATE)`)],
  ["current_datetime", now((civil) => civil)],
  ["current_time", now((civil) => `CAST(${civil} AS TIME)`)],
  ["current_timestamp", () => fromUtc(atUtc("now()"))],
  ["date", date],
  ["date_from_unix_date", fromUnixDate],
  ["datetime", datetime],
  ["string", string],
  ["time", time],
  ["timestamp", timestamp],
  ["timestamp_from_unix_micros", fromUnix(1_000_000n)],
  ["timestamp_from_unix_millis", fromUnix(1000n)],
  ["timestamp_from_unix_seconds", fromUnix(1n)],
  ["timestamp_micros", fromUnix(1_000_000n)],
  ["timestamp_millis", fromUnix(1000n)],
  ["timestamp_seconds", fromUnix(1n)],
  ["unix_date", ([x]) => `(${x} - DATE '1970-01-01')`],
  ["unix_micros", toUnix(1_000_000n)],
  ["unix_millis", toUnix(1000n)],
  ["unix_seconds", toUnix(1n)],
];
