/**
 * PARSE_DATE and its kin: a constant format becomes a pattern whose groups are the numbers. DuckDB's
 * `strptime` reads other texts than GoogleSQL does: it minds white space, and takes no short numbers.
 */
import type { FunctionCall } from "../../resolved.ts";
import { stringLiteral } from "../../values.ts";
import { type FunctionLowering, once, Unsupported } from "../lowering.ts";
import { failure } from "../casts/lowering.ts";
import { ofZone, withinYears, zoneOf } from "../zones.ts";
import { formatOf } from "./date_format.ts";

/** What an element reads; a short number is one of fewer digits than `width`. */
interface Element {
  group: string;
  width?: number;
  pattern?: string;
}

type Elements = Record<string, Element>;

const MONTH_NAMES =
  "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:tember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?";

const DATE_ELEMENTS: Elements = {
  B: { group: "b", pattern: `(?i:${MONTH_NAMES})` },
  b: { group: "b", pattern: `(?i:${MONTH_NAMES})` },
  "4Y": { group: "y", pattern: "[0-9]{1,4}" },
  d: { group: "d", width: 2 },
  m: { group: "m", width: 2 },
  Y: { group: "y", width: 4 },
};

const TIME_ELEMENTS: Elements = {
  "E*S": { group: "s", pattern: "[0-9]{1,2}(?:\\.[0-9]+)?" },
  H: { group: "h", width: 2 },
  M: { group: "i", width: 2 },
  S: { group: "s", width: 2 },
};

/** Elements that stand for several, or for a number that may have spaces before it. */
const COMPOSED: Record<string, string[]> = {
  e: [" ", "d"],
  F: ["4Y", "-", " ", "m", "-", " ", "d"],
  T: [" ", "H", ":", " ", "M", ":", " ", "S"],
};

const SPACE = "[ \\t\\n\\v\\f\\r]";

interface Piece {
  text: string;
  element?: string;
}

/** A format's pieces: composed elements taken apart, texts side by side made one. */
function piecesOf(call: FunctionCall): Piece[] {
  const pieces: Piece[] = [];
  for (const { text, element } of formatOf(call)) {
    const parts = COMPOSED[element ?? ""] ?? [element ?? text];
    for (const part of parts) {
      const last = pieces[pieces.length - 1];
      const isText = element === undefined || !/\w/.test(part);
      if (!isText) pieces.push({ text: "", element: part });
      else if (last !== undefined && last.element === undefined) last.text += part;
      else pieces.push({ text: part });
    }
  }
  return pieces;
}

const escaped = (text: string) => text.replace(/[^\w\s]/g, "\\$&").replace(/\s+/g, `${SPACE}*`);

/**
 * A number takes all the digits it may have. So it may be short only if what follows in the text
 * cannot be a digit: a space that may be left out then belongs to the short number. What GoogleSQL
 * reads beyond that (`2020131` as January 31st) is an error here.
 */
function numberPattern(width: number, [next, afterNext]: Piece[], known: Elements): string {
  const isNumber = (piece?: Piece) => known[piece?.element ?? ""]?.width !== undefined;
  const spaced = next?.element === undefined && /^\s+$/.test(next?.text ?? "");
  const year = width === 4;
  if (spaced && isNumber(afterNext)) {
    return year ? `0[0-9]{4}|[0-9]{1,4}${SPACE}` : `[0-9]{2}|[0-9]${SPACE}`;
  }
  if (isNumber(next) || /^\d/.test(next?.text ?? "")) return `[0-9]{${width}}`;
  return year ? "0?[0-9]{1,4}" : "[0-9]{1,2}";
}

/** The pattern of a format, and its groups in order. */
function patternOf(
  call: FunctionCall,
  known: Elements,
): { pattern: string; groups: string[] } {
  const pieces = piecesOf(call);
  const groups: string[] = [];
  const patterns = pieces.map(({ text, element: letter }, i) => {
    if (letter === undefined) return escaped(text);
    const element = known[letter];
    if (element === undefined || groups.includes(element.group)) {
      throw new Unsupported(`${call.name.toUpperCase()} with %${letter}`, call.place);
    }
    groups.push(element.group);
    return `(${element.pattern ?? numberPattern(element.width!, pieces.slice(i + 1), known)})`;
  });
  if (groups.length === 0) {
    throw new Unsupported(`${call.name.toUpperCase()} of no part`, call.place);
  }
  return { pattern: `${SPACE}*${patterns.join("")}${SPACE}*`, groups };
}

const part = (groups: string[], name: string, missing: string) =>
  groups.includes(name) ? `trim(found.${name})` : `'${missing}'`;

/** `jan` → 1: each name's first three letters, in a row. */
const MONTH =
  `CAST((instr('janfebmaraprmayjunjulaugsepoctnovdec', lower(left(found.b, 3))) + 2) // 3 AS VARCHAR)`;

