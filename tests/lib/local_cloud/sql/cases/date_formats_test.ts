import { cases } from "../judge.ts";
import { each, over } from "./over.ts";

const DATE = [..."AaBbCDdeFGghjmQUuVWwxYy", "E4Y", "%", "n", "t"];
const TIME = [..."HIklMPpRSTX", "E*S", "E3S", "E6S", "%"];
cases("FORMAT", [
  ...DATE.map((element) => `SELECT id, FORMAT_DATE('%${element}', d) FROM times`),
  ...TIME.map((element) => `SELECT id, FORMAT_TIME('%${element}', t) FROM times`),
  ...[...DATE, ...TIME, "c"].map((element) =>
    `SELECT id, FORMAT_DATETIME('<%${element}>', dt) FROM times`
  ),
  ...[...DATE, ...TIME, "c", "s", "Z", "z", "Ez"].map((element) =>
    `SELECT id, FORMAT_TIMESTAMP('<%${element}>', ts) FROM times`
  ),
  "SELECT id, FORMAT_TIMESTAMP('%F %T', ts, 'America/New_York') FROM times WHERE id NOT IN (3, 4)",
  "SELECT id, FORMAT_TIMESTAMP('%F %H:%M', ts, '+05:30') FROM times WHERE id NOT IN (3, 4)",
  "SELECT id, FORMAT_DATE('', d), FORMAT_DATE('in %B, \\'%y: 100%%', d) FROM times",
]);

const DAYS = [
  "'20200105'",
  "'2020115'",
  "' 20200105 '",
  "'2020-01-05'",
  "'2020-1-5'",
  "'20-01-05'",
  "'02020-01-05'",
  "'2020-01-05\\n'",
  "'2020- 1- 5'",
  "'2020-02-29'",
  "'99991231'",
  "'00010101'",
  "'Jan 5, 2020'",
  "'january 05, 2020'",
  "'01/05/2020'",
  "'5mar2020'",
  "'2020-01'",
  "'2020'",
];
const NO_DAYS = [
  "'20201301'",
  "'20200230'",
  "'00000101'",
  "'2020 01 05'",
  "'202001051'",
  "'+2020-01-05'",
  "'2020-01-5x'",
  "'2020-0-1'",
  "'2020-01-005'",
  "'12020-01-05'",
  "''",
  "NULL",
];
const FORMATS = [
  "%Y%m%d",
  "%Y-%m-%d",
  "%F",
  "%b %d, %Y",
  "%B %e, %Y",
  "%m/%d/%Y",
  "%d%b%Y",
  "%Y-%m",
  "%Y",
];
cases("PARSE_DATE", [
  ...FORMATS.flatMap((format) => over([...DAYS, ...NO_DAYS], [`SAFE.PARSE_DATE('${format}', x)`])),
  ...each(NO_DAYS.slice(0, -1), "PARSE_DATE('%Y%m%d', x)"),
  ...each(["'20200105'", "'20200229'"], "PARSE_DATE('%Y%m%d', x)"),
  "SELECT event_date, PARSE_DATE('%Y%m%d', event_date) FROM events",
]);

const MOMENTS = [
  "'2020-01-05 10:20:30'",
  "'2020-01-05 1:2:3'",
  "'2020-1-5  10:20:30 '",
  "'2020-01-0510:20:30'",
  "'2020-01-05 10: 20:30'",
  "'2020-01-05T10:20:30'",
  "'2020-01-05T10:20:30.1234567Z'",
  "'2020-01-05T10:20:60.5Z'",
  "'2020-01-05 23:59:60'",
  "'2020-01-05 10:20:61'",
  "'2020-01-05 24:00:00'",
  "'2020-01-05 10:60:00'",
  "'2020-01-05 10:20:30.5'",
  "'2020-01-05 10:20'",
  "'20200105 1020'",
  "NULL",
];
cases(
  "PARSE_TIMESTAMP",
  [
    "%Y-%m-%d %H:%M:%S",
    "%F %T",
    "%FT%T",
    "%F %H:%M",
    "%Y-%m-%dT%H:%M:%E*SZ",
    "%Y%m%d %H%M",
  ].flatMap((format) =>
    over(MOMENTS, [
      `SAFE.PARSE_TIMESTAMP('${format}', x)`,
      `SAFE.PARSE_DATETIME('${format}', x)`,
      `SAFE.PARSE_TIMESTAMP('${format}', x, 'America/New_York')`,
    ])
  ),
);
