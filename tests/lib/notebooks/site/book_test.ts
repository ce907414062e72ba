import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import type { Cell, Notebook, Output } from "../../../../lib/notebooks/notebook.ts";
import { toBook } from "../../../../lib/notebooks/site/book.ts";
import { linkedTexts } from "../../../../lib/notebooks/site/links.ts";
import { elementsOf } from "./elements.ts";

const prose = (source: string): Cell => ({ cell_type: "markdown", source, metadata: {} });
const code = (source: string, ...outputs: Output[]): Cell => ({
  cell_type: "code",
  source,
  outputs,
  metadata: {},
  execution_count: null,
});
const result = (data: Record<string, unknown>): Output => ({
  output_type: "display_data",
  data,
  metadata: {},
});
const notebook = (...cells: Cell[]): Notebook => ({
  cells,
  metadata: {},
  nbformat: 4,
  nbformat_minor: 5,
});

const FIRST = notebook(
  prose(
    "# Start *here*\n\nThe “lead” & more.\n\n## A part\n\n### Below it\n\n## A part\n\n" +
      "[next](./02_second.ipynb#Some-Part), [part](#a-part), [gone](09_none.ipynb), " +
      "[features](../lib/features.ts), [`lib/sql.ts`](../lib/sql.ts), [web](https://example.com), " +
      "[bad](javascript:alert(1)) ![a picture](https://example.com/x.png) ![one](../a/b.png)",
  ),
  code("const n = 1; // <b>", result({ "text/html": "<table><tr><td>7</td></tr></table>" })),
);
const SVG = `<svg xmlns="http://www.w3.org/2000/svg" width="60" height="40"><title>Words</title>` +
  `<rect id="clip0" fill="#fff" onload="alert(1)"/><script>alert(1)</script></svg>`;
const SECOND = notebook(
  code("draw()", result({ "image/svg+xml": SVG, "text/plain": "Bars of 3 rows" })),
  code("draw()", result({ "image/svg+xml": SVG, "image/png": "iVBORw0KGgo=" })),
  code("draw()", result({ "image/png": "iVBO\nRw0KGgo=\n", "text/plain": "Dots" })),
  code("log()", { output_type: "stream", name: "stdout", text: "\u001b[33m4\u001b[39m " }, {
    output_type: "stream",
    name: "stdout",
    text: "rows <i>\n10 %\r100 %\n",
  }),
  code("fail()", {
    output_type: "error",
    ename: "TypeError",
    evalue: "no & no",
    traceback: ["\u001b[31mTypeError\u001b[0m", "  at <anonymous>"],
  }),
);

function bookOf(...notebooks: Notebook[]) {
  const names = ["00_start_here.ipynb", "02_second.ipynb"];
  const sources = notebooks.map((each, index) => ({ name: names[index], notebook: each }));
  return toBook(sources, { style: "p > b { color: red }" });
}
const { chapters, pages } = bookOf(FIRST, SECOND);
const first = pages.get("00_start_here.html")!;
const second = pages.get("02_second.html")!;

Deno.test("there is a page for each notebook and an index, always the same", () => {
  assertEquals([...pages.keys()], ["index.html", "00_start_here.html", "02_second.html"]);
  assertEquals([...bookOf(FIRST, SECOND).pages], [...pages]);
});

Deno.test("a chapter is called as its first heading, or else as its file", () => {
  assertEquals(chapters.map(({ title }) => title), ["Start here", "Second"]);
  assertStringIncludes(first, "<title>Start here · ");
  assertEquals(elementsOf(second).filter(({ name }) => name === "h1").length, 1);
});

Deno.test("the index has each chapter's title, first paragraph, counts and picture", () => {
  const elements = elementsOf(pages.get("index.html")!);
  const text = elements.find(({ name }) => name === "main")!.words;
  for (const words of ["Start here", "The “lead” & more.", "1 table", "Second", "3 pictures"]) {
    assertStringIncludes(text, words);
  }
  assertEquals(elements.filter(({ name }) => name === "img").length, 1);
});

