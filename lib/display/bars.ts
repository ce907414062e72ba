/** Bars: one number for each category. */

import { axisOf, type Channel, colourOf, tooltipOf } from "./channels.ts";
import type { Displayed } from "./displayed.ts";
import {
  categoriesOf,
  type ChartRow,
  chartRows,
  checkNumbers,
  escaped,
  type Field,
  numbersOf,
  optionsOf,
  typeOf,
} from "./fields.ts";
import { chart, type ChartOptions, type FacetOptions, type Highlight } from "./frame.ts";
import { formatFor } from "./numbers.ts";
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
 * @throws {TypeError} If a field is in no row, or the bars' length is no number.
 * @throws {RangeError} If there are no rows, too many, or too many colours.
 */
export function barChart(rows: readonly object[], options: BarOptions): Promise<Displayed> {
  const { x, y, color, facet, highlight, labels = true, ...rest } = options;
  const data = chartRows(rows, [x, y, color, facet]);
  const turned = typeOf(data, x) === "quantitative" && typeOf(data, y) !== "quantitative";
  const [category, value] = turned ? [y, x] : [x, y];
  checkNumbers(data, value);
  const horizontal = turned || (options.horizontal ?? tooLong(data, category));
  const bars = encoding(data, { category, value, color, horizontal, labels });
  const emphasis = highlight ? { opacity: faded(highlight) } : {};
  const shared = {
    ...bars,
    tooltip: tooltipOf(data, [category, color, value, facet]),
    ...emphasis,
  };
  const layers: Spec[] = [{
    mark: "bar",
    encoding: shared,
  }];
  if (labels) layers.push(labelLayer(data, { bars, value, horizontal }));
  const perCategory = color && grouped(category, color) ? categoriesOf(data, color).length : 1;
  const step = perCategory > 1 ? 18 * perCategory + 8 : 30;
  return chart({
    ...rest,
    kind: "bar chart",
    rows: data,
    layers,
    facet,
    ...(horizontal && !rest.height ? { height: step * categoriesOf(data, category).length } : {}),
  });
}

/** A category's own colour needs no second bar. */
function grouped(category: Field, color: Field): boolean {
  return optionsOf(category).field !== optionsOf(color).field;
}

/** Labels stand at the bars' ends inside the plot: their share of it. */
function labelRoom(
  rows: readonly ChartRow[],
  { category, horizontal }: { category: Field; horizontal: boolean },
): number {
  if (!horizontal) return 0.08;
  return LABEL_WIDTH / (0.85 * WIDTH - Math.min(longest(rows, category), NAME_LIMIT));
}

/** Pixels for the name of a category, and for a number. */
const NAME_LIMIT = 230;
const LABEL_WIDTH = 58;

function longest(rows: readonly ChartRow[], category: Field): number {
  const names = categoriesOf(rows, category).map(String);
  return Math.max(...names.map((name) => textWidth(name, { size: TEXT.label })));
}

function tooLong(rows: readonly ChartRow[], category: Field): boolean {
  const each = (0.8 * WIDTH) / categoriesOf(rows, category).length;
  return longest(rows, category) > each - 8;
}

interface Bars {
  category: Field;
  value: Field;
  color?: Field;
  horizontal: boolean;
  labels: boolean;
}

function encoding(
  rows: readonly ChartRow[],
  { category, value, color, horizontal, labels }: Bars,
): Record<string, Channel> {
  const room = labels ? labelRoom(rows, { category, horizontal }) : 0;
  const along = axisOf(rows, value, { zero: true, room });
  const across = axisOf(rows, category, { type: "nominal" });
  const axis = horizontal ? { labelLimit: NAME_LIMIT } : { labelAngle: 0 };
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
