/**
 * GoogleSQL's tokens: enough of them to find names and calls without being fooled by strings,
 * comments and quoted identifiers.
 *
 * @see https://github.com/google/zetasql/blob/master/docs/lexical.md
 */

export interface Token {
  kind: "name" | "quoted" | "string" | "number" | "symbol" | "parameter";
  /** As written; for a quoted name what is between its backticks. */
  text: string;
  /** Characters from the start of the statement. */
  start: number;
  end: number;
}

const PATTERN = new RegExp(
  [
    /(?<space>\s+|#[^\n]*|--[^\n]*|\/\*[^]*?\*\/)/,
    /(?<string>(?:[rR][bB]?|[bB][rR]?)?(?:"""(?:\\[^]|[^\\])*?"""|'''(?:\\[^]|[^\\])*?'''|"(?:\\[^]|[^"\\\n])*"|'(?:\\[^]|[^'\\\n])*'))/,
    /(?<quoted>`(?:\\[^]|[^`\\])*`)/,
    /(?<parameter>@@[A-Za-z_][\w.]*|@[A-Za-z_]\w*|\?)/,
    /(?<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![A-Za-z_])|0[xX][0-9a-fA-F]+)/,
    /(?<name>[A-Za-z_]\w*)/,
    /(?<symbol>[^])/,
  ].map((part) => part.source).join("|"),
  "gy",
);

/** The tokens of a statement or script, comments and white space left out. */
export function tokenize(sql: string): Token[] {
  const tokens: Token[] = [];
  for (const match of sql.matchAll(PATTERN)) {
    const groups = match.groups ?? {};
    const kind = Object.keys(groups).find((name) => groups[name] !== undefined);
    if (kind === undefined || kind === "space") continue;
    const text = kind === "quoted" ? match[0].slice(1, -1) : match[0];
    tokens.push({
      kind: kind as Token["kind"],
      text,
      start: match.index,
      end: match.index + match[0].length,
    });
  }
  return tokens;
}

/** Whether a token is this keyword or symbol. */
export function isWord(token: Token | undefined, word: string): boolean {
  return token !== undefined && (token.kind === "name" || token.kind === "symbol") &&
    token.text.toUpperCase() === word;
}

/** A dotted path of names: its parts, and the index of the token after it. */
export interface Path {
  parts: string[];
  next: number;
}

/**
 * Reads a path of names from token `at`: `a.b`, `` `a.b`.c ``, `my-project.a.b`. A quoted name with
 * dots in it is several parts, as in BigQuery.
 */
export function readPath(tokens: Token[], at: number): Path | undefined {
  const parts: string[] = [];
  let next = at;
  for (;;) {
    const token = tokens[next];
    if (token?.kind === "quoted") parts.push(...token.text.split("."));
    else if (token?.kind === "name") {
      let text = token.text;
      // Only a project's name has dashes, and nothing stands between its pieces.
      while (
        parts.length === 0 && isWord(tokens[next + 1], "-") &&
        tokens[next + 1].start === tokens[next].end &&
        tokens[next + 2]?.start === tokens[next + 1].end
      ) {
        text += `-${tokens[next + 2].text}`;
        next += 2;
      }
      parts.push(text);
    } else return undefined;
    if (!isWord(tokens[next + 1], ".")) return { parts, next: next + 1 };
    next += 2;
  }
}

/** The index of the bracket that closes the one at `open`, and the commas between the two. */
export function matching(
  tokens: Token[],
  open: number,
): { close: number; commas: number[] } | undefined {
  const commas: number[] = [];
  let depth = 0;
  for (let i = open; i < tokens.length; i++) {
    if (tokens[i].kind !== "symbol") continue;
    if ("([".includes(tokens[i].text)) depth++;
    else if (")]".includes(tokens[i].text) && --depth === 0) return { close: i, commas };
    else if (tokens[i].text === "," && depth === 1) commas.push(i);
  }
  return undefined;
}
