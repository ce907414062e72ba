/** A first look at events_flat_data, before anything is learnt from it. */
import { z } from "zod";
import type { Session } from "./session.ts";
import { queryRows } from "./sql.ts";

const eventRow = z.object({
  /** `YYYY-MM-DD hh:mm:ss` */
  time_utc: z.string().nullable(),
  user_pseudo_id: z.string().nullable(),
  event_name: z.string().nullable(),
  ga_session_id: z.number().nullable(),
  /** Milliseconds of attention since the event before. */
  engagement_time_msec: z.number().nullable(),
  /** How many products the event is about. */
  products: z.number().nullable(),
});
/** An event with the parts of its nested columns that the models use. */
export type EventRow = z.infer<typeof eventRow>;

const eventCount = z.object({
  event_name: z.string().nullable(),
  events: z.number(),
  users: z.number(),
});
/** How often something happened, and to how many users. */
export type EventCount = z.infer<typeof eventCount>;

const funnelStage = z.object({ stage: z.string(), users: z.number() });
/** How many users went this far on the way to an order. */
export type FunnelStage = z.infer<typeof funnelStage>;

/**
 * The first events, in the order of their time.
 *
 * @param options.rows How many at most, 1 or more. Default 5.
 */
export async function firstEvents(session: Session, { rows = 5 } = {}): Promise<EventRow[]> {
  return await queryRows(session, "events/first_events", { row: eventRow, params: { rows } });
}

/** What happened how often, the most frequent first. */
export async function countEvents(session: Session): Promise<EventCount[]> {
  return await queryRows(session, "events/counts", { row: eventCount });
}

/** The way to an order, first stage first; every stage counts users, not visits. */
export async function eventFunnel(session: Session): Promise<FunnelStage[]> {
  return await queryRows(session, "events/funnel", { row: funnelStage });
}
