/** What all commands do alike with their arguments. */
import { resolve } from "node:path";
import { badInput, type Failure } from "./failure.ts";

/** The sentence about arguments that `parseArgs` refused. */
export function unreadableArguments(error: unknown): Failure {
  // Node's messages go on with hints about `--`; the first sentence says what is wrong.
  const [what] = (error as Error).message.split(/\. |\n/);
  return badInput(`Cannot read the arguments: ${what.replace(/\.$/, "")} (see --help)`);
}

/**
 * A path as it was meant where the command was typed: `deno task` runs in the project's folder, and
 * names the other one in INIT_CWD.
 */
export function typedPath(path: string): string {
  return resolve(Deno.env.get("INIT_CWD") ?? ".", path);
}
