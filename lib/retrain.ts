/** Retrains the models from raw events: which stages there are, and what they find. */
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import type { Settings } from "./arguments.ts";
import { recoverSegments, type Recovery } from "./cluster_overlap.ts";
import { scoreAffinity, scorePopularity, type Split, splitPurchases } from "./evaluation.ts";
import {
  checkSummary,
  type EventSummary,
  exampleUsers,
  type Plan,
  summarizeEvents,
} from "./event_check.ts";
import { loadEvents, SAMPLE } from "./events.ts";
import { badInput } from "./failure.ts";
import * as features from "./features.ts";
import type { Score } from "./list_scores.ts";
import * as affinity from "./product_affinity.ts";
import type { Progress, StageTime } from "./progress.ts";
import { nameSegments, type Segment } from "./segments.ts";
import { renamed, type Session } from "./session.ts";
import * as clusters from "./user_clusters.ts";

/** What retraining found. */
export interface RetrainResult {
  where: Session["where"];
  project: string;
  dataset: string;
  features: features.FeatureSet;
  /** What was learnt from: a file's name or a table. */
  source: string;
  /** False if the table was given, or held the file's rows already. */
  was_loaded: boolean;
  events: EventSummary;
  user_clusters?: ClusterResult;
  product_affinity?: AffinityResult;
  users: UserResult[];
  stages: StageTime[];
}

/** What was found about segments. */
export interface ClusterResult {
  /** Best tier first. */
  segments: Segment[];
  quality: clusters.ClusterQuality;
  /** By feature set; nothing where no segments were planted. */
  recovery?: Record<features.FeatureSet, Recovery>;
}

/** What was found about recommendations. */
export interface AffinityResult {
  quality: affinity.RankingQuality;
  split: Omit<Split, "wanted"> & { users_judged: number };
  /** Nothing where nobody bought anything new after the split. */
  scores?: Record<"popular" | features.FeatureSet, Score>;
}

/** What was found about one user. */
export interface UserResult {
  user_pseudo_id: string;
  /** Nothing for a user without events, or when user_clusters was not trained. */
  cluster?: clusters.UserCluster;
  /** Most pieces first; nothing when product_affinity was not trained. */
  bought?: affinity.Purchase[];
  /** Best first; nothing when product_affinity was not trained. */
  recommended?: affinity.Recommendation[];
}

/** What every part of the work needs. */
interface Work {
  session: Session;
  settings: Settings;
  stage: Progress["stage"];
}

/**
 * Runs every stage that the settings ask for.
 *
 * @param start Begins to show progress, given the number of stages.
 * @throws {Failure} If nothing can be learnt from the events.
 */
export async function retrain(
  opened: Session,
  settings: Settings,
  start: (stages: number) => Progress,
): Promise<RetrainResult> {
  const { table } = settings;
  const { where, project, dataset } = opened;
  const session = table ? renamed(opened, { events_flat_data: table }) : opened;
  const planted = await plantedUsers(settings);
  const progress = start(countStages(settings, planted !== undefined));
  const work: Work = { session, settings, stage: progress.stage };
  try {
    const loaded = await readEvents(work);
    const user_clusters = settings.models.includes("user_clusters")
      ? await learnClusters(work, planted)
      : undefined;
    const product_affinity = settings.models.includes("product_affinity")
      ? await learnAffinity(work)
      : undefined;
    const users = await progress.stage("look at users", () => lookAtUsers(work));
    const about = { where, project, dataset, features: settings.features };
    return { ...about, ...loaded, user_clusters, product_affinity, users, stages: progress.times };
  } finally {
    progress.stop();
  }
}

function countStages({ models }: Settings, isPlanted: boolean): number {
  const clusterStages = isPlanted ? 7 : 4;
  return 1 + (models.includes("user_clusters") ? clusterStages : 0) +
    (models.includes("product_affinity") ? 8 : 0) + 1;
}

/** The file of planted segments that the sample's generator writes beside the events. */
async function plantedUsers({ events = SAMPLE, table }: Settings): Promise<string | undefined> {
  const file = events.replace(/\.parquet$/, ".planted_users.parquet");
  if (table !== undefined || file === events) return undefined;
  return (await stat(file).catch(() => undefined))?.isFile() ? file : undefined;
}

