import { assert, assertEquals, assertRejects } from "@std/assert";
import { CloudError } from "../../../../lib/local_cloud/errors.ts";
import { Analyzer } from "../../../../lib/local_cloud/sql/analyzer.ts";

async function withAnalyzer(work: (analyzer: Analyzer) => Promise<void>): Promise<void> {
  const analyzer = new Analyzer();
  try {
    await work(analyzer);
  } finally {
    await analyzer.close();
  }
}

async function analyze(analyzer: Analyzer, sqlStatement: string) {
  const languageOptions = await analyzer.language();
  const simpleCatalog = { name: "empty", builtinFunctionOptions: { languageOptions } };
  const options = await analyzer.options();
  return await analyzer.ask("analyze", { sqlStatement, simpleCatalog, options });
}

/** The analyzer's process under its shell; none if it is gone. */
async function processesOf(shell: number): Promise<number[]> {
  const { stdout } = await new Deno.Command("ps", { args: ["-eo", "pid,ppid,args"] }).output();
  return new TextDecoder().decode(stdout).trim().split("\n").slice(1)
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line)!)
    .filter(([, , parent, args]) => Number(parent) === shell && /^\S*remote_server/.test(args))
    .map(([, pid]) => Number(pid));
}

Deno.test("an error has the analyzer's words and BigQuery's way to write its place", async () => {
  await withAnalyzer(async (analyzer) => {
    const error = await assertRejects(() => analyze(analyzer, "SELECT\n  x"), CloudError);
    assertEquals([error.reason, error.message], ["invalidQuery", "Unrecognized name: x at [2:3]"]);
  });
});

Deno.test("types that BigQuery has not are unknown", async () => {
  await withAnalyzer(async (analyzer) => {
    await assertRejects(
      () => analyze(analyzer, "SELECT CAST(1 AS UINT64)"),
      CloudError,
      "Type not found: UINT64",
    );
  });
});

Deno.test("a process that died is started again", async () => {
  await withAnalyzer(async (analyzer) => {
    await analyze(analyzer, "SELECT 1");
    const [pid, ...others] = await processesOf(await analyzer.pid());
    assertEquals(others, []);
    Deno.kill(pid, "SIGKILL");
    assert((await analyze(analyzer, "SELECT 1")).resolvedStatement !== undefined);
  });
});

Deno.test("closing leaves no process behind", async () => {
  const analyzer = new Analyzer();
  await analyze(analyzer, "SELECT 1");
  const [pid] = await processesOf(await analyzer.pid());
  await analyzer.close();
  const { stdout } = await new Deno.Command("ps", { args: ["-eo", "pid,args"] }).output();
  const alive = new RegExp(`^\\s*${pid}\\s+\\S*remote_server`, "m");
  assertEquals(alive.test(new TextDecoder().decode(stdout)), false);
});
