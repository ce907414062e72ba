/** Takes a script apart into its statements. */
import { invalidQuery } from "../errors.ts";
import { isWord, type Token, tokenize } from "./tokens.ts";
import { lineAndColumn } from "./rewrite.ts";

/** First words of statements that only a script has. */
const PROCEDURAL = [
  "BEGIN",
  "BREAK",
  "CALL",
  "CASE",
  "CONTINUE",
  "COMMIT",
  "DECLARE",
  "EXECUTE",
  "FOR",
]
  .concat([
    "IF",
    "ITERATE",
    "LEAVE",
    "LOOP",
    "RAISE",
    "REPEAT",
    "RETURN",
    "ROLLBACK",
    "SET",
    "WHILE",
  ]);

/**
 * The statements of a script, split at the semicolons between them; a single one may end in one.
 * Each keeps what stands before it as blank lines, so that its messages name the script's lines.
 *
 * @throws {CloudError} `invalidQuery` for procedural statements and ALTER, which are not supported.
 */
export function splitScript(sql: string): string[] {
  const statements: string[] = [];
  let start = 0;
  let first = true;
  for (const token of tokenize(sql)) {
    if (first) refuseByWord(sql, token);
    first = false;
    if (!isWord(token, ";")) continue;
    statements.push(blank(sql.slice(0, start)) + sql.slice(start, token.start));
    start = token.end;
    first = true;
  }
  const rest = sql.slice(start);
  if (tokenize(rest).length > 0) statements.push(blank(sql.slice(0, start)) + rest);
  return statements.filter((statement) => tokenize(statement).length > 0);
}

/** The analyzer would look for the table of an ALTER, and say that it is not there. */
function refuseByWord(sql: string, token: Token): void {
  const word = token.text.toUpperCase();
  const what = PROCEDURAL.some((name) => isWord(token, name))
    ? `${word} in a script`
    : isWord(token, "ALTER")
    ? word
    : undefined;
  if (what === undefined) return;
  const place = lineAndColumn(sql, token.start);
  throw invalidQuery(`${what} is not supported by the local warehouse at [${place}]`);
}

const blank = (text: string) => text.replaceAll(/[^\n]/g, " ");
