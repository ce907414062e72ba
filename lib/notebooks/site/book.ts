/** All pages of the book. */
import type { Notebook } from "../notebook.ts";
import { type Chapter, toChapter } from "./chapter.ts";
import { html, type Markup } from "./html.ts";
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

/**
 * One page for each notebook, in their order, and `index.html`; the same notebooks make the same
 * text.
 *
 * @param options.style The style sheet, which is put into every page.
 */
export function toBook(sources: readonly Source[], { style }: { style: string }): Book {
  const notebooks = new Set(sources.map(({ name }) => name));
  const chapters = sources.map(({ name, notebook }) =>
    toChapter(notebook, { notebook: name, notebooks })
  );
  const pages = new Map([["index.html", indexPage(chapters, style)]]);
  for (const chapter of chapters) pages.set(chapter.page, chapterPage(chapters, chapter, style));
  return { chapters, pages };
}

function chapterPage(chapters: readonly Chapter[], current: Chapter, style: string): string {
  const main = html`<article>
${current.body}
</article>
${turn(chapters, current)}
<p class="source">Made from <code>notebooks/${current.notebook}</code>, which can be run.</p>`;
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
