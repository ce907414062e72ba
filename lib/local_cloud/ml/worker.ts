/** The training worker: takes one job, tells of its iterations, answers with the model. */
import { factorize } from "./als.ts";
import { kmeans } from "./kmeans.ts";
import {
  type TrainedModel,
  type TrainingIteration,
  type TrainingJob,
  transferables,
  type WorkerMessage,
  type WorkerOrder,
} from "./training_job.ts";

/** The worker's side of the channel; the project is checked with the types of a main thread. */
interface Port {
  onmessage: ((event: MessageEvent<WorkerOrder<TrainingJob>>) => void) | null;
  postMessage(message: WorkerMessage<TrainingJob>, transfer?: Transferable[]): void;
}

const port = globalThis as unknown as Port;

port.onmessage = ({ data }) => {
  try {
    const model = run(data);
    port.postMessage({ model }, transferables(model));
  } catch (thrown) {
    const { name, message } = thrown instanceof Error ? thrown : new Error(String(thrown));
    port.postMessage({ error: { name, message } });
  }
};

function run({ job, stop }: WorkerOrder<TrainingJob>): TrainedModel<TrainingJob> {
  const onIteration = (iteration: TrainingIteration<TrainingJob>) =>
    port.postMessage({ iteration });
  const checkpoint = () => {
    if (Atomics.load(stop, 0) !== 0) throw new Error("Stopped");
  };
  return job.kind === "kmeans"
    ? kmeans(job.rows, job.dimensions, { ...job.options, onIteration, checkpoint })
    : factorize(job.ratings, { ...job.options, onIteration, checkpoint });
}
