/**
 * What a notebook shows: tables and charts as Jupyter's MIME bundles. Pure: rows in, bundle out;
 * needs no kernel.
 *
 * A chart is held three times: as a Vega-Lite specification with its rows, interactive in
 * JupyterLab; as an SVG for GitHub, nbviewer and exported HTML; as a line of text. It stands on a
 * white card, so that it reads the same on a light and on a dark page.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { barChart, DISPLAY } from "./display.ts";
 * const rows = [{ segment: "premium", users: 130 }, { segment: "bronze", users: 410 }];
 * const chart = await barChart(rows, { x: "segment", y: "users", title: "Users per segment" });
 * assertEquals(chart[DISPLAY]()["text/plain"], "Users per segment · bar chart of 2 rows");
 * ```
 */

export { DISPLAY, type Displayed, type MimeBundle } from "./display/displayed.ts";
export type { Field, FieldOptions } from "./display/fields.ts";
export type { ChartOptions, FacetOptions, Highlight } from "./display/frame.ts";
export { barChart, type BarOptions } from "./display/bars.ts";
export { funnelChart, type FunnelOptions } from "./display/funnel.ts";
export {
  intervalChart,
  type IntervalOptions,
  lineChart,
  type LineOptions,
  scatterChart,
  type ScatterOptions,
} from "./display/lines.ts";
export { heatmap, type HeatmapOptions } from "./display/heatmap.ts";
export { type Column, table, type TableOptions } from "./display/table.ts";
