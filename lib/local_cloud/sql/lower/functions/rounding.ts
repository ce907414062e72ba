/** ROUND, TRUNC, CEIL, FLOOR. Half is rounded away from zero, of the number as it really is. */
import type { FunctionCall } from "../../resolved.ts";
import { type FunctionLowering, once, Unsupported } from "../lowering.ts";

const asNumeric = (sql: string) => `CAST(${sql} AS DECIMAL(38, 9))`;

/** The second argument. Powers of ten up to the 22nd are exact DOUBLEs. */
function digitsOf(call: FunctionCall): number {
  if (call.argumentList.length > 2) throw new Unsupported(`${call.name} by a mode`, call.place);
  const node = call.argumentList[1];
  if (node === undefined) return 0;
  const digits = node.kind === "Literal" ? Number(node.value.int64Value ?? NaN) : NaN;
  if (Math.abs(digits) <= 22) return digits;
  throw new Unsupported(
    `${call.name.toUpperCase()} to a number of digits that is not a literal`,
    call.place,
  );
}

/** From 2^52 on a DOUBLE has no fraction. */
const WHOLE = "4503599627370496";
/** Products below it are off by less than the distance by which they are trusted. */
const trusted = (product: string) => `abs(${product}) < 1e9::DOUBLE`;

/**
 * 2.675 is a little less than it seems, so that ROUND(2.675, 2) is 2.67; times 100 it would be 267.5.
 * The product decides only where it is far from a half, or exact; else the digits of the number do.
 */
function roundFloat(x: string, digits: number): string {
  const power = `1e${digits}::DOUBLE`;
  const shifted = `${x} * ${power}`;
  const halves = `${x} * ${2 ** (digits + 1)}::DOUBLE`;
  const far = `${trusted(shifted)} AND abs(abs(${shifted} - trunc(${shifted})) - 0.5) > 1e-6`;
  // Of a number of so few binary digits the product is exact: it may be a half indeed.
  const exact = `abs(${shifted}) < ${WHOLE} AND ${halves} = trunc(${halves})`;
  return `CASE WHEN NOT abs(${x}) < ${WHOLE} THEN ${x} WHEN ${far} OR ${exact} THEN round(${shifted}) / ${power} ELSE CAST(printf('%.${digits}f', ${x}) AS DOUBLE) END`;
}

/** Cut off likewise: TRUNC(2.3, 1) is 2.2. */
function truncFloat(x: string, digits: number): string {
  const power = `1e${digits}::DOUBLE`;
  const shifted = `${x} * ${power}`;
  const far = `${trusted(shifted)} AND abs(${shifted} - round(${shifted})) > 1e-6`;
  const text = `printf('%.40f', ${x})`;
  return `CASE WHEN NOT abs(${x}) < ${WHOLE} THEN ${x} WHEN ${far} THEN trunc(${shifted}) / ${power} ELSE CAST(left(${text}, instr(${text}, '.') + ${digits}) AS DOUBLE) END`;
}

const toDigits = (
  name: "round" | "trunc",
  onFraction: (x: string, digits: number) => string,
): FunctionLowering =>
([x], call) => {
  const digits = digitsOf(call);
  if (call.type.kind === "NUMERIC") {
    if (name === "trunc" && digits !== 0) throw new Unsupported("TRUNC of NUMERIC", call.place);
    return asNumeric(digits === 0 ? `${name}(${x})` : `round(${x}, ${digits})`);
  }
  if (call.type.kind !== "FLOAT64") {
    throw new Unsupported(`${call.name.toUpperCase()} of ${call.type.kind}`, call.place);
  }
  if (digits === 0) return `${name}(${x})`;
  if (digits > 0) return once(x, (value) => onFraction(value, digits));
  return `(${name}(${x} / 1e${-digits}::DOUBLE) * 1e${-digits}::DOUBLE)`;
};

const toWhole = (name: "ceil" | "floor"): FunctionLowering => ([x], call) => {
  if (call.type.kind === "NUMERIC") return asNumeric(`${name}(${x})`);
  if (call.type.kind === "FLOAT64") return `${name}(${x})`;
  throw new Unsupported(`${call.name.toUpperCase()} of ${call.type.kind}`, call.place);
};

export const ROUNDINGS: [string, FunctionLowering][] = [
  ["ceil", toWhole("ceil")],
  ["floor", toWhole("floor")],
  ["round", toDigits("round", roundFloat)],
  ["trunc", toDigits("trunc", truncFloat)],
];
