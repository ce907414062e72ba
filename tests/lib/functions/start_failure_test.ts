import { assert, assertEquals, assertMatch } from "@std/assert";
import { badInput, EXIT, Failure, toFailure } from "../../../lib/failure.ts";
import { toStartFailure } from "../../../lib/functions/start_failure.ts";

const PERSON = {
  ...{ project: "my-project", dataset: "shop", where: "cloud" as const },
  ...{ isCloudRun: false, isContainer: false },
};
const CONTAINER = { ...PERSON, isContainer: true };
const CLOUD_RUN = { ...CONTAINER, isCloudRun: true };

/** An error of one of Google's clients, as opening a session throws it. */
const thrown = (code: number | undefined, message: string) =>
  toFailure(Object.assign(new Error(message), { code }), PERSON);

Deno.test("a missing permission names the roles of the functions, not those of training", () => {
  for (const error of [thrown(403, "Access Denied: Dataset my-project:shop"), { code: 7 }]) {
    const { message, exitCode } = toStartFailure(error, CLOUD_RUN);
    assertMatch(message, /permission is missing: .*BigQuery Job User .*BigQuery Data Viewer/);
    assertMatch(message, /Storage Object Viewer .*ecommerceFunctions/);
    assert(!/Data Editor|Storage Admin/.test(message));
    assertEquals(exitCode, EXIT.access);
  }
});

const NO_TOKEN: [code: number | undefined, message: string][] = [
  [403, "Could not refresh access token: A Forbidden error was returned by the metadata server"],
  [404, "Could not refresh access token: Unsuccessful response status code"],
  [undefined, "Could not load the default credentials."],
  [400, "invalid_grant"],
  [401, "Request had invalid authentication credentials"],
];

Deno.test("a token that fails is no missing permission", () => {
  for (const [code, text] of NO_TOKEN) {
    const { message, exitCode } = toStartFailure(thrown(code, text), CLOUD_RUN);
    assertMatch(message, /^Cannot .* no valid token to ask with: deploy with a --service-account /);
    assert(!/permission is missing|[.\n]$/.test(message), message);
    assertEquals(exitCode, EXIT.access);
  }
});

Deno.test("who starts a container is told how to give it credentials, a person how to log in", () => {
  const error = thrown(undefined, "Could not load the default credentials.");
  assertMatch(toStartFailure(error, CONTAINER).message, /GOOGLE_APPLICATION_CREDENTIALS/);
  assertMatch(toStartFailure(error, PERSON).message, /application-default login/);
});

Deno.test("any other failure stays as it is", () => {
  for (const failure of [badInput("Cannot"), new Failure("Cannot find", EXIT.access)]) {
    assertEquals(toStartFailure(failure, CLOUD_RUN), failure);
  }
});
