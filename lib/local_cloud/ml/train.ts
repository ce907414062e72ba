/** Trains a model beside the event loop, so that a server answers meanwhile and can cancel. */
import {
  type TrainedModel,
  type TrainingIteration,
  type TrainingJob,
  transferables,
  type WorkerMessage,
  type WorkerOrder,
} from "./training_job.ts";

export type { FactorizationJob, KMeansJob, TrainedModel, TrainingJob } from "./training_job.ts";

/** How a training run is watched and ended. */
export interface TrainingControl<Job extends TrainingJob> {
  /** Aborting ends the training within milliseconds, in the middle of an iteration. */
  signal?: AbortSignal;
  /** Called after each iteration; what it throws ends the training with that error. */
  onIteration?: (iteration: TrainingIteration<Job>) => void;
}

/** The classes an error of the worker comes back as; any other comes back as Error, with its name. */
const ERRORS: Record<string, ErrorConstructor> = { RangeError, TypeError, SyntaxError };

/**
 * Runs a job in a worker of its own and gives its model. When the promise settles the worker has
 * put its work down and is gone.
 *
 * The arrays of the job are transferred, not copied: they are empty afterwards, as is any other
 * array over the same buffer.
 *
 * @throws {RangeError} What `kmeans` or `factorize` threw, by class and message.
 * @throws The signal's reason when it is or gets aborted; a job aborted beforehand keeps its arrays.
 */
export async function trainInWorker<Job extends TrainingJob>(
  job: Job,
  { signal, onIteration }: TrainingControl<Job> = {},
): Promise<TrainedModel<Job>> {
  signal?.throwIfAborted();
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  // Deno's terminate() waits for the worker's event loop and never interrupts a computation, so a
  // busy worker is asked to stop through shared memory and terminated once it rests.
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const abort = () => Atomics.store(stop, 0, 1);
  signal?.addEventListener("abort", abort);
  try {
    const answered = answer(worker, onIteration, abort);
    const order: WorkerOrder<Job> = { job, stop };
    worker.postMessage(order, transferables(job));
    return await answered;
  } catch (error) {
    throw signal?.aborted ? signal.reason : error;
  } finally {
    signal?.removeEventListener("abort", abort);
    worker.terminate();
  }
}

/** The worker's model, or what went wrong in it or in `onIteration`. */
function answer<Job extends TrainingJob>(
  worker: Worker,
  onIteration: TrainingControl<Job>["onIteration"],
  abort: () => void,
): Promise<TrainedModel<Job>> {
  const { promise, resolve, reject } = Promise.withResolvers<TrainedModel<Job>>();
  let tell = onIteration;
  let failure: { error: unknown } | undefined;
  worker.onmessage = ({ data }: MessageEvent<WorkerMessage<Job>>) => {
    if ("error" in data) return reject(failure ? failure.error : revive(data.error));
    if ("model" in data) return failure ? reject(failure.error) : resolve(data.model);
    try {
      tell?.(data.iteration);
    } catch (error) {
      failure = { error };
      tell = undefined;
      abort();
    }
  };
  worker.onmessageerror = () => reject(new Error("Cannot read the training worker's answer"));
  worker.onerror = (event) => {
    event.preventDefault(); // else the whole process ends
    reject(new Error(`Cannot train in a worker as it failed: ${event.message}`));
  };
  return promise;
}

function revive({ name, message }: { name: string; message: string }): Error {
  const error = new (ERRORS[name] ?? Error)(message);
  if (error.name !== name) error.name = name;
  return error;
}
