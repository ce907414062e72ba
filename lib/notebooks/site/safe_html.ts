/** HTML from an output, which may hold anything, down to tables and text. */
import { type DefaultTreeAdapterTypes, parseFragment } from "parse5";
import { escapeHtml } from "../../escape_html.ts";
import { Markup } from "./html.ts";

type Node = DefaultTreeAdapterTypes.ChildNode;
type Element = DefaultTreeAdapterTypes.Element;

const LISTED =
  "table thead tbody tfoot tr th td caption colgroup col div span p br hr b strong i em u s small " +
  "sub sup mark code pre kbd samp ul ol li dl dt dd blockquote figure figcaption a img";
const ALLOWED = new Set(LISTED.split(" "));

/** Left out with all that is in them; any other element that is not allowed leaves its content. */
const DROPPED = new Set(
  "script style template iframe object embed noscript textarea select title svg math head".split(
    " ",
  ),
);

const EMPTY = new Set(["br", "hr", "img", "col"]);

/** Cells of more characters may be broken into lines; shorter ones, such as times, are not. */
const LONG = 28;

/** What an attribute's value must be; the attributes that are not here are left out. */
const ATTRIBUTES: Record<string, RegExp> = {
  colspan: /^\d{1,3}$/,
  rowspan: /^\d{1,3}$/,
  scope: /^(row|col|rowgroup|colgroup)$/,
  start: /^\d{1,6}$/,
  alt: /^/,
  title: /^/,
  href: /^https?:\/\/\S+$/i,
  src: /^data:image\/(png|jpeg|gif|webp|svg\+xml)[;,]\S*$/i,
};

const ALIGNED = /(?:^|;)\s*text-align\s*:\s*(left|right|center|start|end)\s*(?:;|$)/i;

/**
 * The same content built anew from allowed elements and attributes only: no script, no handler, no
 * style but the alignment of text, no id, nothing that a page would fetch.
 *
 * It is parsed as a browser parses it and written from the tree, so that what looks harmless to a
 * pattern and is not to a browser has no way through.
 */
export function safeHtml(content: string): Markup {
  return new Markup(parseFragment(content).childNodes.map(written).join(""));
}

function written(node: Node): string {
  if ("value" in node) return escapeHtml(node.value);
  if (!("tagName" in node) || DROPPED.has(node.tagName)) return "";
  const inner = node.childNodes.map(written).join("");
  const name = node.tagName;
  if (!ALLOWED.has(name)) return inner;
  const isLong = name === "td" && inner.length > LONG;
  const tag = `<${name}${isLong ? ` class="long"` : ""}${attributes(node)}>`;
  return EMPTY.has(name) ? tag : `${tag}${inner}</${name}>`;
}

function attributes({ attrs }: Element): string {
  return attrs.map(({ name, value }) => {
    if (name === "style" || name === "align") return alignment(value);
    const rule = Object.hasOwn(ATTRIBUTES, name) ? ATTRIBUTES[name] : undefined;
    return rule?.test(value) ? ` ${name}="${escapeHtml(value)}"` : "";
  }).join("");
}

function alignment(style: string): string {
  const [, side] = ALIGNED.exec(style) ?? [];
  return side ? ` style="text-align:${side.toLowerCase()}"` : "";
}
