/**
 * From the analyzer's messages to the nodes of resolved.ts: on the wire a node is three or four
 * messages inside one another, each with the fields of one base class.
 */
import { CloudError } from "../errors.ts";
import { kindOfAnalyzer, type SqlType } from "../warehouse/types.ts";

type Raw = Record<string, unknown>;
const isRaw = (value: unknown): value is Raw =>
  typeof value === "object" && value !== null && !(value instanceof Uint8Array);

/**
 * A type as the analyzer writes it, in ours.
 *
 * @throws {CloudError} `invalidQuery` if BigQuery has no such type (PROTO, UINT64, RANGE …).
 */
function sqlType(raw: Raw): SqlType {
  const typeKind = String(raw.typeKind);
  if (typeKind === "TYPE_ARRAY") {
    return { kind: "ARRAY", element: sqlType((raw.arrayType as Raw).elementType as Raw) };
  }
  if (typeKind === "TYPE_STRUCT") {
    const fields = ((raw.structType as Raw | undefined)?.field ?? []) as Raw[];
    return {
      kind: "STRUCT",
      fields: fields.map((field) => ({
        name: String(field.fieldName ?? ""),
        type: sqlType(field.fieldType as Raw),
      })),
    };
  }
  // An ENUM is only ever a literal argument (a date part): its type is not that of any column.
  if (typeKind === "TYPE_ENUM") return { kind: "INT64" };
  const kind = kindOfAnalyzer(typeKind);
  if (kind === undefined) {
    throw new CloudError("invalidQuery", `Type ${typeKind.slice(5)} is not supported`, "query");
  }
  return { kind };
}

/** `resolvedJoinScanNode` → `JoinScan`. */
const kindOf = (oneof: string) =>
  oneof.replace(/^resolved/, "").replace(/Node$/, "").replace(/^Tvfscan$/, "TVFScan");

/** Turns a message of the analyzer into a flat node, and everything inside it likewise. */
export function flatten(raw: unknown): unknown {
  if (Array.isArray(raw)) return raw.map(flatten);
  if (!isRaw(raw)) return raw;
  if (typeof raw.node === "string") return flattenOneof(raw, raw.node);
  if (typeof raw.typeKind === "string") return sqlType(raw);
  if (raw.columnId !== undefined) {
    return { id: Number(raw.columnId), name: raw.name, type: sqlType(raw.type as Raw) };
  }
  return flattenFields(raw);
}

function flattenOneof(raw: Raw, chosen: string): unknown {
  const node = flatten(raw[chosen]) as Raw;
  // A base class wraps its subclass: the innermost name is the node's own.
  return node.kind === undefined ? { ...node, kind: kindOf(chosen) } : node;
}

const NUMBERS = new Set(["fieldIdx", "position", "columnIndexList", "start", "end"]);

function flattenFields(raw: Raw): Raw {
  const flat: Raw = {};
  for (const [name, value] of Object.entries(raw)) {
    if (name === "parent") Object.assign(flat, flatten(value));
    else if (name === "parseLocationRange") flat.place = flattenFields(value as Raw);
    else if (name === "function") Object.assign(flat, functionName(value as Raw));
    else if (name === "value" && isRaw(value) && isRaw(value.type)) {
      flat.value = value.value ?? {};
      flat.enumName = ((value.type as Raw).enumType as Raw | undefined)?.enumName;
    } else if (name === "havingModifier" && isRaw(value)) {
      flat.havingModifier = { kindOf: value.kind, havingExpr: flatten(value.havingExpr) };
    } else if (NUMBERS.has(name)) {
      flat[name] = Array.isArray(value) ? value.map(Number) : Number(value);
    } else if (!IGNORED.has(name)) flat[name] = flatten(value);
  }
  return flat;
}

const IGNORED = new Set([
  "typeAnnotationMap",
  "collation",
  "collationList",
  "hintList",
  "functionCallInfo",
  "fileDescriptorSet",
  "floatLiteralId",
  "functionCallSignature",
]);

/** `ZetaSQL:$add` → group `ZetaSQL`, name `$add`. */
function functionName(raw: Raw): { group: string; name: string } {
  const [, group, name] = /^([^:]*):(.*)$/.exec(String(raw.name)) ?? ["", "", String(raw.name)];
  return { group, name };
}
