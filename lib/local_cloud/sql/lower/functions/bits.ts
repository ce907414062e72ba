/** Bits of an INT64, which GoogleSQL shifts as a row of 64 without a sign. */
import { type FunctionLowering, once, onceBoth, raise } from "../lowering.ts";
import { only } from "./arithmetic.ts";

const onWhole = (write: FunctionLowering): FunctionLowering => (args, call, lower) => {
  only(call, "INT64");
  return write(args, call, lower);
};

const ALL_BITS = "18446744073709551615::HUGEINT";

/** 64 bits, in a HUGEINT without a sign, as an INT64. */
const signed = (sql: string) =>
  once(
    sql,
    (bits) =>
      `CAST(CASE WHEN ${bits} > 9223372036854775807 THEN ${bits} - ${ALL_BITS} - 1 ELSE ${bits} END AS BIGINT)`,
  );

/** NULL for a NULL, an error for a negative distance, 0 from 64 on. */
const shift = (
  direction: string,
  write: (bits: string, by: string) => string,
): FunctionLowering =>
  onWhole(([x, n]) =>
    onceBoth(x, n, (value, by) => {
      const bits = `(CAST(${value} AS HUGEINT) & ${ALL_BITS})`;
      const negative = raise(`Bitwise ${direction} shift by a negative number`);
      return `CASE WHEN ${value} IS NULL THEN NULL WHEN ${by} < 0 THEN ${negative} WHEN ${by} >= 64 THEN 0 ELSE ${
        signed(write(bits, by))
      } END`;
    })
  );

export const BITS: [string, FunctionLowering][] = [
  ["$bitwise_and", onWhole(([a, b]) => `(${a} & ${b})`)],
  [
    "$bitwise_left_shift",
    shift(
      "left",
      (bits, by) => `((${bits} % (1::HUGEINT << (64 - ${by})::HUGEINT)) << ${by}::HUGEINT)`,
    ),
  ],
  ["$bitwise_not", onWhole(([a]) => `(~${a})`)],
  ["$bitwise_or", onWhole(([a, b]) => `(${a} | ${b})`)],
  ["$bitwise_right_shift", shift("right", (bits, by) => `(${bits} >> ${by}::HUGEINT)`)],
  ["$bitwise_xor", onWhole(([a, b]) => `xor(${a}, ${b})`)],
];
