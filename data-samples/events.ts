/** Shoppers' visits as rows: one per event, in columns of plain numbers, a chunk at a time. */
import { createDraw, type Draw } from "./draw.ts";
import { drawShopper, type Shopper } from "./shoppers.ts";
import { drawVisits, EVENT_NAMES, type Visit } from "./visits.ts";

/** Columns of events, all of one length; the meaning of the numbers is in `assemble.sql`. */
export interface EventColumns {
  readonly user: number[];
  /** Microseconds since 1970, UTC. */
  readonly timestamp: number[];
  /** Place in the event names. */
  readonly kind: number[];
  /** The visit's start in seconds since 1970: GA4's ga_session_id. */
  readonly session: number[];
  readonly sessionNumber: number[];
  /** Milliseconds since the event before; 0 where GA4 sends none. */
  readonly engagement: number[];
  /** Place in the pages. */
  readonly page: number[];
  /** Number of the order, 1, 2, …; 0 where nothing is bought. */
  readonly order: number[];
  /** Packed lines of the event. */
  readonly lines: (readonly number[])[];
}

/** What becomes of the shop's rows as they are made. */
export interface Sink {
  /** Takes up to `chunkRows` events; the arrays are reused, so copy what is to stay. */
  addEvents(columns: EventColumns): void;
  /** Takes a shopper and the microsecond of their first visit ever. */
  addShopper(shopper: Shopper, firstTouch: number): void;
}

/** What {@linkcode createShop} needs to know. */
export interface ShopOptions {
  /** Whole number, 0 to 2^31 - 1. */
  readonly seed: number;
  /** Most events that are handed over at once. */
  readonly chunkRows: number;
}

const PURCHASE = EVENT_NAMES.indexOf("purchase");
const FIRST_TIMED = EVENT_NAMES.indexOf("page_view");
const NOTHING: readonly number[] = [];
const DAY_MICROS = 86_400_000_000;

/** A shop that makes its shoppers in order; {@linkcode Shop.flush} hands over the last events. */
export interface Shop {
  /** Makes the next shopper and everything they do. */
  nextShopper(): void;
  flush(): void;
}

/** Opens a shop whose rows go to `sink`; the same seed makes the same rows. */
export function createShop(sink: Sink, { seed, chunkRows }: ShopOptions): Shop {
  const draw = createDraw(seed);
  const columns = emptyColumns();
  let users = 0;
  let orders = 0;

  const flush = () => {
    if (columns.user.length > 0) sink.addEvents(columns);
    for (const column of Object.values(columns)) column.length = 0;
  };
  const addVisit = (visit: Visit) => {
    const times = drawTimes(draw, visit);
    visit.steps.forEach(({ kind, page, lines = NOTHING }, place) => {
      columns.user.push(users);
      columns.timestamp.push(times.micros[place]);
      columns.kind.push(kind);
      columns.session.push(visit.start);
      columns.sessionNumber.push(visit.number);
      columns.engagement.push(times.engagement[place]);
      columns.page.push(page);
      columns.order.push(kind === PURCHASE ? ++orders : 0);
      columns.lines.push(lines);
      if (columns.user.length === chunkRows) flush();
    });
    return times.micros[0];
  };
  const nextShopper = () => {
    const shopper = drawShopper(draw, users);
    const [firstSeen] = drawVisits(draw, shopper).map(addVisit);
    sink.addShopper(shopper, firstSeen - drawPast(draw, shopper));
    users++;
  };
  return { nextShopper, flush };
}

/** Microseconds between a shopper's first visit ever and the first one within the season. */
function drawPast(draw: Draw, { earlierVisits }: Shopper): number {
  if (earlierVisits === 0) return 0;
  // The first visit in the season may be on its last day, so the way back is at least a season.
  return (92 + draw.below(300)) * DAY_MICROS + draw.below(DAY_MICROS);
}

/** When each step of a visit happens, and the engaged milliseconds that led up to it. */
function drawTimes(draw: Draw, { start, steps, engagedMsec }: Visit) {
  const arrival = steps.findIndex(({ kind }) => kind === FIRST_TIMED);
  const share = engagedMsec / (steps.length - 1 - arrival);
  const engagement = steps.map((_, place) =>
    place <= arrival ? 0 : Math.round(share * (0.5 + draw.uniform()))
  );
  let micros = start * 1_000_000 + draw.below(1_000_000);
  return {
    engagement,
    // Session start, first visit and the first page view are one moment, as in GA4. Later, the tab
    // is sometimes left alone for a while: such time passes but does not engage.
    micros: engagement.map((msec) => {
      if (msec === 0) return micros;
      const idle = draw.chance(0.2) ? draw.below(40_000_000) : 0;
      return micros += msec * 1000 + draw.below(1000) + idle;
    }),
  };
}

function emptyColumns(): EventColumns {
  return {
    user: [],
    timestamp: [],
    kind: [],
    session: [],
    sessionNumber: [],
    engagement: [],
    page: [],
    order: [],
    lines: [],
  };
}
