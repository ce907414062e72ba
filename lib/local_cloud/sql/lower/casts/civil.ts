/** Casts among DATE, DATETIME, TIME and TIMESTAMP, and from STRING to them. */
import { type CastLowering, message, quoted } from "./lowering.ts";
import { refuse } from "../lowering.ts";
import { atUtc, fromUtc } from "../zones.ts";

const DATE = "\\d{4}-\\d{1,2}-\\d{1,2}";
/** DuckDB would take an hour 24. */
const TIME = "(?:[01]?\\d|2[0-3]):\\d{1,2}:\\d{1,2}(?:\\.\\d{1,6})?";
const CIVIL = `${DATE}(?:[ Tt]${TIME})?`;

/** The last second of a minute may be called 60: it is the next minute's first. */
const LEAP = "':60(\\.|$)'";

/** DuckDB knows a year 0. */
const inRange = (datetime: string) =>
  `CASE WHEN ${datetime} BETWEEN TIMESTAMP '0001-01-01' AND TIMESTAMP '9999-12-31 23:59:59.999999' THEN ${datetime} END`;

/**
 * `2020-1-5T1:2:3` as a DATETIME, NULL if there is no such day or hour. DuckDB reads all of the
 * pattern but a small t and a second 60.
 *
 * @param leapFraction Whether a fraction of a second 60 counts.
 */
const civil = (text: string, leapFraction: boolean): string => {
  const read = (sql: string) => `TRY_CAST(replace(${sql}, 't', ' ') AS TIMESTAMP)`;
  const leap = `regexp_replace(${text}, ${LEAP}, ':59\\1')`;
  const next = `${
    leapFraction ? read(leap) : `date_trunc('second', ${read(leap)})`
  } + INTERVAL 1 SECOND`;
  return `CASE WHEN regexp_matches(${text}, ${LEAP}) THEN ${inRange(next)} ELSE ${
    inRange(read(text))
  } END`;
};

const textToDate: CastLowering = (value, fail) => {
  const bad = fail(quoted("Invalid date:", value));
  return `CASE WHEN regexp_full_match(${value}, '${DATE}') AND left(${value}, 4) <> '0000' THEN coalesce(TRY_CAST(${value} AS DATE), ${bad}) WHEN ${value} IS NOT NULL THEN ${bad} END`;
};

const textToDatetime: CastLowering = (value, fail) => {
  const bad = fail(message("Invalid datetime string ", `'"' || ${value} || '"'`));
  return `CASE WHEN regexp_full_match(${value}, '${CIVIL}') THEN coalesce(${
    civil(value, false)
  }, ${bad}) WHEN ${value} IS NOT NULL THEN ${bad} END`;
};

const textToTime: CastLowering = (value, fail) => {
  const bad = fail(message("Invalid time string ", `'"' || ${value} || '"'`));
  const day = `('2020-01-01 ' || ${value})`;
  return `CASE WHEN regexp_full_match(${value}, '${TIME}') THEN coalesce(CAST(${
    civil(day, false)
  } AS TIME), ${bad}) WHEN ${value} IS NOT NULL THEN ${bad} END`;
};

const ZONED = `(0?${DATE}[ Tt]${TIME})(Z|z|[+-]\\d{1,2}(?::\\d{2})?|[+-]\\d{4}| UTC| GMT)`;
const NAMED = `0?${DATE}[ Tt]${TIME} [A-Z][A-Za-z0-9/_+-]*`;

/** Minutes of `+08`, `-8:30`, `+0830`; 0 for UTC by any name; NULL past 14 hours. */
function offset(value: string): string {
  const parts = `regexp_extract(${value}, '([+-])(\\d{1,2}):?(\\d{2})?$', ['sign', 'h', 'm'])`;
  const minutes = `CAST('0' || ${parts}.h AS BIGINT) * 60 + CAST('0' || ${parts}.m AS BIGINT)`;
  const within = `${minutes} <= 840 AND CAST('0' || ${parts}.m AS BIGINT) < 60`;
  return `CASE WHEN NOT regexp_matches(${value}, '[+-]\\d{1,2}(?::?\\d{2})?$') OR regexp_matches(${value}, '[A-Za-z]$') THEN 0 WHEN ${within} THEN CASE ${parts}.sign WHEN '-' THEN -1 ELSE 1 END * (${minutes}) END`;
}

/** A time zone's name in a text is refused when it is met: DuckDB might not know the name. */
const textToTimestamp: CastLowering = (value, fail) => {
  const bad = fail(quoted("Invalid timestamp:", value));
  const local = civil(`regexp_extract(${value}, '^0?(${DATE}[ Tt]${TIME})', 1)`, true);
  const shifted = inRange(`(${local} - to_minutes(${offset(value)}))`);
  return `CASE WHEN regexp_full_match(${value}, '0?${CIVIL}') THEN coalesce(${
    fromUtc(
      civil(
        `right(${value}, len(${value}) - CASE WHEN regexp_matches(${value}, '^0\\d{4}') THEN 1 ELSE 0 END)`,
        true,
      ),
    )
  }, ${bad}) WHEN regexp_full_match(${value}, '${ZONED}') THEN coalesce(${
    fromUtc(shifted)
  }, ${bad}) WHEN regexp_full_match(${value}, '${NAMED}') THEN ${
    refuse("A time zone's name in a text")
  } WHEN ${value} IS NOT NULL THEN ${bad} END`;
};

export const CIVIL_CASTS: [string, CastLowering][] = [
  ["DATE→DATETIME", (value) => `CAST(${value} AS TIMESTAMP)`],
  ["DATE→TIMESTAMP", (value) => fromUtc(`CAST(${value} AS TIMESTAMP)`)],
  ["DATETIME→DATE", (value) => `CAST(${value} AS DATE)`],
  ["DATETIME→TIME", (value) => `CAST(${value} AS TIME)`],
  ["DATETIME→TIMESTAMP", fromUtc],
  ["STRING→DATE", textToDate],
  ["STRING→DATETIME", textToDatetime],
  ["STRING→TIME", textToTime],
  ["STRING→TIMESTAMP", textToTimestamp],
  ["TIMESTAMP→DATE", (value) => `CAST(${atUtc(value)} AS DATE)`],
  ["TIMESTAMP→DATETIME", atUtc],
  ["TIMESTAMP→TIME", (value) => `CAST(${atUtc(value)} AS TIME)`],
];
