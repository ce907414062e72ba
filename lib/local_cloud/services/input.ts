/** Checks on what a request holds: bodies by a schema, query parameters by kind. */
import { z } from "zod";
import { CloudError } from "../errors.ts";

/** The query parameters of a request. */
export type Query = Record<string, string>;

/** A whole number as REST carries one: a number or a string of digits. */
export const wholeNumber = z.union([
  z.number().int(),
  z.string().regex(/^-?\d+$/).transform(Number),
]);

/** A yes or no, also as a string. */
export const yesOrNo = z.union([
  z.boolean(),
  z.enum(["true", "false"]).transform((text) => text === "true"),
]);

/** Labels as every resource has them. */
export const labels = z.record(z.string(), z.string().nullable());

const dotted = (path: PropertyKey[]) =>
  path.map((part) => typeof part === "number" ? `[${part}]` : `.${String(part)}`).join("").slice(1);

/**
 * `value` as `schema` has it. What a strict schema does not name is refused rather than ignored: an
 * option without effect here would have one in the cloud.
 *
 * @param at Where the value is in the request, `configuration.load`; empty for the body itself.
 * @throws {CloudError} `invalid` or `required`, naming the field.
 */
export function parse<T>(schema: z.ZodType<T>, value: unknown, at = ""): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const path = [...(at === "" ? [] : [at]), ...issue.path];
  if (issue.code === "unrecognized_keys") {
    const field = dotted([...path, issue.keys[0]]);
    throw new CloudError("invalid", `${field} is not supported by the local cloud`, field);
  }
  const field = dotted(path);
  if (issue.code === "invalid_type" && /received undefined/.test(issue.message)) {
    throw new CloudError("required", `Required parameter is missing: ${field}`, field);
  }
  throw new CloudError(
    "invalid",
    `Invalid value for ${field || "the body"}: ${issue.message}`,
    field,
  );
}

/** The JSON object of a request's body; an empty body is an empty object. */
export async function readJson(request: Request): Promise<unknown> {
  const text = await request.text();
  if (text === "") return {};
  try {
    return JSON.parse(text);
  } catch {
    throw new CloudError("invalid", "Invalid JSON payload received");
  }
}

/**
 * A query parameter that is a whole number.
 *
 * @throws {CloudError} `invalid`, if it is anything else.
 */
export function numberParameter(query: Query, name: string): number | undefined {
  const text = query[name];
  if (text === undefined || text === "") return undefined;
  if (!/^\d{1,15}$/.test(text)) {
    throw new CloudError("invalid", `Invalid value at '${name}': "${text}"`, name);
  }
  return Number(text);
}
