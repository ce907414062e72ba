/** A state of a model in the bucket, with what belongs to it. */
import type { Bucket } from "@google-cloud/storage";
import type { Model } from "../arguments.ts";
import { CLUSTER_NAMES, type ClusterNames } from "../cluster_names.ts";
import { badInput, EXIT, Failure } from "../failure.ts";
import { parseGsUri } from "../gs_uri.ts";
import { nameSegments } from "../segments.ts";
import { relationOf, renamed, type Session } from "../session.ts";
import { runStatement } from "../sql.ts";
import { readJson, writeJson } from "../stored_json.ts";
import { readFeatures } from "../trained_features.ts";
import { readCentroids } from "../user_clusters.ts";
import { type KnownAnswers, knownAnswers, readKnownAnswers, readMeans } from "./known_answers.ts";
import { exportFolder, nameInDataset, retrainCommand, trainingTime } from "./model_state.ts";

/** A model's files. */
export interface ExportedModel {
  /** `gs://BUCKET/models/MODEL/TIME`, the folder of the SavedModel. */
  uri: string;
  /** Whether it was exported now; else it was there. */
  isNew: boolean;
  known: KnownAnswers;
}

/** Written last, so that a folder with it is whole. */
const KNOWN_ANSWERS = "assets.extra/known_answers.json";

/**
 * Exports the present state of a model, unless it has been exported already, with
 * `assets.extra/known_answers.json` and for user_clusters `assets.extra/segments.json`.
 *
 * @throws {Failure} If there is no such model, or it was trained anew meanwhile.
 */
export async function exportModel(
  session: Session,
  { model, bucket }: { model: Model; bucket: Bucket },
): Promise<ExportedModel> {
  const trained = await trainingTime(session, model);
  const folder = exportFolder(model, trained);
  const uri = `gs://${bucket.name}/${folder}`;
  const found = await readExported(bucket, folder);
  if (found) return { uri, isNew: false, known: found };
  // What a broken run has left.
  await bucket.deleteFiles({ prefix: `${folder}/` });
  const own = renamed(session, { user_clusters: nameInDataset(session, model) });
  await runStatement(own, "deploy/export_model", { options: { uri } });
  const names = model === "user_clusters" ? await describeClusters(session, trained) : undefined;
  if (names) await writeJson(bucket.file(`${folder}/${CLUSTER_NAMES}`), names);
  const known = await readKnownAnswers(session, { model, means: names?.means ?? {} });
  if (await trainingTime(session, model) !== trained) throw trainedMeanwhile(model);
  await writeJson(bucket.file(`${folder}/${KNOWN_ANSWERS}`), known);
  return { uri, isNew: true, known };
}

/**
 * The known answers of a version.
 *
 * @param uri Its folder, `gs://BUCKET/…`.
 * @returns undefined where the files are gone.
 */
export async function readKnownOf(
  session: Session,
  uri: string,
): Promise<KnownAnswers | undefined> {
  const place = parseGsUri(uri);
  return place && await readExported(session.storage.bucket(place.bucket), place.folder);
}

async function readExported(bucket: Bucket, folder: string): Promise<KnownAnswers | undefined> {
  const [graph] = await bucket.file(`${folder}/saved_model.pb`).exists();
  const file = bucket.file(`${folder}/${KNOWN_ANSWERS}`);
  const [isWhole] = await file.exists();
  if (!graph || !isWhole) return undefined;
  return knownAnswers.parse(await readJson(file));
}

/** The names of the clusters, and what the numbers mean that the version is asked with. */
async function describeClusters(session: Session, trained: string): Promise<ClusterNames> {
  await checkCounted(session, trained);
  return {
    segments: nameSegments(await readCentroids(session)),
    means: await readMeans(session),
    features: await readFeatures(session, "user_clusters"),
  };
}

/** A cluster's name depends on its users, whom user_clusters_op counts. */
async function checkCounted(session: Session, trained: string): Promise<void> {
  const { dataset, id } = relationOf(session, "user_clusters_op");
  const table = dataset.table(id);
  const [exists] = await table.exists();
  if (exists) {
    const [{ lastModifiedTime }] = await table.getMetadata();
    if (Number(lastModifiedTime) >= Date.parse(trained)) return;
  }
  throw badInput(
    "Cannot deploy user_clusters as user_clusters_op was not made of it: " +
      `run \`${retrainCommand(session, "user_clusters")}\` first`,
  );
}

function trainedMeanwhile(model: Model): Failure {
  return new Failure(
    `Cannot deploy ${model} as it was trained anew while it was exported: run the command again`,
    EXIT.failed,
  );
}
