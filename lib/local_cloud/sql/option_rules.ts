/** What an option of a statement may be, and the value of the literal that is given for it. */
import { typeName } from "../warehouse/types.ts";
import type { Expr } from "./resolved.ts";
import { numericText } from "./values.ts";

/** The value of an option. */
export type Value = number | boolean | string;

/** What an option may be. */
export interface Rule {
  type: "INT64" | "FLOAT64" | "BOOL" | "STRING";
  /** Bounds of a number, both allowed. */
  range?: [number, number];
  /** Values of a STRING, in capitals. */
  values?: string[];
}

/** Whether one letter added, left out or changed makes the other name. */
export function oneEditApart(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (long.length - short.length > 1) return false;
  const differs = [...short].findIndex((letter, i) => letter !== long[i]);
  const at = differs < 0 ? short.length : differs;
  return short.slice(at) === long.slice(at + 1) || short.slice(at + 1) === long.slice(at + 1);
}

/** The value of a literal if the rule allows it. */
export function typedValue(expr: Expr, { type, range, values }: Rule): Value | undefined {
  const value = expr.kind === "Literal" ? plainValue(expr) : undefined;
  switch (type) {
    case "BOOL":
      return typeof value === "boolean" ? value : undefined;
    case "STRING": {
      if (typeof value !== "string") return undefined;
      if (values === undefined) return value;
      return values.find((allowed) => allowed === value.toUpperCase());
    }
    default: {
      if (typeof value !== "number" || !Number.isFinite(value)) return undefined;
      if (type === "INT64" && expr.type.kind !== "INT64") return undefined;
      const [least, most] = range ?? [-Infinity, Infinity];
      return value >= least && value <= most ? value : undefined;
    }
  }
}

/** The value of a literal without parts; `undefined` for NULL and for any other type. */
export function plainValue(expr: Extract<Expr, { kind: "Literal" }>): Value | undefined {
  const { stringValue, boolValue, doubleValue, int64Value, numericValue } = expr.value;
  if (int64Value !== undefined) return Number(int64Value);
  if (numericValue !== undefined) return Number(numericText(numericValue));
  return stringValue ?? boolValue ?? doubleValue;
}

/** What a rule wants, to end a sentence with: `an INT64 literal from 2 to 100`. */
export function wanted({ type, range, values }: Rule): string {
  if (values !== undefined) return `one of ${values.map((value) => `'${value}'`).join(", ")}`;
  const literal = `${type === "INT64" ? "an" : "a"} ${type} literal`;
  if (range === undefined) return literal;
  const [least, most] = range;
  return most >= 1_000_000
    ? `${literal} of at least ${least}`
    : `${literal} from ${least} to ${most}`;
}

/** What was given instead, to end a sentence with. */
export function found(expr: Expr): string {
  if (expr.kind !== "Literal") return "";
  const value = plainValue(expr);
  const shown = typeof value === "string" ? `'${value}'` : String(value ?? "NULL");
  return `, but is ${shown} of type ${typeName(expr.type)}`;
}
