/**
 * One request to an endpoint, by Vertex AI's REST address. Google's client for predictions does the
 * same with several times the work for each request, which here is most of the work there is.
 */
import { GoogleAuth } from "google-auth-library";
import { z } from "zod";
import type { Session } from "../session.ts";
import type { Answer, Vertex } from "../vertex.ts";
import { AnswerError, tooLate } from "./answer_error.ts";

/** Asks an endpoint; nothing where it is gone, or what was deployed to it is. */
export type AskEndpoint = <Prediction>(
  endpoint: string,
  question: { instances: readonly object[]; prediction: z.ZodType<Prediction> },
) => Promise<Answer<Prediction> | undefined>;

const LONGEST_MS = 60_000;
const SCOPES = "https://www.googleapis.com/auth/cloud-platform";

const answer = z.object({
  predictions: z.array(z.unknown()),
  deployedModelId: z.string(),
  model: z.string(),
  modelDisplayName: z.string().default(""),
  modelVersionId: z.string().default(""),
});
const refusal = z.object({ error: z.object({ message: z.string(), status: z.string() }) });

/** What asks the endpoints of a session, as the account whose application default credentials it has. */
export function endpointRequests({ isEmulated }: Session, { url }: Vertex): AskEndpoint {
  const auth = isEmulated ? undefined : new GoogleAuth({ scopes: SCOPES });
  return async (endpoint, { instances, prediction }) => {
    const address = `${url}/v1/${endpoint}:predict`;
    const headers = new Headers(await auth?.getRequestHeaders(address));
    headers.set("Content-Type", "application/json");
    const { status, body } = await post(address, { headers, body: JSON.stringify({ instances }) });
    if (status !== 200) return refuse(status, body);
    const { predictions, ...about } = answer.parse(body);
    return {
      ...about,
      predictions: z.array(prediction).length(instances.length).parse(predictions),
    };
  };
}

/** Status and JSON of an answer; nothing for an answer that is no JSON. */
async function post(
  address: string,
  request: { headers: Headers; body: string },
): Promise<{ status: number; body: unknown }> {
  // Not `AbortSignal.timeout`: thousands of them would stay until their time is over.
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(tooLate()), LONGEST_MS);
  try {
    const response = await fetch(address, { method: "POST", signal: late.signal, ...request });
    return { status: response.status, body: await response.json().catch(() => undefined) };
  } finally {
    clearTimeout(timer);
  }
}

/** @throws {AnswerError} `timeout` or `unavailable`; an error for the log if it is another refusal. */
function refuse(code: number, body: unknown): undefined {
  const { status, message } = refusal.safeParse(body).data?.error ?? { status: "", message: "" };
  if (code === 404 || status === "FAILED_PRECONDITION") return undefined;
  if (code === 504) throw tooLate();
  if (code === 503 || code === 429) {
    throw new AnswerError(
      "unavailable",
      "Cannot answer as the endpoint has too much to do or is not ready: try again in a moment",
    );
  }
  throw new Error(`Vertex AI answered ${code} ${status} to a prediction: ${message}`);
}
