import { cases } from "../judge.ts";
import { each, over } from "./over.ts";

const DATES = ["'2020-01-05'", "'2020-1-5'", "'2020-02-29'", "'0001-01-01'", "'9999-12-31'"];
const DATETIMES = [
  "'2020-01-05 10:20:30'",
  "'2020-01-05T1:2:3'",
  "'2020-01-05t10:20:30.1'",
  "'2020-01-05 10:20:30.123456'",
  "'9999-12-31 23:59:59.999999'",
  "'2020-01-05 23:59:60'",
  "'2020-01-05 10:20:60.5'",
];
const ZONED = [
  "'2020-01-05 10:20:30Z'",
  "'2020-01-05T10:20:30.5z'",
  "'2020-01-05 10:20:30+08'",
  "'2020-01-05 10:20:30-8'",
  "'2020-01-05 10:20:30+8:30'",
  "'2020-01-05 10:20:30-0830'",
  "'2020-01-05 10:20:30+14'",
  "'2020-01-05 10:20:30 UTC'",
  "'0001-01-01 00:00:00-01'",
  "'02020-01-05 10:20:60.25+01'",
];
const BAD = [
  "'2020-001-05'",
  "' 2020-01-05'",
  "'2020-01-05 '",
  "'20200105'",
  "'2020-13-01'",
  "'2020-02-30'",
  "'2019-02-29'",
  "'2020-0-05'",
  "'0000-12-31'",
  "'10000-01-01'",
  "'99-1-1'",
  "''",
  "'2020-01-05 10:20'",
  "'2020-01-05 24:00:00'",
  "'2020-01-05 23:60:00'",
  "'2020-01-05 10:20:61'",
  "'2020-01-05 10:20:30.'",
  "'2020-01-05 10:20:30.1234567'",
  "'2020-01-05  10:20:30'",
  "'2020-01-05+08'",
  "'2020-01-05 10:20:30 +08'",
  "'2020-01-05 10:20:30+15'",
  "'2020-01-05 10:20:30+14:01'",
  "'2020-01-05 10:20:30+08:60'",
  "'0001-01-01 00:00:00+01'",
  "'9999-12-31 23:59:60'",
  "'2020-01-05 10:20:30\\n'",
];
const ALL = [...DATES, ...DATETIMES, ...ZONED, ...BAD, "NULL"];

cases("STRING to dates", [
  ...over(DATES, ["CAST(x AS DATE)"]),
  ...over([...DATES, ...DATETIMES], ["CAST(x AS DATETIME)", "DATETIME(x)"]),
  ...over([...DATES, ...DATETIMES, ...ZONED], ["CAST(x AS TIMESTAMP)", "TIMESTAMP(x)"]),
  ...over(ALL, ["SAFE_CAST(x AS DATE)", "SAFE_CAST(x AS DATETIME)", "SAFE_CAST(x AS TIMESTAMP)"]),
  ...each(BAD, "CAST(x AS TIMESTAMP)"),
  ...each(["'2020-02-30'", "'2020-01-05 10:20:30'"], "CAST(x AS DATE)"),
  ...each(["'2020-01-05 10:20:30Z'"], "CAST(x AS DATETIME)"),
]);

const TIMES = ["'10:20:30'", "'1:2:3'", "'10:20:30.123456'", "'23:59:60'", "'23:59:60.5'"];
const BAD_TIMES = ["'10:20'", "'24:00:00'", "'23:60:00'", "' 1:2:3'", "'010:20:30'", "'1:2:3.'"];
cases("STRING to TIME", [
  ...over([...TIMES, "NULL"], ["CAST(x AS TIME)"]),
  ...over([...TIMES, ...BAD_TIMES], ["SAFE_CAST(x AS TIME)"]),
  ...each(BAD_TIMES, "CAST(x AS TIME)"),
]);

cases("dates to one another", [
  "SELECT id, CAST(d AS STRING), CAST(dt AS STRING), CAST(t AS STRING), CAST(ts AS STRING) FROM times",
  "SELECT id, CAST(d AS DATETIME), CAST(d AS TIMESTAMP), CAST(dt AS DATE) FROM times",
  "SELECT id, CAST(dt AS TIME), CAST(dt AS TIMESTAMP) FROM times",
  "SELECT id, CAST(ts AS DATE), CAST(ts AS DATETIME), CAST(ts AS TIME) FROM times",
  "SELECT id FROM times WHERE ts >= '2020-01-01' AND d < '2021-06-01'",
]);
