/** What a cell put out, as HTML. */
import { stripVTControlCharacters } from "node:util";
import type { Output } from "../notebook.ts";
import { html, type Markup } from "./html.ts";
import { figure, type Picture, pictureOf, textOf } from "./pictures.ts";
import { type Page, toPlainProse } from "./prose.ts";
import { safeHtml } from "./safe_html.ts";

/** One output as it stands below its cell. */
export interface Shown {
  body: Markup;
  /** Set where it is a picture. */
  picture?: Picture;
  isTable: boolean;
}

/** The outputs of a cell that there is something to show of, in order. */
export function toShown(outputs: readonly Output[], page: Page): Shown[] {
  return withJoinedStreams(outputs).flatMap((output) => shown(output, page) ?? []);
}

/** A kernel cuts what a program prints anywhere; as read, it is one text. */
function withJoinedStreams(outputs: readonly Output[]): Output[] {
  const whole: Output[] = [];
  for (const output of outputs) {
    const last = whole.at(-1);
    const goesOn = output.output_type === "stream" && last?.output_type === "stream" &&
      last.name === output.name;
    if (goesOn) whole[whole.length - 1] = { ...last, text: last.text + output.text };
    else whole.push(output);
  }
  return whole;
}

function shown(output: Output, page: Page): Shown | undefined {
  if (output.output_type === "stream") {
    const text = asPrinted(output.text);
    return text.trim() ? other(html`<pre class="text ${output.name}">${text}</pre>`) : undefined;
  }
  return output.output_type === "error" ? failed(output) : best(output.data, page);
}

/** The first kind of the bundle in the order picture, HTML, Markdown, text. */
function best(bundle: Record<string, unknown>, page: Page): Shown | undefined {
  const picture = pictureOf(bundle, { otherwise: "Chart without a description" });
  if (picture) return { body: figure(picture), picture, isTable: false };
  const [content, markdown, text] = ["text/html", "text/markdown", "text/plain"]
    .map((type) => textOf(bundle[type]));
  if (content?.trim()) {
    const body = safeHtml(content);
    if (body.text.trim()) {
      return {
        body: html`<div class="table">${body}</div>`,
        isTable: /<table[\s>]/.test(body.text),
      };
    }
  }
  if (markdown?.trim()) {
    return other(html`<div class="prose">${toPlainProse(markdown, page)}</div>`);
  }
  return text?.trim() ? other(html`<pre class="text">${asPrinted(text)}</pre>`) : undefined;
}

function failed({ ename, evalue, traceback }: Extract<Output, { output_type: "error" }>): Shown {
  const [title, trace] = [`${ename}: ${evalue}`, traceback.join("\n")].map(asPrinted);
  return other(
    html`
      <div class="error">
        <p><strong>Error</strong> ${title}</p>
        <pre class="text">${trace}</pre>
      </div>
    `,
  );
}

function other(body: Markup): Shown {
  return { body, isTable: false };
}

/** Without colour codes, and of a line that was printed over only what stood there last. */
function asPrinted(text: string): string {
  return stripVTControlCharacters(text).replaceAll("\r\n", "\n").replaceAll(/^.*\r(?=.)/gm, "")
    .replace(/\s+$/, "");
}
