/** What Vertex AI's errors mean for who deploys. */
import { z } from "zod";
import { EXIT, Failure, type Scene, toFailure } from "../failure.ts";

/** gRPC's numbers for what went wrong, which BigQuery and Cloud Storage do not use. */
const CODE = { permissionDenied: 7, unauthenticated: 16 };

/** Turns whatever was thrown into a sentence and an exit code; a {@link Failure} stays as it is. */
export function toDeployFailure(error: unknown, scene: Scene): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof z.ZodError) {
    const [what] = z.prettifyError(error).split("\n");
    return new Failure(
      `Cannot read an answer of Google's services as it is not as expected: ${what}`,
      EXIT.failed,
      { cause: error },
    );
  }
  const { code, message } = error as { code?: number | string; message: string };
  const said = message.replace(/^\d+ [A-Z_]+: /, "");
  const access = accessSentence({ code, said }, scene);
  if (access) return new Failure(access, EXIT.access, { cause: error });
  return said === message ? toFailure(error, scene) : toFailure({ code, message: said }, scene);
}

function accessSentence(
  { code, said }: { code?: number | string; said: string },
  { project }: Scene,
): string | undefined {
  if (/has not been used in project .* or it is disabled|SERVICE_DISABLED/s.test(said)) {
    const [api] = /[a-z]+\.googleapis\.com/.exec(said) ?? ["aiplatform.googleapis.com"];
    return `Cannot use project ${project} as an API is not enabled: run ` +
      `\`gcloud services enable ${api} --project=${project}\``;
  }
  if (code === CODE.permissionDenied) {
    return `Cannot use Vertex AI in project ${project} as permission is missing: the role ` +
      `Vertex AI User is enough (${said.split("\n")[0].replace(/\.$/, "")})`;
  }
  if (code === CODE.unauthenticated) {
    return "Cannot use Vertex AI as the credentials are missing or have expired: run " +
      "`gcloud auth application-default login`";
  }
  return undefined;
}
