// @ts-check
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * Elements of the page. Text is only ever set as text, so that what is stored cannot become markup.
 *
 * @module
 */

/** @typedef {Node | string | number | null | undefined} Child Nothing is shown for null. */
/** @typedef {Record<string, string | number | boolean | undefined>} Attributes */

const SVG = "http://www.w3.org/2000/svg";

/**
 * An element with attributes and children; an attribute that is false or undefined is left out.
 *
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Attributes} [attributes]
 * @param {...(Child | Child[])} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function el(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

/**
 * An element of a drawing.
 *
 * @param {string} tag
 * @param {Attributes} [attributes]
 * @param {...(Child | Child[])} children
 * @returns {SVGElement}
 */
export function svg(tag, attributes = {}, ...children) {
  const element = /** @type {SVGElement} */ (document.createElementNS(SVG, tag));
  return filled(element, attributes, children);
}

/**
 * @template {Element} E
 * @param {E} element
 * @param {Attributes} attributes
 * @param {(Child | Child[])[]} children
 * @returns {E}
 */
function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children.flat()) {
    if (child !== null && child !== undefined) {
      element.append(typeof child === "number" ? String(child) : child);
    }
  }
  return element;
}

/**
 * A name that may be broken after what separates its parts.
 *
 * @param {string} name
 * @returns {Child[]}
 */
export function breakable(name) {
  const parts = name.split(/(?<=[_./-])/);
  return parts.flatMap((part, at) => at === 0 ? [part] : [el("wbr"), part]);
}

/**
 * A box of its own to scroll sideways in, so that the page need not; the keyboard reaches it.
 *
 * @param {string} label What is in it.
 * @param {...Child} children
 */
export function scrollBox(label, ...children) {
  return el(
    "div",
    { class: "scroll", tabindex: 0, role: "region", "aria-label": label },
    ...children,
  );
}

/**
 * A table whose first column names the rows.
 *
 * @param {string} caption What it shows; read out, not seen.
 * @param {{title: Child, numeric?: boolean, fixed?: boolean}[]} columns Values of a fixed one are
 *   not broken into lines.
 * @param {Child[][]} rows
 */
export function listTable(caption, columns, rows) {
  const kind = (/** @type {number} */ at) =>
    columns[at].numeric ? "number" : columns[at].fixed ? "fixed" : undefined;
  const head = columns.map(({ title }, at) => el("th", { scope: "col", class: kind(at) }, title));
  const body = rows.map((cells) =>
    el(
      "tr",
      {},
      cells.map((cell, at) =>
        at === 0
          ? el(
            "th",
            { scope: "row", class: kind(at) },
            typeof cell === "string" ? breakable(cell) : cell,
          )
          : el("td", { class: kind(at) }, cell)
      ),
    )
  );
  const table = el(
    "table",
    {},
    el("caption", { class: "unseen" }, caption),
    el("thead", {}, el("tr", {}, head)),
    el("tbody", {}, body),
  );
  return scrollBox(caption, table);
}

/**
 * Names and values under each other.
 *
 * @param {[string, Child][]} facts Those without a value are left out.
 */
export function factList(facts) {
  const known = facts.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return el(
    "dl",
    { class: "facts" },
    known.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))),
  );
}

/**
 * A bar of a share of the space it has.
 *
 * @param {number} share 0 to 1.
 * @param {string} [kind] A class for another colour.
 */
export function bar(share, kind = "") {
  const filledPart = el("span", { class: `fill ${kind}` });
  // a style attribute would need a looser policy; the property does not
  filledPart.style.inlineSize = `${Math.max(0, Math.min(1, share)) * 100}%`;
  return el("span", { class: "bar", "aria-hidden": "true" }, filledPart);
}

/**
 * Says something to who cannot see the page change.
 *
 * @param {string} text
 */
export function announce(text) {
  const status = document.getElementById("status");
  if (status) status.textContent = text;
}
