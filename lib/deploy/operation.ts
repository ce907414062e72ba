/** Waits for what takes Vertex AI minutes. */
import { setTimeout as wait } from "node:timers/promises";
import { UNAVAILABLE } from "../vertex.ts";

/** The part of Google's long-running operations that is needed here. */
interface Operation {
  /** Asks once how far it is; throws what it failed for, or why this cannot be said now. */
  getOperation(): Promise<unknown>;
  /** What it last was. */
  latestResponse: { done?: boolean | null };
  /** Its result. */
  result: unknown;
  cancel(): Promise<unknown>;
}

/** How long an operation that is to be cancelled is waited for. */
const PATIENCE_MS = 10_000;
/** Between two questions: at first, and after some minutes. */
const DELAY_MS = { first: 100, longest: 5000, factor: 1.3 };
/** So many questions in a row may be left without an answer: a minute. */
const MOST_UNANSWERED = 12;
/** gRPC's numbers for a question that was cut off, by the cancelling, or after its time. */
const CUT_OFF = [1, 4];

/**
 * The result of an operation, however long it takes; a question that is not answered is asked again,
 * for a minute. If the signal aborts meanwhile, the operation is asked to end, and is left to itself if
 * it does not within ten seconds.
 *
 * Not the clients' `promise()`: it gives up at the first question that is not answered.
 *
 * @param begun The call that begins the operation.
 * @throws What the operation failed for, or the signal's reason.
 */
export async function finished(
  begun: Promise<[Operation, ...unknown[]]>,
  signal?: AbortSignal,
): Promise<unknown> {
  const [operation] = await begun;
  const late = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const abort = () => {
    // What becomes of it is seen below, or by the next run.
    operation.cancel().catch(() => {});
    timer = setTimeout(() => late.abort(), PATIENCE_MS);
  };
  if (signal?.aborted) abort();
  signal?.addEventListener("abort", abort, { once: true });
  try {
    return await resultOf(operation, late.signal);
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}

async function resultOf(operation: Operation, signal: AbortSignal): Promise<unknown> {
  let unanswered = 0;
  let delay = DELAY_MS.first;
  while (true) {
    try {
      await operation.getOperation();
      if (operation.latestResponse.done) return operation.result;
      unanswered = 0;
    } catch (error) {
      const hasFailed = operation.latestResponse.done;
      if (hasFailed || !isPassing(error) || ++unanswered > MOST_UNANSWERED) throw error;
    }
    await wait(delay, undefined, { signal });
    delay = Math.min(delay * DELAY_MS.factor, DELAY_MS.longest);
  }
}

function isPassing(error: unknown): boolean {
  const { code } = error as { code?: number | string };
  return [UNAVAILABLE, ...CUT_OFF].some((each) => each === code);
}
