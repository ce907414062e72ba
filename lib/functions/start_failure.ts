/** Why the functions do not start, said to who started them. */
import { EXIT, Failure, type Scene, toFailure } from "../failure.ts";

/** gRPC's numbers, as Vertex AI's clients throw them. */
const GRPC_PERMISSION_DENIED = 7;
const GRPC_UNAUTHENTICATED = 16;

const ROLES = "BigQuery Job User on the project, BigQuery Data Viewer on the dataset, Storage " +
  "Object Viewer on the bucket of the models, and ecommerceFunctions (or Vertex AI User)";

/** Where the functions are started. */
export interface StartScene extends Scene {
  isCloudRun: boolean;
  /** Whether in a container, on Cloud Run or not. */
  isContainer: boolean;
}

/**
 * Turns whatever was thrown into a sentence and an exit code, as {@link toFailure} does, but for
 * what the functions need: less than training does, and by another account on Cloud Run.
 */
export function toStartFailure(error: unknown, scene: StartScene): Failure {
  const cause = error instanceof Failure ? error.cause : error;
  const { code, message = "" } = (cause ?? {}) as { code?: unknown; message?: string };
  const fail = (sentence: string) => new Failure(sentence, EXIT.access, { cause });
  const [what] = message.trim().split("\n");
  const isOwnLogin = /default credentials|invalid_grant|invalid_rapt|reauth/i.test(message);
  if (isOwnLogin && !scene.isContainer) return toFailure(error, scene);
  // A metadata server that refuses a token answers 403 too, which is no missing role.
  const isToken = isOwnLogin || /access token/i.test(message);
  if (isToken || code === 401 || code === GRPC_UNAUTHENTICATED) {
    return fail(
      `Cannot use Google Cloud as there is no valid token to ask with: ${credentialsHint(scene)} ` +
        `(${what.replace(/\.$/, "")})`,
    );
  }
  if (code === 403 || code === GRPC_PERMISSION_DENIED) {
    return fail(
      `Cannot use project ${scene.project} as permission is missing: the functions need the ` +
        `roles ${ROLES}, see lib/functions/README.md (${what.replace(/\.$/, "")})`,
    );
  }
  return toFailure(error, scene);
}

function credentialsHint({ isCloudRun, isContainer }: StartScene): string {
  if (isCloudRun) return "deploy with a --service-account that exists and is enabled";
  if (isContainer) return "give the container credentials by GOOGLE_APPLICATION_CREDENTIALS";
  return "run `gcloud auth application-default login`";
}
