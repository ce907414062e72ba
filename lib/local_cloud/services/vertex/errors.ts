/** Errors in Vertex AI's shape. */
import { CloudError } from "../../errors.ts";
import { toCloudError } from "../error_response.ts";
import type { OperationError } from "./records.ts";

/** Numbers of gRPC's statuses. */
const STATUS_NUMBERS: Record<string, number> = {
  CANCELLED: 1,
  INVALID_ARGUMENT: 3,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  FAILED_PRECONDITION: 9,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
};

/** 400 FAILED_PRECONDITION: it cannot be done as things are now. */
export const failedPrecondition = (message: string): CloudError =>
  new CloudError("resourceInUse", message);

/** 400 INVALID_ARGUMENT. */
export const invalidArgument = (message: string): CloudError => new CloudError("invalid", message);

/** 404 for a resource that is not there. */
export const notThere = (kind: string, name: string): CloudError =>
  new CloudError("notFound", `The ${kind} does not exist: ${name}`);

/** 501, naming what is not there. */
export const notSupported = (what: string): CloudError =>
  new CloudError("notImplemented", `${what} is not supported by the local cloud`);

/** What was thrown as Vertex AI answers with it: `{"error": {"code", "message", "status"}}`. */
export function renderVertexError(error: unknown): Response {
  const { code, message, status } = toCloudError(error);
  return Response.json({ error: { code, message, status } }, { status: code });
}

/** What was thrown as the error of an operation. */
export function operationError(error: unknown): OperationError {
  const { message, status } = toCloudError(error);
  return { code: STATUS_NUMBERS[status], message };
}
