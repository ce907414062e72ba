/** The one place where what went wrong becomes Google's error envelope. */
import { CloudError } from "../errors.ts";

/** An error as `Job.status` and the envelope list it. */
export interface ErrorProto {
  reason: string;
  message: string;
  location?: string;
  locationType?: string;
}

/** What a caller is told: a {@link CloudError} as it is, of anything else only that it happened. */
export function toCloudError(error: unknown): CloudError {
  if (error instanceof CloudError) return error;
  console.error("Unexpected error in the local cloud:", error);
  return new CloudError("internalError", "An internal error occurred in the local cloud");
}

/** An error in the words of `Job.status.errorResult`. */
export function errorProto({ reason, message, location }: CloudError): ErrorProto {
  if (location === undefined) return { reason, message };
  if (location === "query") return { reason, message, location: "q", locationType: "parameter" };
  return { reason, message, location, locationType: "parameter" };
}

/**
 * The HTTP response for anything that was thrown.
 *
 * @see https://docs.cloud.google.com/bigquery/docs/error-messages
 */
export function renderError(error: unknown): Response {
  const known = toCloudError(error);
  const { code, message, status } = known;
  const errors = [{ ...errorProto(known), domain: "global" }];
  return Response.json({ error: { code, message, errors, status } }, { status: code });
}
