/**
 * Answers that are known before a model is deployed, as BigQuery gives them itself, and whether an
 * endpoint gives the same. They are kept with the version they are about.
 */
import { z } from "zod";
import type { Model } from "../arguments.ts";
import { affinityPrediction, clusterPrediction } from "../predictions.ts";
import type { Session } from "../session.ts";
import { queryRows } from "../sql.ts";

/** A centroid with its distance, or a product with its rating. */
const part = z.object({ name: z.string(), value: z.number() });
export type AnswerPart = z.infer<typeof part>;

/** Questions and what is to be answered. */
export const knownAnswers = z.object({
  instances: z.array(z.record(z.string(), z.union([z.number(), z.string()]))).min(1),
  /** For each instance: nearest or best first; of distances the five nearest. */
  answers: z.array(z.array(part)),
});
export type KnownAnswers = z.infer<typeof knownAnswers>;

/** Means of the numbers that a model was trained on, by feature. */
export type Means = Readonly<Record<string, number>>;

const ROWS = 5;
/** What counts as the same: BigQuery and TensorFlow add up in different orders. */
const TOLERANCE = 1e-6;
/** Small values are as exact as values a thousandth of the largest one. */
const SMALLEST = 1e-3;

const meanRow = z.object({ feature: z.string(), mean: z.number() });
const FEATURES = {
  session_count: z.number().nullable(),
  total_time_spend_by_user_in_msec: z.number().nullable(),
  average_order_value: z.number().nullable(),
  no_of_orders: z.number().nullable(),
};
const clusterRow = z.object({ ...FEATURES, answer: z.array(part) });
const affinityRow = z.object({ user_pseudo_id: z.string(), answer: z.array(part) });

/** The training means of the numbers of user_clusters, which take the place of NULL. */
export async function readMeans(session: Session): Promise<Means> {
  const rows = await queryRows(session, "deploy/feature_means", { row: meanRow });
  return Object.fromEntries(rows.map(({ feature, mean }) => [feature, mean]));
}

/**
 * Questions about a few users of the model, with BigQuery's own answers.
 *
 * @param options `means`: what stands for NULL, of each number that user_clusters is asked with.
 */
export async function readKnownAnswers(
  session: Session,
  { model, means }: { model: Model; means: Means },
): Promise<KnownAnswers> {
  const params = { rows: ROWS };
  if (model === "product_affinity") {
    const rows = await queryRows(session, "deploy/known_recommendations", {
      ...{ row: affinityRow, params },
    });
    return {
      instances: rows.map(({ user_pseudo_id }) => ({ user_pseudo_id })),
      answers: rows.map(({ answer }) => answer),
    };
  }
  const rows = await queryRows(session, "deploy/known_clusters", { row: clusterRow, params });
  return {
    // JSON's null is no number for TensorFlow.
    instances: rows.map(({ answer: _, ...features }) =>
      Object.fromEntries(Object.entries(features).map(([name, x]) => [name, x ?? means[name]]))
    ),
    answers: rows.map(({ answer }) => answer),
  };
}

/** A prediction of an endpoint as known answers have it: nearest or best first. */
export function toAnswer(model: Model, prediction: unknown): AnswerPart[] {
  if (model === "product_affinity") {
    const { predicted_item, predicted_rating } = affinityPrediction.parse(prediction);
    return predicted_item.map((name, i) => ({ name, value: predicted_rating[i] }));
  }
  const { centroid_ids, centroid_distances, nearest_centroid_id: [nearest] } = clusterPrediction
    .parse(prediction);
  return centroid_ids
    .map((id, i) => ({ name: String(id), value: centroid_distances[i] }))
    // On a tie the one that is said to be nearest.
    .sort((a, b) =>
      a.value - b.value || Number(b.name === `${nearest}`) - Number(a.name === `${nearest}`)
    );
}

/**
 * What is wrong with an answer; nothing if it is as known, to a millionth. Equal values may change
 * their places.
 *
 * @param actual May be shorter than what is known, as endpoints name 50 products at most.
 */
export function differenceOf(
  actual: readonly AnswerPart[],
  known: readonly AnswerPart[],
): string | undefined {
  const largest = Math.max(...known.map(({ value }) => Math.abs(value)));
  const isSame = (a: number, b: number) =>
    Math.abs(a - b) <= TOLERANCE * Math.max(Math.abs(b), SMALLEST * largest);
  const values = new Map(known.map(({ name, value }) => [name, value]));
  const count = Math.min(actual.length, known.length);
  if (count === 0) return "nothing was answered";
  for (let i = 0; i < count; i++) {
    const { name, value } = actual[i];
    // Of distances only the nearest are known: a centroid that is not among them must be a tie.
    const own = values.get(name) ?? known[i].value;
    if (!isSame(value, own)) return `"${name}" is ${value} instead of ${own}`;
    if (!isSame(value, known[i].value)) {
      return `"${name}" is in the place of "${known[i].name}"`;
    }
  }
  return undefined;
}
