/** REST's StandardSqlDataType, which routines and models use. */
import type { SqlType } from "../warehouse/types.ts";

/** `{typeKind: "ARRAY", arrayElementType: {typeKind: "INT64"}}`. */
export interface StandardType {
  typeKind: string;
  arrayElementType?: StandardType;
  structType?: { fields: { name: string; type: StandardType }[] };
}

/** A type as REST's StandardSqlDataType. */
export function toStandardType(type: SqlType): StandardType {
  if (type.kind === "ARRAY") {
    return { typeKind: "ARRAY", arrayElementType: toStandardType(type.element) };
  }
  if (type.kind !== "STRUCT") return { typeKind: type.kind };
  const fields = type.fields.map(({ name, type }) => ({ name, type: toStandardType(type) }));
  return { typeKind: "STRUCT", structType: { fields } };
}
