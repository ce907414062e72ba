/** Which ids BigQuery accepts. */
import { CloudError } from "../errors.ts";

const RULES = {
  project: {
    pattern: /^[A-Za-z0-9][A-Za-z0-9.:_-]{0,127}$/,
    rule: "Project IDs must be letters, digits, hyphens, periods or colons.",
  },
  dataset: {
    pattern: /^[A-Za-z0-9_]{1,1024}$/,
    rule:
      "Dataset IDs must be alphanumeric (plus underscores) and must be at most 1024 characters long.",
  },
  table: {
    pattern: /^[\p{L}\p{M}\p{N}\p{Pc}\p{Pd}\p{Zs}]{1,1024}$/u,
    rule:
      "Table IDs must be letters, marks, numbers, connectors, dashes or spaces and must be at most 1024 bytes long.",
  },
  routine: {
    pattern: /^[A-Za-z0-9_]{1,256}$/,
    rule:
      "Routine IDs must be alphanumeric (plus underscores) and must be at most 256 characters long.",
  },
  model: {
    pattern: /^[\p{L}\p{M}\p{N}\p{Pc}\p{Pd}\p{Zs}]{1,1024}$/u,
    rule:
      "Model IDs must be letters, marks, numbers, connectors, dashes or spaces and must be at most 1024 bytes long.",
  },
  job: {
    pattern: /^[A-Za-z0-9_-]{1,1024}$/,
    rule:
      "Job IDs must be alphanumeric (plus underscores and dashes) and must be at most 1024 characters long.",
  },
} as const;

/** What an id may name. */
export type Named = keyof typeof RULES;

/**
 * The id itself, if BigQuery accepts it.
 *
 * @throws {CloudError} `invalid`, with the rule.
 */
export function checkId(what: Named, id: string): string {
  const { pattern, rule } = RULES[what];
  if (pattern.test(id) && new TextEncoder().encode(id).length <= 1024) return id;
  throw new CloudError("invalid", `Invalid ${what} ID "${id}". ${rule}`);
}
