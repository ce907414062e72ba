// @ts-check
/**
 * A line over numbered steps, as a drawing that takes the page's colours.
 *
 * @module
 */
import { svg } from "./dom.js";
import { numberText } from "./format.js";
import { niceTicks } from "./ticks.js";

const SIZE = { width: 480, height: 252 };
const INSIDE = { left: 68, right: 464, top: 36, bottom: 200 };

/** @typedef {{x: number, y: number}} Point */

/**
 * @param {Point[]} points At least one; x are whole numbers that rise.
 * @param {{x: string, y: string}} titles Of the axes.
 */
export function lineChart(points, titles) {
  const ys = points.map(({ y }) => y);
  const xTicks = niceTicks(points[0].x, points[points.length - 1].x, { about: 6, whole: true });
  const yTicks = niceTicks(Math.min(...ys), Math.max(...ys));
  const x = scale(xTicks, INSIDE.left, INSIDE.right);
  const y = scale(yTicks, INSIDE.bottom, INSIDE.top);
  const path = points.map((point) => `${x(point.x)},${y(point.y)}`).join(" ");
  const last = points[points.length - 1];
  const label = `${titles.y} by ${titles.x.toLowerCase()}: ${numberText(points[0].y)} at ` +
    `${points[0].x}, ${numberText(last.y)} at ${last.x}`;
  return svg(
    "svg",
    {
      class: "chart",
      viewBox: `0 0 ${SIZE.width} ${SIZE.height}`,
      role: "img",
      "aria-label": label,
    },
    yTicks.map((tick) => horizontal(tick, y(tick))),
    xTicks.map((tick) => vertical(tick, x(tick))),
    svg("polyline", { class: "line", points: path }),
    points.map((point) => dot(point, x(point.x), y(point.y))),
    axisTitles(titles),
  );
}

/**
 * @param {number[]} ticks
 * @param {number} from Where the first is.
 * @param {number} to Where the last is.
 */
function scale(ticks, from, to) {
  const low = ticks[0];
  const high = ticks[ticks.length - 1];
  return (/** @type {number} */ value) =>
    Math.round((from + (to - from) * (value - low) / (high - low)) * 10) / 10;
}

/**
 * @param {number} tick
 * @param {number} y
 */
function horizontal(tick, y) {
  return svg(
    "g",
    {},
    svg("line", { class: "grid", x1: INSIDE.left, x2: INSIDE.right, y1: y, y2: y }),
    svg("text", { x: INSIDE.left - 8, y: y + 4, "text-anchor": "end" }, String(tick)),
  );
}

/**
 * @param {number} tick
 * @param {number} x
 */
function vertical(tick, x) {
  const { bottom } = INSIDE;
  return svg(
    "g",
    {},
    svg("line", { class: "axis", x1: x, x2: x, y1: bottom, y2: bottom + 5 }),
    svg("text", { x, y: bottom + 20, "text-anchor": "middle" }, String(tick)),
  );
}

/**
 * @param {Point} point
 * @param {number} cx
 * @param {number} cy
 */
function dot({ x, y }, cx, cy) {
  return svg("circle", { class: "dot", cx, cy, r: 4 }, svg("title", {}, `${x}: ${y}`));
}

/** @param {{x: string, y: string}} titles */
function axisTitles({ x, y }) {
  const { left, right, bottom } = INSIDE;
  const middle = { x: (left + right) / 2, y: bottom + 44, "text-anchor": "middle" };
  return [
    svg("text", { class: "title", ...middle }, x),
    svg("text", { class: "title", x: 4, y: 18 }, y),
  ];
}
