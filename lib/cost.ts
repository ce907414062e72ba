/** What a run on Google Cloud will be billed, said before it is. */
import { stat } from "node:fs/promises";
import type { Settings } from "./arguments.ts";
import { SAMPLE } from "./events.ts";
import { withFeatures } from "./features.ts";
import { reasonOf } from "./failure.ts";
import { renamed, type Session } from "./session.ts";
import { dryRun, type StatementOptions } from "./sql.ts";
import { textTable } from "./text_table.ts";

/**
 * US dollars per TiB that a statement reads, at list price in the US.
 *
 * @see https://cloud.google.com/bigquery/pricing
 */
const PRICES = { query: 6.25, training: 312.5 };
/** BigQuery bills no statement for less. */
const LEAST_BYTES = 10 * 2 ** 20;
/** Bytes of a table for one byte of a Parquet file, at most: 45 for the sample. Text does not grow. */
const UNPACKED = 50;

/** A statement that reads much, and what it costs on Google Cloud. */
export interface StatementCost {
  statement: string;
  /** How often it is run. */
  times: number;
  /**
   * What BigQuery bills it as. `slot hours`: matrix factorization, which is trained only under a
   * reservation and billed by the time that the reservation's slots are held.
   */
  kind: keyof typeof PRICES | "slot hours";
  /**
   * What one run reads; nothing where a dry run cannot say, as a table is yet to be made, and for
   * slot hours, which do not depend on it.
   */
  bytes?: number;
  /**
   * US dollars for all its runs, at list price and without the free tier; nothing for slot hours,
   * which no dry run foretells.
   */
  dollars?: number;
}

/** What is to be run. */
export type CostSettings = Pick<Settings, "features" | "models" | "events" | "table">;

const BOTH_MODELS: CostSettings = {
  features: "published",
  models: ["user_clusters", "product_affinity"],
};

/**
 * What the statements of a run would cost on Google Cloud, by dry runs: nothing is billed, and the
 * local cloud can be asked as well.
 *
 * @param settings Default: both models on the published features.
 */
export async function estimateCost(
  opened: Session,
  settings: CostSettings = BOTH_MODELS,
): Promise<StatementCost[]> {
  const { table } = settings;
  const session = table ? renamed(opened, { events_flat_data: table }) : opened;
  const costs: StatementCost[] = [];
  for (const planned of plan(settings)) {
    const { kind } = planned;
    if (kind === "slot hours") costs.push(planned);
    else {
      const bytes = await estimate(session, settings, planned);
      costs.push({ ...planned, bytes, dollars: price({ ...planned, kind, bytes }) });
    }
  }
  return costs;
}

/** Lines that say what will be billed, and what a reservation is needed for. */
export async function describeCost(session: Session, settings: Settings): Promise<string[]> {
  const costs = await estimateCost(session, settings);
  const total = costs.reduce((sum, { dollars = 0 }) => sum + dollars, 0);
  const rows = costs.map((cost) => [cost.statement, `${cost.times} ×`, ...amounts(cost)]);
  return [
    `Project ${session.project} will be billed for what these statements read, at list price at most about:`,
    ...textTable([
      { title: "statement" },
      { title: "times", align: "right" },
      { title: "reads, MB", align: "right" },
      { title: "US dollars", align: "right" },
    ], [...rows, ["together", "", "", money(total)]]),
    "The first TiB of queries and 10 GiB of model training in a month are free; loading is free.",
    ...(settings.models.includes("product_affinity") ? [RESERVATION] : []),
  ];
}

const RESERVATION =
  "product_affinity: BigQuery trains matrix factorization only under a reservation of Enterprise " +
  "edition,\nwhich is billed by the slot hour, on top of the sum; a run trains three. " +
  "Without one use --model user_clusters.";

type Planned = Omit<StatementCost, "bytes" | "dollars">;

/** The statements that read much: each one of the events, and training. */
function plan({ models, table }: CostSettings): Planned[] {
  const query = (statement: string, times = 1) => ({ statement, times, kind: "query" as const });
  const events = [query("events/check"), query("events/example_users")];
  // Where segments were planted, the other features are tried as well.
  const times = table ? 1 : 2;
  const clusters = [
    query("features/user_stats", times),
    { statement: "user_clusters/train", times, kind: "training" as const },
    query("user_clusters/predict_all", times),
    query("user_clusters/evaluate"),
  ];
  const affinity = [
    // In use, and for either feature set on what came before the split.
    query("features/user_product_matrix", 3),
    { statement: "product_affinity/train", times: 3, kind: "slot hours" as const },
    query("product_affinity/recommend_all", 3),
    query("evaluation/split_time"),
    query("evaluation/events_before_split"),
    query("evaluation/bought_after_split"),
    query("evaluation/popular_before_split"),
    query("evaluation/recommended", 2),
  ];
  return [
    ...events,
    ...(models.includes("user_clusters") ? clusters : []),
    ...(models.includes("product_affinity") ? affinity : []),
  ];
}

async function estimate(
  opened: Session,
  { features, events = SAMPLE, table }: CostSettings,
  { statement }: Planned,
): Promise<number | undefined> {
  const session = withFeatures(opened, features);
  const name = statement.startsWith("features/") && features === "corrected"
    ? `${statement}_corrected`
    : statement;
  try {
    return await dryRun(session, name, PARAMETERS[statement]);
  } catch (error) {
    if (reasonOf(error) !== "notFound") throw error;
    // The first run: nothing is loaded yet, and of the file only its size is known.
    const readsEvents = /^(events|features|evaluation)\//.test(statement);
    if (!readsEvents || table) return undefined;
    return (await stat(events)).size * (events.endsWith(".parquet") ? UNPACKED : 1);
  }
}

const PARAMETERS: Record<string, StatementOptions> = {
  "evaluation/events_before_split": { params: { split_micros: 0, seed: 1, one_in: 1 } },
  "evaluation/bought_after_split": { params: { split_micros: 0 } },
};

function price(
  { bytes = 0, kind, times }: { bytes?: number; kind: keyof typeof PRICES; times: number },
): number {
  return (Math.max(bytes, LEAST_BYTES) / 2 ** 40) * PRICES[kind] * times;
}

/** What is read and what it costs, as written in a table. */
function amounts({ kind, bytes, dollars = 0 }: StatementCost): string[] {
  if (kind === "slot hours") return ["", kind];
  return [bytes === undefined ? "little" : megabytes(bytes), money(dollars)];
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toLocaleString("en-US", { maximumFractionDigits: 1 });
}

function money(amount: number): string {
  return amount < 0.01 ? "< 0.01" : amount.toFixed(2);
}
