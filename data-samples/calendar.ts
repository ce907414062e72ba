/** When people shop: days of the season, days of the week, hours of the day. */
import { cumulate, type Draw } from "./draw.ts";

/** Midnight UTC at the start of 1 November 2020, in seconds since 1970. */
export const SEASON_START = Date.UTC(2020, 10, 1) / 1000;

/** Days from 1 November 2020 to 31 January 2021. */
export const SEASON_DAYS = 92;

const DAY = 86400;
const SEASON_END = SEASON_START + SEASON_DAYS * DAY;

/** No visit starts later than this before the season's end, so that every visit ends within it. */
const LAST_START = SEASON_END - 2 * 3600;

/** Traffic by weekday, Sunday first. */
const WEEKDAYS = [1.0, 1.12, 1.1, 1.06, 1.04, 0.96, 0.86];

/** Traffic by local hour: quiet at night, a lunch break, busiest in the evening. */
const HOURS = [2, 1, 1, 1, 1, 2, 3, 5, 7, 8, 9, 10, 11, 10, 9, 9, 9, 10, 11, 13, 14, 13, 9, 5];

const DAYS_BY_TRAFFIC = cumulate(Array.from({ length: SEASON_DAYS }, (_, day) => traffic(day)));
const HOURS_BY_TRAFFIC = cumulate(HOURS);

/** A visit's start in seconds since 1970 (UTC), for a visitor `offset` hours east of UTC. */
export function drawVisitStart(draw: Draw, offset: number): number {
  const day = draw.position(DAYS_BY_TRAFFIC);
  const hour = draw.position(HOURS_BY_TRAFFIC);
  const start = SEASON_START + day * DAY + (hour - offset) * 3600 + draw.below(3600);
  if (start < SEASON_START) return start + DAY;
  return start > LAST_START ? start - DAY : start;
}

/** The holiday curve: a slow rise, Black Friday to Cyber Monday, gifts until mid-December, a lull. */
function traffic(day: number): number {
  const weekday = WEEKDAYS[new Date((SEASON_START + day * DAY) * 1000).getUTCDay()];
  return weekday * (
    0.75 +
    0.5 * hump(day, 36, 12) + // gifts: peak around 7 December
    1.1 * hump(day, 27, 2) + // 27 to 30 November
    0.25 * hump(day, 60, 4) - // sales around New Year
    0.45 * hump(day, 54.5, 1.5) // 24 to 26 December
  );
}

function hump(day: number, middle: number, width: number): number {
  return Math.exp(-0.5 * ((day - middle) / width) ** 2);
}
