/** Where the links of a notebook lead once it is a page of the book. */
import { basename, join, normalize } from "node:path/posix";
import type { Token } from "markdown-it";

/** What a link in a notebook is for. */
export type Destination =
  /** Another page of the book, a heading, or the web. */
  | { to: "page" | "heading" | "web"; address: string }
  /** A file of the repository, which has no page: its path from the root. */
  | { to: "file"; path: string }
  | { to: "nowhere" };

/** The id that a heading with these words has, before others of the same name are told apart. */
export function headingId(words: string): string {
  const id = words.normalize("NFKD").toLowerCase()
    .replaceAll(/[^\p{Letter}\p{Number}]+/gu, "-").replaceAll(/^-|-$/g, "");
  return id || "section";
}

/** Where a text with links stands, and which files it can lead to. */
export interface Place {
  /** Folder of the text's file, from the root of the repository, such as `notebooks`. */
  folder: string;
  /** The pages of the book, by the paths of their files from the root. */
  pages: ReadonlyMap<string, string>;
}

function destinationOf(href: string, { folder, pages }: Place): Destination {
  if (/^(https?:\/\/|mailto:)/i.test(href)) return { to: "web", address: href };
  if (/^([a-z][a-z0-9+.-]*:|\/)/i.test(href)) return { to: "nowhere" };
  const [path, fragment] = decoded(href).split("#");
  const anchor = fragment ? `#${headingId(fragment)}` : "";
  if (path === "") return { to: "heading", address: anchor };
  const fromRoot = normalize(join(folder, path));
  const page = pages.get(fromRoot);
  if (page !== undefined) return { to: "page", address: encodeURI(page) + anchor };
  return { to: "file", path: fromRoot };
}

/** The page of a notebook. */
export function pageOf(notebook: string): string {
  return notebook.replace(/\.ipynb$/, ".html");
}

/**
 * The Markdown files that a text links to, by their paths from the root of the repository.
 *
 * @param folder Of the text's file, from the root.
 */
export function linkedTexts(source: string, folder: string): string[] {
  return [...source.matchAll(/\]\(([^)#\s:]+\.md)(?:#[^)\s]*)?\)/g)]
    .map(([, path]) => normalize(join(folder, decoded(path))))
    .filter((path) => !path.startsWith("..") && !path.startsWith("/"));
}

/** Rewrites the links and pictures among the tokens of a line. */
export function linked(tokens: Token[], place: Place): Token[] {
  const done: Token[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (token.type === "image") done.push(...withoutFetching(token, place));
    else if (token.type !== "link_open") done.push(token);
    else {
      const end = tokens.findIndex(({ type }, index) => index > at && type === "link_close");
      const inner = linked(tokens.slice(at + 1, end), place);
      done.push(...linkTo(token, inner, { close: tokens[end], place }));
      at = end;
    }
  }
  return done;
}

interface Around {
  close: Token;
  place: Place;
}

function linkTo(open: Token, inner: Token[], { close, place }: Around): Token[] {
  const destination = destinationOf(String(open.attrGet("href") ?? ""), place);
  if (destination.to === "nowhere") return inner;
  if (destination.to === "file") return named(inner, destination.path, open);
  open.attrSet("href", destination.address);
  if (destination.to === "web") open.attrSet("rel", "noreferrer");
  return [open, ...inner, close];
}

/** A file that has no page is named: `the features (lib/features.ts)`. */
function named(inner: Token[], path: string, like: Token): Token[] {
  const file = token(like, "code_inline", path);
  const words = wordsOf(inner);
  if ([path, `../${path}`, basename(path)].includes(words)) return [file];
  return [...inner, token(like, "text", " ("), file, token(like, "text", ")")];
}

/** A picture that is a file or on the web would have to be fetched: its words take its place. */
function withoutFetching(image: Token, place: Place): Token[] {
  const source = String(image.attrGet("src") ?? "");
  if (/^data:image\//i.test(source)) return [image];
  const destination = destinationOf(source, place);
  const words = [token(image, "text", wordsOf(image.children ?? []) || "Picture")];
  return destination.to === "file" ? named(words, destination.path, image) : words;
}

/** A token without children, of the class of another one, which the package keeps to itself. */
export function token(like: Token, type: string, content: string): Token {
  const made: Token = Object.create(Object.getPrototypeOf(like));
  const blank = { attrs: null, map: null, children: null, meta: null, info: "", hidden: false };
  return Object.assign(made, blank, {
    type,
    content,
    tag: type === "code_inline" ? "code" : "",
    nesting: 0 as const,
    level: like.level,
    markup: "",
    block: false,
  });
}

/** What is read out of the tokens of a line, without marks. */
export function wordsOf(tokens: readonly Token[]): string {
  return tokens.map(({ type, content, children }) =>
    type === "image" ? wordsOf(children ?? []) : /break$/.test(type) ? " " : content
  ).join("").trim();
}

/** Percent signs that encode nothing are left as they are. */
function decoded(href: string): string {
  try {
    return decodeURIComponent(href);
  } catch {
    return href;
  }
}
