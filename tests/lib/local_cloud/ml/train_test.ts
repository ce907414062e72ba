import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { factorize } from "../../../../lib/local_cloud/ml/als.ts";
import { kmeans } from "../../../../lib/local_cloud/ml/kmeans.ts";
import { type KMeansJob, trainInWorker } from "../../../../lib/local_cloud/ml/train.ts";

const endless = (): KMeansJob => ({
  kind: "kmeans",
  rows: Float64Array.from({ length: 200_000 }, (_, i) => Math.sin(i * i)),
  dimensions: 2,
  options: { clusters: 50, starts: 1, earlyStop: false, maxIterations: 1e9 },
});

Deno.test("a clustering from the worker equals one made here, and its rows change hands", async () => {
  const rows = Float64Array.of(0, 2, 10, 12);
  const seen: number[] = [];
  const here = kmeans(rows, 1, { clusters: 2 });
  const there = await trainInWorker(
    { kind: "kmeans", rows, dimensions: 1, options: { clusters: 2 } },
    { onIteration: ({ iteration }) => seen.push(iteration) },
  );
  assertEquals(there.centroids, here.centroids);
  assertEquals(there.assignments, here.assignments);
  assertEquals(seen, here.iterations.map(({ iteration }) => iteration));
  assertEquals(rows.length, 0);
});

Deno.test("a factorization from the worker equals one made here", async () => {
  const ratings = () => ({
    ...{ userCount: 2, itemCount: 2, values: Float64Array.of(1, 2, 3) },
    ...{ users: Uint32Array.of(0, 0, 1), items: Uint32Array.of(0, 1, 1) },
  });
  const options = { factors: 2, feedback: "IMPLICIT" } as const;
  const there = await trainInWorker({ kind: "factorization", ratings: ratings(), options });
  const here = factorize(ratings(), options);
  assertEquals(there.userFactors, here.userFactors);
  assertEquals(there.itemFactors, here.itemFactors);
});

Deno.test("an error of the worker comes back with its class and message", async () => {
  const job = { ...endless(), rows: Float64Array.of(1, 1) };
  await assertRejects(
    () => trainInWorker({ ...job, options: { clusters: 2 } }),
    RangeError,
    "Cannot form 2 clusters as there must be at least as many distinct rows: current value is 1",
  );
});

Deno.test("an abort rejects with the signal's reason", async () => {
  const abort = new AbortController();
  const reason = new Error("the query was cancelled");
  const training = trainInWorker(endless(), {
    signal: abort.signal,
    onIteration: () => abort.abort(reason),
  });
  assertStrictEquals(await assertRejects(() => training), reason);
});

Deno.test("a job that was aborted beforehand is not begun and keeps its rows", async () => {
  const job = endless();
  await assertRejects(
    () => trainInWorker(job, { signal: AbortSignal.abort(new TypeError("too late")) }),
    TypeError,
    "too late",
  );
  assertEquals(job.rows.length, 200_000);
});

Deno.test("what onIteration throws ends the training", async () => {
  const fail = () => {
    throw new SyntaxError("disk full");
  };
  await assertRejects(
    () => trainInWorker(endless(), { onIteration: fail }),
    SyntaxError,
    "disk full",
  );
});

Deno.test("an abort leaves no worker: the process rests and ends by itself", async () => {
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", new URL("./abort_and_rest.ts", import.meta.url).pathname],
    signal: AbortSignal.timeout(30_000), // a worker that is left would keep it alive for ever
  }).output();
  assertEquals(code, 0);
  assertEquals(new TextDecoder().decode(stdout).trim(), "aborted, at rest");
});
