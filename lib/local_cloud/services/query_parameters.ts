/** Query parameters of REST → those of the engine. */
import { z } from "zod";
import { CloudError } from "../errors.ts";
import type { ParameterValue, QueryParameter } from "../sql/mod.ts";
import { scalarKind, type SqlType } from "../warehouse/types.ts";

interface RestType {
  type: string;
  arrayType?: RestType;
  structTypes?: { name?: string; type: RestType; description?: string }[];
}

const restType: z.ZodType<RestType> = z.strictObject({
  type: z.string(),
  get arrayType() {
    return restType.optional();
  },
  get structTypes() {
    return z.array(z.strictObject({
      name: z.string().optional(),
      type: restType,
      description: z.string().optional(),
    })).optional();
  },
});

/** Some callers write numbers and truth values as JSON has them; REST's leaves are strings. */
const leaf = z.union([z.string(), z.number().transform(String), z.boolean().transform(String)]);

const restValue: z.ZodType<ParameterValue> = z.strictObject({
  value: leaf.nullish(),
  get arrayValues() {
    return z.array(restValue).optional();
  },
  get structValues() {
    return z.record(z.string(), restValue).optional();
  },
});

/** REST's QueryParameter. */
export const restParameter = z.strictObject({
  name: z.string().nullish(),
  parameterType: restType,
  parameterValue: restValue.default({}),
});

/**
 * Parameters as the engine takes them.
 *
 * @param mode `NAMED`, `POSITIONAL` or nothing.
 * @throws {CloudError} `invalid`, naming the parameter.
 */
export function toParameters(
  given: z.infer<typeof restParameter>[],
  mode?: string,
): QueryParameter[] {
  return given.map(({ name, parameterType, parameterValue }, i) => {
    const at = name || `queryParameters[${i}]`;
    if (mode === "NAMED" && !name) {
      throw new CloudError(
        "invalid",
        `Parameter without a name in a query of NAMED parameters`,
        at,
      );
    }
    const type = toSqlType(parameterType, at);
    return { ...(name ? { name } : {}), type, value: parameterValue };
  });
}

function toSqlType({ type, arrayType, structTypes }: RestType, at: string): SqlType {
  const name = type.toUpperCase();
  if (name === "ARRAY") {
    if (arrayType === undefined) {
      throw new CloudError("required", `Required parameter is missing: arrayType of ${at}`, at);
    }
    return { kind: "ARRAY", element: toSqlType(arrayType, at) };
  }
  if (name === "STRUCT" || name === "RECORD") {
    const fields = (structTypes ?? []).map(({ name = "", type }) => ({
      name,
      type: toSqlType(type, name === "" ? at : `${at}.${name}`),
    }));
    return { kind: "STRUCT", fields };
  }
  const kind = scalarKind(name);
  if (kind !== undefined) return { kind };
  throw new CloudError("invalid", `Invalid value for parameterType of ${at}: ${type}`, at);
}
