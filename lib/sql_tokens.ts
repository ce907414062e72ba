/**
 * Edits of GoogleSQL by token: names are replaced and options set without being fooled by strings
 * and comments, and everything else stays as it is written, to the byte.
 *
 * @see https://github.com/google/zetasql/blob/master/docs/lexical.md
 */

interface Token {
  kind: "name" | "quoted" | "string" | "number" | "symbol";
  /** As written; for a quoted name what is between its backticks. */
  text: string;
  /** Characters from the start of the statement; `end` is the one after the token. */
  start: number;
  end: number;
}

/** A value as an option of `OPTIONS (…)` takes it. */
export type OptionValue = string | number | boolean;

/** What {@link replaceNames} puts in place of what. */
export interface Naming {
  /** The dataset that the statement names. */
  from: string;
  /** The dataset to name instead: `dataset` or `project.dataset`. */
  to: string;
  /**
   * Tables, models and functions of the dataset that are called otherwise: the name in the statement
   * → `name`, `dataset.name` or `project.dataset.name`. Default none.
   */
  names?: Readonly<Record<string, string>>;
}

const PATTERN = new RegExp(
  [
    /(?<blank>\s+|#[^\n]*|--[^\n]*|\/\*[^]*?\*\/)/,
    /(?<string>(?:[rR][bB]?|[bB][rR]?)?(?:"""(?:\\[^]|[^\\])*?"""|'''(?:\\[^]|[^\\])*?'''|"(?:\\[^]|[^"\\\n])*"|'(?:\\[^]|[^'\\\n])*'))/,
    /(?<quoted>`(?:\\[^]|[^`\\])*`)/,
    /(?<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/,
    /(?<name>@{0,2}[A-Za-z_]\w*)/,
    /(?<symbol>[^])/,
  ].map((part) => part.source).join("|"),
  "g",
);

function tokenize(sql: string): Token[] {
  const tokens: Token[] = [];
  for (const match of sql.matchAll(PATTERN)) {
    const groups = match.groups ?? {};
    const kind = Object.keys(groups).find((name) => groups[name] !== undefined);
    if (kind === undefined || kind === "blank") continue;
    tokens.push({
      kind: kind as Token["kind"],
      text: kind === "quoted" ? match[0].slice(1, -1) : match[0],
      start: match.index,
      end: match.index + match[0].length,
    });
  }
  return tokens;
}

interface Edit {
  start: number;
  end: number;
  text: string;
}

function apply(sql: string, edits: Edit[]): string {
  let done = "";
  let from = 0;
  for (const { start, end, text } of edits) {
    done += sql.slice(from, start) + text;
    from = end;
  }
  return done + sql.slice(from);
}

/**
 * The statement with the dataset's name, and the names of some of its relations, replaced wherever
 * a path begins with them: `a.t`, `` `a.t` ``, `` `a`.t ``. Names in strings and comments, and
 * columns that happen to be called so, stay.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const naming = { from: "shop", to: "my-project.test", names: { events: "events_2021" } };
 * assertEquals(
 *   replaceNames("SELECT 'shop.events' FROM shop.events", naming),
 *   "SELECT 'shop.events' FROM `my-project.test.events_2021`",
 * );
 * ```
 */
export function replaceNames(sql: string, naming: Naming): string {
  const tokens = tokenize(sql);
  const edits: Edit[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const path = pathAt(tokens, i);
    if (!path || path.parts[0] !== naming.from) continue;
    const written = tokens[path.last];
    // Fields behind the relation stay as they are: `a.t`.field, a.t.field.
    const rest = path.parts.slice(2).map((part) => `.${part}`).join("");
    const text = nameOf(path.parts[1], naming);
    if (text !== `${naming.from}.${path.parts[1]}`) {
      edits.push({ start: tokens[i].start, end: written.end, text: `\`${text}\`${rest}` });
    }
    i = path.last;
  }
  return apply(sql, edits);
}

function nameOf(relation: string, { to, names = {} }: Naming): string {
  const name = Object.hasOwn(names, relation) ? names[relation] : relation;
  return name.includes(".") ? name : `${to}.${name}`;
}

/** The path of a relation that begins at token `at`: at least two parts, and the last token of it. */
function pathAt(tokens: Token[], at: number): { parts: string[]; last: number } | undefined {
  const first = tokens[at];
  if (tokens[at - 1]?.text === "." || !isName(first)) return undefined;
  if (first.kind === "quoted" && first.text.includes(".")) {
    return { parts: first.text.split("."), last: at };
  }
  const second = tokens[at + 2];
  if (tokens[at + 1]?.text !== "." || !isName(second)) return undefined;
  return { parts: [first.text, second.text], last: at + 2 };
}

function isName(token: Token | undefined): boolean {
  return token?.kind === "name" || token?.kind === "quoted";
}

/**
 * The statement with values of its `OPTIONS (…)` replaced. Query parameters are not allowed there,
 * so this is how settings such as the number of clusters reach a CREATE MODEL.
 *
 * @throws {RangeError} If the statement does not set an option of such a name already.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const sql = "CREATE MODEL m OPTIONS (model_type = 'kmeans', num_clusters = 4) AS SELECT 4 AS x";
 * assertEquals(setOptions(sql, { num_clusters: 5 }), sql.replace("= 4", "= 5"));
 * ```
 */
export function setOptions(sql: string, options: Readonly<Record<string, OptionValue>>): string {
  const places = optionPlaces(sql);
  const edits = Object.entries(options).map(([name, value]) => {
    const place = places.get(name.toLowerCase());
    if (place) return { ...place, text: literal(value) };
    throw new RangeError(
      `Cannot set the option ${name} as the statement must set it already: ` +
        `its options are ${[...places.keys()].join(", ") || "none"}`,
    );
  });
  return apply(sql, edits.sort((a, b) => a.start - b.start));
}

/** Where the value of each option is written, by the option's name in lower case. */
function optionPlaces(sql: string): Map<string, { start: number; end: number }> {
  const places = new Map<string, { start: number; end: number }>();
  const tokens = tokenize(sql);
  const open = tokens.findIndex((token, i) =>
    token.kind === "name" && token.text.toUpperCase() === "OPTIONS" && tokens[i + 1]?.text === "("
  );
  if (open < 0) return places;
  for (let i = open + 2; i < tokens.length && tokens[i - 1].text !== ")"; i++) {
    const end = endOfValue(tokens, i);
    if (tokens[i + 1]?.text === "=" && end > i + 2) {
      places.set(tokens[i].text.toLowerCase(), {
        start: tokens[i + 2].start,
        end: tokens[end - 1].end,
      });
    }
    i = end;
  }
  return places;
}

/** The index of the comma or bracket that ends the option beginning at token `from`. */
function endOfValue(tokens: Token[], from: number): number {
  let depth = 0;
  for (let i = from; i < tokens.length; i++) {
    if (tokens[i].kind !== "symbol") continue;
    if ("([".includes(tokens[i].text)) depth++;
    else if (depth === 0 && ",)".includes(tokens[i].text)) return i;
    else if (")]".includes(tokens[i].text)) depth--;
  }
  return tokens.length;
}

function literal(value: OptionValue): string {
  if (typeof value === "string") {
    return `'${value.replace(/[\\']/g, "\\$&").replace(/\n/g, "\\n")}'`;
  }
  return typeof value === "boolean" ? String(value).toUpperCase() : String(value);
}
