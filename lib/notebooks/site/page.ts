/** The frame of every page: head, contents, main part. */
import type { Chapter } from "./chapter.ts";
import { html, Markup } from "./html.ts";
import type { Heading } from "./prose.ts";

/** The book's title. */
export const TITLE = "E-commerce machine learning on BigQuery";
/** What the book is about, in a sentence. */
export const ABOUT = "From raw GA4 events to customer segments and product recommendations, in " +
  "plain GoogleSQL and a little TypeScript: the project’s notebooks, with all their results.";
/** Stands in every page, so that a folder of them is known again. */
export const GENERATOR = "deno task site";

/** What a page is made of. */
export interface PageParts {
  title: string;
  /** For search engines and previews: a sentence or two. */
  description: string;
  chapters: readonly Chapter[];
  /** The chapter the page shows; none on the index. */
  current?: Chapter;
  main: Markup;
  style: string;
}

/**
 * A whole page. Its policy forbids the browser to run any script and to fetch anything at all.
 */
export function toPage(parts: PageParts): string {
  const { title, description, chapters, current, main, style } = parts;
  return `${html`
    <!doctype html>
    <html lang="en-GB">
      <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
    <meta name="color-scheme" content="light dark">
    <meta name="generator" content="${GENERATOR}">
    <meta name="description" content="${description}">
    <title>${title}</title>
    <link rel="icon" href="${ICON}">
    ${styleElement(style)}
      </head>
      <body class="${current ? "chapter" : "index"}">
    <a class="skip" href="#main">Skip to the text</a>
    ${current && top(chapters, current)}
    <div class="layout">
    ${current && contents(chapters, current)}
    <main id="main" tabindex="-1">
    ${main}
    </main>
    </div>
      </body>
    </html>
  `}\n`;
}

/** Three bars; a browser that finds no icon asks the server for one. */
const ICON = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'" +
  "%3E%3Cpath fill='%233b5b86' d='M1 8h4v7H1zM6 4h4v11H6zM11 1h4v14h-4z'/%3E%3C/svg%3E";

function styleElement(style: string): Markup {
  return new Markup(`<style>\n${style}</style>`);
}

/** The chapters before and after. */
export function neighbours(chapters: readonly Chapter[], current: Chapter) {
  const at = chapters.indexOf(current);
  return { previous: chapters[at - 1], next: chapters[at + 1] };
}

function top(chapters: readonly Chapter[], current: Chapter): Markup {
  const { previous, next } = neighbours(chapters, current);
  return html`
    <header class="top">
      <a class="book" href="index.html">${TITLE}</a>
      <nav aria-label="Previous and next chapter">
    ${previous && html`<a rel="prev" href="${previous.page}">← Previous</a>`}
    ${next && html`<a rel="next" href="${next.page}">Next →</a>`}
      </nav>
    </header>
  `;
}

/** Closed on a phone, where it would push the text away; the style sheet keeps it open beside it. */
function contents(chapters: readonly Chapter[], current: Chapter): Markup {
  const entries = chapters.map((chapter) =>
    chapter === current
      ? html`<li><a href="#main" aria-current="page">${chapter.title}</a>${
        sections(chapter.headings)
      }</li>`
      : html`<li><a href="${chapter.page}">${chapter.title}</a></li>`
  );
  return html`
    <nav class="contents" aria-label="Contents">
      <details>
        <summary>Contents</summary>
        <ol class="chapters">
    ${entries}
        </ol>
      </details>
    </nav>
  `;
}

/** The headings of levels 2 and 3; a further title counts as a section. */
function sections(headings: readonly Heading[]): Markup | undefined {
  const listed = headings.filter(({ level }) => level <= 3);
  if (listed.length === 0) return undefined;
  const items = listed.map(({ level, id, words }) =>
    html`<li${
      level === 3
        ? html`
          class="sub"
        `
        : undefined
    }><a href="#${id}">${words}</a></li>`
  );
  return html`\n<ul>\n${items}\n</ul>\n`;
}
