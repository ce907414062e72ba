/** What every chart has around its marks: card, title, source, panels. */

import { type Channel } from "./channels.ts";
import { type Displayed, displayed } from "./displayed.ts";
import { type ChartRow, type Field, numbersOf, optionsOf, titleOf } from "./fields.ts";
import { CARD, INK } from "./palette.ts";
import { panels, sourceLine } from "./panels.ts";
import { type Spec, svgOf, widthOf } from "./render.ts";
import { wrapped } from "./text_width.ts";
import { PADDING, TEXT, THEME, WIDTH } from "./theme.ts";

/** What is written around a chart, and how it is divided. */
export interface ChartOptions {
  /** What the chart says, in a sentence or a few words. */
  title: string;
  /** What is shown, over which rows. */
  subtitle?: string;
  /** Where the numbers are from; written below as "Source: …". */
  source?: string;
  /** Height of the plot, of one panel where there are several, in pixels. Default by the rows. */
  height?: number;
}

/** A chart in panels. */
export interface FacetOptions {
  /** One panel for each of its values; `columns` of them side by side, default 2 or 3. */
  facet?: string | (Exclude<Field, string> & { columns?: number });
  /** Whether each panel has its own y axis. Default shared. */
  facetScales?: "shared" | "independent";
}

/** A chart's parts before the frame. */
export interface Plot extends ChartOptions, FacetOptions {
  /** What it is called in words, such as "bar chart". */
  kind: string;
  rows: readonly ChartRow[];
  /** Vega-Lite layers, the lowest first. */
  layers: readonly Spec[];
  /** What is written below the plot. Default the x axis, with its title. */
  below?: "axis" | "nothing";
}

const SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json";
const HEIGHT = 260;

/** The finished chart: interactive, as a picture, and in words. */
export async function chart(plot: Plot): Promise<Displayed> {
  const words = description(plot);
  const { spec, svg } = await fitted(plot, words);
  return displayed({
    "application/vnd.vegalite.v5+json": spec,
    "image/svg+xml": svg,
    "text/plain": words,
  });
}

/** Vega takes a width for the inside of a panel alone: what is around it is known once drawn. */
async function fitted(plot: Plot, words: string): Promise<{ spec: Spec; svg: string }> {
  let spec = specOf(plot, { words, less: 0 });
  let svg = await svgOf(spec, words);
  for (let less = widthOf(svg) - WIDTH; plot.facet && less > 0 && less < WIDTH / 2;) {
    spec = specOf(plot, { words, less });
    svg = await svgOf(spec, words);
    const over = widthOf(svg) - WIDTH;
    if (over <= 0) break;
    less += over;
  }
  return { spec, svg };
}

function specOf(plot: Plot, { words, less }: { words: string; less: number }): Spec {
  return {
    $schema: SCHEMA,
    description: words,
    background: CARD,
    padding: PADDING,
    title: titleBlock(plot),
    data: { values: plot.rows },
    ...(plot.facet === undefined ? single(plot) : panels({ ...plot, facet: plot.facet }, less)),
    // Panels below each other stand flush, however long their numbers.
    config: plot.facet === undefined ? THEME : { ...THEME, axisY: { minExtent: 34 } },
  };
}

function description({ title, subtitle, kind, rows, source }: Plot): string {
  const of = `${kind} of ${rows.length} row${rows.length === 1 ? "" : "s"}`;
  const said = [title, subtitle, of, source && `source: ${source}`];
  return said.filter((part) => part).join(" · ");
}

function titleBlock({ title, subtitle }: Plot): Spec {
  const width = WIDTH - 2 * PADDING;
  return {
    text: wrapped(title, { width, size: TEXT.title, bold: true }),
    ...(subtitle ? { subtitle: wrapped(subtitle, { width, size: TEXT.subtitle }) } : {}),
  };
}

function single({ layers, source, height = HEIGHT, below = "axis" }: Plot): Spec {
  return {
    width: WIDTH,
    height,
    autosize: { type: "fit-x", contains: "padding" },
    layer: source ? [...layers, sourceLayer(source, below)] : layers,
  };
}

/** Below the axis' labels and its title. */
function sourceLayer(source: string, below: Plot["below"]): Spec {
  return {
    data: { values: [{}] },
    mark: { type: "text", text: sourceLine(source), ...SOURCE },
    encoding: {
      x: { value: { expr: "width" } },
      y: { value: { expr: `height + ${below === "axis" ? 64 : 26}` } },
    },
  };
}

const SOURCE = { align: "right", color: INK.quiet, fontSize: TEXT.source, tooltip: null };

/** Emphasises one value. */
export interface Highlight {
  /** The chart's x field, or the category of bars. */
  field: string;
  value: string | number;
  /** Written beside it. Default "field = value". */
  label?: string;
}

/** A dashed line at the highlighted value of x, with its label. */
export function ruleLayers(
  rows: readonly ChartRow[],
  { x, highlight, axis }: { x: Field; highlight?: Highlight; axis: Channel },
): Spec[] {
  const { field } = optionsOf(x);
  if (highlight?.field !== field) return [];
  const numbers = numbersOf(rows, x);
  const right = typeof highlight.value === "number" &&
    highlight.value > (Math.min(...numbers) + Math.max(...numbers)) / 2;
  const at = { datum: highlight.value, type: axis.type };
  // One row of its own: else the line is drawn once for each row of the chart.
  const data = { values: [{}] };
  const label = highlight.label ?? `${titleOf(x)} = ${highlight.value}`;
  const mark = { color: INK.quiet, tooltip: null };
  return [
    { data, mark: { type: "rule", strokeDash: [4, 4], ...mark }, encoding: { x: at } },
    {
      data,
      mark: {
        type: "text",
        fontWeight: "normal",
        text: label,
        align: right ? "right" : "left",
        dx: right ? -5 : 5,
        ...mark,
      },
      encoding: { x: at, y: { value: 9 } },
    },
  ];
}
