import { cases } from "../judge.ts";
import { each, over, pairs } from "./over.ts";

const WEEKS = [
  "WEEK",
  ...["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY"].map((d) => `WEEK(${d})`),
  "ISOWEEK",
];
const MONTHS = ["MONTH", "QUARTER", "YEAR"];
const PARTS = ["DAY", ...MONTHS, "ISOYEAR", ...WEEKS];
const CLOCK = ["HOUR", "MINUTE", "SECOND", "MILLISECOND", "MICROSECOND"];
const DAYS = ["DAYOFWEEK", "DAYOFYEAR"];

cases("EXTRACT", [
  ...[...PARTS, ...DAYS].map((part) => `SELECT id, EXTRACT(${part} FROM d) FROM times`),
  ...[...PARTS, ...DAYS, ...CLOCK, "DATE", "TIME"].flatMap((part) => [
    `SELECT id, EXTRACT(${part} FROM dt) FROM times`,
    `SELECT id, EXTRACT(${part} FROM ts) FROM times`,
    `SELECT id, EXTRACT(${part} FROM ts AT TIME ZONE '+05:30') FROM times WHERE id NOT IN (3, 4)`,
    `SELECT id, EXTRACT(${part} FROM ts AT TIME ZONE 'Europe/Berlin') FROM times WHERE id NOT IN (3, 4)`,
  ]),
  ...CLOCK.map((part) => `SELECT id, EXTRACT(${part} FROM t) FROM times`),
  "SELECT EXTRACT(DATE FROM ts AT TIME ZONE '-01:00') FROM times WHERE id = 3",
]);

cases("TRUNC", [
  ...PARTS.map((part) => `SELECT id, DATE_TRUNC(d, ${part}) FROM times WHERE id <> 3`),
  ...[...PARTS, ...CLOCK].flatMap((part) => [
    `SELECT id, DATETIME_TRUNC(dt, ${part}) FROM times WHERE id <> 3`,
    `SELECT id, TIMESTAMP_TRUNC(ts, ${part}) FROM times WHERE id <> 3`,
    `SELECT id, TIMESTAMP_TRUNC(ts, ${part}, '+05:30') FROM times WHERE id NOT IN (3, 4)`,
  ]),
  ...PARTS.map((part) =>
    `SELECT id, TIMESTAMP_TRUNC(ts, ${part}, 'America/New_York') FROM times WHERE id NOT IN (3, 4)`
  ),
  ...CLOCK.map((part) => `SELECT id, TIME_TRUNC(t, ${part}) FROM times`),
  ...PARTS.slice(1).flatMap((part) => [
    `SELECT id, LAST_DAY(d, ${part}) FROM times WHERE id <> 4`,
    `SELECT id, LAST_DAY(dt, ${part}) FROM times WHERE id <> 4`,
  ]),
  ...each(["DATE '0001-01-01'"], "DATE_TRUNC(x, WEEK)"),
  ...each(["DATE '9999-12-31'"], "LAST_DAY(x, WEEK)"),
  ...each(["DATE '9999-12-31'"], "LAST_DAY(x)"),
]);

cases("DIFF", [
  ...PARTS.map((part) => `SELECT a.id, b.id, DATE_DIFF(a.d, b.d, ${part}) FROM times a, times b`),
  ...[...PARTS, ...CLOCK].map((part) =>
    `SELECT a.id, b.id, DATETIME_DIFF(a.dt, b.dt, ${part}) FROM times a, times b`
  ),
  ...["DAY", ...CLOCK].map((part) =>
    `SELECT a.id, b.id, TIMESTAMP_DIFF(a.ts, b.ts, ${part}) FROM times a, times b`
  ),
  ...CLOCK.map((part) => `SELECT a.id, b.id, TIME_DIFF(a.t, b.t, ${part}) FROM times a, times b`),
]);

const STEPS = ["0", "1", "-1", "13", "-13", "NULL"];
const FAR = ["9223372036854775807", "-9223372036854775808", "4000000"];
const DATES = ["DATE '2020-01-31'", "DATE '2020-02-29'", "DATE '1969-12-31'", "NULL"];
const DATETIMES = ["DATETIME '2020-01-31 23:59:59.5'", "DATETIME '1969-12-31 00:00:01'", "NULL"];
const TIMESTAMPS = ["TIMESTAMP '2020-01-31 23:59:59.5+00'", "TIMESTAMP '1969-12-31 00:00:01+00'"];
const TIMES = ["TIME '23:59:59.999999'", "TIME '00:00:00'", "NULL"];
const shift = (kind: string, parts: string[]) =>
  parts.flatMap((part) => [
    `${kind}_ADD(x, INTERVAL y ${part})`,
    `${kind}_SUB(x, INTERVAL y ${part})`,
  ]);
