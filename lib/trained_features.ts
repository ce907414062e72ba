/** Which feature set a model was trained on, noted on the model itself: its label `features`. */
import type { Model } from "@google-cloud/bigquery";
import { z } from "zod";
import { FEATURE_SETS, type FeatureSet, featuresOf, type FeatureTable } from "./features.ts";
import { relationOf, type Session } from "./session.ts";

/** A model's resource as far as it tells the feature set; nothing for another value. */
export const labelledModel = z.object({
  labels: z.object({ features: z.enum(FEATURE_SETS).optional().catch(undefined) }).optional(),
});

/**
 * Notes on a model that was just trained what its numbers mean; does nothing where the session's table
 * is none of a feature set. A model that is trained anew begins without labels.
 *
 * @param table The table that the model was trained on, as sql/ names it.
 */
export async function noteFeatures(
  session: Session,
  { model, table }: { model: string; table: FeatureTable },
): Promise<void> {
  const features = featuresOf(session, table);
  if (features) await modelNamed(session, model).setMetadata({ labels: { features } });
}

/** The feature set that a model was trained on; nothing where nobody noted it. */
export async function readFeatures(
  session: Session,
  model: string,
): Promise<FeatureSet | undefined> {
  const [found] = await modelNamed(session, model).getMetadata();
  return labelledModel.parse(found).labels?.features;
}

/** A model by its name in sql/, wherever the session has it. */
export function modelNamed(session: Session, name: string): Model {
  const { dataset, id } = relationOf(session, name);
  return dataset.model(id);
}
