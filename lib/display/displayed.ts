/** What a cell's last expression must be for a Jupyter kernel to show it as more than text. */

/** The method that Deno's kernel asks for an object's picture, and awaits. */
export const DISPLAY: unique symbol = Symbol.for("Jupyter.display");

/** MIME type → content; a front end shows the richest type it knows. */
export type MimeBundle = Record<string, unknown>;

/** Something a notebook shows: its picture is made already, asking for it costs nothing. */
export interface Displayed {
  [DISPLAY](): MimeBundle;
}

/** Wraps a finished bundle. */
export function displayed(bundle: MimeBundle): Displayed {
  return { [DISPLAY]: () => bundle };
}
