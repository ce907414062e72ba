/** Strings. A STRING is Unicode text in both engines; positions count code points. */
import type { FunctionCall } from "../../resolved.ts";
import { stringLiteral } from "../../values.ts";
import { type FunctionLowering, once, raise, refuse, Unsupported } from "../lowering.ts";

/** The refusal of a call by the type of its first argument. */
const refused = (call: FunctionCall) =>
  new Unsupported(
    `${call.name.replace("$", "").toUpperCase()} of ${call.argumentList[0].type.kind}`,
    call.place,
  );

/** Refuses a call whose first argument is BYTES. */
export const onStrings = (write: FunctionLowering): FunctionLowering => (args, call, lower) => {
  if (call.argumentList[0].type.kind !== "STRING") throw refused(call);
  return write(args, call, lower);
};

/** A literal STRING argument's text; `undefined` if it is anything else, NULL included. */
export function literalText(call: FunctionCall, position: number): string | undefined {
  const node = call.argumentList[position];
  return node?.kind === "Literal" ? node.value.stringValue : undefined;
}

/** The code points of a text; splitting at the empty text would keep combining marks together. */
export const codePoints = (text: string): string => `regexp_extract_all(${text}, '(?s).')`;

/** NULL if one argument is NULL, where DuckDB's `concat` passes NULLs over. */
const concat: FunctionLowering = (args) => `(${args.join(" || ")})`;

/** Without a second argument GoogleSQL trims all white space of Unicode, DuckDB spaces only. */
const ASCII_SPACE = " \t\n\v\f\r";
const WHITE_SPACE = ASCII_SPACE +
  "\x85\xA0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A\u2028\u2029\u202F\u205F\u3000";

/** A short list of characters is searched ten times faster, so an ASCII text gets that. */
const trim = (name: string): FunctionLowering => ([text, characters]) => {
  if (characters !== undefined) return `${name}(${text}, ${characters})`;
  const of = (value: string, space: string) => `${name}(${value}, ${stringLiteral(space)})`;
  return once(
    text,
    (value) =>
      `CASE WHEN ${isAscii(value)} THEN ${of(value, ASCII_SPACE)} ELSE ${
        of(value, WHITE_SPACE)
      } END`,
  );
};

/** An empty delimiter splits into code points; an empty text is one empty part. */
const split: FunctionLowering = ([text, delimiter = "','"], call) => {
  const literal = call.argumentList.length === 1 ? "," : literalText(call, 1);
  return once(text, (value) => {
    const points = codePoints(value);
    if (literal === "") return `CASE WHEN ${value} = '' THEN [''] ELSE ${points} END`;
    if (literal !== undefined) {
      return `CASE WHEN ${value} = '' THEN [''] ELSE string_split(${value}, ${delimiter}) END`;
    }
    return once(
      delimiter,
      (by) =>
        `CASE WHEN ${by} IS NULL THEN NULL WHEN ${value} = '' THEN [''] WHEN ${by} = '' THEN ${points} ELSE string_split(${value}, ${by}) END`,
    );
  });
};

/** DuckDB takes no position beyond 32 bits. */
const FAR = 2_147_483_647;
const near = (n: string) => `least(${n}, ${FAR})`;

/** A position counts from 1, from the end if negative; 0 is 1, and too far back is the start. */
function position(at: string, length: string): string {
  const literal = /^\((\d+)\)::BIGINT$/.exec(at);
  if (literal !== null) return String(Math.min(FAR, Math.max(1, Number(literal[1]))));
  return once(
    at,
    (p) =>
      `CASE WHEN ${p} > 0 THEN ${
        near(p)
      } WHEN ${p} = 0 THEN 1 ELSE greatest(1, ${length} + greatest(${p}, -${FAR}) + 1) END`,
  );
}

/** `SUBSTR(s, -2, 1)` → `substring` at a position counted from the start. */
const substr: FunctionLowering = ([text, at, count], call) =>
  call.argumentList[0].type.kind === "BYTES"
    ? substrBytes([text, at, count])
    : once(text, (value) => {
      const from = position(at, `length(${value})`);
      if (count === undefined) return nullIfNull([at], `substring(${value}, ${from})`);
      const negative = raise("Third argument in SUBSTR() cannot be negative");
      return once(count, (n) =>
        nullIfNull(
          [value, at, n],
          `CASE WHEN ${n} < 0 THEN ${negative} ELSE substring(${value}, ${from}, ${near(n)}) END`,
        ));
    });

/** A part of BYTES through its hexadecimal digits: DuckDB cuts no BLOB. */
const substrBytes = ([bytes, at, count]: (string | undefined)[]): string =>
  once(bytes!, (value) => {
    const digits = `hex(${value})`;
    return once(position(at!, `octet_length(${value})`), (from) => {
      const start = `CAST(${from} AS BIGINT) * 2 - 1`;
      if (count === undefined) {
        return nullIfNull([value, at!], `from_hex(substring(${digits}, ${start}))`);
      }
      return once(count, (n) => {
        const negative = raise("Third argument in SUBSTR() cannot be negative");
        const part = `from_hex(substring(${digits}, ${start}, least(${n}, 1073741823) * 2))`;
        return nullIfNull([value, at!, n], `CASE WHEN ${n} < 0 THEN ${negative} ELSE ${part} END`);
      });
    });
  });

/** Functions such as `least` and `greatest` pass NULL over. */
const nullIfNull = (values: string[], sql: string): string => {
  const maybe = values.filter((value) => !/^\(-?\d+\)::BIGINT$/.test(value));
  if (maybe.length === 0) return sql;
  const given = maybe.map((value) => `${value} IS NOT NULL`).join(" AND ");
  return `CASE WHEN ${given} THEN ${sql} END`;
};

