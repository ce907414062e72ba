/** Whether anything can be learnt from the events, said before anything is made of them. */
import { z } from "zod";
import { checkColumns } from "./event_columns.ts";
import { badInput, reasonOf } from "./failure.ts";
import { count } from "./figures.ts";
import type { FeatureSet } from "./features.ts";
import type { Session } from "./session.ts";
import { queryRow, queryRows } from "./sql.ts";

const eventSummary = z.object({
  events: z.number(),
  events_with_user: z.number(),
  events_with_time: z.number(),
  events_with_session: z.number(),
  users: z.number(),
  /** Users with at least one purchase. */
  buyers: z.number(),
  purchases: z.number(),
  /** Purchases of two or more different products. */
  purchases_of_several: z.number(),
  /** Microseconds since 1970, UTC; null without events. */
  first_event_micros: z.number().nullable(),
  last_event_micros: z.number().nullable(),
  /** One per product of a purchase. */
  item_lines: z.number(),
  item_lines_with_name: z.number(),
  item_lines_with_price: z.number(),
  item_lines_with_quantity: z.number(),
  /** Different names of products bought. */
  products: z.number(),
});
/** How much of what the models need is in events_flat_data. */
export type EventSummary = z.infer<typeof eventSummary>;

/** Ratings of the published matrix above which training takes minutes and gigabytes. */
const MANY_RATINGS = 20_000_000;

/** What is to be learnt. */
export interface Plan {
  /** What the events are called in a sentence. */
  source: string;
  features: FeatureSet;
  /** k of user_clusters; nothing if it is not trained. */
  clusters?: number;
  /** Whether product_affinity is trained. */
  hasAffinity: boolean;
  /** Whether to train on more ratings than is reasonable. */
  isForced: boolean;
}

/**
 * Counts what is in events_flat_data.
 *
 * @throws {Failure} If it lacks a column, or has it with another type.
 */
export async function summarizeEvents(session: Session, source: string): Promise<EventSummary> {
  const name = session.names.events_flat_data;
  if (name) await checkTable(session, name, source);
  try {
    return await queryRow(session, "events/check", { row: eventSummary });
  } catch (error) {
    if (reasonOf(error) !== "invalidQuery") throw error;
    const message = (error as Error).message.split("\n")[0];
    throw badInput(`Cannot learn from ${source} as its columns are not those of GA4: ${message}`);
  }
}

/** At most two users to show results for: the walk-through's where they are among the buyers. */
export async function exampleUsers(session: Session): Promise<string[]> {
  const row = z.object({ user_pseudo_id: z.string() });
  const rows = await queryRows(session, "events/example_users", { row });
  return rows.map(({ user_pseudo_id }) => user_pseudo_id);
}

/** A table of someone else's; many in one (`events_*`) have no columns of their own to look at. */
async function checkTable(session: Session, name: string, source: string): Promise<void> {
  if (name.includes("*")) return;
  const [table, dataset = session.dataset, projectId] = name.split(".").reverse();
  const found = session.bigquery.dataset(dataset, { projectId }).table(table);
  const [metadata] = await found.getMetadata().catch((error) => {
    if (error.code !== 404) throw error;
    throw badInput(`Cannot learn from ${source} as there is no such table`);
  });
  checkColumns(metadata.schema?.fields ?? [], source);
}

/**
 * Checks that the models can be trained on such events.
 *
 * @throws {Failure} The first reason why not, in one sentence.
 */
export function checkSummary(summary: EventSummary, plan: Plan): void {
  const reason = [...eventRules(summary), ...clusterRules(summary, plan)]
    .concat(plan.hasAffinity ? affinityRules(summary, plan) : [])
    .find(([isBroken]) => isBroken);
  if (reason) throw badInput(`Cannot learn from ${plan.source} as ${reason[1]}`);
}

type Rule = [isBroken: boolean, reason: string];

function eventRules(s: EventSummary): Rule[] {
  return [
    [s.events === 0, "it holds no events"],
    [s.events_with_user === 0, "no event has a user_pseudo_id"],
    [s.events_with_time === 0, "no event has an event_timestamp"],
    [s.events_with_session === 0, "no event has the parameter ga_session_id"],
    [s.purchases === 0, `none of its ${count(s.events)} events is a purchase`],
    [s.item_lines === 0, `none of its ${count(s.purchases)} purchases has items`],
    [s.item_lines_with_name === 0, "no item bought has an item_name"],
    [s.item_lines_with_price === 0, "no item bought has a price"],
    [s.item_lines_with_quantity === 0, "no item bought has a quantity"],
  ];
}

function clusterRules(s: EventSummary, { clusters = 0 }: Plan): Rule[] {
  return [
    [s.users < 2, "two users or more are needed: it has 1"],
    [
      clusters > s.users,
      `${clusters} clusters need as many users: it has ${s.users} (see --clusters)`,
    ],
  ];
}

function affinityRules(s: EventSummary, { features, isForced }: Plan): Rule[] {
  const isPublished = features === "published";
  const ratings = 2 * s.buyers * s.products;
  return [
    [s.buyers < 2, "two buyers or more are needed to recommend anything: it has 1"],
    [s.products < 2, "two products or more are needed to recommend one: it has 1"],
    [
      isPublished && s.purchases_of_several === 0,
      "nobody bought two products at once, which the published features need: " +
      "use --features corrected",
    ],
    [
      isPublished && ratings > MANY_RATINGS && !isForced,
      `the published features would pair ${count(s.buyers)} buyers with nearly all of ` +
      `${count(s.products)} products, about ${count(ratings)} ratings: ` +
      "use --features corrected, or --force to wait for them",
    ],
  ];
}
