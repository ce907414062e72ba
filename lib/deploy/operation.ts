/** Waits for what takes Vertex AI minutes. */

/** The part of Google's long-running operations that is needed here. */
interface Operation {
  promise(): Promise<unknown[]>;
  cancel(): Promise<unknown>;
}

/** How long an operation that is to be cancelled is waited for. */
const PATIENCE_MS = 10_000;

/**
 * The result of an operation. If the signal aborts meanwhile, the operation is asked to end, and is
 * left to itself if it does not within ten seconds.
 *
 * @param begun The call that begins the operation.
 * @throws What the operation failed for, or the signal's reason.
 */
export async function finished(
  begun: Promise<[Operation, ...unknown[]]>,
  signal?: AbortSignal,
): Promise<unknown> {
  const [operation] = await begun;
  const late = Promise.withResolvers<never>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const abort = () => {
    // What becomes of it is seen below, or by the next run.
    operation.cancel().catch(() => {});
    timer = setTimeout(() => late.reject(signal?.reason), PATIENCE_MS);
  };
  if (signal?.aborted) abort();
  signal?.addEventListener("abort", abort, { once: true });
  try {
    const [result] = await Promise.race([operation.promise(), late.promise]);
    return result;
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}
