/** Lines, points and intervals: numbers over numbers. */

import { axisOf, type Channel, colourOf, shapeOf, tooltipOf } from "./channels.ts";
import type { Displayed } from "./displayed.ts";
import {
  categoriesOf,
  chartRows,
  checkNumbers,
  escaped,
  type Field,
  numbersOf,
  optionsOf,
  titleOf,
} from "./fields.ts";
import {
  chart,
  type ChartOptions,
  type FacetOptions,
  type Highlight,
  ruleLayers,
} from "./frame.ts";
import { CARD, INK } from "./palette.ts";
import type { Spec } from "./render.ts";

/** What {@link lineChart} shows. */
export interface LineOptions extends ChartOptions, FacetOptions {
  x: Field;
  y: Field;
  /** One line for each of its values. */
  color?: Field;
  /** A dashed line at one value of x. */
  highlight?: Highlight;
}

/** Up to so many points a line shows each of them; else they appear under the pointer. */
const MOST_POINTS = 40;

/**
 * Lines from point to point, in the order of x; a row without number breaks its line.
 *
 * @throws {TypeError} If a field is in no row.
 * @throws {RangeError} If there are no rows, too many, or too many colours.
 */
export function lineChart(rows: readonly object[], options: LineOptions): Promise<Displayed> {
  const { x, y, color, facet, highlight, ...rest } = options;
  const data = chartRows(rows, [x, y, color, facet]);
  const across = axisOf(data, x, { counted: true, padding: 10 });
  const encoding = {
    x: { ...across, ...(across.type === "nominal" ? { axis: { labelAngle: 0 } } : {}) },
    y: axisOf(data, y),
    ...(color ? { color: colourOf(data, color) } : {}),
  };
  const shape = color && shapeOf(data, color);
  const lines = color ? categoriesOf(data, color).length : 1;
  const shown = data.length <= MOST_POINTS * lines;
  const points: Spec = {
    mark: { type: "point", size: 60, opacity: shown ? 1 : 0, stroke: CARD, strokeWidth: 1 },
    encoding: {
      ...encoding,
      ...(shape ? { shape } : {}),
      tooltip: tooltipOf(data, [x, color, y, facet]),
    },
  };
  const layers = [
    ...ruleLayers(data, { x, highlight, axis: across }),
    { mark: { type: "line", tooltip: null }, encoding },
    points,
  ];
  return chart({ ...rest, kind: "line chart", rows: data, layers, facet });
}

/** What {@link scatterChart} shows. */
export interface ScatterOptions extends ChartOptions, FacetOptions {
  x: Field;
  y: Field;
  /** Colour and shape of the points. */
  color?: Field;
  /** Their area. */
  size?: Field;
  /** Further fields that are read when the pointer rests on a point. */
  tooltip?: readonly string[];
  /** 0 … 1. Default by the number of points. */
  opacity?: number;
  /** A dashed line at one value of x. */
  highlight?: Highlight;
}

/**
 * A point for each row.
 *
 * @throws {TypeError} If a field is in no row.
 * @throws {RangeError} If there are no rows, too many (draw a sample), or too many colours.
 */
export function scatterChart(rows: readonly object[], options: ScatterOptions): Promise<Displayed> {
  const { x, y, color, size, tooltip = [], facet, highlight, ...rest } = options;
  const { opacity = rows.length > 300 ? 0.55 : 0.85, ...around } = rest;
  const data = chartRows(rows, [x, y, color, size, facet, ...tooltip]);
  const padding = 8;
  const across = axisOf(data, x, { padding });
  const shape = color && shapeOf(data, color);
  const encoding = {
    x: across,
    y: axisOf(data, y, { padding }),
    ...(color ? { color: colourOf(data, color) } : {}),
    ...(shape ? { shape } : {}),
    ...(size ? { size: sizeOf(size) } : {}),
    tooltip: tooltipOf(data, [x, y, color, size, facet, ...tooltip]),
  };
  const layers = [
    { mark: { type: "point", opacity, size: data.length > 300 ? 22 : 60 }, encoding },
    ...ruleLayers(data, { x, highlight, axis: across }),
  ];
  return chart({ height: 340, ...around, kind: "scatter chart", rows: data, layers, facet });
}

function sizeOf(size: Field): Channel {
  const { field } = optionsOf(size);
  return {
    field: escaped(field),
    type: "quantitative",
    title: titleOf(size),
    scale: { range: [30, 600] },
    legend: { symbolFillColor: "transparent", symbolStrokeColor: INK.quiet, tickCount: 3 },
  };
}

/** What {@link intervalChart} shows. */
export interface IntervalOptions extends ChartOptions {
  /** The number, and the fields of its interval's ends. */
  x: Exclude<Field, string> & { low: string; high: string };
  /** What it is a number of. */
  y: Field;
  color?: Field;
}

/**
 * A point and its interval for each row: 95 % intervals, if the rows hold such.
 *
 * @throws {TypeError} If a field is in no row, or `x` and its ends are no numbers.
 * @throws {RangeError} If there are no rows, too many, or too many colours.
 */
export function intervalChart(
  rows: readonly object[],
  { x, y, color, ...rest }: IntervalOptions,
): Promise<Displayed> {
  const low = { ...x, field: x.low, title: `${titleOf({ ...x, unit: undefined })}, low` };
  const high = { ...x, field: x.high, title: `${titleOf({ ...x, unit: undefined })}, high` };
  const data = chartRows(rows, [x, low, high, y, color]);
  checkNumbers(data, x, low, high);
  const own = color === undefined || optionsOf(color).field === optionsOf(y).field;
  const colour = color
    ? { color: { ...colourOf(data, color), ...(own ? { legend: null } : {}) } }
    : {};
  const domain = color && !own ? (colourOf(data, color).scale as { domain: string[] }).domain : [];
  const position = {
    y: { ...axisOf(data, y, { type: "nominal" }), axis: { grid: true, domain: false } },
    ...colour,
    ...(own ? {} : { yOffset: { field: escaped(optionsOf(color!).field), sort: domain } }),
    tooltip: tooltipOf(data, [y, color, x, low, high]),
  };
  const [least, most] = [Math.min(...numbersOf(data, low)), Math.max(...numbersOf(data, high))];
  // Padding would take the axis below 0, where nothing is.
  const isNearZero = least >= 0 && least < most / 10;
  const axis = axisOf(data, high, isNearZero ? { room: 0.04 } : { padding: 12 });
  const ends = { ...axis, field: escaped(x.low), title: titleOf(x) };
  const layers = [
    {
      mark: { type: "rule", strokeWidth: 2.5, strokeCap: "round" },
      encoding: { ...position, x: ends, x2: { field: escaped(x.high) } },
    },
    {
      mark: { type: "point", size: 90, opacity: 1, stroke: CARD, strokeWidth: 1.5 },
      encoding: { ...position, x: { ...ends, field: escaped(x.field) } },
    },
  ];
  const step = own ? 32 : 18 * domain.length + 12;
  const height = step * categoriesOf(data, y).length;
  return chart({ height, ...rest, kind: "interval chart", rows: data, layers });
}
