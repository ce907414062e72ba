/** What a request to Vertex AI's REST API may hold. */
import { z } from "zod";
import { CloudError } from "../../errors.ts";
import { parse as parseStrictly, type Query, wholeNumber } from "../input.ts";
import { invalidArgument } from "./errors.ts";

/** Fields whose names inside are the caller's own. */
const MAPS = new Set(["labels", "trafficSplit"]);
const camelCase = (name: string) =>
  name.replaceAll(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase());

/** Whether a field may as well be left out: protocol buffers do not tell the two apart. */
const isDefault = (value: unknown): boolean =>
  value === null || value === "" || value === false || value === 0 ||
  (typeof value === "object" && Object.keys(value).length === 0);

/** How deep a body may be: protocol buffers read no deeper from JSON. */
const MOST_DEPTH = 100;

/**
 * A body with its fields' names in camel case, as REST takes both spellings, and without those that
 * hold what they would hold anyway.
 */
function canonical(value: unknown, depth = 0): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (depth >= MOST_DEPTH) {
    throw invalidArgument(
      "Invalid JSON payload received. Message too deep: it may have 100 levels",
    );
  }
  if (Array.isArray(value)) return value.map((inner) => canonical(inner, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      const field = camelCase(name);
      return [field, MAPS.has(field) ? inner : canonical(inner, depth + 1)];
    }).filter(([, inner]) => !isDefault(inner)),
  );
}

/**
 * A body as a schema has it; what a strict schema does not name is refused.
 *
 * @param at Where the value is in the request.
 * @throws {CloudError} `invalid` or `required`, naming the field.
 */
export const parse = <T>(schema: z.ZodType<T>, body: unknown, at = ""): T =>
  parseStrictly(schema, canonical(body), at);

const displayName = z.string().min(1).max(128);
const label = /^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u;
const labels = z.record(
  z.string().regex(/^[\p{Ll}\p{Lo}\p{N}]/u).regex(label),
  z.string().regex(label),
)
  .refine((all) => Object.keys(all).length <= 64, "there can be no more than 64 labels");
/** Percentages by id of a deployed model; 0 stands for none. */
const trafficSplit = z.record(
  z.string(),
  wholeNumber.refine((share) => share >= 0 && share <= 100, "a share is 0 to 100 percent"),
);
const alias = z.string().regex(
  /^[a-z][a-zA-Z0-9-]{0,126}[a-z0-9-]$/,
  "an alias has 2 to 128 letters, digits and dashes and begins with a small letter",
);
/** A resource may come back as it was given out: what the server alone decides is not looked at. */
const ignored = z.unknown().optional();

/** The image that serves: TensorFlow's prebuilt ones. */
const TENSORFLOW_IMAGE =
  /^(?:(?:us|europe|asia)-docker\.pkg\.dev\/vertex-ai(?:-restricted)?|gcr\.io\/cloud-aiplatform)\/prediction\/tf(?:2|_opt)?-cpu\.[\w.-]+(?::[\w.-]+)?(?:@sha256:[0-9a-f]+)?$/;

const containerSpec = z.strictObject({
  imageUri: z.string().regex(
    TENSORFLOW_IMAGE,
    "the local cloud serves as TensorFlow's prebuilt containers do: name one, such as " +
      "us-docker.pkg.dev/vertex-ai/prediction/tf2-cpu.2-15:latest",
  ),
});

/** `models:upload`. */
export const uploadRequest = z.strictObject({
  parent: ignored,
  parentModel: z.string().optional(),
  modelId: z.string().regex(/^[a-z_][a-z0-9_-]{0,62}$/).optional(),
  serviceAccount: z.string().optional(),
  model: z.strictObject({
    name: ignored,
    etag: ignored,
    displayName,
    description: z.string().optional(),
    versionDescription: z.string().optional(),
    versionAliases: z.array(alias).optional(),
    labels: labels.optional(),
    artifactUri: z.string().regex(/^gs:\/\/[^/]+\/?/, "it must be gs://bucket/folder"),
    containerSpec,
  }),
});

/** A model in a PATCH. */
export const modelPatch = z.looseObject({
  displayName: displayName.optional(),
  description: z.string().optional(),
  versionDescription: z.string().optional(),
  labels: labels.optional(),
  etag: z.string().optional(),
});

/** `models:mergeVersionAliases`. An alias with a dash before it is taken away. */
export const aliasesRequest = z.strictObject({
  name: ignored,
  versionAliases: z.array(
    z.string().refine(
      (text) => alias.safeParse(text.replace(/^-/, "")).success,
      "an alias has 2 to 128 letters, digits and dashes and begins with a small letter",
    ),
  ).min(1),
});

/** An endpoint to create. */
export const newEndpoint = z.strictObject({
  name: ignored,
  etag: ignored,
  displayName,
  description: z.string().optional(),
  labels: labels.optional(),
});

/** An endpoint in a PATCH. */
export const endpointPatch = z.looseObject({
  displayName: displayName.optional(),
  description: z.string().optional(),
  labels: labels.optional(),
  trafficSplit: trafficSplit.optional(),
  etag: z.string().optional(),
});

const replicas = wholeNumber.refine((count) => count >= 1, "there is at least 1 replica");
const dedicatedResources = z.strictObject({
  machineSpec: z.strictObject({
    machineType: z.string().regex(/^[a-z]\d[a-z]{0,2}-[a-z]+-\d+[a-z]?$/, "no such machine type"),
  }),
  minReplicaCount: replicas,
  maxReplicaCount: replicas.optional(),
});

/** `endpoints:deployModel`. */
export const deployRequest = z.strictObject({
  endpoint: ignored,
  deployedModel: z.strictObject({
    id: z.string().regex(/^(?!0$)\d{1,10}$/, "an id has 1 to 10 digits and is not 0").optional(),
    model: z.string(),
    displayName: displayName.optional(),
    dedicatedResources,
    serviceAccount: z.string().optional(),
    disableContainerLogging: z.boolean().optional(),
    enableAccessLogging: z.boolean().optional(),
  }),
  trafficSplit: trafficSplit.optional(),
});

/** `endpoints:undeployModel`. */
export const undeployRequest = z.strictObject({
  endpoint: ignored,
  deployedModelId: z.string().min(1),
  trafficSplit: trafficSplit.optional(),
});

/** `endpoints:mutateDeployedModel`. */
export const mutateRequest = z.strictObject({
  endpoint: ignored,
  deployedModel: z.looseObject({
    id: z.string(),
    dedicatedResources: z.looseObject({
      minReplicaCount: replicas.optional(),
      maxReplicaCount: replicas.optional(),
    }).optional(),
  }),
  updateMask: z.string(),
});

/**
 * The fields that a mask names, in camel case.
 *
 * @param known The fields that can be changed.
 * @throws {CloudError} There is no mask, or it names another field.
 */
export function maskedFields<Field extends string>(
  mask: string | undefined,
  known: readonly Field[],
): Field[] {
  if (!mask) throw new CloudError("required", "Required parameter is missing: updateMask");
  return mask.split(",").map((path) => {
    const field = camelCase(path.trim());
    const found = known.find((name) => name === field);
    if (found !== undefined) return found;
    throw invalidArgument(`Cannot update ${field} here: updateMask may name ${known.join(", ")}`);
  });
}

/** A query parameter by its name in camel case: REST takes both spellings. */
export const parameter = (query: Query, name: string): string | undefined =>
  query[name] ?? query[name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)];
