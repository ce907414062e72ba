/**
 * Colours, after Okabe and Ito, darkened where the original has less than 3:1 on white.
 *
 * Charts bring their own white card, so a colour is judged on white alone, in a dark page too.
 */

/** Behind every chart. */
export const CARD = "#ffffff";

/** Text and lines, from strong to faint. */
export const INK = {
  title: "#1f2328",
  label: "#424a53",
  quiet: "#6b737c",
  axis: "#a5adb6",
  grid: "#e7eaee",
} as const;

/** Each segment's colour, in the order of legends. */
export const SEGMENT_COLOURS = {
  "premium": "#0072b2",
  "selective spender": "#cc6fa5",
  "to engage": "#009e73",
  "bronze": "#a84a00",
  "visitor": "#4d4d4d",
} as const;
type SegmentName = keyof typeof SEGMENT_COLOURS;

/** For marks of one series. */
export const SINGLE = "#3b5b86";

/** For categories that are not segments, in this order. */
export const CATEGORY_COLOURS = [
  "#3b5b86",
  "#c77c00",
  "#2a9d9d",
  "#882255",
  "#7f7f1a",
  "#222222",
  "#8f7cc3",
] as const;

/** Low to high, for marks on the card. */
export const SEQUENTIAL = ["#86b4d8", "#3f83b8", "#12507f"] as const;

/** Cells of a heatmap: no shade so dark that {@link CELL_INK} could not be read on it. */
export const CELLS = {
  /** Low to high. */
  sequential: ["#f3f7fb", "#b3d1ea", "#5f9ccf"],
  /** Negative, zero, positive; blue and orange stay apart for every colour-blind reader. */
  diverging: ["#5f9ccf", "#b3d1ea", "#f6f6f6", "#f4c595", "#e08b3e"],
} as const;

/** A number on a cell. */
export const CELL_INK = "#000000";

/** The segment a value names, however it is written. */
function segmentOf(value: unknown): SegmentName | undefined {
  const name = String(value).toLowerCase().replaceAll("_", " ");
  return name in SEGMENT_COLOURS ? name as SegmentName : undefined;
}

const LEGEND_ORDER = Object.keys(SEGMENT_COLOURS);

/** Categories in legend order, each with its colour: segments first and always the same. */
export function colourScale(
  categories: readonly (string | number | boolean)[],
): { domain: (string | number | boolean)[]; range: string[] } {
  const rank = (value: unknown) => {
    const segment = segmentOf(value);
    return segment ? LEGEND_ORDER.indexOf(segment) : LEGEND_ORDER.length;
  };
  const domain = [...categories].sort((a, b) => rank(a) - rank(b));
  let others = 0;
  const range = domain.map((value) => {
    const segment = segmentOf(value);
    return segment ? SEGMENT_COLOURS[segment] : CATEGORY_COLOURS[others++];
  });
  return { domain, range };
}