/** LEFT and RIGHT: an error for a negative count, which DuckDB counts from the other end. */
const side = (name: "left" | "right"): FunctionLowering => ([text, count]) =>
  once(count, (n) => {
    const negative = raise(`Second argument in ${name.toUpperCase()}() cannot be negative`);
    return nullIfNull(
      [text, n],
      `CASE WHEN ${n} < 0 THEN ${negative} ELSE ${name}(${text}, ${near(n)}) END`,
    );
  });

/** What a STRING may at most hold, which keeps a slip from filling the memory. */
const MOST_BYTES = 1_048_576;

const repeat: FunctionLowering = ([text, count]) =>
  once(text, (value) =>
    once(count, (n) => {
      const negative = raise("Second argument (repeat count) for REPEAT cannot be negative");
      const long = raise(
        `Output of REPEAT exceeds max allowed output size of ${MOST_BYTES / 1024 / 1024}MB`,
      );
      return nullIfNull(
        [value, n],
        `CASE WHEN ${n} < 0 THEN ${negative} WHEN strlen(${value})::HUGEINT * ${n} > ${MOST_BYTES} THEN ${long} ELSE repeat(${value}, ${n}) END`,
      );
    }));

/** LPAD and RPAD: DuckDB cuts a text that is too long as GoogleSQL does. */
const pad = (name: "lpad" | "rpad"): FunctionLowering => ([text, count, filler = "' '"]) =>
  once(text, (value) =>
    once(count, (n) =>
      once(filler, (fill) => {
        const negative = raise("Second argument (output size) for LPAD/RPAD cannot be negative");
        const empty = raise("Third argument (pad pattern) for LPAD/RPAD cannot be empty");
        const long = raise("Output of LPAD/RPAD exceeds max allowed output size of 1MB");
        return nullIfNull(
          [value, n, fill],
          `CASE WHEN ${n} < 0 THEN ${negative} WHEN ${fill} = '' THEN ${empty} WHEN ${n} > ${MOST_BYTES} THEN ${long} ELSE ${name}(${value}, CAST(${n} AS INTEGER), ${fill}) END`,
        );
      })));

/** INSTR of two arguments is STRPOS, but for what is empty. */
const instr: FunctionLowering = ([text, part], call) => {
  if (call.argumentList.length > 2) throw new Unsupported("INSTR at a position", call.place);
  return `instr(${text}, ${part})`;
};

/** Code point by code point; DuckDB keeps combining marks where they are. */
const reverse: FunctionLowering = ([text]) =>
  once(
    text,
    (value) =>
      `CASE WHEN ${
        isAscii(value)
      } AND NOT contains(${value}, chr(13)) THEN reverse(${value}) ELSE array_to_string(list_reverse(${
        codePoints(value)
      }), '') END`,
  );

/** A text of as many bytes as code points. */
const isAscii = (text: string) => `strlen(${text}) = length(${text})`;

/** Letters that become several in capitals, but for ß, and in small letters those by their place. */
const SEVERAL =
  "[\u0149\u01F0\u0390\u03B0\u0587\u1E96-\u1E9A\u1F50\u1F52\u1F54\u1F56\u1F80-\u1FAF\u1FB2-\u1FB4\u1FB6\u1FB7\u1FBC\u1FC2-\u1FC4\u1FC6\u1FC7\u1FCC\u1FD2\u1FD3\u1FD6\u1FD7\u1FE2-\u1FE4\u1FE6\u1FE7\u1FF2-\u1FF4\u1FF6\u1FF7\u1FFC\uFB00-\uFB06\uFB13-\uFB17]";
const BY_PLACE = "\u03A3";

/**
 * UPPER and LOWER: DuckDB maps letter to letter, GoogleSQL letter to letters. ß and İ are common
 * enough to be written; a text with another such letter, or with a Σ whose small form depends on its
 * place, is refused when it is met.
 */
const cased =
  (name: "lower" | "upper", from: string, to: string, rare: string): FunctionLowering => ([text]) =>
    once(
      text,
      (value) =>
        `CASE WHEN ${
          isAscii(value)
        } THEN ${name}(${value}) WHEN regexp_matches(${value}, '${rare}') THEN ${
          refuse(`${name.toUpperCase()} of such a letter`)
        } ELSE ${name}(replace(${value}, '${from}', '${to}')) END`,
    );

export const STRINGS: [string, FunctionLowering][] = [
  ["concat", concat],
  ["char_length", onStrings(([text]) => `length(${text})`)],
  ["ends_with", onStrings(([text, end]) => `suffix(${text}, ${end})`)],
  ["left", onStrings(side("left"))],
  ["lower", onStrings(cased("lower", "\u0130", "i\u0307", BY_PLACE))],
  ["lpad", onStrings(pad("lpad"))],
  ["ltrim", onStrings(trim("ltrim"))],
  ["repeat", onStrings(repeat)],
  ["replace", onStrings(([text, from, to]) => `replace(${text}, ${from}, ${to})`)],
  ["reverse", onStrings(reverse)],
  ["right", onStrings(side("right"))],
  ["rpad", onStrings(pad("rpad"))],
  ["rtrim", onStrings(trim("rtrim"))],
  ["split", onStrings(split)],
  ["starts_with", onStrings(([text, start]) => `starts_with(${text}, ${start})`)],
  ["instr", onStrings(instr)],
  ["strpos", onStrings(([text, part]) => `instr(${text}, ${part})`)],
  ["substr", substr],
  ["trim", onStrings(trim("trim"))],
  ["upper", onStrings(cased("upper", "ß", "SS", SEVERAL))],
];
