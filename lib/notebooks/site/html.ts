/** HTML that is escaped wherever a value is put in. */
import { escapeHtml } from "../../escape_html.ts";

/** A piece of HTML that is safe to put into a page as it is. */
export class Markup {
  constructor(readonly text: string) {}

  toString(): string {
    return this.text;
  }
}

type Value = Markup | readonly Markup[] | string | number | undefined;

/**
 * A template for HTML: text in it is escaped, {@link Markup} stays, nothing is left out.
 *
 * @example
 * ```ts
 * import { html } from "./html.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const bold = html`<b>${"R & D"}</b>`;
 * assertEquals(html`<p>${bold}</p>`.text, "<p><b>R &amp; D</b></p>");
 * ```
 */
export function html(strings: TemplateStringsArray, ...values: Value[]): Markup {
  return new Markup(
    strings.reduce((text, part, index) => text + inserted(values[index - 1]) + part),
  );
}

/** Joins pieces, one a line. */
export function joined(pieces: readonly Markup[]): Markup {
  return new Markup(pieces.join("\n"));
}

function inserted(value: Value): string {
  if (value === undefined) return "";
  if (value instanceof Markup) return value.text;
  return typeof value === "object" ? value.join("\n") : escapeHtml(String(value));
}
