/**
 * What can go wrong, with the status and reason Google answers with. They are thrown anywhere in
 * the local cloud and rendered in one place, the server.
 *
 * @see https://docs.cloud.google.com/bigquery/docs/error-messages
 */

/** Google's reasons that the local cloud uses, with their HTTP status and gRPC-style status name. */
const REASONS = {
  invalid: [400, "INVALID_ARGUMENT"],
  invalidQuery: [400, "INVALID_ARGUMENT"],
  resourceInUse: [400, "FAILED_PRECONDITION"],
  resourcesExceeded: [400, "INVALID_ARGUMENT"],
  required: [400, "INVALID_ARGUMENT"],
  stopped: [499, "CANCELLED"],
  accessDenied: [403, "PERMISSION_DENIED"],
  responseTooLarge: [403, "PERMISSION_DENIED"],
  notFound: [404, "NOT_FOUND"],
  duplicate: [409, "ALREADY_EXISTS"],
  conditionNotMet: [412, "FAILED_PRECONDITION"],
  internalError: [500, "INTERNAL"],
  notImplemented: [501, "UNIMPLEMENTED"],
  backendError: [503, "UNAVAILABLE"],
} as const satisfies Record<string, readonly [number, string]>;

/** A reason of Google's error envelope. */
export type Reason = keyof typeof REASONS;

/** An error as Google's APIs report it: a reason, a message, and where known the place it is about. */
export class CloudError extends Error {
  override name = "CloudError";

  /**
   * @param reason Google's reason, which decides the HTTP status.
   * @param message One sentence for the person who asked.
   * @param location What it is about: a field, a parameter, `query`.
   */
  constructor(readonly reason: Reason, message: string, readonly location?: string) {
    super(message);
  }

  /** HTTP status, 400–503. */
  get code(): number {
    return REASONS[this.reason][0];
  }

  /** Google's status name, `NOT_FOUND` for 404. */
  get status(): string {
    return REASONS[this.reason][1];
  }
}

/** `Not found: Table p:d.t`, as BigQuery words it. */
export function notFound(what: string): CloudError {
  return new CloudError("notFound", `Not found: ${what}`);
}

/** `Already Exists: Table p:d.t`, as BigQuery words it. */
export function alreadyExists(what: string): CloudError {
  return new CloudError("duplicate", `Already Exists: ${what}`);
}

/**
 * A statement that is not GoogleSQL, or that this warehouse does not run; the message ends in
 * ` at [line:column]` where the place is known.
 */
export function invalidQuery(message: string): CloudError {
  return new CloudError("invalidQuery", message, "query");
}
