/** The command line of `deno task functions`, and what Cloud Run gives instead, checked. */
import { parseArguments, readPlace } from "../command_line.ts";
import { badInput, type Failure } from "../failure.ts";
import { FEATURE_SETS, type FeatureSet } from "../features.ts";
import { matching, oneOf, PATTERNS, wholeNumber } from "../option_values.ts";
import { DATASET } from "../session.ts";

/** What `--help` prints. */
export const USAGE = `Answers the HTTP functions UserCluster and ProductAffinity.

  deno task functions [options]

Without --project they are behind the local cloud, which is started if none runs. They answer this
machine only; Ctrl-C ends them. The models must be deployed: deno task deploy.

  POST /UserCluster      {"userId": "…"}: the user's cluster, its name and what to do about it
  POST /ProductAffinity  {"userId": "…"} or {"viewed": ["a product", …]}, "limit": 1 to 50 (5):
                         products that the user or visitor is likely to want

Where
  --port N             default 8080; 0 for any free one
  --project ID         Google Cloud project whose BigQuery and Vertex AI are asked, which is billed
  --dataset NAME       default ${DATASET}
  --location PLACE     location of the dataset, such as US or europe-west1 (default: where it is)
  --region REGION      where the endpoints are (default: the dataset's region; us-central1 for US,
                       europe-west4 for EU)
  --data DIR           folder of the local cloud (default: .local-cloud in this project)

How
  --features SET       those that models were trained on which do not say it themselves, as what
                       retrain and deploy make does: published (default) or corrected
  --timeout SECONDS    how long an answer may take, 1 to 300 (default 30)
  --allow-origin URL   the origin whose web pages may call, such as https://shop.example
                       (default: none)
  --help               this text

In the container, on Cloud Run or elsewhere, the environment variables PORT, PROJECT, DATASET,
LOCATION, REGION, FEATURES, TIMEOUT and ALLOW_ORIGIN stand for the options; lib/functions/README.md
has the commands.

Exit codes: 0 ended by Ctrl-C, 1 something broke, 2 wrong arguments, 3 no access (credentials,
permission, dataset, location).`;

/** What was asked for. */
export interface Settings {
  /** 0 … 65 535; 0 for any free one. */
  port: number;
  project?: string;
  dataset: string;
  location?: string;
  region?: string;
  dataFolder?: string;
  features?: FeatureSet;
  /** Seconds, 1 … 300. */
  timeout: number;
  allowOrigin?: string;
  /** Whether Cloud Run asks, which checks who may. */
  isCloudRun: boolean;
  /** Whether in a container, on Cloud Run or not: then others than this machine are answered. */
  isContainer: boolean;
}

const OPTIONS = {
  port: { type: "string" },
  project: { type: "string" },
  dataset: { type: "string" },
  location: { type: "string" },
  region: { type: "string" },
  data: { type: "string" },
  features: { type: "string" },
  timeout: { type: "string" },
  "allow-origin": { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;
const DEFAULTS = { port: "8080", dataset: DATASET, timeout: "30" };

const ORIGIN = { test: /^https?:\/\/[^/\s]+$/, rule: "an origin such as https://shop.example" };

/** Where the command runs. */
export interface Surroundings {
  /** The options' values are read from it in a container only. Default: nothing. */
  env?: Record<string, string>;
  /** False in the image of the functions. Default true. */
  hasLocalCloud?: boolean;
}

/**
 * What to do, or nothing when only help was asked for.
 *
 * @throws {Failure} If an option is unknown or its value cannot be, or no project is named in a
 * container.
 */
export function readArguments(
  args: string[],
  { env = {}, hasLocalCloud = true }: Surroundings = {},
): Settings | undefined {
  // Cloud Run names the service.
  const isCloudRun = env.K_SERVICE !== undefined;
  const isContainer = isCloudRun || !hasLocalCloud;
  const given = { ...DEFAULTS, ...isContainer ? namedBy(env) : {}, ...parse(args) };
  if (given.help) return undefined;
  if (isContainer && !given.project) throw withoutProject(isCloudRun);
  return {
    port: wholeNumber("--port", given.port, { least: 0, most: 65_535 }),
    ...readPlace(given),
    region: given.region && matching("--region", given.region, PATTERNS.region),
    features: given.features === undefined
      ? undefined
      : oneOf("--features", given.features, FEATURE_SETS),
    timeout: wholeNumber("--timeout", given.timeout, { least: 1, most: 300 }),
    allowOrigin: given["allow-origin"] && matching("--allow-origin", given["allow-origin"], ORIGIN),
    ...{ isCloudRun, isContainer },
  };
}

const parse = (args: string[]) => parseArguments({ args, options: OPTIONS }).values;

/** Options by the environment; those that it does not name are left out. */
function namedBy(env: Record<string, string>): Partial<ReturnType<typeof parse>> {
  const named = {
    port: env.PORT,
    project: env.PROJECT,
    dataset: env.DATASET,
    location: env.LOCATION,
    region: env.REGION,
    features: env.FEATURES,
    timeout: env.TIMEOUT,
    "allow-origin": env.ALLOW_ORIGIN,
  };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value));
}

function withoutProject(isCloudRun: boolean): Failure {
  const [where, option] = isCloudRun
    ? ["on Cloud Run", "deploy with --set-env-vars PROJECT=…"]
    : ["in the container", "start it with --env PROJECT=…"];
  return badInput(
    `Cannot start ${where} as PROJECT is not set and the image has no local cloud: ${option}`,
  );
}
