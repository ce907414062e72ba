import { assert, assertEquals } from "@std/assert";
import { DISPLAY, heatmap } from "../../../lib/display.ts";
import {
  CARD,
  CATEGORY_COLOURS,
  CELL_INK,
  CELLS,
  colourScale,
  INK,
  SEGMENT_COLOURS,
  SINGLE,
} from "../../../lib/display/palette.ts";

type Rgb = readonly number[];

/** Linear light, 0 … 1. */
function linear(hex: string): Rgb {
  return [1, 3, 5].map((at) => {
    const part = parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
}

/** Of WCAG 2: 1 … 21. */
function contrast(a: Rgb, b: Rgb): number {
  const light = ([r, g, b]: Rgb) => 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
  const [high, low] = [light(a), light(b)].sort((x, y) => y - x);
  return high / low;
}

// Machado, Oliveira and Fernandes (2009), severity 1.
const SEEN_BY: Record<string, readonly Rgb[]> = {
  everyone: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  deuteranopes: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopes: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
  protanopes: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
};

/** CIE L*a*b*, in which a distance of about 2 can just be seen. */
function lab(rgb: Rgb): Rgb {
  const white = [0.95047, 1, 1.08883];
  const [x, y, z] = [
    [0.4124, 0.3576, 0.1805],
    [0.2126, 0.7152, 0.0722],
    [0.0193, 0.1192, 0.9505],
  ].map((row, i) => Math.cbrt(Math.max(0, dot(row, rgb)) / white[i]));
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function dot(a: Rgb, b: Rgb): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}

function nearest(colours: readonly string[], eye: readonly Rgb[]): number {
  const seen = colours.map((hex) => lab(eye.map((row) => dot(row, linear(hex)))));
  const distances = seen.flatMap((a, i) =>
    seen.slice(i + 1).map((b) => Math.hypot(...a.map((value, j) => value - b[j])))
  );
  return Math.min(...distances);
}

Deno.test("marks stand out from their card, and text can be read on it", () => {
  const marks = [...Object.values(SEGMENT_COLOURS), ...CATEGORY_COLOURS, SINGLE];
  for (const hex of marks) assert(contrast(linear(hex), linear(CARD)) >= 3, hex);
  for (const hex of [INK.title, INK.label, INK.quiet]) {
    assert(contrast(linear(hex), linear(CARD)) >= 4.5, hex);
  }
});

Deno.test("segments can be told apart by colour-blind people too", () => {
  for (const [who, eye] of Object.entries(SEEN_BY)) {
    const distance = nearest(Object.values(SEGMENT_COLOURS), eye);
    assert(distance > 15, `${who}: ${distance}`);
  }
});

Deno.test("the first four other colours can be told apart by colour-blind people too", () => {
  for (const [who, eye] of Object.entries(SEEN_BY)) {
    const distance = nearest(CATEGORY_COLOURS.slice(0, 4), eye);
    assert(distance > 15, `${who}: ${distance}`);
  }
});

Deno.test("no other category has a segment's colour", () => {
  const { domain, range } = colourScale(["us", "Bronze", "premium", "popularity"]);
  assertEquals(domain, ["premium", "Bronze", "us", "popularity"]);
  assertEquals(range.slice(0, 2), [SEGMENT_COLOURS.premium, SEGMENT_COLOURS.bronze]);
  const segments: readonly string[] = Object.values(SEGMENT_COLOURS);
  assertEquals(CATEGORY_COLOURS.filter((hex) => segments.includes(hex)), []);
});

/** Between the stops of a scale, as a chart mixes them. */
function mixed(stops: readonly string[], share: number): Rgb {
  const at = Math.min(share * (stops.length - 1), stops.length - 1 - 1e-9);
  const parts = (hex: string) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
  const [from, to] = [parts(stops[Math.floor(at)]), parts(stops[Math.floor(at) + 1])];
  const hex = from.map((value, i) =>
    Math.round(value + (to[i] - value) * (at % 1)).toString(16).padStart(2, "0")
  );
  return linear(`#${hex.join("")}`);
}

Deno.test("the number in a heatmap's cell can be read at every shade", () => {
  for (let share = 0; share <= 1; share += 0.01) {
    for (const stops of Object.values(CELLS)) {
      const found = contrast(linear(CELL_INK), mixed(stops, share));
      assert(found >= 7, `${stops[0]} at ${share.toFixed(2)}: ${found}`);
    }
  }
});

Deno.test("a drawn heatmap has the shades between its stops, and its numbers in the ink", async () => {
  const rows = [-4.2, -3.9, -1, 0, 1.8, 3.3, 3.4, 4.2].map((z) => ({ x: z, y: "row", z }));
  for (const diverging of [false, true]) {
    const chart = await heatmap(rows, { x: "x", y: "y", color: "z", diverging, title: "Shades" });
    const svg = String(chart[DISPLAY]()["image/svg+xml"]);
    const cells = [...svg.matchAll(/fill="rgb\((\d+), (\d+), (\d+)\)"/g)].map(([, ...parts]) =>
      linear(`#${parts.map((part) => Number(part).toString(16).padStart(2, "0")).join("")}`)
    );
    assertEquals(cells.length, rows.length);
    for (const cell of cells) assert(contrast(linear(CELL_INK), cell) >= 7);
    const inks = [...svg.matchAll(/fill="([^"]+)">[−\d.]+<\/text>/g)].map(([, fill]) => fill);
    assertEquals(inks.filter((fill) => fill === CELL_INK).length, rows.length);
  }
});
