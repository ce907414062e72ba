/** Which state of a BigQuery model is to be served. */
import { z } from "zod";
import type { Model } from "../arguments.ts";
import { badInput } from "../failure.ts";
import type { Session } from "../session.ts";
import { modelNamed } from "../trained_features.ts";
import { placeOptions } from "./place.ts";

const metadata = z.object({
  creationTime: z.coerce.number(),
  trainingRuns: z.array(z.object({ startTime: z.string() })).optional(),
});

/** What the dataset calls a model in this session. */
export function nameInDataset(session: Pick<Session, "names">, model: Model): string {
  return session.names[model] ?? model;
}

/**
 * When a model was trained, RFC 3339: another time, another model.
 *
 * @throws {Failure} If there is no such model.
 */
export async function trainingTime(session: Session, model: Model): Promise<string> {
  try {
    const [found] = await modelNamed(session, model).getMetadata();
    const { creationTime, trainingRuns = [] } = metadata.parse(found);
    return trainingRuns.at(-1)?.startTime ?? new Date(creationTime).toISOString();
  } catch (error) {
    if ((error as { code?: number }).code !== 404) throw error;
    throw badInput(
      `Cannot deploy ${model} as there is no such model in ${session.project}.${session.dataset}: ` +
        `run \`${retrainCommand(session, model)}\` first`,
    );
  }
}

/** The command that trains a model where the session is. */
export function retrainCommand({ where, project, dataset }: Session, model: Model): string {
  return `deno task retrain --model ${model}${placeOptions({ where, project, dataset })}`;
}

/**
 * The folder in the bucket for a state of a model: the same state, the same folder.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(
 *   exportFolder("user_clusters", "2026-01-02T03:04:05.678Z"),
 *   "models/user_clusters/20260102T030405.678Z",
 * );
 * ```
 */
export function exportFolder(model: Model, trained: string): string {
  return `models/${model}/${trained.replace(/[-:]/g, "")}`;
}