cases("ADD and SUB", [
  ...pairs(DATES, STEPS, shift("DATE", ["DAY", "WEEK", ...MONTHS])),
  ...pairs(DATETIMES, STEPS, shift("DATETIME", ["DAY", "WEEK", ...MONTHS, ...CLOCK])),
  ...pairs(TIMESTAMPS, STEPS, shift("TIMESTAMP", ["DAY", ...CLOCK])),
  ...pairs(TIMES, [...STEPS, "9223372036854775807"], shift("TIME", CLOCK)),
  ...pairs(DATES, STEPS, ["x + y", "y + x", "x - y"]),
  ...FAR.flatMap((n) => [
    `SELECT DATE_ADD(x, INTERVAL ${n} DAY) FROM UNNEST([DATE '2020-01-01']) AS x`,
    `SELECT DATE_SUB(x, INTERVAL ${n} YEAR) FROM UNNEST([DATE '2020-01-01']) AS x`,
    `SELECT x + ${n} FROM UNNEST([DATE '2020-01-01']) AS x`,
    `SELECT TIMESTAMP_ADD(x, INTERVAL ${n} HOUR) FROM UNNEST([TIMESTAMP '2020-01-01']) AS x`,
    `SELECT DATETIME_SUB(x, INTERVAL ${n} MONTH) FROM UNNEST([DATETIME '2020-01-01']) AS x`,
  ]),
  ...each(["DATE '9999-12-31'"], "DATE_ADD(x, INTERVAL 1 DAY)"),
  ...each(["DATE '9999-12-31'"], "SAFE.DATE_ADD(x, INTERVAL 1 DAY)"),
]);

cases("from parts and from one another", [
  ...pairs(["2020", "1", "9999"], ["1", "2", "12"], ["DATE(x, y, 29)", "DATE(x, y, 1)"].slice(1)),
  ...["2020, 2, 30", "0, 1, 1", "10000, 1, 1", "2020, 13, 1", "2019, 2, 29", "2020, 1, NULL"]
    .flatMap(
      (parts) => [
        `SELECT DATE(${parts}) FROM numbers WHERE id = 1`,
        `SELECT SAFE.DATE(${parts}) FROM numbers WHERE id = 1`,
      ],
    ),
  ...["2020, 2, 29, 23, 59, 60", "9999, 12, 31, 23, 59, 60", "2020, 1, 1, 24, 0, 0"].map((parts) =>
    `SELECT DATETIME(${parts}) FROM numbers WHERE id = 1`
  ),
  ...["23, 59, 60", "0, 0, 61", "24, 0, 0", "1, 2, 3", "1, NULL, 3"].map((parts) =>
    `SELECT TIME(${parts}) FROM numbers WHERE id = 1`
  ),
  "SELECT id, DATE(ts), DATETIME(ts), TIME(ts), DATE(dt), TIME(dt), DATETIME(d, t) FROM times",
  "SELECT id, TIMESTAMP(dt), TIMESTAMP(d), STRING(ts), STRING(d), STRING(dt), STRING(t) FROM times",
  ...["Europe/Berlin", "America/New_York", "+05:30", "-14", "UTC"].map((zone) =>
    `SELECT id, DATE(ts, '${zone}'), DATETIME(ts, '${zone}'), TIME(ts, '${zone}'), TIMESTAMP(dt, '${zone}') FROM times WHERE id NOT IN (3, 4)`
  ),
  "SELECT id, UNIX_MICROS(ts), UNIX_MILLIS(ts), UNIX_SECONDS(ts), UNIX_DATE(d) FROM times",
]);

