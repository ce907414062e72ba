/** Mathematics. GoogleSQL raises where a finite number has no finite result; DuckDB often does not. */
import type { FunctionCall } from "../../resolved.ts";
import { type Fail, failure } from "../casts/lowering.ts";
import { type FunctionLowering, once, refuse, Unsupported } from "../lowering.ts";
import { ROUNDINGS } from "./rounding.ts";

/** @throws {Unsupported} if the result is of a type other than these. */
export function yields(call: FunctionCall, ...kinds: string[]): void {
  if (kinds.includes(call.type.kind)) return;
  throw new Unsupported(`${call.name.toUpperCase()} of ${call.type.kind}`, call.place);
}

/** `Floating point error in function: LN(0)`; a number as `%g` prints it. */
const undefinedAt = (name: string, args: string[], fail: Fail): string =>
  fail(
    `'Floating point error in function: ${name.toUpperCase()}(' || ${
      args.map((x) => `printf('%g', ${x})`).join(" || ', ' || ")
    } || ')'`,
  );

interface Domain {
  /** Where the function has a finite value; always true for NaN or false, never an error. */
  within: (x: string) => string;
  /** Values at plus and minus infinity; none where that is an error like any other. */
  atInfinity?: [string, string?];
}

/** `LN(x)` → `ln(x)` within its domain, its limits at infinities, NaN for NaN, else an error. */
const onDomain =
  (name: string, { within, atInfinity }: Domain): FunctionLowering => ([x], call) => {
    yields(call, "FLOAT64");
    return once(x, (value) => {
      const limits = (atInfinity ?? []).map((limit, i) =>
        limit && ` WHEN ${value} = '${i === 0 ? "inf" : "-inf"}'::DOUBLE THEN ${limit}`
      ).join("");
      return `CASE WHEN isnan(${value}) THEN ${value}${limits} WHEN ${
        within(value)
      } THEN ${name}(${value}) WHEN ${value} IS NOT NULL THEN ${
        undefinedAt(call.name, [value], failure(call))
      } END`;
    });
  };

const NAN = "'nan'::DOUBLE";
const INF = "'inf'::DOUBLE";
const MINUS_INF = "'-inf'::DOUBLE";

/** The greatest numbers whose exponential and hyperbolic sine and cosine are finite. */
const EXP_MOST = 709.782712893384;
const COSH_MOST = 710.4758600739439;

const everywhere = () => "TRUE";
const below = (most: number) => (x: string) => `abs(${x}) <= ${most}::DOUBLE`;
const between = (x: string) => `${x} BETWEEN -1 AND 1`;

const DOMAINS: Record<string, Domain> = {
  acos: { within: between, atInfinity: [NAN, NAN] },
  acosh: { within: (x) => `${x} >= 1`, atInfinity: [INF, NAN] },
  asin: { within: between, atInfinity: [NAN, NAN] },
  asinh: { within: everywhere },
  atan: { within: everywhere },
  atanh: { within: (x) => `abs(${x}) < 1`, atInfinity: [NAN, NAN] },
  cos: { within: everywhere, atInfinity: [NAN, NAN] },
  cosh: { within: below(COSH_MOST), atInfinity: [INF, INF] },
  exp: { within: (x) => `${x} <= ${EXP_MOST}::DOUBLE`, atInfinity: [INF] },
  ln: { within: (x) => `${x} > 0`, atInfinity: [INF, NAN] },
  log10: { within: (x) => `${x} > 0`, atInfinity: [INF, NAN] },
  sin: { within: everywhere, atInfinity: [NAN, NAN] },
  sinh: { within: below(COSH_MOST), atInfinity: [INF, MINUS_INF] },
  tan: { within: everywhere, atInfinity: [NAN, NAN] },
  tanh: { within: everywhere },
};

const sqrt: FunctionLowering = ([x], call) => {
  yields(call, "FLOAT64");
  return once(
    x,
    (value) =>
      `CASE WHEN ${value} < 0 THEN ${
        failure(call)(`'Argument to SQRT cannot be negative: ' || printf('%g', ${value})`)
      } ELSE sqrt(${value}) END`,
  );
};