Deno.test("links between notebooks lead to pages, links to files become their names", () => {
  const links = elementsOf(first.slice(first.indexOf("<article>"))).filter(({ name }) =>
    name === "a"
  );
  const leading = (words: string) => links.find((a) => a.words === words)?.attributes.href;
  assertEquals(leading("next"), "02_second.html#some-part");
  assertEquals(leading("part"), "#a-part");
  assertEquals(leading("web"), "https://example.com");
  assertEquals([leading("features"), leading("gone"), leading("bad")], Array(3).fill(undefined));
  assertStringIncludes(first, "features (<code>lib/features.ts</code>)");
  assertStringIncludes(first, ", <code>lib/sql.ts</code>,");
  assertStringIncludes(first, "gone (<code>notebooks/09_none.ipynb</code>)");
  assertStringIncludes(first, "a picture one (<code>a/b.png</code>)");
});

Deno.test("a Markdown file that a chapter links to is a page that only links lead to", () => {
  const readme = "[run](../lib/functions/README.md#Deploy-it), [it](../lib/b/c.md), [r](../d.md)";
  assertEquals(linkedTexts(readme, "notebooks"), ["lib/functions/README.md", "lib/b/c.md", "d.md"]);
  assertEquals(linkedTexts("[a](https://example.com/x.md) [b](../../x.md)", "notebooks"), []);
  const source =
    "# The functions\n\nFrom the [start](../../notebooks/00_start_here.ipynb), by the " +
    "[Dockerfile](Dockerfile).\n\n## Deploy it\n\nNow.";
  const names = { name: "00_start_here.ipynb", notebook: notebook(prose(`# A\n\n${readme}`)) };
  const texts = new Map([["lib/functions/README.md", source]]);
  const { chapters, pages } = toBook([names], { style: "", texts });
  assertEquals(chapters.map(({ title }) => title), ["A"]);
  const page = "lib_functions_README.html";
  assertStringIncludes(pages.get("00_start_here.html")!, `<a href="${page}#deploy-it">run</a>`);
  const text = pages.get(page)!;
  assertStringIncludes(text, `<h2 id="deploy-it">`);
  assertStringIncludes(text, `<a href="00_start_here.html">start</a>`);
  assertStringIncludes(text, "<code>lib/functions/Dockerfile</code>");
  assertStringIncludes(text, "Made from <code>lib/functions/README.md</code>.");
  assert(!pages.get("index.html")!.includes(page));
});

Deno.test("every id is there once, and every link within the book leads somewhere", () => {
  const idsOf = (page: string) => elementsOf(page).flatMap(({ attributes }) => attributes.id ?? []);
  assertEquals(idsOf(first), ["main", "start-here", "a-part", "below-it", "a-part-2"]);
  const hrefs = [...pages].flatMap(([page, content]) =>
    elementsOf(content).filter(({ name }) => name === "a")
      .map(({ attributes: { href } }) => href.startsWith("#") ? page + href : href)
  ).filter((href) => !href.startsWith("https:") && !href.endsWith("#some-part"));
  assert(hrefs.length > 10);
  for (const href of hrefs) {
    const [page, id] = href.split("#");
    assert(id === undefined ? pages.has(page) : idsOf(pages.get(page)!).includes(id), href);
  }
});

Deno.test("the contents list sections and their parts, and mark the chapter one is in", () => {
  const nav = elementsOf(first).find(({ attributes }) => attributes["aria-label"] === "Contents")!;
  assertEquals(nav.words.trim().split(/\s*\n\s*/).slice(1), [
    ...["Start here", "A part", "Below it", "A part", "Second"],
  ]);
  assertEquals(first.split(`aria-current="page"`).length, 2);
});

Deno.test("pictures are in the page, SVG before pixels, with words and size", () => {
  const pictures = elementsOf(second).filter(({ name }) => name === "img")
    .map(({ attributes }) => attributes);
  assertEquals(pictures.map(({ alt }) => alt), ["Bars of 3 rows", "Words", "Dots"]);
  assertEquals([pictures[0].width, pictures[0].height], ["60", "40"]);
  assertEquals(decodeURIComponent(pictures[0].src.split(",").slice(1).join(",")), SVG);
  assertEquals(pictures[2].src, "data:image/png;base64,iVBORw0KGgo=");
});

