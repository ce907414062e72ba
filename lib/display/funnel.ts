/** A funnel: how many came how far. */

import { axisOf, tooltipOf } from "./channels.ts";
import type { Displayed } from "./displayed.ts";
import {
  type ChartRow,
  chartRows,
  checkNumbers,
  type Field,
  optionsOf,
  titleOf,
} from "./fields.ts";
import { chart, type ChartOptions } from "./frame.ts";
import { whole } from "./numbers.ts";
import { INK, SINGLE } from "./palette.ts";
import type { Spec } from "./render.ts";
import { TEXT } from "./theme.ts";

/** What {@link funnelChart} shows. */
export interface FunnelOptions extends ChartOptions {
  /** Names the stages, in their order. */
  stage: Field;
  /** How many came so far. */
  value: Field;
}

/** Pixels of a column of figures beside the bars. */
const COLUMN = 74;

/**
 * The stages of a funnel as bars, each with its number, its share of the first stage and of the
 * stage before.
 *
 * @throws {TypeError} If a field is in no row, or `value` is no number.
 * @throws {RangeError} If there are no rows or too many.
 */
export function funnelChart(rows: readonly object[], options: FunnelOptions): Promise<Displayed> {
  const { stage, value, ...rest } = options;
  const counted = chartRows(rows, [stage, value]);
  checkNumbers(counted, value);
  const data = withShares(counted, optionsOf(value).field);
  const y = {
    ...axisOf(data, stage, { type: "nominal" }),
    title: null,
    axis: { domain: false, labelLimit: 170 },
    scale: { paddingInner: 0.24, paddingOuter: 0.1 },
  };
  const x = {
    ...axisOf(data, value, { zero: true }),
    axis: null,
    scale: { zero: true, nice: false, range: [0, { expr: `width - ${3 * COLUMN}` }] },
  };
  const layers = [
    {
      mark: { type: "bar", color: SINGLE },
      encoding: { x, y, tooltip: tooltipOf(data, [stage, value, "of_first", "of_previous"]) },
    },
    ...column({ field: "number", title: titleOf(value), from: 2 * COLUMN, y }),
    ...column({ field: "of_first", title: "of first", from: COLUMN, y }),
    ...column({ field: "of_previous", title: "of previous", from: 0, y }),
  ];
  const height = 34 * data.length;
  return chart({ height, ...rest, kind: "funnel", rows: data, layers, below: "nothing" });
}

function withShares(rows: readonly ChartRow[], field: string): ChartRow[] {
  const numbers = rows.map((row) => Number(row[field]));
  const percent = (part: number, all: number) =>
    all > 0 ? `${(100 * part / all).toFixed(1)}%` : "–";
  return rows.map((row, i) => ({
    ...row,
    number: whole(numbers[i]),
    of_first: percent(numbers[i], numbers[0]),
    of_previous: i > 0 ? percent(numbers[i], numbers[i - 1]) : "",
  }));
}

/** Figures below a heading, flush right. */
function column(
  { field, title, from, y }: { field: string; title: string; from: number; y: object },
): Spec[] {
  const x = { value: { expr: `width - ${from}` } };
  const mark = { type: "text", align: "right", tooltip: null };
  return [
    {
      mark: { ...mark, color: INK.label },
      encoding: { x, y, text: { field, type: "nominal" } },
    },
    {
      data: { values: [{}] },
      mark: { ...mark, color: INK.quiet, fontSize: TEXT.source, text: title },
      encoding: { x, y: { value: -8 } },
    },
  ];
}
