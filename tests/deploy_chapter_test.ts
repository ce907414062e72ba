/** The chapter that deploys, run again where it, or `deno task deploy`, has left something. */
import { assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startKernel } from "../lib/notebooks/kernel.ts";
import { type CodeCell, type Output, readNotebook } from "../lib/notebooks/notebook.ts";
import { collectOutputs } from "../lib/notebooks/outputs.ts";
import { startLocalCloud } from "../lib/session.ts";

const FOLDER = fileURLToPath(new URL("../notebooks/", import.meta.url));
const { cells } = await readNotebook(join(FOLDER, "03_export_and_deploy.ipynb"));
const code = cells.filter((cell): cell is CodeCell => cell.cell_type === "code");

const isError = ({ output_type }: Output) => output_type === "error";
const textOf = (output: Output) => "data" in output ? String(output.data["text/plain"]) : "";

/** What each cell shows, as text, by its id; in a kernel of its own. */
async function runCells(
  cells: readonly CodeCell[],
  env: Record<string, string>,
): Promise<Map<string, string>> {
  await using kernel = await startKernel({ folder: FOLDER, env });
  const shown = new Map<string, string>();
  for (const { id = "", source } of cells) {
    const { published, isGood } = await kernel.execute(source, { seconds: 120 });
    const outputs = collectOutputs(published, 1);
    assertEquals([isGood, outputs.find(isError)], [true, undefined], source);
    shown.set(id, outputs.map(textOf).join("\n"));
  }
  return shown;
}

Deno.test({
  name: "the chapter on deploying, broken off and begun anew, shows the same of newer versions",
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    const folder = await Deno.makeTempDir({ prefix: "chapter-" });
    const cloud = await startLocalCloud(join(folder, "cloud"));
    try {
      const env = { ...Deno.env.toObject(), ...cloud.env, NO_COLOR: "1" };
      const upTo = (id: string) => code.slice(0, code.findIndex((cell) => cell.id === id) + 1);
      // Broken off while two versions share the traffic; what follows the functions is by itself.
      const first = await runCells(upTo("canary"), env);
      const second = await runCells(upTo("cluster"), env);
      assertEquals(first.get("clean"), "{ endpoints_removed: 0 }");
      assertEquals(second.get("clean"), "{ endpoints_removed: 1 }");
      for (const id of ["bucket", "instance", "staging", "deploy", "distances", "impute"]) {
        assertEquals(second.get(id), first.get(id), id);
      }
      assertEquals(second.get("upload"), "{ version: 3, aliases: [] }");
      assertMatch(second.get("traffic")!, /\n +3 +100%$/);
      assertMatch(second.get("ask")!, /nearest_centroid_id: \[ 4 \][^]*modelVersionId: "3"/);
      assertMatch(second.get("canary")!, /\n +3 +90%\n +4 +10%$/);
      assertMatch(second.get("many")!, /\n +300 +300 +0 +0 +3, 4$/);
      assertEquals(second.get("promote"), "{ version: 4, traffic: 100, previous: 3 }");
      assertMatch(second.get("cluster")!, /tier: "Silver"/);
    } finally {
      await cloud.stop();
      await Deno.remove(folder, { recursive: true });
    }
  },
});