Deno.test("what was printed stands as in a terminal, without colour codes", () => {
  assertStringIncludes(second, `<pre class="text stdout">4 rows &lt;i&gt;\n100 %</pre>`);
  assertStringIncludes(second, "<strong>Error</strong> TypeError: no &amp; no");
  assertStringIncludes(second, "TypeError\n  at &lt;anonymous&gt;");
  assert(!second.includes("\u001b"));
});

Deno.test("code is highlighted and escaped", () => {
  assertMatch(first, /<span class="hljs-keyword">const<\/span> n = <span class="hljs-number">1/);
  assertStringIncludes(first, "// &lt;b&gt;");
});

Deno.test("a page loads nothing and has its language, title, landmarks and style", () => {
  for (const page of pages.values()) {
    const elements = elementsOf(page);
    assertEquals(elements.filter(loadsSomething), []);
    const names = elements.map(({ name }) => name);
    for (const name of ["title", "main", "style"]) assert(names.includes(name), name);
    assertEquals(elements[0].attributes.lang, "en-GB");
    assertStringIncludes(page, "<style>\np > b { color: red }</style>");
    assertStringIncludes(page, "default-src 'none'");
  }
});

function loadsSomething(
  { name, attributes: { src, href, srcset } }: ReturnType<typeof elementsOf>[0],
) {
  if (srcset !== undefined) return true;
  if (src !== undefined && !src.startsWith("data:image/")) return true;
  return name === "link" && !href.startsWith("data:image/");
}

/** Fragments that would do harm if they came through. */
const harmful = fc.constantFrom(
  ...["<script>alert(1)</script>", `<img src=x onerror="alert(1)">`, "<svg/onload=alert(1)>"],
  ...["</style>", "</pre>", `" onclick="alert(1)`, "' onclick='alert(1)", "&lt;script&gt;", "\0"],
  ...["[a](javascript:alert(1))", '![x](y "o\' onload=")', "](", "<!--", "-->", "<table><td>"],
  ...[
    "<a href=' javascript:alert(1)'>",
    "```html\n",
    "## ",
    "`",
    "\n\n",
    "| a |\n| - |\n| ",
    "<p>",
  ],
  ...["<iframe src=//example.com>", "<math><mi><style>", '<noscript><p title="</noscript>', "\r"],
  ...["<link rel=stylesheet href=//example.com>", "<base href=//example.com>", "<form action=x>"],
);
const anything = fc.array(fc.oneof(harmful, fc.string({ unit: "grapheme" })), { maxLength: 8 })
  .map((parts) => parts.join(""));
const anyCell = fc.oneof(
  anything.map(prose),
  fc.tuple(anything, anything).map(([type, text]) =>
    code(text, result({ "text/plain": text, [type]: text }))
  ),
  ...["text/html", "text/markdown", "image/svg+xml", "image/png", "text/plain"].map((type) =>
    anything.map((text) => code("x", result({ [type]: text })))
  ),
  anything.map((text) => code(text, { output_type: "stream", name: "stderr", text })),
  anything.map((text) =>
    code("x", { output_type: "error", ename: text, evalue: text, traceback: [text] })
  ),
);

const NEVER = new Set(
  "script iframe object embed form input svg math template noscript base textarea".split(" "),
);

Deno.test("whatever a notebook holds, no script, handler or foreign resource comes into a page", () => {
  fc.assert(
    fc.property(fc.array(anyCell, { maxLength: 6 }), (cells) => {
      for (const page of bookOf(notebook(...cells), SECOND).pages.values()) {
        assert(!/<script/i.test(page));
        const elements = elementsOf(page);
        for (const { name, attributes } of elements) {
          assert(!NEVER.has(name), name);
          assertEquals(Object.keys(attributes).filter((key) => key.startsWith("on")), []);
          assert(!/^\s*(javascript|vbscript):/i.test(attributes.href ?? ""));
        }
        assertEquals(elements.filter(loadsSomething), []);
        assertEquals(elements.filter(({ name }) => /^(style|link)$/.test(name)).length, 2);
        const ids = elements.flatMap(({ attributes }) => attributes.id ?? []);
        assertEquals(new Set(ids).size, ids.length);
      }
    }),
    { numRuns: 300 },
  );
});
