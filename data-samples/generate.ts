/** The command behind `deno task sample`; what it takes and answers is in `arguments.ts`. */
import { ArgumentError, readArguments, USAGE } from "./arguments.ts";
import { removePartial, type SampleOptions, writeSample } from "./sample.ts";

/** Runs the command and answers its exit code. */
export async function main(args: string[]): Promise<number> {
  try {
    const options = readArguments(args);
    if (options) await generate(options);
    else console.log(USAGE);
    return 0;
  } catch (error) {
    console.error((error as Error).message);
    return error instanceof ArgumentError ? 2 : 1;
  }
}

async function generate(options: SampleOptions): Promise<void> {
  stopOnSignals(options.out);
  const started = performance.now();
  await writeSample({ ...options, onProgress: showProgress(options.users) });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const { size } = await Deno.stat(options.out);
  console.log(
    `Wrote ${options.out}: ${options.users} users, ${
      (size / 2 ** 20).toFixed(1)
    } MiB, ${seconds} s`,
  );
}

/** Ctrl-C and its kin: leave no half-written file, answer 128 + the signal's number. */
function stopOnSignals(out: string): void {
  for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
    Deno.addSignalListener(signal, () => {
      removePartial(out);
      Deno.exit(code);
    });
  }
}

/** One line that overwrites itself, and only where someone watches. */
function showProgress(users: number): (made: number) => void {
  if (!Deno.stderr.isTerminal()) return () => {};
  const encoder = new TextEncoder();
  return (made) => {
    const text = made < users ? `Made ${made} of ${users} users` : "Writing the files";
    Deno.stderr.writeSync(encoder.encode(`\r\x1b[K${text}\r`));
  };
}

if (import.meta.main) Deno.exit(await main(Deno.args));
