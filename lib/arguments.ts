/** The command line of `deno task retrain`, checked. */
import { parseArgs } from "node:util";
import { typedPath, unreadableArguments } from "./command_line.ts";
import { badInput } from "./failure.ts";
import { FEATURE_SETS, type FeatureSet } from "./features.ts";
import { DATASET } from "./session.ts";

/** What `--help` prints. */
export const USAGE = `Trains both models from raw GA4 events and prints what they found.

  deno task retrain [options]

Without --project everything runs on this machine, in the local cloud: no account, no bill.

What to learn
  --model NAME         user_clusters or product_affinity (default: both)
  --features SET       published: as the walk-through defines them (default)
                       corrected: orders instead of item lines, 0 instead of the mean for visitors
                       who never bought, products matched by name and rated by the user's own events
  --clusters K         number of user clusters, 2 to 100 (default 4)
  --force              train on the published features even if there are very many ratings

From what
  --events FILE        .parquet, .ndjson, .jsonl, .json or .csv in GA4's export schema; nested
                       columns of a CSV file hold JSON (default: the committed sample)
  --table TABLE        an existing table instead: [project.]dataset.table

Where
  --project ID         Google Cloud project; says first what will be billed, and asks
  --dataset NAME       default ${DATASET}; on Google Cloud it must exist
  --location PLACE     location of the dataset, such as US or europe-west1 (default: where it is)
  --bucket NAME        where the events file is put first (default: PROJECT-DATASET)
  --data DIR           folder of the local cloud (default: .local-cloud in this project)
  --yes                do not ask before something is billed

What to print
  --user ID            show the cluster and the products of this user; may be repeated
  --json FILE          write the results as JSON too; - for the standard output, which moves the
                       summary to the error output
  --quiet              print nothing but errors
  --help               this text

Exit codes: 0 done, 1 something broke, 2 wrong arguments or events that nothing can be learnt from,
3 no access (credentials, permission, dataset, location), 4 not confirmed, 130 stopped by Ctrl-C.
After any code but 0 the former tables and models are still whole.`;

/** The models there are. */
export const MODELS = ["user_clusters", "product_affinity"] as const;
export type Model = typeof MODELS[number];

/** What was asked for. */
export interface Settings {
  models: readonly Model[];
  features: FeatureSet;
  /** 2 … 100. */
  clusters: number;
  isForced: boolean;
  /** An absolute path; nothing for the committed sample. */
  events?: string;
  /** `dataset.table` or `project.dataset.table`. */
  table?: string;
  project?: string;
  dataset: string;
  location?: string;
  bucket?: string;
  dataFolder?: string;
  isConfirmed: boolean;
  users: string[];
  /** An absolute path, or `-`. */
  json?: string;
  isQuiet: boolean;
}

const OPTIONS = {
  model: { type: "string" },
  features: { type: "string", default: "published" },
  clusters: { type: "string", default: "4" },
  force: { type: "boolean", default: false },
  events: { type: "string" },
  table: { type: "string" },
  project: { type: "string" },
  dataset: { type: "string", default: DATASET },
  location: { type: "string" },
  bucket: { type: "string" },
  data: { type: "string" },
  yes: { type: "boolean", default: false },
  user: { type: "string", multiple: true, default: [] as string[] },
  json: { type: "string" },
  quiet: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

/**
 * What to do, or nothing when only help was asked for.
 *
 * @throws {Failure} If an option is unknown or its value cannot be.
 */
export function readArguments(args: string[]): Settings | undefined {
  const given = parse(args);
  if (given.help) return undefined;
  if (given.events !== undefined && given.table !== undefined) {
    throw badInput("Cannot use --events and --table together: give one of them");
  }
  return {
    models: given.model === undefined ? MODELS : [oneOf("--model", given.model, MODELS)],
    features: oneOf("--features", given.features, FEATURE_SETS),
    clusters: wholeNumber("--clusters", given.clusters, { least: 2, most: 100 }),
    isForced: given.force,
    events: given.events === undefined ? undefined : typedPath(given.events),
    table: given.table && matching("--table", given.table, TABLE),
    project: given.project && matching("--project", given.project, PROJECT),
    dataset: matching("--dataset", given.dataset, WORD),
    location: given.location && matching("--location", given.location, LOCATION),
    bucket: given.bucket && matching("--bucket", given.bucket, BUCKET),
    dataFolder: given.data === undefined ? undefined : typedPath(given.data),
    isConfirmed: given.yes,
    users: given.user,
    json: given.json === undefined || given.json === "-" ? given.json : typedPath(given.json),
    isQuiet: given.quiet,
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS }).values;
  } catch (error) {
    throw unreadableArguments(error);
  }
}

function oneOf<T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === value);
  if (found !== undefined) return found;
  throw badInput(
    `Cannot use ${option} as it must be ${allowed.join(" or ")}: current value is "${value}"`,
  );
}

function wholeNumber(option: string, text: string, range: { least: number; most: number }): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= range.least && value <= range.most) return value;
  throw badInput(
    `Cannot use ${option} as it must be a whole number from ${range.least} to ${range.most}: ` +
      `current value is "${text}"`,
  );
}

interface Pattern {
  test: RegExp;
  rule: string;
}
const WORD: Pattern = { test: /^\w{1,1024}$/, rule: "letters, digits and underscores" };
const TABLE: Pattern = {
  test: /^([a-z][a-z0-9.:-]+\.)?\w+\.[\w$-]+\*?$/,
  rule: "dataset.table or project.dataset.table",
};
const PROJECT: Pattern = { test: /^[a-z][a-z0-9.:-]{3,}[a-z0-9]$/, rule: "the id of a project" };
const LOCATION: Pattern = { test: /^[a-zA-Z]+(-[a-z]+\d+)?$/, rule: "a place such as US" };
const BUCKET: Pattern = { test: /^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/, rule: "a bucket's name" };

function matching(option: string, value: string, { test, rule }: Pattern): string {
  if (test.test(value)) return value;
  throw badInput(`Cannot use ${option} as it must be ${rule}: current value is "${value}"`);
}
