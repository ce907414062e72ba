/** Whether the image of the functions has what it needs, and nothing else. */
import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const HERE = join(ROOT, "lib/functions");

/** Files of the project that the functions import, and the packages they name. */
async function imports(): Promise<{ files: string[]; packages: string[] }> {
  const args = ["info", "--quiet", "--json", "lib/functions/main.ts"];
  const { stdout } = await new Deno.Command(Deno.execPath(), { args, cwd: ROOT }).output();
  const { modules } = JSON.parse(new TextDecoder().decode(stdout)) as {
    modules: { specifier: string }[];
  };
  const root = new URL("../../../", import.meta.url).href;
  const names = modules.map(({ specifier }) => specifier);
  const packages = names.filter((name) => name.startsWith("npm:"))
    .map((name) => /^npm:\/((?:@[^/]+\/)?[^/@]+)/.exec(name)![1]);
  return {
    files: names.filter((name) => name.startsWith(root)).map((name) => name.slice(root.length)),
    packages: [...new Set(packages)].sort(),
  };
}

/** Files of lib/ that the Dockerfile copies. */
async function copied(): Promise<string[]> {
  const text = await Deno.readTextFile(join(HERE, "Dockerfile"));
  const named = [...text.matchAll(/\blib\/[\w/]+\.ts\b/g)].map(([name]) => name);
  const own = [];
  for await (const { name } of Deno.readDir(HERE)) {
    if (name.endsWith(".ts")) own.push(`lib/functions/${name}`);
  }
  assert(text.includes("COPY lib/functions/*.ts lib/functions/"));
  return [...new Set([...named, ...own])].sort();
}

Deno.test("the image has the files that are imported, without the local cloud", async () => {
  const { files } = await imports();
  const needed = files.filter((name) => !name.startsWith("lib/local_cloud/"));
  assertEquals(await copied(), needed.sort());
});

Deno.test("the image has the packages that are imported, as the project has them", async () => {
  const { imports: all } = JSON.parse(await Deno.readTextFile(join(ROOT, "deno.json")));
  const image = JSON.parse(await Deno.readTextFile(join(HERE, "image.json")));
  const { packages } = await imports();
  assertEquals(Object.keys(image.imports), packages.filter((name) => all[name]));
  for (const name of packages) assertEquals(image.imports[name], all[name], name);
});

Deno.test("the image has the statements that the functions run", async () => {
  const dockerfile = await Deno.readTextFile(join(HERE, "Dockerfile"));
  assert(dockerfile.includes("COPY sql/functions/ sql/functions/"));
  assert(dockerfile.includes("sql/product_affinity/item_factors.sql"));
  const statements = new Set<string>();
  for (const name of await copied()) {
    // The examples of users are for the two lines that are printed on this machine.
    if (name === "lib/event_check.ts" || name === "lib/features.ts") continue;
    const code = await Deno.readTextFile(join(ROOT, name));
    for (const [, statement] of code.matchAll(/"([a-z_]+\/[a-z_]+)"/g)) {
      const file = await Deno.stat(join(ROOT, "sql", `${statement}.sql`)).catch(() => undefined);
      if (file && !statement.startsWith("functions/")) statements.add(statement);
    }
  }
  assertEquals([...statements], ["product_affinity/item_factors"]);
});
