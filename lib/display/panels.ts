/** A chart in panels: one for each value of a field. */

import { categoriesOf, type ChartRow, escaped, type Field, optionsOf } from "./fields.ts";
import { INK } from "./palette.ts";
import type { Spec } from "./render.ts";
import { textWidth, wrapped } from "./text_width.ts";
import { AXIS_ROOM, PADDING, TEXT, WIDTH } from "./theme.ts";

/** What is divided into panels. */
interface Panels {
  rows: readonly ChartRow[];
  layers: readonly Spec[];
  facet: string | (Exclude<Field, string> & { columns?: number });
  facetScales?: "shared" | "independent";
  height?: number;
  source?: string;
}

const HEIGHT = 140;
const GAP = 16;

/**
 * The part of a specification that lays out the panels.
 *
 * @param less Pixels by which they are to be narrower, all columns together.
 */
export function panels(
  { rows, layers, facet, facetScales = "shared", height = HEIGHT, source }: Panels,
  less: number,
): Spec {
  const categories = categoriesOf(rows, facet);
  const columns = columnsOf(facet, categories.length);
  const isIndependent = facetScales === "independent";
  const axes = isIndependent ? columns : 1;
  const free = WIDTH - 2 * PADDING - axes * AXIS_ROOM - (columns - 1) * GAP - less;
  const width = Math.floor(free / columns);
  const inner = {
    facet: {
      field: escaped(optionsOf(facet).field),
      type: "nominal",
      sort: categories,
      header: headerOf(categories.map(String), width),
    },
    columns,
    spacing: { row: GAP + 10, column: GAP },
    spec: { width, height, layer: layers },
    resolve: isIndependent ? { scale: { y: "independent" } } : {},
    ...(source ? { title: sourceTitle(source) } : {}),
  };
  return { concat: [inner] };
}

function columnsOf(facet: Panels["facet"], count: number): number {
  const options: { columns?: number } = typeof facet === "string" ? {} : facet;
  const most = options.columns ?? (count % 3 ? 2 : 3);
  return Math.max(1, Math.min(most, count));
}

/** Names that are wider than their panel are broken into lines. */
function headerOf(names: readonly string[], width: number): Spec {
  const style = { size: TEXT.subtitle, bold: true };
  if (names.every((name) => textWidth(name, style) <= width)) return {};
  const lines = Object.fromEntries(names.map((name) => [name, wrapped(name, { width, ...style })]));
  return { labelExpr: `(${JSON.stringify(lines)})[datum.label]` };
}

function sourceTitle(source: string): Spec {
  return {
    text: sourceLine(source),
    orient: "bottom",
    anchor: "end",
    fontSize: TEXT.source,
    fontWeight: "normal",
    color: INK.quiet,
  };
}

/** Where the numbers are from, in lines. */
export function sourceLine(source: string): string[] {
  return wrapped(`Source: ${source}`, { width: 0.75 * WIDTH, size: TEXT.source });
}
