/** Code with its keywords, strings, comments and so on marked for the style sheet. */
import hljs from "highlight.js/lib/core";
import bash from "highlight.js/lib/languages/bash";
import json from "highlight.js/lib/languages/json";
import sql from "highlight.js/lib/languages/sql";
import typescript from "highlight.js/lib/languages/typescript";
import { html, Markup } from "./html.ts";

hljs.registerLanguage("typescript", typescript);
hljs.registerLanguage("bash", bash);
hljs.registerLanguage("sql", sql);
hljs.registerLanguage("json", json);

/**
 * A block of code.
 *
 * @param language As after the fence in Markdown, such as `ts`, `sh` or `sql`; code in a language
 * that is not known stays plain.
 */
export function highlighted(code: string, language = ""): Markup {
  const text = code.replace(/\n+$/, "");
  const isKnown = hljs.getLanguage(language) !== undefined;
  // highlight.js escapes the code it is given.
  const inner = isKnown ? new Markup(hljs.highlight(text, { language }).value) : html`${text}`;
  return html`<pre class="code"><code>${inner}</code></pre>`;
}
