/** The command line of `deno task sample`, checked. */
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { SampleOptions } from "./sample.ts";

/** What `--help` prints. */
export const USAGE = `Makes a sample shop: GA4 events as Parquet, and what was planted in them.

  deno task sample [--users N] [--seed S] [--out FILE]

  --users N    how many users, 2 to 5000000 (default 5000; about 16 events each)
  --seed S     whole number, 0 to 2147483647 (default 1); the same seed makes the same bytes
  --out FILE   ends in .parquet (default: events_flat_data.parquet in data-samples)
  --help       this text

What was planted is written beside FILE, to *.planted_users.parquet and
*.planted_products.parquet. Existing files are replaced.

Exit codes: 0 written, 1 not written, 2 wrong arguments, 130 stopped by Ctrl-C.`;

const OPTIONS = {
  users: { type: "string", default: "5000" },
  seed: { type: "string", default: "1" },
  out: { type: "string", default: defaultOut() },
  help: { type: "boolean", short: "h" },
} as const;

/** What was typed is wrong; the message is one sentence for the person who typed it. */
export class ArgumentError extends Error {}

/**
 * What to make, or nothing when only help was asked for.
 *
 * @throws {ArgumentError} If an option is unknown, not a number in its range, or no place for a file.
 */
export function readArguments(args: string[]): SampleOptions | undefined {
  const { users, seed, out, help } = parse(args);
  if (help) return undefined;
  return {
    users: wholeNumber(users, { option: "--users", least: 2, most: 5_000_000 }),
    seed: wholeNumber(seed, { option: "--seed", least: 0, most: 2 ** 31 - 1 }),
    // `deno task` runs in the project's folder; the path was typed in INIT_CWD.
    out: checkOut(resolve(Deno.env.get("INIT_CWD") ?? ".", out)),
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS }).values;
  } catch (error) {
    // Node's messages go on with hints about `--`; the first sentence says what is wrong.
    const [what] = (error as Error).message.split(/\. |\n/);
    throw new ArgumentError(`Cannot read the arguments: ${what.replace(/\.$/, "")} (see --help)`);
  }
}

function wholeNumber(text: string, range: { option: string; least: number; most: number }): number {
  const { option, least, most } = range;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new ArgumentError(
    `Cannot use ${option} as it must be a whole number from ${least} to ${most}: ` +
      `current value is "${text}"`,
  );
}

function checkOut(out: string): string {
  const refuse = (rule: string) => {
    throw new ArgumentError(`Cannot write the sample as ${rule}: current value is "${out}"`);
  };
  if (!out.endsWith(".parquet")) refuse("--out must end in .parquet");
  if (!isFolder(dirname(out))) refuse("--out must be in a folder that exists");
  if (isFolder(out)) refuse("--out must not be a folder");
  return out;
}

function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}

function defaultOut(): string {
  return fileURLToPath(new URL("events_flat_data.parquet", import.meta.url));
}
