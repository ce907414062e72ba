/** The command lines of `deno task deploy` and `deno task undeploy`, checked. */
import { type Model, MODELS } from "../arguments.ts";
import { parseArguments, readPlace, typedPath } from "../command_line.ts";
import { badInput } from "../failure.ts";
import { matching, oneOf, PATTERNS, wholeNumber } from "../option_values.ts";
import { DATASET } from "../session.ts";

const PLACE = `Where
  --project ID         Google Cloud project; says first what comes of it, and asks
  --dataset NAME       default ${DATASET}
  --location PLACE     location of the dataset, such as US or europe-west1 (default: where it is)
  --region REGION      of Vertex AI`;

const OUTPUT = `What to print
  --json FILE          write the results as JSON too; - for the standard output, which moves the
                       summary to the error output
  --quiet              print nothing but errors
  --help               this text`;

const CODES = `Exit codes: 0 done, 1 something broke, 2 wrong arguments or nothing to work on,
3 no access (credentials, permission, dataset, location), 4 not confirmed, 130 stopped by Ctrl-C.`;

/** What `deno task deploy --help` prints. */
export const DEPLOY_USAGE = `Exports trained models and serves them on endpoints.

  deno task deploy [options]

Without --project everything runs on this machine, in the local cloud: no account, no bill.
Train first: deno task retrain

A model becomes a new version, which is tested on an endpoint of its own against what BigQuery
predicts, deployed beside the version before it, and given the traffic; then the version before is
removed from the endpoint. What is done already is not done again: after a failure, or Ctrl-C, run
the same command once more.

What to serve
  --model NAME         user_clusters or product_affinity (default: both)
  --canary PERCENT     give the new version this share of the traffic, 1 to 99, and leave the rest to
                       the version before; run again with a larger share, or without --canary for all.
                       Where nothing else answers the version gets all in any case
  --rollback           go back to the version that answered before the one that answers now, or end
                       a canary; of two models also if it is possible for one of them only. Then
                       deploy again after the next training: the model as it is would come back

On what
  --machine TYPE       machine of a newly deployed version (default: as before, n1-standard-2 at first)
  --min-replicas N     at least so many machines (default: as before, 1 at first)
  --max-replicas N     at most so many under load (default: as before, 1 at first)

${PLACE}, in the dataset's location (default: the dataset's;
                       us-central1 for US, europe-west4 for EU)
  --bucket NAME        where models are exported to; made if missing (default: PROJECT-DATASET)
  --data DIR           folder of the local cloud (default: .local-cloud in this project)
  --yes                do not ask before something is billed

${OUTPUT}

${CODES}
Whatever the code, an endpoint answers as before, or wholly as the new version does.`;

/** What `deno task undeploy --help` prints. */
export const UNDEPLOY_USAGE = `Removes endpoints, which cost money as long as a model is deployed.

  deno task undeploy [options]

What is left costs nothing or little, is named, and can be deployed again: the versions of the model,
and the exported files.

What to remove
  --model NAME         the endpoint of user_clusters or product_affinity (default: both)

${PLACE} (default: all in the dataset's location)
  --data DIR           folder of the local cloud (default: .local-cloud in this project)
  --yes                do not ask

${OUTPUT}

${CODES}`;

/** Where to work and what to print: what both commands are asked. */
export interface PlaceSettings {
  models: readonly Model[];
  project?: string;
  dataset: string;
  location?: string;
  /** Of Vertex AI; nothing for the one of the dataset. */
  region?: string;
  dataFolder?: string;
  isConfirmed: boolean;
  /** An absolute path, or `-`. */
  json?: string;
  isQuiet: boolean;
}

/** How a version is deployed; what is missing is as for the version that answers now. */
export interface MachineSettings {
  machine?: string;
  /** 1 or more. */
  minReplicas?: number;
  /** 1 or more. */
  maxReplicas?: number;
}

/** What `deploy` was asked for. */
export interface DeploySettings extends PlaceSettings, MachineSettings {
  bucket?: string;
  /** Percent of the traffic for the new version, 1 … 99; nothing for all. */
  canary?: number;
  isRollback: boolean;
}

const PLACE_OPTIONS = {
  model: { type: "string" },
  project: { type: "string" },
  dataset: { type: "string", default: DATASET },
  location: { type: "string" },
  region: { type: "string" },
  data: { type: "string" },
  yes: { type: "boolean", default: false },
  json: { type: "string" },
  quiet: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

const DEPLOY_OPTIONS = {
  ...PLACE_OPTIONS,
  bucket: { type: "string" },
  machine: { type: "string" },
  "min-replicas": { type: "string" },
  "max-replicas": { type: "string" },
  canary: { type: "string" },
  rollback: { type: "boolean", default: false },
} as const;

/**
 * What to deploy, or nothing when only help was asked for.
 *
 * @throws {Failure} If an option is unknown or its value cannot be.
 */
export function readDeployArguments(args: string[]): DeploySettings | undefined {
  const given = parseArguments({ args, options: DEPLOY_OPTIONS }).values;
  if (given.help) return undefined;
  if (given.rollback && given.canary !== undefined) {
    throw badInput("Cannot use --canary and --rollback together: give one of them");
  }
  const number = (option: "canary" | "min-replicas" | "max-replicas", most: number) => {
    const text = given[option];
    return text === undefined ? undefined : wholeNumber(`--${option}`, text, { least: 1, most });
  };
  const replicas = {
    minReplicas: number("min-replicas", 100),
    maxReplicas: number("max-replicas", 100),
  };
  checkReplicas(replicas);
  return {
    ...place(given),
    ...replicas,
    bucket: given.bucket && matching("--bucket", given.bucket, PATTERNS.bucket),
    machine: given.machine && matching("--machine", given.machine, PATTERNS.machine),
    canary: number("canary", 99),
    isRollback: given.rollback,
  };
}

/**
 * What to undeploy, or nothing when only help was asked for.
 *
 * @throws {Failure} If an option is unknown or its value cannot be.
 */
export function readUndeployArguments(args: string[]): PlaceSettings | undefined {
  const given = parseArguments({ args, options: PLACE_OPTIONS }).values;
  return given.help ? undefined : place(given);
}

interface Given {
  model?: string;
  project?: string;
  dataset: string;
  location?: string;
  region?: string;
  data?: string;
  yes: boolean;
  json?: string;
  quiet: boolean;
}

function place(given: Given): PlaceSettings {
  return {
    models: given.model === undefined ? MODELS : [oneOf("--model", given.model, MODELS)],
    ...readPlace(given),
    region: given.region && matching("--region", given.region, PATTERNS.region),
    isConfirmed: given.yes,
    json: given.json === undefined || given.json === "-" ? given.json : typedPath(given.json),
    isQuiet: given.quiet,
  };
}

function checkReplicas({ minReplicas, maxReplicas }: MachineSettings): void {
  if (minReplicas === undefined || maxReplicas === undefined || minReplicas <= maxReplicas) return;
  throw badInput(
    `Cannot use --max-replicas as it must be --min-replicas or more: current values are ` +
      `${maxReplicas} and ${minReplicas}`,
  );
}
