/** All pages of the book. */
import { dirname } from "node:path/posix";
import type { Notebook } from "../notebook.ts";
import { type Chapter, toChapter } from "./chapter.ts";
import { html, type Markup } from "./html.ts";
import { pageOf } from "./links.ts";
import { ABOUT, neighbours, TITLE, toPage } from "./page.ts";
import type { Picture } from "./pictures.ts";

/** A notebook and the name of its file, such as `00_start_here.ipynb`. */
export interface Source {
  name: string;
  notebook: Notebook;
}

/** The finished book. */
export interface Book {
  chapters: Chapter[];
  /** File name → content. */
  pages: Map<string, string>;
}

/** What pages are made with besides the notebooks. */
export interface BookOptions {
  /** The style sheet, which is put into every page. */
  style: string;
  /** Markdown files that chapters link to, by their paths from the root of the repository. */
  texts?: ReadonlyMap<string, string>;
}

/**
 * One page for each notebook, in their order, `index.html`, and a page for each further text, which
 * only links lead to; the same notebooks make the same text.
 */
export function toBook(
  sources: readonly Source[],
  { style, texts = new Map() }: BookOptions,
): Book {
  const addresses = new Map([
    ...sources.map(({ name }) => [`notebooks/${name}`, pageOf(name)] as const),
    ...[...texts.keys()].map((path) => [path, textPageOf(path)] as const),
  ]);
  const chapters = sources.map(({ name, notebook }) =>
    toChapter(notebook, { notebook: name, folder: "notebooks", pages: addresses })
  );
  const pages = new Map([["index.html", indexPage(chapters, style)]]);
  for (const chapter of chapters) {
    const made = html`<code>notebooks/${chapter.notebook}</code>, which can be run`;
    pages.set(chapter.page, chapterPage(chapters, chapter, { style, made }));
  }
  for (const [path, source] of texts) {
    const cells = [{ cell_type: "markdown" as const, source, metadata: {} }];
    const place = { notebook: path, folder: dirname(path), pages: addresses };
    const text = { ...toChapter({ cells }, place), page: textPageOf(path) };
    const made = html`<code>${path}</code>`;
    pages.set(text.page, chapterPage([...chapters, text], text, { style, made }));
  }
  return { chapters, pages };
}

/** `lib/functions/README.md` → `lib_functions_README.html`. */
function textPageOf(path: string): string {
  return path.replace(/\.md$/, ".html").replaceAll("/", "_");
}

function chapterPage(
  chapters: readonly Chapter[],
  current: Chapter,
  { style, made }: { style: string; made: Markup },
): string {
  const main = html`<article>
${current.body}
</article>
${turn(chapters, current)}
<p class="source">Made from ${made}.</p>`;
  const title = `${current.title} · ${TITLE}`;
  return toPage({ title, description: shortened(current.lead), chapters, current, main, style });
}

function turn(chapters: readonly Chapter[], current: Chapter): Markup {
  const { previous, next } = neighbours(chapters, current);
  return html`<nav class="turn" aria-label="Previous and next chapter, by title">
${
    previous &&
    html`<a rel="prev" href="${previous.page}"><small>Previous</small> ${previous.title}</a>`
  }
${next && html`<a rel="next" href="${next.page}"><small>Next</small> ${next.title}</a>`}
</nav>`;
}

function indexPage(chapters: readonly Chapter[], style: string): string {
  const main = html`<h1>${TITLE}</h1>
<p class="about">${ABOUT}</p>
<ol class="shelf">
${chapters.map(entry)}
</ol>`;
  return toPage({ title: TITLE, description: ABOUT, chapters, main, style });
}

/** The picture says nothing that the title beside it does not, so it has no words. */
function entry(chapter: Chapter): Markup {
  const { page, title, lead } = chapter;
  const picture = thumbnail(chapter);
  return html`<li>
<div class="entry">
<h2><a href="${page}">${title}</a></h2>
<p>${lead}</p>
<p class="facts">${facts(chapter)}</p>
</div>
${picture && html`<img src="${picture.source}" alt="">`}
</li>`;
}

/** The first picture that is small, as the index holds one of each chapter; else the smallest. */
function thumbnail({ pictures }: Chapter): Picture | undefined {
  const sizes = pictures.map(({ source }) => source.length);
  return pictures[sizes.findIndex((size) => size <= SMALL)] ??
    pictures[sizes.indexOf(Math.min(...sizes))];
}

/** Such as `12 minutes · 5 pictures · 1 table`. */
function facts({ minutes, pictures, tables }: Chapter): string {
  const counts = [[minutes, "minute"], [pictures.length, "picture"], [tables, "table"]] as const;
  return counts.filter(([count]) => count > 0)
    .map(([count, noun]) => `${count} ${noun}${count === 1 ? "" : "s"}`).join(" · ");
}

/** Characters of a description. */
const LONGEST = 200;
/** Characters of a thumbnail's address. */
const SMALL = 60_000;

function shortened(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST).replace(/\s+\S*$/, "")} …`;
}