/** Clocks set forward and back, by an hour, by half an hour, by a day. */
const CIVILS = [
  "DATETIME '2020-11-01 01:30:00'",
  "DATETIME '2020-11-01 02:30:00'",
  "DATETIME '2020-03-08 02:30:00'",
  "DATETIME '2020-03-08 03:30:00'",
  "DATETIME '2020-04-05 01:45:00'",
  "DATETIME '2011-12-30 10:00:00'",
  "DATETIME '1883-11-18 12:00:00'",
  "DATETIME '2100-07-01 00:00:00'",
];
const NUMBERS = ["0", "1577836800", "-1", "-62135596800", "253402300799", "NULL"];
const ENDS = ["-62135596801", "253402300800", "9223372036854775807", "-9223372036854775808"];
cases("zones and numbers", [
  ...over(
    CIVILS,
    ["America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Europe/Berlin"].map((zone) =>
      `TIMESTAMP(x, '${zone}')`
    ),
  ),
  ...over(NUMBERS, [
    "TIMESTAMP_SECONDS(x)",
    "TIMESTAMP_MILLIS(x * 1000)",
    "TIMESTAMP_MICROS(x * 1000000 + 999999)",
  ]),
  ...each(ENDS, "TIMESTAMP_SECONDS(x)"),
  ...each(["-62135596800001", "253402300800000"], "TIMESTAMP_MILLIS(x)"),
  ...each(["-62135596800000001", "253402300800000000"], "TIMESTAMP_MICROS(x)"),
  ...over(["0", "-719162", "2932896", "NULL"], ["DATE_FROM_UNIX_DATE(x)"]),
  ...each(["-719163", "2932897"], "DATE_FROM_UNIX_DATE(x)"),
  "SELECT CURRENT_DATE() = DATE(CURRENT_TIMESTAMP()), CURRENT_TIMESTAMP() = CURRENT_TIMESTAMP()",
  "SELECT CURRENT_DATE('Asia/Tokyo') = DATE(CURRENT_DATETIME('Asia/Tokyo'))",
  "SELECT event_timestamp, DATE(TIMESTAMP_MICROS(event_timestamp)) FROM events",
]);

const ENDINGS = ["DATE '2020-06-30'", "DATE '2019-12-01'", "DATE '2020-01-28'", "NULL"];
cases("arrays of dates", [
  ...pairs(["DATE '2020-01-28'", "NULL"], ENDINGS, [
    "GENERATE_DATE_ARRAY(x, y)",
    ...["1 DAY", "-3 DAY", "2 WEEK", "1 MONTH", "-1 MONTH", "2 QUARTER", "1 YEAR"].map((step) =>
      `GENERATE_DATE_ARRAY(x, y, INTERVAL ${step})`
    ),
    "GENERATE_TIMESTAMP_ARRAY(TIMESTAMP(x), TIMESTAMP(y), INTERVAL 7 HOUR)",
    "GENERATE_TIMESTAMP_ARRAY(TIMESTAMP(x), TIMESTAMP(y), INTERVAL -2 DAY)",
  ]),
  ...each(["DATE '2020-01-01'"], "GENERATE_DATE_ARRAY(x, x, INTERVAL 0 DAY)"),
]);

const HOURS = ["HOUR", "MINUTE", "SECOND"];
const LENGTHS = [...MONTHS, "WEEK", "DAY", ...HOURS];
cases("intervals beside operators", [
  ...over(DATES, LENGTHS.map((part) => `x + INTERVAL 5 ${part}`)),
  ...over(DATES, LENGTHS.map((part) => `x - INTERVAL -7 ${part}`)),
  ...over(DATETIMES, LENGTHS.map((part) => `INTERVAL 1 ${part} + x`)),
  ...over(DATETIMES, LENGTHS.map((part) => `x - INTERVAL 13 ${part}`)),
  ...over([...TIMESTAMPS, "NULL"], ["WEEK", "DAY", ...HOURS].map((p) => `x - INTERVAL 30 ${p}`)),
  ...over(TIMESTAMPS, ["DAY", ...HOURS].map((part) => `INTERVAL 86400 ${part} + x`)),
  ...over(DATES, ["x BETWEEN DATE '2020-02-01' - INTERVAL 1 MONTH AND DATE '2020-02-01'"]),
  ...each(["DATE '9999-12-31'", "CAST(NULL AS DATE)"], "x + INTERVAL 1 DAY"),
  ...each(["DATETIME '0001-01-01'"], "x - INTERVAL 10000 YEAR"),
]);

const WRITTEN = [
  ...["'2020-01-31'", "'2020-1-3'", "' 2020-01-31'", "'2020-01-31 23:30:00-05'", "'02020-01-31'"],
  ...["'2020-01-31T10:00:00Z'", "'20200131'", "'x'", "''", "'2020-02-30'", "'0000-01-01'"],
  "CAST(NULL AS STRING)",
];
cases("the day of a text", [...each(WRITTEN, "DATE(x)")]);
