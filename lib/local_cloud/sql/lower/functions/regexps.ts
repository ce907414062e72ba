/** Regular expressions: both engines use RE2, and only constant patterns are taken. */
import type { FunctionCall } from "../../resolved.ts";
import { stringLiteral } from "../../values.ts";
import { type FunctionLowering, once, raise, Unsupported } from "../lowering.ts";
import { literalText, onStrings } from "./strings.ts";

/** What a pattern captures. */
interface Groups {
  count: number;
  /** A group may take no part in a match, for which DuckDB and GoogleSQL have other answers. */
  optional: boolean;
}

const SKIPPABLE = /^(\?|\*|\{0)/;

/** What is read past at once: escapes, quotations, classes of characters. */
const ATOM = /^(\\Q.*?(\\E|$)|\\.|\[\^?\]?(\\.|\[:\^?\w+:\]|[^\]\\])*\])/s;
const CAPTURING = /^\((?!\?)|^\(\?P?</;

/** Reads a pattern as far as its groups go. */
function groupsOf(pattern: string): Groups {
  let count = 0;
  let optional = false;
  // The pattern as a whole is the outermost group. `before` groups had captured when one began.
  let level = { before: 0, captures: false, alternates: false };
  const outer: typeof level[] = [];
  for (let i = 0; i < pattern.length; i++) {
    const rest = pattern.slice(i);
    const atom = ATOM.exec(rest);
    if (atom !== null) i += atom[0].length - 1;
    else if (rest[0] === "(") {
      outer.push(level);
      level = { before: count, captures: CAPTURING.test(rest), alternates: false };
      if (level.captures) count++;
    } else if (rest[0] === "|") level.alternates = true;
    else if (rest[0] === ")") {
      const inside = count - level.before - (level.captures ? 1 : 0);
      if (level.alternates && inside > 0) optional = true;
      if (SKIPPABLE.test(rest.slice(1)) && count > level.before) optional = true;
      level = outer.pop() ?? level;
    }
  }
  return { count, optional: optional || (level.alternates && count > 0) };
}

/**
 * A call's pattern.
 *
 * @throws {Unsupported} if it is not a literal.
 */
function patternOf(call: FunctionCall): { pattern: string; sql: string } {
  const pattern = literalText(call, 1);
  if (pattern === undefined) {
    throw new Unsupported(
      `${call.name.toUpperCase()} with a pattern that is not a literal`,
      call.place,
    );
  }
  return { pattern, sql: stringLiteral(pattern) };
}

const contains: FunctionLowering = ([text], call) =>
  `regexp_matches(${text}, ${patternOf(call).sql})`;

const TOO_MANY =
  "Regular expressions passed into extraction functions must not have more than 1 capturing group";

const tooMany = (text: string) => `CASE WHEN ${text} IS NOT NULL THEN ${raise(TOO_MANY)} END`;

/** Texts in which each kind of empty match has its place. */
const PROBES = ["", "ab c", "-\n", "1a"];

/**
 * Whether a pattern may match an empty text, after which the two engines go on differently. What
 * JavaScript cannot read may.
 */
function mayBeEmpty(pattern: string): boolean {
  try {
    const [, flags = "", rest] = /^(?:\(\?([ims]+)\))?(.*)$/s.exec(pattern)!;
    const expression = new RegExp(rest, `g${flags}`);
    return PROBES.some((text) => [...text.matchAll(expression)].some(([match]) => match === ""));
  } catch {
    return true;
  }
}

/** The one group's number, 0 for the whole match. */
function groupToExtract(call: FunctionCall, pattern: string): number | undefined {
  const { count, optional } = groupsOf(pattern);
  if (optional) {
    throw new Unsupported(`${call.name.toUpperCase()} of a group that may be left out`, call.place);
  }
  return count > 1 ? undefined : count;
}

/** No match is NULL; for DuckDB it is the empty text. */
const extract: FunctionLowering = ([text], call) => {
  if (call.argumentList.length > 2) {
    throw new Unsupported(`${call.name.toUpperCase()} at a position`, call.place);
  }
  const { pattern, sql } = patternOf(call);
  const group = groupToExtract(call, pattern);
  if (group === undefined) return tooMany(text);
  return once(text, (value) => {
    const found = `regexp_extract(${value}, ${sql}, ${group})`;
    return `CASE WHEN regexp_matches(${value}, ${sql}) THEN ${found} END`;
  });
};

const extractAll: FunctionLowering = ([text], call) => {
  const { pattern, sql } = patternOf(call);
  const group = groupToExtract(call, pattern);
  if (group === undefined) return tooMany(text);
  if (mayBeEmpty(pattern)) {
    throw new Unsupported(
      "REGEXP_EXTRACT_ALL of a pattern that matches nothing at all",
      call.place,
    );
  }
  return `regexp_extract_all(${text}, ${sql}, ${group})`;
};

/** `\1` is written alike; a group that is not there is an error that DuckDB passes over. */
const replace: FunctionLowering = ([text], call) => {
  const { pattern, sql } = patternOf(call);
  const rewrite = literalText(call, 2);
  if (rewrite === undefined) {
    throw new Unsupported("REGEXP_REPLACE with a replacement that is not a literal", call.place);
  }
  const { count } = groupsOf(pattern);
  for (const [, what] of rewrite.matchAll(/\\(.?)/gs)) {
    if (what !== "\\" && !(/\d/.test(what) && Number(what) <= count)) {
      throw new Unsupported("REGEXP_REPLACE with this replacement", call.place);
    }
  }
  return `regexp_replace(${text}, ${sql}, ${stringLiteral(rewrite)}, 'g')`;
};

export const REGEXPS: [string, FunctionLowering][] = [
  ["regexp_contains", onStrings(contains)],
  ["regexp_extract", onStrings(extract)],
  ["regexp_extract_all", onStrings(extractAll)],
  ["regexp_replace", onStrings(replace)],
  ["regexp_substr", onStrings(extract)],
];