/** LOG(x) is LN(x), LOG(x, base) its quotient by that of the base. */
const log: FunctionLowering = (args, call, lower) => {
  if (args.length === 1) return onDomain("ln", DOMAINS.ln)(args, call, lower);
  yields(call, "FLOAT64");
  return once(
    args[0],
    (x) =>
      once(
        args[1],
        (base) =>
          `CASE WHEN ${x} IS NULL OR ${base} IS NULL THEN NULL WHEN NOT isfinite(${x}) OR NOT isfinite(${base}) THEN ${
            refuse("LOG of an infinite number or NaN")
          } WHEN ${x} > 0 AND ${base} > 0 AND ${base} <> 1 THEN ln(${x}) / ln(${base}) ELSE ${
            undefinedAt("log", [x, base], failure(call))
          } END`,
      ),
  );
};

const pow: FunctionLowering = ([x, y], call) => {
  yields(call, "FLOAT64");
  return once(
    x,
    (a) =>
      once(
        y,
        (b) =>
          once(`pow(${a}, ${b})`, (value) =>
            `CASE WHEN NOT isfinite(${value}) AND isfinite(${a}) AND isfinite(${b}) THEN ${
              undefinedAt("pow", [a, b], failure(call))
            } ELSE ${value} END`),
      ),
  );
};

const abs: FunctionLowering = ([x], call) => {
  yields(call, "INT64", "FLOAT64", "NUMERIC");
  return `abs(${x})`;
};

/** DuckDB's sign is a TINYINT, and that of NaN is 0. */
const sign: FunctionLowering = ([x], call) => {
  yields(call, "INT64", "FLOAT64", "NUMERIC");
  if (call.type.kind === "INT64") return `CAST(sign(${x}) AS BIGINT)`;
  if (call.type.kind === "NUMERIC") return `CAST(sign(${x}) AS DECIMAL(38, 9))`;
  return once(
    x,
    (value) => `CASE WHEN isnan(${value}) THEN ${value} ELSE CAST(sign(${value}) AS DOUBLE) END`,
  );
};

/** NULL if one is NULL, NaN if one is NaN; DuckDB passes NULLs over and takes NaN for the largest. */
const extreme = (name: "greatest" | "least"): FunctionLowering => (args, call) => {
  yields(call, "INT64", "FLOAT64", "NUMERIC", "STRING", "DATE", "DATETIME", "TIMESTAMP", "BYTES");
  return each(args, (values) => {
    const nulls = values.map((value) => `${value} IS NULL`).join(" OR ");
    const nan = call.type.kind === "FLOAT64"
      ? ` WHEN ${values.map((value) => `isnan(${value})`).join(" OR ")} THEN ${NAN}`
      : "";
    return `CASE WHEN ${nulls} THEN NULL${nan} ELSE ${name}(${values.join(", ")}) END`;
  });
};

/** Each value once, as {@link once} does for one. */
function each(values: string[], body: (names: string[]) => string): string {
  const [first, ...rest] = values;
  if (first === undefined) return body([]);
  return once(first, (name) => each(rest, (names) => body([name, ...names])));
}

/** A division by zero is infinite, or NaN for 0 / 0, with the sign that IEEE 754 says. */
const ieeeDivide: FunctionLowering = ([a, b], call) => {
  yields(call, "FLOAT64");
  return once(a, (x) =>
    once(b, (y) => {
      const sameSign = `(${x} > 0) = (CAST(${y} AS VARCHAR) NOT LIKE '-%')`;
      const byZero =
        `CASE WHEN ${x} = 0 OR isnan(${x}) THEN ${NAN} WHEN ${sameSign} THEN ${INF} ELSE ${MINUS_INF} END`;
      return `CASE WHEN ${x} IS NULL OR ${y} IS NULL THEN NULL WHEN ${y} <> 0 THEN ${x} / ${y} ELSE ${byZero} END`;
    }));
};

export const MATH: [string, FunctionLowering][] = [
  ...ROUNDINGS,
  ...Object.entries(DOMAINS).map(([name, domain]): [string, FunctionLowering] => [
    name,
    onDomain(name, domain),
  ]),
  ["abs", abs],
  ["greatest", extreme("greatest")],
  ["ieee_divide", ieeeDivide],
  ["is_inf", ([x]) => `isinf(${x})`],
  ["is_nan", ([x]) => `isnan(${x})`],
  ["least", extreme("least")],
  ["log", log],
  ["pow", pow],
  ["rand", () => "random()"],
  ["sign", sign],
  ["sqrt", sqrt],
];
