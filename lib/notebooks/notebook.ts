/** A notebook file: Jupyter's format 4, read, checked and written in one way only. */
import { z } from "zod";
import { badInput } from "../failure.ts";

/** Text as one string, or as lines that keep their ends; always one string once read. */
const text = z.union([z.string(), z.array(z.string())])
  .transform((value) => typeof value === "string" ? value : value.join(""));

/** MIME type → what is shown: text for `text/*` and images, any JSON value for `…+json`. */
const bundle = z.record(z.string(), z.unknown());

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

const cell = z.discriminatedUnion("cell_type", [
  z.object({ cell_type: z.literal("markdown"), ...about, metadata }),
  z.object({ cell_type: z.literal("raw"), ...about, metadata }),
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

/** One thing a cell showed. */
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
  let content: unknown;
  try {
    content = JSON.parse(await Deno.readTextFile(file));
  } catch (error) {
    const why = error instanceof Deno.errors.NotFound ? "there is no such file" : String(error);
    throw badInput(`Cannot read the notebook ${file}: ${why}`);
  }
  const parsed = notebook.safeParse(content);
  if (parsed.success) return parsed.data;
  const [{ path, message }] = parsed.error.issues;
  throw badInput(`Cannot read the notebook ${file} at ${path.join(".")}: ${message}`);
}
