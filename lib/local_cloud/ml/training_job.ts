/** What passes between the thread that asks for a model and the worker that trains it. */
import type { AlsIteration, AlsOptions, FactorizationModel, Ratings } from "./als.ts";
import type { KMeansIteration, KMeansModel, KMeansOptions } from "./kmeans.ts";

/** Rows to cluster: the arguments of `kmeans`. */
export interface KMeansJob {
  kind: "kmeans";
  rows: Float64Array;
  dimensions: number;
  options: Omit<KMeansOptions, "onIteration" | "checkpoint">;
}

/** Ratings to factorize: the arguments of `factorize`. */
export interface FactorizationJob {
  kind: "factorization";
  ratings: Ratings;
  options: Omit<AlsOptions, "onIteration" | "checkpoint">;
}

/** Work for the training worker. */
export type TrainingJob = KMeansJob | FactorizationJob;

/** The model a job makes. */
export type TrainedModel<Job extends TrainingJob> = Job extends KMeansJob ? KMeansModel
  : FactorizationModel;

/** What a job tells after each of its iterations. */
export type TrainingIteration<Job extends TrainingJob> = Job extends KMeansJob ? KMeansIteration
  : AlsIteration;

/** What the worker is sent: a job, and one number that becomes 1 when it is to stop. */
export interface WorkerOrder<Job extends TrainingJob> {
  job: Job;
  stop: Int32Array<SharedArrayBuffer>;
}

/** A message of the worker: how far it is, its result, or what it threw. */
export type WorkerMessage<Job extends TrainingJob> =
  | { iteration: TrainingIteration<Job> }
  | { model: TrainedModel<Job> }
  | { error: { name: string; message: string } };

/** The memory behind all arrays of a value that can change hands, each once. */
export function transferables(value: object): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const part of Object.values(value)) {
    if (ArrayBuffer.isView(part)) {
      if (part.buffer instanceof ArrayBuffer) buffers.add(part.buffer);
    } else if (typeof part === "object" && part !== null) {
      transferables(part).forEach((buffer) => buffers.add(buffer));
    }
  }
  return [...buffers];
}
