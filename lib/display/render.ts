/** Vega-Lite specification in, picture out, without a browser. */

import process from "node:process";
import { createHash } from "node:crypto";
import type { TopLevelSpec } from "vega-lite";
import { textWidth } from "./text_width.ts";

/** A Vega-Lite specification, whose grammar its compiler checks. */
export type Spec = Record<string, unknown>;

/**
 * The specification's picture as SVG: the same bytes each time, whatever was drawn before.
 *
 * @param label Read out in place of the picture.
 */
export async function svgOf(spec: Spec, label: string): Promise<string> {
  const { parse, View, compile } = await loadVega();
  // A copy, as Vega marks the rows it reads.
  const { spec: compiled } = compile(structuredClone(spec) as unknown as TopLevelSpec);
  const view = new View(parse(compiled), { renderer: "none" });
  const svg = await view.toSVG();
  view.finalize();
  const key = createHash("sha256").update(JSON.stringify(spec)).digest("hex").slice(0, 8);
  return labelled(shortened(ownIds(svg, key)), label);
}

/** A picture's width in pixels. */
export function widthOf(svg: string): number {
  return Number(/ viewBox="0 0 ([\d.]+) /.exec(svg)?.[1]);
}

let loading: Promise<Vega> | undefined;
type Vega = Awaited<ReturnType<typeof importVega>>;

function loadVega(): Promise<Vega> {
  return loading ??= importVega();
}

/**
 * Loads Vega when the first chart is drawn. Its data loader, unused here, brings a dependency on
 * Node's `punycode`, for which the runtime would print a deprecation warning into the notebook.
 */
async function importVega() {
  const flags = process as { noDeprecation?: boolean };
  const before = flags.noDeprecation;
  flags.noDeprecation = true;
  try {
    const [vega, { compile }] = await Promise.all([import("vega"), import("vega-lite")]);
    measureByTable(vega);
    return { parse: vega.parse, View: vega.View, compile };
  } finally {
    flags.noDeprecation = before;
  }
}

interface TextItem {
  fontSize?: number;
  /** Pixels at which Vega cuts the text; 0 for none. */
  limit?: number;
  fontWeight?: string | number;
}

/** Without a canvas Vega takes 0.8 em for each letter: far too wide, and the layout gapes. */
function measureByTable(vega: object): void {
  const { textMetrics } = vega as {
    textMetrics: { width: (item: TextItem, text: unknown) => number };
  };
  textMetrics.width = ({ fontSize = 11, fontWeight, limit }, text) => {
    const width = textWidth(String(text ?? ""), { size: fontSize, bold: fontWeight === "bold" });
    return limit ? Math.min(limit, width) : width;
  };
}

/** Vega numbers ids through the life of the process, and a page may hold many charts. */
function ownIds(svg: string, key: string): string {
  const names = new Map<string, string>();
  return svg.replaceAll(/(\bid="|url\(#)((?:clip|gradient_)\d+)/g, (_, before, id) => {
    if (!names.has(id)) names.set(id, `c${key}-${names.size}`);
    return before + names.get(id);
  });
}

/** Hundredths of a pixel are enough. */
function shortened(svg: string): string {
  return svg.replaceAll(
    /\b(transform|d|width|height|x|y|x1|x2|y1|y2)="([^"]*)"/g,
    (_, name, value) =>
      `${name}="${
        value.replaceAll(/-?\d+\.\d{3,}(?:e-?\d+)?/g, (n: string) =>
          String(Number(Number(n).toFixed(2))))
      }"`,
  );
}

function labelled(svg: string, label: string): string {
  const quoted = label.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
  return svg.replace("<svg ", () => `<svg role="img" aria-label="${quoted}" `);
}
