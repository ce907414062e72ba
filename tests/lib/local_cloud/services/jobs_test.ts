import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { CloudError } from "../../../../lib/local_cloud/errors.ts";
import { type JobResult, Jobs } from "../../../../lib/local_cloud/services/jobs.ts";

const REQUEST = { projectId: "p", configuration: { query: {} } };

function result(storage: string): JobResult {
  const rows = { storage, count: 1 };
  return { statistics: {}, result: { schema: [], rows, bytesProcessed: 0 } };
}

function jobsWith(options: { limit?: number; maxAgeMs?: number } = {}) {
  const released: string[] = [];
  const release = (storage: string) => Promise.resolve(void released.push(storage));
  return { jobs: new Jobs({ release, ...options }), released };
}

Deno.test("a job id is used once", async () => {
  const { jobs } = jobsWith();
  const start = () =>
    jobs.start({ ...REQUEST, jobId: "mine" }, () => Promise.resolve(result("results.r1")));
  const job = start();
  const error = assertThrows(start, CloudError);
  assertEquals([error.code, error.message], [409, "Already Exists: Job p:US.mine"]);
  await job.done;
  assertEquals(jobs.get("p", "mine", "us"), job);
  const elsewhere = assertThrows(() => jobs.get("p", "mine", "EU"), CloudError);
  assertEquals(elsewhere.message, "Not found: Job p:EU.mine");
});

Deno.test("a job id that is none is refused", () => {
  const { jobs } = jobsWith();
  const error = assertThrows(
    () => jobs.start({ ...REQUEST, jobId: "a b" }, () => Promise.resolve(result("x"))),
    CloudError,
  );
  assertEquals(error.reason, "invalid");
});

Deno.test("the oldest jobs are forgotten with their results, running ones never", async () => {
  const { jobs, released } = jobsWith({ limit: 2 });
  const gate = Promise.withResolvers<JobResult>();
  const running = jobs.start(REQUEST, () => gate.promise);
  for (let i = 1; i <= 4; i++) {
    await jobs.start(REQUEST, () => Promise.resolve(result(`results.r${i}`))).done;
  }
  assertEquals(released, ["results.r1", "results.r2"]);
  assertEquals(jobs.list("p").length, 3);
  assertEquals(jobs.get("p", running.jobId).state, "RUNNING");
  gate.resolve(result("results.r0"));
  await running.done;
});

Deno.test("jobs are forgotten by age", async () => {
  const { jobs, released } = jobsWith({ maxAgeMs: -1 });
  await jobs.start(REQUEST, () => Promise.resolve(result("results.r1"))).done;
  await jobs.start(REQUEST, () => Promise.resolve(result("results.r2"))).done;
  assertEquals(released, ["results.r1"]);
});

Deno.test("a script's rows are freed once, with the script", async () => {
  const { jobs, released } = jobsWith();
  const children = [result("results.r1"), result("results.r2")];
  const script = jobs.start(REQUEST, () => Promise.resolve({ ...children[1], children }));
  await script.done;
  assertEquals(jobs.list("p", { parentId: script.jobId }).length, 2);
  jobs.delete("p", script.jobId);
  assertEquals(released.sort(), ["results.r1", "results.r2"]);
  assertEquals(jobs.list("p", { parentId: script.jobId }), []);
});

Deno.test("a job that is cancelled, or takes too long, is stopped and says why", async () => {
  const { jobs } = jobsWith();
  const untilAborted = (signal: AbortSignal) =>
    new Promise<JobResult>((_, reject) =>
      signal.addEventListener("abort", () => reject(new CloudError("stopped", "interrupted")))
    );
  const cancelled = jobs.start(REQUEST, untilAborted);
  const late = jobs.start({ ...REQUEST, timeoutMs: 10 }, untilAborted);
  assertThrows(() => jobs.delete("p", cancelled.jobId), CloudError, "still running");
  jobs.cancel("p", cancelled.jobId);
  await Promise.all([cancelled.done, late.done]);
  const said = "Job execution was cancelled: ";
  assertEquals(cancelled.error?.message, `${said}User requested cancellation`);
  assertEquals(late.error?.message, `${said}Job timed out`);
});

Deno.test("an unexpected error is told without its details", async () => {
  const { jobs } = jobsWith();
  const { error: log } = console;
  console.error = () => {};
  const job = jobs.start(REQUEST, () => Promise.reject(new Error("/secret/path")));
  await job.done;
  console.error = log;
  assertEquals(job.error?.message, "An internal error occurred in the local cloud");
  assertEquals(job.error?.code, 500);
  await assertRejects(() => Promise.reject(job.error), CloudError);
});

Deno.test("a job whose timeout is longer than a timer waits is not cancelled", async () => {
  const { jobs } = jobsWith();
  const month = 30 * 24 * 3_600_000;
  const job = jobs.start({ ...REQUEST, timeoutMs: month }, async (signal) => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    signal.throwIfAborted();
    return result("results.r1");
  });
  await job.done;
  assertEquals(job.error, undefined);
});
