/** The command line of `deno task retrain`, checked. */
import { parseArguments, readPlace, typedPath } from "./command_line.ts";
import { badInput } from "./failure.ts";
import { FEATURE_SETS, type FeatureSet } from "./features.ts";
import { matching, oneOf, PATTERNS, wholeNumber } from "./option_values.ts";
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
    table: given.table && matching("--table", given.table, PATTERNS.table),
    ...readPlace(given),
    bucket: given.bucket && matching("--bucket", given.bucket, PATTERNS.bucket),
    isConfirmed: given.yes,
    users: given.user,
    json: given.json === undefined || given.json === "-" ? given.json : typedPath(given.json),
    isQuiet: given.quiet,
  };
}

const parse = (args: string[]) => parseArguments({ args, options: OPTIONS }).values;
