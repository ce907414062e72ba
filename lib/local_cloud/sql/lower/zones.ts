/**
 * Instants and what a clock shows. A TIMESTAMP is an instant; its parts are those of the DATETIME that
 * a clock shows at that moment, at UTC unless a time zone is given.
 */
import type { Expr } from "../resolved.ts";
import { once, raise, Unsupported } from "./lowering.ts";

/** A time zone; only those written as a literal are known, for DuckDB might not know another. */
export type Zone = { kind: "named"; name: string } | { kind: "fixed"; minutes: number };

const UTC: Zone = { kind: "fixed", minutes: 0 };
const OFFSET = /^([+-])(\d{1,2})(?::(\d{2}))?$|^([+-])(\d{2})(\d{2})$/;
const MOST_MINUTES = 14 * 60;

/** The DATETIME at UTC of a TIMESTAMP; DuckDB's own cast goes through ICU, which is slower. */
export const atUtc = (timestamp: string): string => `make_timestamp(epoch_us(${timestamp}))`;
/** The TIMESTAMP of a DATETIME at UTC. */
export const fromUtc = (datetime: string): string => `make_timestamptz(epoch_us(${datetime}))`;

/**
 * Reads a call's time zone argument, which may be absent.
 *
 * @throws {Unsupported} if it is not a literal, or names no zone.
 */
export function zoneOf(node: Expr | undefined): Zone {
  if (node === undefined) return UTC;
  const name = node.kind === "Literal" ? node.value.stringValue : undefined;
  if (name === undefined) throw new Unsupported("A time zone that is not a literal", node.place);
  if (name === "UTC" || name === "GMT") return UTC;
  const found = OFFSET.exec(name);
  if (found === null) return named(name, node);
  const [, sign = found[4], hours = found[5], rest = found[6] ?? "0"] = found;
  const minutes = Number(hours) * 60 + Number(rest);
  if (minutes > MOST_MINUTES || Number(rest) >= 60) throw unknown(name, node);
  return { kind: "fixed", minutes: sign === "-" ? -minutes : minutes };
}

const unknown = (name: string, { place }: Expr) => new Unsupported(`Time zone ${name}`, place);

/** GoogleSQL minds a name's case, JavaScript does not: only names in the usual case are taken. */
function named(name: string, node: Expr): Zone {
  if (!/^[A-Z]\w+\/[A-Z][\w+/-]+$/.test(name)) throw unknown(name, node);
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
  } catch {
    throw unknown(name, node);
  }
  return { kind: "named", name };
}

const MICROS_OF_MINUTE = 60_000_000;

/**
 * The DATETIME that a clock in the zone shows at a TIMESTAMP; only to take numbers from, since at
 * the ends of time it may lie outside of the years 1 to 9999.
 */
export function inZone(timestamp: string, zone: Zone): string {
  if (zone.kind === "named") return `timezone('${zone.name}', ${timestamp})`;
  if (zone.minutes === 0) return atUtc(timestamp);
  return `make_timestamp(epoch_us(${timestamp}) + ${zone.minutes * MICROS_OF_MINUTE})`;
}

/** The same as a value: an error outside of the years 1 to 9999. */
export function shownInZone(timestamp: string, zone: Zone): string {
  const civil = inZone(timestamp, zone);
  if (zone.kind === "fixed" && zone.minutes === 0) return civil;
  return withinYears(civil, "DATETIME", "Invalid date or time in that time zone");
}

/**
 * The TIMESTAMP at which a clock in the zone shows a DATETIME. Of two such moments, when clocks are
 * set back, GoogleSQL takes the first and ICU the second: so the offset of the day before is tried
 * ahead of ICU's answer. A time left out, when clocks are set forward, is taken as if they were not.
 */
export function ofZone(datetime: string, zone: Zone): string {
  if (zone.kind === "named") {
    const at = (timestamp: string) => `timezone('${zone.name}', ${timestamp})`;
    return once(datetime, (civil) =>
      once(at(civil), (later) => {
        const dayBefore = `${later} - INTERVAL 24 HOURS`;
        const before = `epoch_us(${at(dayBefore)}) - epoch_us(${dayBefore})`;
        return once(
          `make_timestamptz(epoch_us(${civil}) - (${before}))`,
          (earlier) => `CASE WHEN ${at(earlier)} = ${civil} THEN ${earlier} ELSE ${later} END`,
        );
      }));
  }
  if (zone.minutes === 0) return fromUtc(datetime);
  return `make_timestamptz(epoch_us(${datetime}) - ${zone.minutes * MICROS_OF_MINUTE})`;
}

const FIRST = "TIMESTAMP '0001-01-01'";
const LAST = "TIMESTAMP '9999-12-31 23:59:59.999999'";

/** `sql`, or an error where it lies outside of the years 1 to 9999, which DuckDB exceeds. */
export const withinYears = (
  sql: string,
  kind: "DATE" | "DATETIME" | "TIMESTAMP",
  message: string,
): string => {
  const [first, last] = kind === "TIMESTAMP" ? [fromUtc(FIRST), fromUtc(LAST)] : [FIRST, LAST];
  return once(
    sql,
    (value) =>
      `CASE WHEN ${value} < ${first} OR ${value} > ${last} THEN ${
        raise(message)
      } ELSE ${value} END`,
  );
};
