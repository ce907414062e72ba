/** What ends a run before its time: one sentence for the person who started it, and an exit code. */

/** Exit codes of the commands, as `--help` lists them. */
export const EXIT = {
  done: 0,
  /** Something broke that the person could not have known. */
  failed: 1,
  /** Wrong arguments, or events that nothing can be learnt from. */
  input: 2,
  /** Credentials, permission, project, dataset or location. */
  access: 3,
  /** Not confirmed. */
  declined: 4,
  /** Ctrl-C: 128 + SIGINT, as shells have it. */
  interrupted: 130,
} as const;

export type ExitCode = typeof EXIT[keyof typeof EXIT];

/** Says in its message what could not be done and why, in one sentence. */
export class Failure extends Error {
  override name = "Failure";

  /** @param exitCode What the command answers the shell. */
  constructor(message: string, readonly exitCode: ExitCode, options?: ErrorOptions) {
    super(message, options);
  }
}

/** Shorthand: the input is wrong. */
export function badInput(message: string): Failure {
  return new Failure(message, EXIT.input);
}

/** Google's clients throw this; more than these fields is of no use here. */
interface ApiError {
  code?: number | string;
  message: string;
  errors?: { reason?: string; message?: string }[];
}

/** Where the thing that failed was done, for the sentence about it. */
export interface Scene {
  project: string;
  dataset: string;
  location?: string;
  where: "local" | "cloud";
}

/** The first of Google's reasons for an error, such as `notFound`. */
export function reasonOf(error: unknown): string | undefined {
  return (error as ApiError).errors?.[0]?.reason;
}

/** Turns whatever was thrown into a sentence and an exit code; a {@link Failure} stays as it is. */
export function toFailure(error: unknown, scene: Scene): Failure {
  if (error instanceof Failure) return error;
  const { code, message } = error as ApiError;
  const fail = (sentence: string, exitCode: ExitCode) =>
    new Failure(sentence, exitCode, { cause: error });
  if (isAbort(error) || reasonOf(error) === "stopped") {
    return fail("Stopped: what was not finished was left as it had been", EXIT.interrupted);
  }
  const access = accessSentence(error, scene);
  if (access) return fail(access, EXIT.access);
  if (/matrix factorization models is not available|STANDARD edition/i.test(message)) {
    return fail(
      "Cannot train product_affinity as BigQuery trains matrix factorization only under a " +
        "reservation of Enterprise edition: assign one, or use --model user_clusters",
      EXIT.access,
    );
  }
  if (/ENOTFOUND|EAI_AGAIN/.test(`${code} ${message}`)) {
    return fail(
      "Cannot reach Google Cloud as its address is not found: is there a network?",
      EXIT.failed,
    );
  }
  if (
    scene.where === "local" && /ECONNREFUSED|ECONNRESET|socket hang up/.test(`${code} ${message}`)
  ) {
    return fail("Cannot reach the local cloud as it has ended: run the command again", EXIT.failed);
  }
  return fail(firstLine(message), EXIT.failed);
}

function accessSentence(error: unknown, scene: Scene): string | undefined {
  const { code, message } = error as ApiError;
  const { project, dataset, location = "US" } = scene;
  if (/Could not load the default credentials/.test(message)) {
    return "Cannot use Google Cloud as there are no application-default credentials here: run " +
      "`gcloud auth application-default login`";
  }
  if (/invalid_grant|invalid_rapt|reauth/i.test(message)) {
    return "Cannot use Google Cloud as the credentials have expired: run " +
      "`gcloud auth application-default login`";
  }
  if (code === 403) {
    return `Cannot use project ${project} as permission is missing: ` +
      `the roles BigQuery Data Editor, BigQuery Job User and Storage Admin are enough ` +
      `(${firstLine(message)})`;
  }
  if (code === 404 && /dataset/i.test(message) && message.includes(dataset)) {
    return `Cannot find the dataset ${project}.${dataset} in location ${location}: create it with ` +
      `\`bq mk --dataset --location=${location} ${project}:${dataset}\` or name another by --dataset`;
  }
  return undefined;
}

function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

function firstLine(message: string): string {
  return message.trim().split("\n")[0].replace(/\.$/, "");
}
