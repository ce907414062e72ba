/** The sample shop with both models trained and deployed, on a local cloud of its own. */
import { readDeployArguments, readUndeployArguments } from "../../../lib/deploy/arguments.ts";
import { deploy } from "../../../lib/deploy/deploy.ts";
import { undeploy } from "../../../lib/deploy/undeploy.ts";
import { loadEvents, SAMPLE } from "../../../lib/events.ts";
import { makeProductMatrix, makeUserStats } from "../../../lib/features.ts";
import { createApp } from "../../../lib/functions/app.ts";
import { createFunctions, type FunctionOptions } from "../../../lib/functions/functions.ts";
import { trainProductAffinity } from "../../../lib/product_affinity.ts";
import { startProgress } from "../../../lib/progress.ts";
import type { Session } from "../../../lib/session.ts";
import { predictUserClusters, trainUserClusters } from "../../../lib/user_clusters.ts";
import { openVertex } from "../../../lib/vertex.ts";
import { openCloud, type Shop } from "../../open_shop.ts";

/** The sample's events, with both models trained on the published features; nothing is deployed. */
export async function openSampleShop(): Promise<Shop> {
  const shop = await openCloud();
  const { session } = shop;
  await loadEvents(session, { file: SAMPLE });
  await makeUserStats(session, "published");
  await makeProductMatrix(session, "published");
  await trainProductAffinity(session);
  await trainClusters(session, 4);
  return shop;
}

/** Trains user_clusters and writes down who is in which. */
export async function trainClusters(session: Session, clusters: number): Promise<void> {
  await trainUserClusters(session, { clusters });
  await predictUserClusters(session);
}

const quiet = (stages: number) => startProgress(stages, "none");

/** What `deploy` does with the arguments. */
export async function deployModels(session: Session, ...args: string[]): Promise<void> {
  await deploy(session, readDeployArguments(args)!, quiet);
}

/** Takes everything off the endpoints. */
export async function undeployModels(session: Session): Promise<void> {
  await undeploy(session, readUndeployArguments([])!, quiet);
}

/** An answer of a function, and its HTTP status. */
export interface Answer<Body> {
  status: number;
  body: Body & { error?: { message: string } };
}

/** Fresh functions that have kept nothing yet: gives what asks them over HTTP. */
export async function openFunctions(session: Session, options: FunctionOptions = {}) {
  const vertex = await openVertex(session);
  const app = createApp(createFunctions(session, vertex, options));
  return async <Body>(name: string, request: unknown): Promise<Answer<Body>> => {
    const response = await app.request(`/${name}`, {
      method: "POST",
      // Of no use here, and to do no harm.
      headers: { "Content-Type": "application/json", "Authorization": "bearer none" },
      body: JSON.stringify(request),
    });
    return { status: response.status, body: await response.json() };
  };
}

/** How many queries each statement of sql/functions has been asked by so far. */
export async function countQueries({ bigquery }: Session): Promise<Record<string, number>> {
  const [jobs] = await bigquery.getJobs();
  const described = await Promise.all(jobs.map((job) => job.getMetadata()));
  const counts: Record<string, number> = {};
  for (const [{ configuration }] of described) {
    const statement: string = configuration.labels?.statement ?? "";
    if (statement.startsWith("functions__")) counts[statement] = (counts[statement] ?? 0) + 1;
  }
  return counts;
}
