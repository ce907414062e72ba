/** What a request to Cloud Storage's JSON API may hold. */
import { z } from "zod";
import { CloudError } from "../../errors.ts";
import type { Conditions, ObjectDetails } from "../../object_store.ts";
import type { Query } from "../input.ts";

const text = z.string().nullish();

/**
 * What a caller may say of an object. The rest of an object's resource may come back as it was
 * given out, and is not looked at.
 */
const details = z.object({
  contentType: text,
  contentEncoding: text,
  contentDisposition: text,
  contentLanguage: text,
  cacheControl: text,
  customTime: text,
  storageClass: text,
  metadata: z.record(z.string(), z.string().nullable()).nullish(),
});

/** The changes that a body makes to an object's details; null removes. */
export const detailsPatch = details.transform((body) =>
  Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined))
);

/** The details of a new object. */
export const newDetails = details.transform((body): ObjectDetails => {
  const known = Object.entries(body).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(known);
});

/** A bucket's settings; what the server alone decides is left out. */
export const bucketSettings = z.record(z.string(), z.unknown()).transform((body) => {
  const own = new Set(["kind", "id", "name", "selfLink", "etag", "timeCreated", "updated"]);
  for (const name of ["projectNumber", "metageneration", "generation"]) own.add(name);
  if (typeof body.location === "string") body.location = body.location.toUpperCase();
  return Object.fromEntries(Object.entries(body).filter(([name]) => !own.has(name)));
});

/**
 * A generation in a query: a whole number of up to 16 digits, which a number still holds exactly.
 *
 * @throws {CloudError} `invalid`, if it is anything else.
 */
export function generationParameter(query: Query, name: string): number | undefined {
  const text = query[name];
  if (text === undefined || text === "") return undefined;
  if (/^\d{1,16}$/.test(text)) return Number(text);
  throw new CloudError("invalid", `Invalid value at '${name}': "${text}"`, name);
}

/** The preconditions in a query, `ifSourceGenerationMatch` … for the source of a copy. */
export function conditionsOf(query: Query, of: "" | "Source" = ""): Conditions {
  return {
    ifGenerationMatch: generationParameter(query, `if${of}GenerationMatch`),
    ifGenerationNotMatch: generationParameter(query, `if${of}GenerationNotMatch`),
    ifMetagenerationMatch: generationParameter(query, `if${of}MetagenerationMatch`),
    ifMetagenerationNotMatch: generationParameter(query, `if${of}MetagenerationNotMatch`),
  };
}

/**
 * Refuses parameters that would change the answer in the cloud and are not known here.
 *
 * @throws {CloudError} `notImplemented`, naming the parameter.
 */
export function refuseParameters(query: Query, names: readonly string[]): void {
  for (const name of names) {
    if (query[name] === undefined || query[name] === "false") continue;
    throw new CloudError("notImplemented", `${name} is not supported by the local cloud`, name);
  }
}
