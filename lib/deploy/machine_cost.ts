/** What serving on Google Cloud will be billed, said before it is. */
import type { Model } from "../arguments.ts";
import { type TextColumn, textTable } from "../text_table.ts";
import { findEndpoint, servingDeployment, type Vertex } from "../vertex.ts";
import type { DeploySettings } from "./arguments.ts";
import { machinesFor } from "./endpoints.ts";

/**
 * US dollars an hour for a machine that serves predictions, at list price in us-central1.
 *
 * @see https://cloud.google.com/vertex-ai/pricing
 */
const PRICES: Readonly<Record<string, number>> = {
  "n1-standard-2": 0.1095,
  "n1-standard-4": 0.219,
  "n1-standard-8": 0.438,
  "n1-standard-16": 0.876,
  "n1-highmem-2": 0.137,
  "n1-highmem-4": 0.274,
  "n1-highmem-8": 0.548,
  "e2-standard-2": 0.0771,
  "e2-standard-4": 0.1541,
  "e2-standard-8": 0.3082,
};
const PRICE_LIST = "https://cloud.google.com/vertex-ai/pricing";
/** When and where these were the prices. */
const PRICES_OF = "2026-06-15";
const PRICES_IN = "us-central1";
/** As Google counts them. */
export const HOURS_IN_MONTH = 730;

/** What the machines of a model cost while one version of it is deployed. */
export interface MachineCost {
  model: Model;
  machine: string;
  minReplicas: number;
  maxReplicas: number;
  /** US dollars for the fewest machines; nothing where the price of the machine is not known. */
  hourly?: number;
}

/** What the machines would cost that the settings ask for. */
export async function estimateMachineCost(
  vertex: Vertex,
  settings: DeploySettings,
): Promise<MachineCost[]> {
  return await Promise.all(settings.models.map(async (model) => {
    const endpoint = await findEndpoint(vertex, model);
    const machines = machinesFor(settings, endpoint && servingDeployment(endpoint));
    const price = PRICES[machines.machine];
    const hourly = price === undefined ? undefined : price * machines.minReplicas;
    return { model, ...machines, hourly };
  }));
}

const COLUMNS: TextColumn[] = [
  { title: "model" },
  { title: "machines" },
  { title: "US dollars an hour", align: "right" },
  { title: "a month", align: "right" },
];

/** Lines that say what will be billed. */
export async function describeMachineCost(
  vertex: Vertex,
  settings: DeploySettings,
): Promise<string[]> {
  const costs = await estimateMachineCost(vertex, settings);
  const project = vertex.parent.split("/")[1];
  const total = costs.reduce<number | undefined>(
    (sum, { hourly }) => sum === undefined || hourly === undefined ? undefined : sum + hourly,
    0,
  );
  const rows = costs.map((cost) => [cost.model, machinesOf(cost), ...money(cost.hourly)]);
  return [
    `Project ${project} will be billed for machines as long as a model is deployed, at list price:`,
    ...textTable(COLUMNS, costs.length > 1 ? [...rows, ["together", "", ...money(total)]] : rows),
    `Prices of ${PRICES_OF} in ${PRICES_IN}${elsewhere(vertex)}.`,
    ...unknown(costs),
    ...meanwhile(settings),
    "`deno task undeploy` ends it.",
  ];
}

function unknown(costs: readonly MachineCost[]): string[] {
  const machines = new Set(costs.filter((cost) => !cost.hourly).map(({ machine }) => machine));
  if (machines.size === 0) return [];
  return [`What ${[...machines].join(" and ")} costs is said at ${PRICE_LIST}.`];
}

function elsewhere({ region }: Vertex): string {
  return region === PRICES_IN ? "" : `; ${region} may cost more`;
}

function machinesOf({ machine, minReplicas: least, maxReplicas: most }: MachineCost): string {
  return `${least === most ? least : `${least} to ${most}`} × ${machine}`;
}

function money(hourly: number | undefined): string[] {
  if (hourly === undefined) return ["not known", "not known"];
  return [hourly.toFixed(2), (hourly * HOURS_IN_MONTH).toFixed(0)];
}

function meanwhile({ canary, isRollback }: DeploySettings): string[] {
  const twice = "While two versions of a model stand side by side it costs twice as much: ";
  if (canary !== undefined) return [`${twice}until the canary gets all traffic or is rolled back.`];
  if (isRollback) return [`${twice}for some minutes.`];
  return [
    "A new version is tested on one machine of its own first, for some ten minutes.",
    `${twice}for some ten minutes more.`,
  ];
}
