import { assertEquals } from "@std/assert";
import { dirname, join, relative } from "node:path";

const ROOT = join(import.meta.dirname!, "..");

interface Module {
  path: string;
  /** Files of the project it imports, types included. */
  files: string[];
  /** Packages it imports. */
  packages: string[];
}

async function* typescript(folder: string): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory) yield* typescript(path);
    else if (entry.name.endsWith(".ts")) yield path;
  }
}

const IMPORT =
  /^\s*(?:import|export)\b[^"';]*?from\s+"([^"]+)"|\bimport\(\s*"([^"]+)"\s*\)|^import\s+"([^"]+)"/gm;

async function modules(folder: string): Promise<Module[]> {
  const found: Module[] = [];
  for await (const file of typescript(join(ROOT, folder))) {
    const code = (await Deno.readTextFile(file)).replaceAll(/^\s*\*.*$/gm, "");
    const names = [...code.matchAll(IMPORT)].map(([, a, b, c]) => a ?? b ?? c);
    const files = names.filter((name) => name.startsWith("."))
      .map((name) => relative(ROOT, join(dirname(file), name)));
    const packages = names.filter((name) => !name.startsWith("."));
    found.push({ path: relative(ROOT, file), files, packages });
  }
  return found;
}

const lib = await modules("lib");
const WING = "lib/local_cloud/";
const isWing = (path: string) => path.startsWith(WING);

/** `from → to` for each import that breaks a rule. */
function breaking(rule: (from: string, to: string) => boolean): string[] {
  return lib.flatMap(({ path, files }) =>
    files.filter((to) => rule(path, to)).map((to) => `${path} → ${to}`)
  );
}

Deno.test("the local cloud imports nothing from the rest of lib", () => {
  assertEquals(breaking((from, to) => isWing(from) && !isWing(to)), []);
});

Deno.test("the local cloud imports no Google client", () => {
  const clients = lib.filter(({ path, packages }) =>
    isWing(path) && packages.some((name) => name.startsWith("@google-cloud/"))
  );
  assertEquals(clients.map(({ path }) => path), []);
});

Deno.test("only the session opens the local cloud's door, and no one comes in another way", () => {
  const edges = breaking((from, to) => !isWing(from) && isWing(to));
  assertEquals([...new Set(edges)], ["lib/session.ts → lib/local_cloud/mod.ts"]);
});

Deno.test("inside the local cloud imports point one way", () => {
  const layers = [
    "errors.ts",
    "ml/",
    "saved_model/",
    "warehouse/",
    "sql/",
    "services/",
    "console/",
  ];
  const layer = (path: string) => layers.findIndex((name) => path.startsWith(WING + name));
  assertEquals(breaking((from, to) => layer(from) >= 0 && layer(to) > layer(from)), []);
});

Deno.test("the format of TensorFlow's models is bytes in and bytes out", () => {
  const format = lib.filter(({ path }) => path.startsWith(`${WING}saved_model/`));
  const others = format.flatMap(({ files, packages }) => [
    ...files.filter((file) => !file.startsWith(`${WING}saved_model/`)),
    ...packages.filter((name) => !name.startsWith("node:")),
  ]);
  assertEquals(
    [...new Set(others)].sort(),
    [`${WING}errors.ts`, `${WING}object_store/crc32c.ts`, "protobufjs"],
  );
});

Deno.test("DuckDB stays behind the warehouse, the SQL engine and the services", () => {
  const inside = ["warehouse/", "sql/", "services/"].map((name) => WING + name);
  const others = lib.filter(({ path, packages }) =>
    packages.includes("@duckdb/node-api") && !inside.some((folder) => path.startsWith(folder))
  );
  assertEquals(others.map(({ path }) => path), []);
});

Deno.test("one file knows the analyzer's package", () => {
  const users = lib.filter(({ packages }) => packages.some((name) => /zetasql|grpc/.test(name)));
  assertEquals(users.map(({ path }) => path), [`${WING}sql/analyzer.ts`]);
});

Deno.test("no import leads back to where it came from", () => {
  const imports = new Map(lib.map(({ path, files }) => [path, files]));
  const circles = new Set<string>();
  const done = new Set<string>();
  const visit = (path: string, trail: string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) circles.add([...trail.slice(start), path].join(" → "));
    if (start >= 0 || done.has(path)) return;
    for (const next of imports.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const { path } of lib) visit(path, []);
  assertEquals([...circles], []);
});

Deno.test("the local cloud knows no name of the shop", async () => {
  const names = /user_stats|user_clusters|product_affinity|user_product_matrix|ecommerce_public/;
  const naming: string[] = [];
  for (const { path } of lib.filter(({ path }) => isWing(path))) {
    if (names.test(await Deno.readTextFile(join(ROOT, path)))) naming.push(path);
  }
  assertEquals(naming, []);
});