/** The DATETIME that the groups say, NULL if there is none; a second 60 is the next minute's first. */
function datetimeOf(groups: string[]): string {
  const month = groups.includes("b") ? MONTH : part(groups, "m", "1");
  const date = `${lpad(part(groups, "y", "1970"), 4)} || '-' || ${lpad(month, 2)} || '-' || ${
    lpad(part(groups, "d", "1"), 2)
  }`;
  const [hour, minute] = [part(groups, "h", "0"), part(groups, "i", "0")];
  const [second, fraction] = secondOf(part(groups, "s", "0"));
  const whole = `TRY_CAST(${date} || ' ' || ${lpad(hour, 2)} || ':' || ${
    lpad(minute, 2)
  } AS TIMESTAMP)`;
  return `CASE WHEN ${second} <= 60 AND ${hour} NOT IN ('24') THEN ${whole} + to_seconds(${second}) + to_microseconds(CASE WHEN ${second} < 60 THEN ${fraction} ELSE 0 END) END`;
}

/** Whole seconds and microseconds; digits past the sixth do not count. */
function secondOf(sql: string): [string, string] {
  const digits = `rpad(left(split_part(${sql}, '.', 2), 6), 6, '0')`;
  return [`CAST(split_part(${sql}, '.', 1) AS INTEGER)`, `CAST(${digits} AS INTEGER)`];
}

const lpad = (sql: string, width: number) => `lpad(right(${sql}, ${width}), ${width}, '0')`;

/** The usual width of each number, as a pattern; a second 60 is none that `strptime` knows. */
const FIXED: Record<string, string> = {
  d: "[0-9]{2}",
  H: "[0-9]{2}",
  M: "[0-9]{2}",
  m: "[0-9]{2}",
  S: "[0-5][0-9]",
  Y: "[0-9]{4}",
};

const element = (letter: string): Piece => ({ text: "", element: letter });
const COMPOSED_FIXED: Record<string, Piece[]> = {
  F: [element("Y"), { text: "-" }, element("m"), { text: "-" }, element("d")],
  T: [element("H"), { text: ":" }, element("M"), { text: ":" }, element("S")],
};

/**
 * A text with all its digits is read by `strptime`, more than ten times faster; `undefined` for a
 * format that has other elements, or not a whole date.
 */
function fixedForm(call: FunctionCall): { pattern: string; format: string } | undefined {
  const pieces = formatOf(call).flatMap((piece) => COMPOSED_FIXED[piece.element ?? ""] ?? [piece]);
  const letters = pieces.map(({ element }) => element).filter((letter) => letter !== undefined);
  if (!["Y", "m", "d"].every((letter) => letters.includes(letter))) return undefined;
  if (letters.some((letter) => !(letter in FIXED))) return undefined;
  if (pieces.some(({ text }) => text.includes("%"))) return undefined;
  const literal = (text: string) => text.replace(/[^\w\s]/g, "\\$&");
  const pattern = pieces.map(({ text, element }) => element ? FIXED[element] : literal(text));
  const format = pieces.map(({ text, element }) => element ? `%${element}` : text);
  return { pattern: pattern.join(""), format: format.join("") };
}

const parse = (kind: "DATE" | "DATETIME" | "TIMESTAMP"): FunctionLowering => ([, text], call) => {
  const known = kind === "DATE" ? DATE_ELEMENTS : { ...DATE_ELEMENTS, ...TIME_ELEMENTS };
  const { pattern, groups } = patternOf(call, known);
  if (groups.includes("b") && groups.includes("m")) {
    throw new Unsupported(`${call.name.toUpperCase()} with two months`, call.place);
  }
  const zone = zoneOf(kind === "TIMESTAMP" ? call.argumentList[2] : undefined);
  return once(text, (value) => {
    const bad = failure(call)(`'Failed to parse input string "' || ${value} || '"'`);
    const names = groups.map((group) => `'${group}'`).join(", ");
    const found = `regexp_extract(${value}, ${stringLiteral(`^${pattern}$`)}, [${names}])`;
    const civil = `list_transform([${found}], lambda found: ${datetimeOf(groups)})[1]`;
    const branch = (pattern: string, civil: string) =>
      `WHEN regexp_full_match(${value}, ${stringLiteral(pattern)}) THEN coalesce(${civil}, ${bad})`;
    const fixed = fixedForm(call);
    const fast = fixed === undefined
      ? ""
      : branch(fixed.pattern, `try_strptime(${value}, ${stringLiteral(fixed.format)})`);
    const read = `CASE ${fast} ${branch(pattern, civil)} WHEN ${value} IS NOT NULL THEN ${bad} END`;
    const typed = withinYears(read, "DATETIME", "Invalid result from parsing function");
    if (kind === "DATE") return `CAST(${typed} AS DATE)`;
    return kind === "TIMESTAMP" ? ofZone(typed, zone) : typed;
  });
};

export const DATE_PARSES: [string, FunctionLowering][] = [
  ["parse_date", parse("DATE")],
  ["parse_datetime", parse("DATETIME")],
  ["parse_timestamp", parse("TIMESTAMP")],
];
