/**
 * NUMERIC: 29 digits before the point and 9 behind it, in DuckDB a DECIMAL(38, 9), which adds as
 * GoogleSQL does. Products and quotients need more digits in between: they are put together from
 * 128-bit whole numbers of billionths.
 */
import { once, raise, refuse } from "../lowering.ts";

/** The greatest NUMERIC. */
const LAST_NUMERIC = "99999999999999999999999999999.999999999::DECIMAL(38, 9)";

const BILLION = "1000000000::HUGEINT";

/** Billionths in a NUMERIC: its digits without the point. */
const billionths = (sql: string): string =>
  `CAST(replace(CAST(${sql} AS VARCHAR), '.', '') AS HUGEINT)`;

/** The way back; raises if there are more than 38 digits. */
const fromBillionths = (sql: string): string =>
  `(CAST(${sql} AS DECIMAL(38, 0)) * 0.000000001::DECIMAL(9, 9))`;

/** Gives whole numbers of billionths names. */
const named = (a: string, b: string, body: (a: string, b: string) => string) =>
  `list_transform([struct_pack(a := ${billionths(a)}, b := ${billionths(b)})], lambda n: ${
    body("n.a", "n.b")
  })[1]`;

/**
 * With a = a₁·10⁹ + a₀ and b likewise, a·b / 10⁹ = a₁·b₁·10⁹ + a₁·b₀ + a₀·b₁ + a₀·b₀ / 10⁹. All four
 * have one sign, so that only the last is rounded, half away from zero, and one that overflows is an
 * overflow of the whole.
 */
export const product = (a: string, b: string): string =>
  named(a, b, (a, b) => {
    const [a1, a0, b1, b0] = [
      `(${a} // ${BILLION})`,
      `(${a} % ${BILLION})`,
      `(${b} // ${BILLION})`,
      `(${b} % ${BILLION})`,
    ];
    const last = `(${a0} * ${b0} + sign(${a0} * ${b0}) * 500000000) // ${BILLION}`;
    return fromBillionths(`${a1} * ${b1} * ${BILLION} + ${a1} * ${b0} + ${a0} * ${b1} + ${last}`);
  });

/** Beyond it a remainder times 10⁹ does not fit 128 bits. */
const LARGE = "170141183460469231731687303715::HUGEINT";

/**
 * a·10⁹ / b by the remainder of a / b, rounded half away from zero. `b` is not zero.
 */
export const quotient = (a: string, b: string): string =>
  named(a, b, (a, b) => {
    const rest = `(abs(${a} % ${b}) * ${BILLION})`;
    const part = `(${rest} // abs(${b}))`;
    const up = `CASE WHEN ${rest} % abs(${b}) >= abs(${b}) - ${rest} % abs(${b}) THEN 1 ELSE 0 END`;
    const whole = `(${a} // ${b}) * ${BILLION} + sign(${a}) * sign(${b}) * (${part} + ${up})`;
    return `CASE WHEN abs(${a} % ${b}) > ${LARGE} THEN ${
      refuse("A quotient of NUMERICs this large")
    } ELSE ${fromBillionths(whole)} END`;
  });

/** The quotient without its fraction. */
export const wholeQuotient = (a: string, b: string): string =>
  named(a, b, (a, b) => `CAST(${a} // ${b} AS DECIMAL(38, 9))`);

/** The mean of `count` NUMERICs that add up to `all`, rounded half away from zero. */
export const mean = (all: string, count: string): string =>
  once(billionths(all), (all) =>
    once(count, (count) => {
      const up = `CASE WHEN 2 * (abs(${all}) % ${count}) >= ${count} THEN 1 ELSE 0 END`;
      return fromBillionths(`sign(${all}) * (abs(${all}) // ${count} + ${up})`);
    }));

/** A sum that DuckDB let grow beyond the greatest NUMERIC. */
export const checkedSum = (sql: string): string =>
  `CASE WHEN abs(${sql}) > ${LAST_NUMERIC} THEN ${raise("numeric overflow: SUM")} ELSE ${sql} END`;
