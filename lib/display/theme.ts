/** The house style of charts, as a Vega-Lite configuration. */

import { CARD, INK, SINGLE } from "./palette.ts";

/** Total width in pixels; an SVG scales down where there is less room. */
export const WIDTH = 560;
/** Between card and contents, in pixels. */
export const PADDING = 14;
/** Room for the numbers and the title of a y axis, in pixels. */
export const AXIS_ROOM = 62;
/** Sizes of text in pixels. */
export const TEXT = { title: 16, subtitle: 13, label: 13, source: 11 } as const;
const FONT = "Helvetica, Arial, sans-serif";

/** For every chart. */
export const THEME = {
  font: FONT,
  aria: false,
  view: { stroke: null },
  title: {
    anchor: "start",
    frame: "bounds",
    font: FONT,
    fontSize: TEXT.title,
    fontWeight: "bold",
    color: INK.title,
    subtitleFont: FONT,
    subtitleFontSize: TEXT.subtitle,
    subtitleColor: INK.quiet,
    subtitlePadding: 5,
    offset: 14,
  },
  axis: {
    labelFont: FONT,
    labelFontSize: TEXT.label,
    labelColor: INK.label,
    labelLimit: 220,
    labelPadding: 6,
    titleFont: FONT,
    titleFontSize: TEXT.label,
    titleFontWeight: "normal",
    titleColor: INK.quiet,
    titlePadding: 10,
    titleLimit: 400,
    gridColor: INK.grid,
    domainColor: INK.axis,
    ticks: false,
    domain: false,
    labelBound: false,
    labelFlush: false,
    tickCount: 6,
  },
  axisX: { labelPadding: 8 },
  axisBand: { grid: false, domain: true },
  axisPoint: { grid: false, domain: true },
  legend: {
    orient: "top",
    direction: "horizontal",
    labelFont: FONT,
    labelFontSize: TEXT.label,
    labelColor: INK.label,
    labelLimit: 200,
    titleFont: FONT,
    titleFontSize: TEXT.label,
    titleFontWeight: "normal",
    titleColor: INK.quiet,
    titleOrient: "left",
    columnPadding: 14,
    offset: 10,
    symbolSize: 90,
    // Side by side two legends are wider than a chart.
    layout: { top: { direction: "vertical", anchor: "start", bounds: "full", margin: 6 } },
  },
  header: {
    labelFont: FONT,
    labelFontSize: TEXT.subtitle,
    labelFontWeight: "bold",
    labelColor: INK.label,
    labelAnchor: "start",
    labelPadding: 6,
    title: null,
  },
  bar: { color: SINGLE },
  line: { color: SINGLE, strokeWidth: 2.25 },
  point: { color: SINGLE, filled: true, size: 50 },
  rule: { color: SINGLE },
  rect: { stroke: CARD, strokeWidth: 2 },
  text: { font: FONT, fontSize: TEXT.label, color: INK.label },
} as const;