/** Checks the events, and loads them first if they are in a file. */
async function readEvents({ session, settings, stage }: Work) {
  const { events: file = SAMPLE, table, bucket } = settings;
  const source = table ?? basename(file);
  let events: EventSummary | undefined;
  const check = async (loaded: Session): Promise<void> => {
    events = await summarizeEvents(loaded, source);
    checkSummary(events, planOf(settings, source));
  };
  const was_loaded = await stage(table ? "check events" : "load and check events", async () => {
    const isNew = table ? false : await loadEvents(session, { file, bucket, check });
    if (!isNew) await check(session);
    return isNew;
  });
  return { source, was_loaded, events: events! };
}

function planOf({ features, models, clusters, isForced }: Settings, source: string): Plan {
  return {
    source,
    features,
    clusters: models.includes("user_clusters") ? clusters : undefined,
    hasAffinity: models.includes("product_affinity"),
    isForced,
  };
}

async function learnClusters(work: Work, planted: string | undefined): Promise<ClusterResult> {
  const { settings, stage } = work;
  const session = features.withFeatures(work.session, settings.features);
  await stage("make user_stats", () => features.makeUserStats(session, settings.features));
  await stage("train user_clusters", () => clusters.trainUserClusters(session, settings));
  await stage("predict user_clusters_op", () => clusters.predictUserClusters(session));
  const measured = await stage("evaluate user_clusters", async () => ({
    segments: nameSegments(await clusters.readCentroids(session)),
    quality: await clusters.evaluateUserClusters(session),
  }));
  return planted === undefined
    ? measured
    : { ...measured, recovery: await compareRecovery(work, planted) };
}

/** How well either feature set finds the planted segments; the model in use is not touched. */
async function compareRecovery(work: Work, planted: string) {
  const { session, settings, stage } = work;
  const table = { file: planted, table: "planted_users" };
  await stage(
    "load planted_users",
    () => loadEvents(session, { ...table, bucket: settings.bucket }),
  );
  const recover = (set: features.FeatureSet) =>
    stage(`recover segments, ${set}`, async () => {
      const own = features.withFeatures(session, set);
      if (set === settings.features) return await recoverSegments(own);
      const other = clusters.withClusters(own, `${set}_compared`);
      await features.makeUserStats(other, set);
      await clusters.trainUserClusters(other, settings);
      await clusters.predictUserClusters(other);
      return await recoverSegments(other);
    });
  return { published: await recover("published"), corrected: await recover("corrected") };
}

async function learnAffinity(work: Work): Promise<AffinityResult> {
  const { settings: { features: set }, stage } = work;
  const session = features.withFeatures(work.session, set);
  const options = features.affinityOptions(set);
  const ratings = await stage(
    "make user_product_matrix",
    () => features.makeProductMatrix(session, set),
  );
  if (ratings === 0) {
    throw badInput(
      "Cannot train product_affinity as no two users bought the same product together with others: " +
        "use --features corrected",
    );
  }
  await stage("train product_affinity", () => affinity.trainProductAffinity(session, options));
  await stage("recommend product_affinity_op", () => affinity.recommendToAll(session));
  const quality = await stage(
    "evaluate product_affinity",
    () => affinity.evaluateProductAffinity(session),
  );
  return { quality, ...await judgeLater(work) };
}

/** Judges recommendations on what was bought later. */
async function judgeLater({ session, stage }: Work) {
  const split = await stage("split purchases by time", () => splitPurchases(session));
  const { wanted, ...about } = split;
  const summary = { ...about, users_judged: wanted.size };
  const popular = await stage("judge popularity", () => scorePopularity(session, split));
  const score = (set: features.FeatureSet) =>
    stage(`judge ${set} features`, () => scoreAffinity(session, { split, features: set }));
  const scores = {
    popular,
    published: await score("published"),
    corrected: await score("corrected"),
  };
  return { split: summary, scores: wanted.size > 0 ? scores : undefined };
}

async function lookAtUsers({ session, settings }: Work): Promise<UserResult[]> {
  const own = features.withFeatures(session, settings.features);
  const ids = settings.users.length > 0 ? settings.users : await exampleUsers(session);
  const has = (model: string) => settings.models.some((each) => each === model);
  const results: UserResult[] = [];
  for (const id of ids) {
    results.push({
      user_pseudo_id: id,
      cluster: has("user_clusters") ? await clusters.predictUserCluster(own, id) : undefined,
      bought: has("product_affinity") ? await affinity.purchasesOf(own, id) : undefined,
      recommended: has("product_affinity") ? await affinity.recommendTo(own, id) : undefined,
    });
  }
  return results;
}
