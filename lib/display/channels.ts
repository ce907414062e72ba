/** Fields as Vega-Lite's encodings: axes, colours, tooltips. */

import {
  categoriesOf,
  type ChartRow,
  escaped,
  type Field,
  type FieldOptions,
  numbersOf,
  optionsOf,
  titleOf,
  typeOf,
  valuesOf,
  type ValueType,
} from "./fields.ts";
import { formatFor, logTicks, niceEnd, symlogTicks, tickFormat } from "./numbers.ts";
import { CATEGORY_COLOURS, colourScale, SEQUENTIAL } from "./palette.ts";
import { textWidth } from "./text_width.ts";
import { AXIS_ROOM, PADDING, TEXT, THEME, WIDTH } from "./theme.ts";

/** One channel of an encoding. */
export type Channel = Record<string, unknown>;

/** What an axis shows: categories even where they are numbers, or no zero where it means nothing. */
export interface AxisOptions {
  /** Default by the values. */
  type?: ValueType;
  /** Whether the axis must hold zero. Default false. */
  zero?: boolean;
  /** Whether few whole numbers, such as numbers of clusters, get a tick each. Default false. */
  counted?: boolean;
  /** Pixels between the outermost numbers and the plot's edge, so that no mark lies on it. */
  padding?: number;
  /** Room beyond the largest and the smallest number, as a share of the axis. Default none. */
  room?: number;
}

/** Numbers of so few different whole values get a tick each. */
const MOST_TICKS = 12;

/**
 * A position, with axis and scale.
 *
 * @throws {RangeError} If a log scale is asked for values that have no logarithm.
 */
export function axisOf(
  rows: readonly ChartRow[],
  field: Field,
  { type = typeOf(rows, field), zero = false, counted = false, room = 0, padding }: AxisOptions =
    {},
): Channel {
  const { field: name, scale } = optionsOf(field);
  const base = { field: escaped(name), type, title: titleOf(field) };
  if (type === "nominal") return { ...base, sort: categoriesOf(rows, field) };
  if (type === "temporal") return { ...base, ...timeAxis(rows, field) };
  const numbers = numbersOf(rows, field);
  if (scale === "log" && numbers.some((value) => value <= 0)) {
    throw new RangeError(
      `Cannot put "${name}" on a log scale as it has values of 0 or less: use scale "symlog"`,
    );
  }
  return {
    ...base,
    scale: scaleOf(numbers, { scale, zero, room, padding, counted }),
    axis: quantityAxis(numbers, field, counted),
  };
}

/** The year stands in the title, or where there are several with each day. */
function timeAxis(rows: readonly ChartRow[], field: Field): Channel {
  const years = new Set(valuesOf(rows, field).map((value) => String(value).slice(0, 4)));
  const [year] = years;
  const isOne = years.size === 1;
  return {
    title: isOne ? `${titleOf(field)} (${year})` : titleOf(field),
    scale: { type: "utc" },
    axis: { format: isOne ? "%-d %b" : "%-d %b %Y", labelOverlap: true },
  };
}

function scaleOf(
  numbers: readonly number[],
  { scale = "linear", zero, room, padding, counted }:
    & Pick<FieldOptions, "scale">
    & Required<Pick<AxisOptions, "zero" | "room" | "counted">>
    & Pick<AxisOptions, "padding">,
): Channel {
  const spare = padding === undefined ? {} : { padding };
  if (scale === "log") return { type: scale, nice: false, ...spare };
  const top = Math.max(...numbers);
  // Padding would take the axis below 0, where nothing is.
  if (isUpwards(numbers, scale)) return { type: scale, domain: [0, niceEnd(top)], nice: false };
  if (!room) return { type: scale, zero, nice: !counted, ...spare };
  const low = Math.min(0, ...numbers);
  const high = Math.max(0, ...numbers);
  const beyond = (room * (high - low || 1)) / (1 - room);
  const domain = [low < 0 ? low - beyond : 0, high > 0 || low === 0 ? high + beyond : 0];
  return { type: scale, domain, nice: false };
}

/** Whether a scale is a symlog one from 0. */
function isUpwards(numbers: readonly number[], scale: FieldOptions["scale"]): boolean {
  return scale === "symlog" && Math.min(...numbers) >= 0 && Math.max(...numbers) > 0;
}

