/** The Markdown of a notebook as HTML. */
import MarkdownIt, { type Token } from "markdown-it";
import { highlighted } from "./highlighted.ts";
import { html, Markup } from "./html.ts";
import { headingId, linked, type Place, token, wordsOf } from "./links.ts";

/** A heading that one can link to. */
export interface Heading {
  /** 1 for the title of a chapter, 2 for its sections, and so on. */
  level: number;
  id: string;
  words: string;
}

/** One cell's prose. */
export interface Prose {
  body: Markup;
  headings: Heading[];
  /** The first paragraph, without marks. */
  firstParagraph?: string;
  words: number;
}

/** What the cells of one page have in common. */
export interface Page extends Place {
  /** The ids that are taken; each heading adds its own. */
  ids: Set<string>;
}

// HTML in the Markdown is shown as text; quotes become curly, other signs stay as they were typed.
const markdown = new MarkdownIt({ html: false, typographer: true, breaks: false })
  .disable(["replacements"]);
markdown.renderer.rules.fence = (tokens, index) => fence(tokens[index]);
markdown.renderer.rules.code_block = (tokens, index) => fence(tokens[index]);
markdown.renderer.rules.table_open = () => `<div class="table"><table>\n`;
markdown.renderer.rules.table_close = () => "</table></div>\n";

/** Prose whose headings have ids and whose links lead to pages of the book. */
export function toProse(source: string, page: Page): Prose {
  const tokens = markdown.parse(source, {});
  for (const token of tokens) {
    if (token.children) token.children = linked(token.children, page);
  }
  const headings = tokens.flatMap((token, index) =>
    token.type === "heading_open" ? [marked(tokens.slice(index, index + 3), page)] : []
  );
  const paragraph = tokens.findIndex(({ type, level }) => type === "paragraph_open" && level === 0);
  return {
    body: new Markup(markdown.renderer.render(tokens, markdown.options, {}).trim()),
    headings,
    firstParagraph: paragraph < 0 ? undefined : wordsOf(tokens[paragraph + 1].children ?? []),
    words: source.split(/\s+/).length,
  };
}

/** Markdown that a cell put out: without ids, as it is no part of the book's own text. */
export function toPlainProse(source: string, place: Place): Markup {
  const tokens = markdown.parse(source, {});
  for (const token of tokens) {
    if (token.children) token.children = linked(token.children, place);
  }
  return new Markup(markdown.renderer.render(tokens, markdown.options, {}).trim());
}

function marked([open, line]: Token[], { ids }: Page): Heading {
  const words = wordsOf(line.children ?? []);
  const heading = { level: Number(open.tag.slice(1)), id: freeId(headingId(words), ids), words };
  open.attrSet("id", heading.id);
  if (heading.level > 1) line.children?.push(token(line, "html_inline", anchor(heading).text));
  return heading;
}

function freeId(wanted: string, ids: Set<string>): string {
  let id = wanted;
  for (let count = 2; ids.has(id); count++) id = `${wanted}-${count}`;
  ids.add(id);
  return id;
}

function anchor({ id, words }: Heading): Markup {
  return html`
    <a class="anchor" href="#${id}" aria-label="Link to “${words}”">#</a>
  `;
}

function fence({ content, info }: Token): string {
  return `${highlighted(content, info.trim().split(/\s+/)[0])}\n`;
}
