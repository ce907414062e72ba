/** What ends a request without an answer, and how the caller is told. */
import { reasonOf } from "../failure.ts";

/** HTTP status and Google's name of it, by which callers tell errors apart; 405 has HTTP's own. */
const STATUSES = {
  invalid: [400, "INVALID_ARGUMENT"],
  denied: [403, "PERMISSION_DENIED"],
  notFound: [404, "NOT_FOUND"],
  method: [405, "METHOD_NOT_ALLOWED"],
  tooLarge: [413, "INVALID_ARGUMENT"],
  mediaType: [415, "INVALID_ARGUMENT"],
  broken: [500, "INTERNAL"],
  unavailable: [503, "UNAVAILABLE"],
  timeout: [504, "DEADLINE_EXCEEDED"],
} as const;
export type ErrorKind = keyof typeof STATUSES;

/** Says in its message, one sentence for the caller, why a request is not answered. */
export class AnswerError extends Error {
  override name = "AnswerError";

  constructor(readonly kind: ErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
  }

  /** HTTP status, 400 … 504. */
  get code() {
    return STATUSES[this.kind][0];
  }

  /** The body of the answer, in the shape of Google's own errors. */
  toBody(): { error: { code: number; message: string; status: string } } {
    const [code, status] = STATUSES[this.kind];
    return { error: { code, message: this.message, status } };
  }
}

/** Google's clients throw numbers of gRPC from Vertex AI, of HTTP from BigQuery. */
const GRPC_DEADLINE_EXCEEDED = 4;
const GRPC_UNAVAILABLE = 14;
const NO_CONNECTION = /ECONNREFUSED|ECONNRESET/;

/**
 * Whatever was thrown as an error for the caller. What is not known gets the kind `broken` and a
 * sentence that gives nothing away; its cause is for the log.
 */
export function toAnswerError(cause: unknown): AnswerError {
  if (cause instanceof AnswerError) return cause;
  const { code, name, message } = cause as { code?: unknown; name?: string; message?: string };
  if (code === GRPC_DEADLINE_EXCEEDED || name === "TimeoutError" || name === "AbortError") {
    return tooLate({ cause });
  }
  const isUnreached = cause instanceof TypeError && /^fetch failed|sending request/.test(message!);
  if (code === GRPC_UNAVAILABLE || isUnreached || NO_CONNECTION.test(`${code} ${message}`)) {
    return new AnswerError(
      "unavailable",
      "Cannot answer as BigQuery or Vertex AI is not reached: try again in a moment",
      { cause },
    );
  }
  if (reasonOf(cause) === "notFound") {
    return new AnswerError(
      "unavailable",
      "Cannot answer as a table or model is missing: train the models with `deno task retrain`",
      { cause },
    );
  }
  return new AnswerError(
    "broken",
    "Cannot answer as something broke: the log of the functions says what",
    { cause },
  );
}

/** The error of a request that takes too long. */
export function tooLate(options?: ErrorOptions): AnswerError {
  return new AnswerError(
    "timeout",
    "Cannot answer in time as BigQuery or Vertex AI takes too long: try again",
    options,
  );
}

/**
 * What work gives, if it does so in time. Work that is late goes on unseen.
 *
 * @param milliseconds Above 0.
 * @throws {AnswerError} `timeout`.
 */
export async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tooLate()), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
