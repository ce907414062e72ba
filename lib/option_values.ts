/** Values of command-line options, checked. */
import { badInput } from "./failure.ts";

/** What a text must look like, and how to say so. */
export interface Pattern {
  test: RegExp;
  rule: string;
}

/** What names of Google Cloud must look like. */
export const PATTERNS = {
  dataset: { test: /^\w{1,1024}$/, rule: "letters, digits and underscores" },
  table: {
    test: /^([a-z][a-z0-9.:-]+\.)?\w+\.[\w$-]+\*?$/,
    rule: "dataset.table or project.dataset.table",
  },
  project: { test: /^[a-z][a-z0-9.:-]{3,}[a-z0-9]$/, rule: "the id of a project" },
  location: { test: /^[a-zA-Z]+(-[a-z]+\d+)?$/, rule: "a place such as US" },
  region: { test: /^[a-z]+-[a-z]+\d+$/, rule: "a region such as us-central1" },
  bucket: { test: /^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/, rule: "a bucket's name" },
  machine: {
    test: /^[a-z]\d+[a-z]?-[a-z]+-\d+[a-z]?$/,
    rule: "a machine type such as n1-standard-2",
  },
} satisfies Record<string, Pattern>;

/**
 * The value of an option that must be one of a few.
 *
 * @param option As it is typed, such as `--model`.
 * @throws {Failure} If it is none of them.
 */
export function oneOf<T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === value);
  if (found !== undefined) return found;
  throw badInput(
    `Cannot use ${option} as it must be ${allowed.join(" or ")}: current value is "${value}"`,
  );
}

/**
 * The value of an option that must be a whole number of a range, its ends included.
 *
 * @throws {Failure} If it is none, or outside.
 */
export function wholeNumber(
  option: string,
  text: string,
  range: { least: number; most: number },
): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= range.least && value <= range.most) return value;
  throw badInput(
    `Cannot use ${option} as it must be a whole number from ${range.least} to ${range.most}: ` +
      `current value is "${text}"`,
  );
}

/**
 * The value of an option that must look like a pattern.
 *
 * @throws {Failure} If it does not.
 */
export function matching(option: string, value: string, { test, rule }: Pattern): string {
  if (test.test(value)) return value;
  throw badInput(`Cannot use ${option} as it must be ${rule}: current value is "${value}"`);
}
