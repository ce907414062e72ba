/** Aborts a training that would take for ever, then tells whether the process still computes. */
import process from "node:process";
import { trainInWorker } from "../../../../lib/local_cloud/ml/train.ts";

const rows = Float64Array.from({ length: 400_000 }, (_, i) => Math.sin(i * i));
const options = { clusters: 50, starts: 1, earlyStop: false, maxIterations: 1e9 };
const abort = new AbortController();
const training = trainInWorker({ kind: "kmeans", rows, dimensions: 2, options }, {
  signal: abort.signal,
  onIteration: () => abort.abort(),
});
await training.catch(() => {});
await new Promise((resolve) => setTimeout(resolve, 300)); // for the thread to wind down
const before = process.cpuUsage();
await new Promise((resolve) => setTimeout(resolve, 500));
const { user } = process.cpuUsage(before);
console.log("aborted,", user < 250_000 ? "at rest" : `but ${user} µs of work in half a second`);
