/** Columns ↔ REST's TableSchema, both ways. */
import { z } from "zod";
import { CloudError } from "../errors.ts";
import {
  type Field,
  restName,
  scalarKind,
  type SqlType,
  typeName,
  unstorable,
} from "../warehouse/types.ts";

/** A field of REST's TableSchema. */
export interface RestField {
  name: string;
  type: string;
  mode?: string;
  description?: string;
  fields?: RestField[];
}

const restField: z.ZodType<RestField> = z.strictObject({
  name: z.string(),
  type: z.string(),
  mode: z.string().optional(),
  description: z.string().optional(),
  get fields() {
    return z.array(restField).optional();
  },
});

/** REST's TableSchema. */
export const restSchema = z.object({ fields: z.array(restField).default([]) });

const FIELD_NAME = /^[\p{L}\p{M}\p{N}_ \-.&%=+:'<>#|]{1,300}$/u;

/** A field as REST answers with it, mode always said. */
function toRestField({ name, type, required, description }: Field): RestField {
  const element = type.kind === "ARRAY" ? type.element : type;
  const mode = type.kind === "ARRAY" ? "REPEATED" : required ? "REQUIRED" : "NULLABLE";
  const described = description === undefined ? {} : { description };
  if (element.kind === "STRUCT") {
    return { name, type: "RECORD", mode, ...described, fields: element.fields.map(toRestField) };
  }
  if (element.kind === "ARRAY") {
    throw new TypeError(`Cannot show ${typeName(type)} as REST has none`);
  }
  return { name, type: restName(element.kind), mode, ...described };
}

/** The schema of columns as REST answers with it. */
export function toRestSchema(fields: Field[]): { fields: RestField[] } {
  return { fields: fields.map(toRestField) };
}

/**
 * Columns of a schema that someone sent.
 *
 * @throws {CloudError} `invalid`, naming the field: a name twice or not allowed, an unknown type or
 *   mode, a RECORD without fields, a type that the warehouse cannot store.
 */
export function fromRestSchema(fields: RestField[], path = ""): Field[] {
  const seen = new Set<string>();
  return fields.map((field) => {
    const at = path === "" ? field.name : `${path}.${field.name}`;
    if (!FIELD_NAME.test(field.name)) {
      throw new CloudError(
        "invalid",
        `Invalid field name "${at}". Fields must contain the allowed ` +
          "characters, and be at most 300 characters long.",
        at,
      );
    }
    if (seen.has(field.name.toLowerCase())) {
      throw new CloudError("invalid", `Duplicate field name: ${at}`, at);
    }
    seen.add(field.name.toLowerCase());
    return fromRestField(field, at);
  });
}

function fromRestField(field: RestField, at: string): Field {
  const element = fromRestType(field, at);
  const described = field.description === undefined ? {} : { description: field.description };
  switch ((field.mode ?? "NULLABLE").toUpperCase()) {
    case "NULLABLE":
      return { name: field.name, type: element, ...described };
    case "REQUIRED":
      return { name: field.name, type: element, required: true, ...described };
    case "REPEATED":
      return { name: field.name, type: { kind: "ARRAY", element }, ...described };
    default:
      throw new CloudError("invalid", `Invalid value for mode: ${field.mode} of field ${at}`, at);
  }
}

function fromRestType({ type, fields }: RestField, at: string): SqlType {
  if (["RECORD", "STRUCT"].includes(type.toUpperCase())) {
    if (fields === undefined || fields.length === 0) {
      throw new CloudError("invalid", `Field ${at} is type RECORD but has no schema`, at);
    }
    return { kind: "STRUCT", fields: fromRestSchema(fields, at) };
  }
  const kind = scalarKind(type);
  if (kind === undefined) {
    throw new CloudError("invalid", `Invalid value for type: ${type} of field ${at}`, at);
  }
  if (unstorable({ kind }) !== undefined) {
    const message = `Type ${kind} of field ${at} is not supported by the local cloud`;
    throw new CloudError("invalid", message, at);
  }
  return { kind };
}
