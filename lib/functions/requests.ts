/** What the functions are asked, checked. */
import { z } from "zod";
import { AnswerError } from "./answer_error.ts";

/** The largest request, in bytes. */
export const MAX_REQUEST_BYTES = 64 * 1024;
const MAX_VIEWED = 100;
const MAX_LIMIT = 50;

const userId = z.string('userId must be a text in quotes, such as "2534169.4418845320"')
  .regex(/\S/, "userId must not be empty")
  .max(256, "userId must have at most 256 characters");

const product = z.string("each of viewed must be the name of a product, in quotes")
  .regex(/\S/, "no name in viewed may be empty")
  .max(500, "each name in viewed must have at most 500 characters");

const limitRule = `limit must be a whole number from 1 to ${MAX_LIMIT}`;

const userClusterRequest = z.strictObject(
  { userId },
  { error: problem('it must be an object such as {"userId": "2534169.4418845320"}') },
);
/** Whose cluster is asked for. */
export type UserClusterRequest = z.infer<typeof userClusterRequest>;

const productAffinityRequest = z.strictObject(
  {
    userId: userId.optional(),
    viewed: z.array(product, "viewed must be a list of names of products")
      .max(MAX_VIEWED, `viewed must have at most ${MAX_VIEWED} names`)
      .optional(),
    limit: z.int(limitRule).min(1, limitRule).max(MAX_LIMIT, limitRule).default(5),
  },
  { error: problem('it must be an object such as {"userId": "…"} or {"viewed": ["a product"]}') },
).refine(({ userId, viewed }) => userId !== undefined || viewed !== undefined, {
  error: "it must have userId, viewed or both; for a visitor of whom nothing is known, viewed: []",
});
/** For whom products are asked for. */
export type ProductAffinityRequest = z.infer<typeof productAffinityRequest>;

/** What to say of something that is no object, or has a field too many. */
function problem(notAnObject: string) {
  return (issue: z.core.$ZodRawIssue): string =>
    issue.code === "unrecognized_keys"
      ? `it has an ${unknownField(issue.keys[0])}: check its spelling`
      : notAnObject;
}

/** A key as it is; one that could not be told from the sentence around it in quotes and cut off. */
function unknownField(key: string): string {
  return `unknown field ${/^\w{1,50}$/.test(key) ? key : JSON.stringify(key.slice(0, 50))}`;
}

/**
 * A request for UserCluster.
 *
 * @throws {AnswerError} `invalid`, with the first thing that is wrong.
 */
export function readUserClusterRequest(json: string): UserClusterRequest {
  return read(userClusterRequest, json);
}

/**
 * A request for ProductAffinity.
 *
 * @throws {AnswerError} `invalid`, with the first thing that is wrong.
 */
export function readProductAffinityRequest(json: string): ProductAffinityRequest {
  return read(productAffinityRequest, json);
}

function read<T>(schema: z.ZodType<T>, json: string): T {
  const { success, data, error } = schema.safeParse(parse(json));
  if (success) return data;
  // A field that is misspelt is missing too, but that is not what its sender looks for.
  const issue = error.issues.find(({ code }) => code === "unrecognized_keys") ?? error.issues[0];
  throw new AnswerError("invalid", `Cannot read the request as ${issue.message}`);
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new AnswerError(
      "invalid",
      'Cannot read the request as it is no JSON: send {"userId": "…"}, with double quotes',
    );
  }
}
