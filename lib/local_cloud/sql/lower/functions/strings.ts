/** Strings. A STRING is Unicode text in both engines; positions count characters. */
import type { FunctionCall } from "../../resolved.ts";
import { stringLiteral } from "../../values.ts";
import { type FunctionLowering, Unsupported } from "../lowering.ts";

/** @throws {Unsupported} if the call's first argument is BYTES. */
function onlyStrings(call: FunctionCall): void {
  if (call.argumentList[0].type.kind === "STRING") return;
  const what = `${call.name.replace("$", "").toUpperCase()} of ${call.argumentList[0].type.kind}`;
  throw new Unsupported(what, call.place);
}

const onStrings = (write: FunctionLowering): FunctionLowering => (args, call, lower) => {
  onlyStrings(call);
  return write(args, call, lower);
};

/** NULL if one argument is NULL, where DuckDB's `concat` passes NULLs over. */
const concat: FunctionLowering = (args) => `(${args.join(" || ")})`;

/** A backslash escapes in GoogleSQL's patterns; DuckDB has to be told. */
const like: FunctionLowering = ([text, pattern]) => `(${text} LIKE ${pattern} ESCAPE '\\')`;

/** Without a second argument GoogleSQL trims all white space of Unicode, DuckDB spaces only. */
const WHITE_SPACE = stringLiteral(
  " \t\n\v\f\r\x85\xA0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A" +
    "\u2028\u2029\u202F\u205F\u3000",
);
const trim = (name: string): FunctionLowering => ([text, characters = WHITE_SPACE]) =>
  `${name}(${text}, ${characters})`;

/** An empty delimiter splits into characters; an empty text is one empty part. */
const split: FunctionLowering = ([text, delimiter = "','"]) =>
  `CASE WHEN ${text} = '' THEN [''] ELSE string_split(${text}, ${delimiter}) END`;

export const STRINGS: [string, FunctionLowering][] = [
  ["$like", onStrings(like)],
  ["concat", onStrings(concat)],
  ["ltrim", onStrings(trim("ltrim"))],
  ["rtrim", onStrings(trim("rtrim"))],
  ["split", onStrings(split)],
  ["trim", onStrings(trim("trim"))],
];
