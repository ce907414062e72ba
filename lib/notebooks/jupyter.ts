/** The command `deno task jupyter`: JupyterLab with this Deno as a kernel, nothing installed globally. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArguments } from "../command_line.ts";
import { badInput, EXIT, type ExitCode, Failure } from "../failure.ts";

const USAGE = `Opens the notebooks in JupyterLab, with a kernel spec of the project's own.

  deno task jupyter [options] [-- ARGUMENTS OF jupyter lab]

  --spec-only   write the kernel spec and say how other programs find it
  --install     install the kernel for this user, so that VS Code and every Jupyter find it
  --help

Exit codes: 0 done · 1 JupyterLab failed · 2 wrong arguments, or there is no JupyterLab`;

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** A folder that Jupyter searches when JUPYTER_PATH names it. */
const FOLDER = join(ROOT, ".jupyter");

/** Runs the command and answers its exit code. */
export async function main(args: string[]): Promise<ExitCode> {
  try {
    const { values, positionals } = parse(args);
    if (values.help) {
      console.log(USAGE);
      return EXIT.done;
    }
    if (values.install) return await run(Deno.execPath(), ["jupyter", "--install"]);
    await writeKernelSpec(FOLDER);
    if (values["spec-only"]) {
      console.log(`JUPYTER_PATH=${FOLDER}`);
      return EXIT.done;
    }
    return await openLab(positionals);
  } catch (error) {
    console.error(error instanceof Failure ? error.message : error);
    return error instanceof Failure ? error.exitCode : EXIT.failed;
  }
}

function parse(args: string[]) {
  const flag = { type: "boolean" } as const;
  const options = { "spec-only": flag, install: flag, help: flag } as const;
  return parseArguments({ args, options, allowPositionals: true });
}

/**
 * Writes the spec of a kernel that is this very Deno: it may have no other place on the machine.
 *
 * @param folder One that JUPYTER_PATH names.
 */
async function writeKernelSpec(folder: string): Promise<void> {
  const spec = {
    argv: [Deno.execPath(), "jupyter", "--kernel", "--conn", "{connection_file}"],
    display_name: "Deno",
    language: "typescript",
  };
  const kernel = join(folder, "kernels", "deno");
  await Deno.mkdir(kernel, { recursive: true });
  await Deno.writeTextFile(join(kernel, "kernel.json"), `${JSON.stringify(spec, null, 2)}\n`);
}

async function openLab(args: string[]): Promise<ExitCode> {
  if (!await hasLab()) {
    throw badInput(
      "Cannot open the notebooks as there is no JupyterLab here: get it with `pipx install " +
        "jupyterlab`, or open them in VS Code after `deno task jupyter --install`",
    );
  }
  const JUPYTER_PATH = [FOLDER, Deno.env.get("JUPYTER_PATH")].filter(Boolean).join(":");
  const first = "notebooks/00_start_here.ipynb";
  return await run("jupyter", ["lab", ...(args.length > 0 ? args : [first])], { JUPYTER_PATH });
}

async function hasLab(): Promise<boolean> {
  try {
    const quiet = { stdout: "null", stderr: "null" } as const;
    const command = new Deno.Command("jupyter", { args: ["lab", "--version"], ...quiet });
    return (await command.output()).success;
  } catch (error) {
    // A program that is not there is told of in one of two ways.
    if (error instanceof Deno.errors.NotFound || error instanceof Error && "code" in error) {
      return false;
    }
    throw error;
  }
}

/** Runs a program in the foreground; a Ctrl-C reaches it by the terminal, and is left to it. */
async function run(
  program: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<ExitCode> {
  const ignore = () => {};
  Deno.addSignalListener("SIGINT", ignore);
  const child = new Deno.Command(program, { args, env, cwd: ROOT }).spawn();
  const { success } = await child.status;
  Deno.removeSignalListener("SIGINT", ignore);
  return success ? EXIT.done : EXIT.failed;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
