/** A notebook file: Jupyter's format 4, read, checked and written in one way only. */
import { join } from "node:path";
import { z } from "zod";
import { badInput } from "../failure.ts";

/** Text as one string, or as lines that keep their ends; always one string once read. */
const text = z.union([z.string(), z.array(z.string())])
  .transform((value) => typeof value === "string" ? value : value.join(""));

/** MIME type → what is shown: one string for `text/*` and images, any JSON value for `…+json`. */
const bundle = z.record(z.string(), z.unknown()).transform((data) =>
  Object.fromEntries(
    Object.entries(data).map(([type, value]) => [
      type,
      Array.isArray(value) && !isJson(type) ? value.join("") : value,
    ]),
  )
);

const output = z.discriminatedUnion("output_type", [
  z.object({ output_type: z.literal("stream"), name: z.enum(["stdout", "stderr"]), text }),
  z.object({
    output_type: z.literal("display_data"),
    data: bundle,
    metadata: z.record(z.string(), z.unknown()).default({}),
  }),
  z.object({
    output_type: z.literal("execute_result"),
    data: bundle,
    metadata: z.record(z.string(), z.unknown()).default({}),
    execution_count: z.number().nullable(),
  }),
  z.object({
    output_type: z.literal("error"),
    ename: z.string(),
    evalue: z.string(),
    traceback: z.array(z.string()),
  }),
]);

const about = { id: z.string().optional(), source: text };
const metadata = z.record(z.string(), z.unknown()).default({});
/** Pictures that were pasted into the text: file name → MIME type → base64. */
const attachments = z.record(z.string(), z.record(z.string(), z.unknown())).optional();

const cell = z.discriminatedUnion("cell_type", [
  z.object({ cell_type: z.literal("markdown"), ...about, metadata, attachments }),
  z.object({ cell_type: z.literal("raw"), ...about, metadata, attachments }),
  z.object({
    cell_type: z.literal("code"),
    ...about,
    metadata,
    execution_count: z.number().nullable().default(null),
    outputs: z.array(output).default([]),
  }),
]);

const notebook = z.object({
  cells: z.array(cell),
  metadata,
  nbformat: z.literal(4),
  nbformat_minor: z.number(),
});

/** One thing that a cell showed. */
export type Output = z.infer<typeof output>;
export type Cell = z.infer<typeof cell>;
export type CodeCell = Extract<Cell, { cell_type: "code" }>;
export type Notebook = z.infer<typeof notebook>;

/**
 * Reads a notebook.
 *
 * @throws {Failure} If the file is missing or is no notebook of format 4.
 */
export async function readNotebook(file: string): Promise<Notebook> {
  const text = await Deno.readTextFile(file).catch((error) => {
    const why = error instanceof Deno.errors.NotFound ? "there is no such file" : error;
    throw badInput(`Cannot read the notebook ${file}: ${why}`);
  });
  return parseNotebook(text, file);
}

/** The notebooks in a folder, in the order of their names. */
export async function notebooksIn(folder: string): Promise<string[]> {
  const names = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
  return names.filter((name) => name.endsWith(".ipynb")).sort().map((name) => join(folder, name));
}

/**
 * The notebook in a text.
 *
 * @param file What it is called in an error.
 * @throws {Failure} If it is no notebook of format 4.
 */
export function parseNotebook(text: string, file: string): Notebook {
  const parsed = notebook.safeParse(jsonIn(text, file));
  if (parsed.success) return parsed.data;
  const [{ path, message }] = parsed.error.issues;
  throw badInput(`Cannot read the notebook ${file} at ${path.join(".")}: ${message}`);
}

function jsonIn(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badInput(`Cannot read the notebook ${file}: ${error}`);
  }
}

/**
 * A notebook as Jupyter writes it: keys in order, one space of indentation, text as lines. Saving it
 * in JupyterLab changes next to nothing. Cells without an id get one by their position.
 */
export function formatNotebook({ cells, metadata, nbformat_minor }: Notebook): string {
  const taken = new Set(cells.map(({ id }) => id));
  const written = {
    cells: cells.map((cell, i) => ({
      ...cell,
      id: cell.id ?? freeId(i + 1, taken),
      source: linesOf(cell.source),
      ...(cell.cell_type === "code" ? { outputs: cell.outputs.map(formatOutput) } : {}),
    })),
    metadata,
    nbformat: 4,
    nbformat_minor: Math.max(nbformat_minor, 5),
  };
  return `${JSON.stringify(sorted(written), null, 1)}\n`;
}

/** Writes a notebook in one step: a reader sees the former one or this one. */
export async function writeNotebook(file: string, notebook: Notebook): Promise<void> {
  const fresh = `${file}.${crypto.randomUUID().slice(0, 8)}.tmp`;
  try {
    await Deno.writeTextFile(fresh, formatNotebook(notebook));
    await Deno.rename(fresh, file);
  } catch (error) {
    await Deno.remove(fresh).catch(() => {});
    throw error;
  }
}

function freeId(position: number, taken: ReadonlySet<string | undefined>): string {
  const id = `cell-${position}`;
  return taken.has(id) ? `${id}-${crypto.randomUUID().slice(0, 8)}` : id;
}

function formatOutput(output: Output): unknown {
  if (output.output_type === "stream") return { ...output, text: linesOf(output.text) };
  if (output.output_type === "error") return output;
  const data = Object.entries(output.data).map(([type, value]) => [
    type,
    typeof value === "string" && !isJson(type) ? linesOf(value) : value,
  ]);
  return { ...output, data: Object.fromEntries(data) };
}

/** Whether content of a MIME type is a JSON value. */
export function isJson(type: string): boolean {
  return type === "application/json" || type.endsWith("+json");
}

/** Lines that keep their ends. */
function linesOf(value: string): string[] {
  return value.split(/(?<=\n)/).filter((line) => line !== "");
}

/** A JSON value with the keys of its objects in the order of their names. */
export function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => a < b ? -1 : a > b ? 1 : 0);
  return Object.fromEntries(entries.map(([key, each]) => [key, sorted(each)]));
}
