/** Cells coloured by a number that is written in. */

import { axisOf, tooltipOf } from "./channels.ts";
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
import { chart, type ChartOptions } from "./frame.ts";
import { formatFor } from "./numbers.ts";
import { CELL_INK, CELLS } from "./palette.ts";

/** What {@link heatmap} shows. */
export interface HeatmapOptions extends ChartOptions {
  /** Columns. */
  x: Field;
  /** Rows. */
  y: Field;
  /** The number in each cell. */
  color: Field;
  /** Blue below 0, orange above, both as far as the largest number goes. Default false. */
  diverging?: boolean;
}

/**
 * One cell for each row, with its number.
 *
 * @throws {TypeError} If a field is in no row, or `color` is no number.
 * @throws {RangeError} If there are no rows or too many.
 */
export function heatmap(
  rows: readonly object[],
  { x, y, color, diverging = false, ...rest }: HeatmapOptions,
): Promise<Displayed> {
  const data = chartRows(rows, [x, y, color]);
  checkNumbers(data, color);
  const numbers = numbersOf(data, color);
  const { field, format = formatFor(numbers) } = optionsOf(color);
  const { domain, range } = diverging ? around0(numbers) : upwards(numbers);
  const position = {
    x: {
      ...axisOf(data, x, { type: "nominal" }),
      axis: { labelAngle: 0, domain: false, orient: "top", labelLimit: 130 },
    },
    y: { ...axisOf(data, y, { type: "nominal" }), axis: { domain: false } },
  };
  const layers = [
    {
      mark: "rect",
      encoding: {
        ...position,
        color: {
          field: escaped(field),
          type: "quantitative",
          scale: { domain, range, interpolate: "rgb" },
          title: titleOf(color),
          legend: null,
        },
        tooltip: tooltipOf(data, [x, y, color]),
      },
    },
    {
      transform: [{ filter: `isValid(datum[${JSON.stringify(field)}])` }],
      mark: { type: "text", tooltip: null },
      encoding: {
        ...position,
        text: { field: escaped(field), type: "quantitative", format },
        color: { value: CELL_INK },
      },
    },
  ];
  const height = 36 * categoriesOf(data, y).length;
  return chart({ height, ...rest, kind: "heatmap", rows: data, layers, below: "nothing" });
}

/** A scale of colours. */
interface Shades {
  domain: number[];
  range: readonly string[];
}

function around0(numbers: readonly number[]): Shades {
  const end = Math.max(...numbers.map(Math.abs)) || 1;
  return {
    domain: [-end, -end / 2, 0, end / 2, end],
    range: CELLS.diverging,
  };
}

function upwards(numbers: readonly number[]): Shades {
  const low = Math.min(...numbers);
  const span = (Math.max(...numbers) - low) || 1;
  return {
    domain: CELLS.sequential.map((_, i, { length }) => low + (i * span) / (length - 1)),
    range: CELLS.sequential,
  };
}
