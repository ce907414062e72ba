/** Bars: one number for each category. */

import { axisOf, type Channel, colourOf, tooltipOf } from "./channels.ts";
import type { Displayed } from "./displayed.ts";
import {
  categoriesOf,
  type ChartRow,
  chartRows,
  escaped,
  type Field,
  numbersOf,
  optionsOf,
  typeOf,
} from "./fields.ts";
import { chart, type ChartOptions, type FacetOptions, type Highlight } from "./frame.ts";
import { formatFor, whole } from "./numbers.ts";
import { INK, SINGLE } from "./palette.ts";
import type { Spec } from "./render.ts";
import { TEXT, WIDTH } from "./theme.ts";
import { textWidth } from "./text_width.ts";

/** What {@link barChart} shows. */
export interface BarOptions extends ChartOptions, FacetOptions {
  x: Field;
  y: Field;
  /** Splits each category in bars side by side, or colours the categories themselves. */
  color?: Field;
  /** Default true if y holds the categories, or if their names are too long to stand side by side. */
  horizontal?: boolean;
  /** Whether each bar has its number written at its end. Default true. */
  labels?: boolean;
  /** The category to emphasise: the others fade. */
  highlight?: Highlight;
}

/**
 * Bars from zero: one for each row.
 *
 * @param rows Categories in the order in which they are to stand.
 * @throws {TypeError} If a field is in no row.
 * @throws {RangeError} If there are no rows, too many, or too many colours.
 */
export function barChart(rows: readonly object[], options: BarOptions): Promise<Displayed> {
  const { x, y, color, facet, highlight, labels = true, ...rest } = options;
  const data = chartRows(rows, [x, y, color, facet]);
  const turned = typeOf(data, x) === "quantitative" && typeOf(data, y) !== "quantitative";
  const [category, value] = turned ? [y, x] : [x, y];
  const horizontal = turned || (options.horizontal ?? tooLong(data, category));
  const bars = encoding(data, { category, value, color, horizontal });
  const emphasis = highlight ? { opacity: faded(highlight) } : {};
  const shared = {
    ...bars,
    tooltip: tooltipOf(data, [category, color, value, facet]),
    ...emphasis,
  };
  const layers: Spec[] = [{
    mark: { type: "bar", cornerRadiusEnd: 2 },
    encoding: shared,
  }];
  if (labels) layers.push(labelLayer(data, { bars, value, horizontal }));
  const perCategory = color && grouped(category, color) ? categoriesOf(data, color).length : 1;
  return chart({
    ...rest,
    kind: "bar chart",
    rows: data,
    layers,
    facet,
    ...(horizontal && !rest.height ? { step: perCategory > 1 ? 18 * perCategory + 8 : 30 } : {}),
  });
}

/** A category's own colour needs no second bar. */
function grouped(category: Field, color: Field): boolean {
  return optionsOf(category).field !== optionsOf(color).field;
}

function tooLong(rows: readonly ChartRow[], category: Field): boolean {
  const names = categoriesOf(rows, category).map(String);
  const longest = Math.max(...names.map((name) => textWidth(name, { size: TEXT.label })));
  return longest > (0.8 * WIDTH) / names.length - 8;
}

interface Bars {
  category: Field;
  value: Field;
  color?: Field;
  horizontal: boolean;
}

function encoding(
  rows: readonly ChartRow[],
  { category, value, color, horizontal }: Bars,
): Record<string, Channel> {
  const along = axisOf(rows, value, { zero: true });
  const across = axisOf(rows, category, { type: "nominal" });
  const axis = horizontal ? { labelLimit: 230 } : { labelAngle: 0 };
  const position = horizontal
    ? { x: along, y: { ...across, axis, scale: { paddingInner: 0.28, paddingOuter: 0.14 } } }
    : { x: { ...across, axis, scale: { paddingInner: 0.35, paddingOuter: 0.2 } }, y: along };
  if (!color) return position;
  const colour = colourOf(rows, color);
  if (!grouped(category, color)) return { ...position, color: { ...colour, legend: null } };
  const { domain } = colour.scale as { domain: readonly string[] };
  const offset = { field: colour.field, type: "nominal", sort: domain };
  return { ...position, color: colour, [horizontal ? "yOffset" : "xOffset"]: offset };
}

function faded({ field, value }: Highlight): Channel {
  const test = `datum[${JSON.stringify(field)}] === ${JSON.stringify(value)}`;
  return { condition: { test, value: 1 }, value: 0.4 };
}

function labelLayer(
  rows: readonly ChartRow[],
  { bars, value, horizontal }: { bars: Record<string, Channel>; value: Field; horizontal: boolean },
): Spec {
  const { field, format = formatFor(numbersOf(rows, value)) } = optionsOf(value);
  const negative = `datum[${JSON.stringify(field)}] < 0`;
  const side = horizontal
    ? { align: { expr: `${negative} ? 'right' : 'left'` }, dx: { expr: `${negative} ? -5 : 5` } }
    : {
      baseline: { expr: `${negative} ? 'top' : 'bottom'` },
      dy: { expr: `${negative} ? 4 : -4` },
    };
  const { color: _, ...position } = bars;
  return {
    mark: { type: "text", tooltip: null, ...side },
    encoding: { ...position, text: { field: escaped(field), type: "quantitative", format } },
  };
}

/** What {@link funnelChart} shows. */
export interface FunnelOptions extends ChartOptions {
  /** Names the stages, in their order. */
  stage: Field;
  /** How many came so far. */
  value: Field;
}

/**
 * The stages of a funnel as bars, each with its number, its share of the first stage and of the
 * stage before.
 *
 * @throws {TypeError} If a field is in no row.
 * @throws {RangeError} If there are no rows or too many.
 */
export function funnelChart(rows: readonly object[], options: FunnelOptions): Promise<Displayed> {
  const { stage, value, ...rest } = options;
  const { field } = optionsOf(value);
  const numbers = chartRows(rows, [stage, value]);
  const first = Number(numbers[0][field]);
  const data = numbers.map((row, i) => ({
    ...row,
    label: shares(Number(row[field]), first, i > 0 ? Number(numbers[i - 1][field]) : undefined),
  }));
  const position = {
    x: { ...axisOf(data, value, { zero: true }), axis: null },
    y: {
      ...axisOf(data, stage, { type: "nominal" }),
      title: null,
      axis: { domain: false },
      scale: { paddingInner: 0.24, paddingOuter: 0.1 },
    },
  };
  const layers = [
    {
      mark: { type: "bar", cornerRadiusEnd: 2, color: SINGLE },
      encoding: { ...position, tooltip: tooltipOf(data, [stage, value]) },
    },
    {
      mark: { type: "text", align: "left", dx: 6, color: INK.label, tooltip: null },
      encoding: { ...position, text: { field: "label", type: "nominal" } },
    },
  ];
  return chart({ ...rest, kind: "funnel", rows: data, layers, step: 34, axisTitle: false });
}

function shares(value: number, first: number, before?: number): string {
  const percent = (part: number, all: number) =>
    `${all > 0 ? (100 * part / all).toFixed(1) : "–"} %`;
  if (before === undefined) return whole(value);
  return `${whole(value)} · ${percent(value, first)} of the first · ` +
    `${percent(value, before)} of the one before`;
}