function quantityAxis(numbers: readonly number[], field: Field, counted: boolean): Channel {
  const { scale, format = tickFormat(numbers, scale) } = optionsOf(field);
  const different = [...new Set(numbers)].sort((a, b) => a - b);
  const whole = different.every(Number.isInteger);
  // Given as the axis' format, "~s" would write 0 as 0k.
  const formatted = format === "~s"
    ? { labelExpr: `format(datum.value, "~s")` }
    : format
    ? { format }
    : {};
  // Vega leaves out every other one of the ticks it is given if there are more than tickCount.
  const ticks = (values: readonly number[]) => ({ ...formatted, values, tickCount: values.length });
  if (counted && different.length <= MOST_TICKS && (whole || scale === "log")) {
    return { ...ticks(different), grid: false, labelOverlap: true };
  }
  if (isUpwards(numbers, scale)) return ticks(symlogTicks(numbers.filter((value) => value > 0)));
  return scale === "log" ? ticks(logTicks(different[0], different.at(-1)!)) : formatted;
}

/**
 * A colour for each category, or a scale of blues for numbers.
 *
 * @throws {RangeError} If there are more categories than colours that can be told apart.
 */
export function colourOf(rows: readonly ChartRow[], field: Field): Channel {
  const { field: name } = optionsOf(field);
  const base = { field: escaped(name), title: titleOf(field) };
  const categories = categoriesOf(rows, field);
  const amounts = typeOf(rows, field) === "quantitative" &&
    categories.length > CATEGORY_COLOURS.length;
  if (amounts) {
    const { format = formatFor(numbersOf(rows, field)), scale = "linear" } = optionsOf(field);
    return {
      ...base,
      type: "quantitative",
      scale: { type: scale, range: SEQUENTIAL },
      legend: { format, gradientLength: 160, gradientThickness: 10 },
    };
  }
  if (categories.length > CATEGORY_COLOURS.length) {
    throw new RangeError(
      `Cannot colour by "${name}" as ${CATEGORY_COLOURS.length} colours can be told apart and it ` +
        `has ${categories.length} values: group the rare ones`,
    );
  }
  const scale = colourScale(categories);
  return { ...base, type: "nominal", scale, ...legendOf(base.title, scale.domain) };
}

/** Beside a legend's label: its symbol, and what parts it from the next. */
const SYMBOL_WIDTH = 16;

/** A legend in columns where its labels do not fit side by side. */
function legendOf(title: string, labels: readonly unknown[]): Channel {
  const { columnPadding, labelLimit } = THEME.legend;
  const size = TEXT.label;
  const widths = labels.map((label) =>
    Math.min(labelLimit, textWidth(String(label), { size })) + SYMBOL_WIDTH + columnPadding
  );
  const free = WIDTH - 2 * PADDING - textWidth(title, { size }) - AXIS_ROOM;
  if (widths.reduce((sum, width) => sum + width, 0) <= free) return {};
  return { legend: { columns: Math.max(1, Math.floor(free / Math.max(...widths))) } };
}

const SHAPES = [
  "circle",
  "square",
  "triangle-up",
  "diamond",
  "cross",
  "triangle-down",
  "triangle-right",
  "triangle-left",
];

/** A shape for each category, with which a legend of colours merges; none for a scale of numbers. */
export function shapeOf(rows: readonly ChartRow[], field: Field): Channel | undefined {
  const colour = colourOf(rows, field);
  if (colour.type !== "nominal") return undefined;
  const { domain } = colour.scale as { domain: readonly unknown[] };
  return { ...colour, scale: { domain, range: SHAPES.slice(0, domain.length) } };
}

/** What is read when the pointer rests on a mark: each field once. */
export function tooltipOf(
  rows: readonly ChartRow[],
  fields: readonly (Field | undefined)[],
): Channel[] {
  const named = new Map<string, Field>();
  for (const field of fields) {
    if (field === undefined) continue;
    const { field: name } = optionsOf(field);
    if (!named.has(name)) named.set(name, field);
  }
  return [...named.values()].map((field) => {
    const base = { field: escaped(optionsOf(field).field), title: titleOf(field) };
    const type = typeOf(rows, field);
    if (type === "nominal") return { ...base, type };
    // A tooltip knows no UTC axis: dates stay the text they are.
    if (type === "temporal") return { ...base, type: "nominal" };
    const { format = formatFor(numbersOf(rows, field)) } = optionsOf(field);
    return { ...base, type, format };
  });
}
