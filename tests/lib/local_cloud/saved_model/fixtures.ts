/**
 * SavedModels and graphs that TensorFlow wrote, and what it answered; made by
 * `fixtures/make_models.py` and `fixtures/make_operations.py`.
 */
import { assert, assertEquals } from "@std/assert";
import { dirname, join, relative } from "node:path";
import type { Tensor } from "../../../../lib/local_cloud/saved_model/tensor.ts";

const FOLDER = join(dirname(import.meta.filename!), "fixtures");

interface Shown {
  dtype: Tensor["dtype"];
  shape: number[];
  values: (string | number)[];
}

/** One question to a model. */
export interface Case {
  model: string;
  signature: string;
  inputs: Record<string, Shown>;
  outputs: Record<string, Shown>;
}

export const cases: Case[] = JSON.parse(await Deno.readTextFile(join(FOLDER, "cases.json")));

/** The files of a model by their paths. */
export async function filesOf(model: string): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  const read = async (folder: string) => {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      const path = join(folder, name);
      if (isDirectory) await read(path);
      else files.set(relative(join(FOLDER, model), path), await Deno.readFile(path));
    }
  };
  await read(join(FOLDER, model));
  const packed = files.get("saved_model.pb.gz")!;
  files.delete("saved_model.pb.gz");
  return files.set("saved_model.pb", await unpacked(packed));
}

function unpacked(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([Uint8Array.from(bytes)]).stream();
  return new Response(stream.pipeThrough(new DecompressionStream("gzip"))).bytes();
}

/** One operation in a graph of its own. */
export interface OperationCase {
  name: string;
  /** A GraphDef in base64. */
  graph: string;
  /** `x:0`, in the order of `inputs` and `outputs`. */
  inputNames: string[];
  outputNames: string[];
  inputs: Shown[];
  outputs: Shown[];
}

/** The operations, each with random inputs. */
export async function operationCases(): Promise<OperationCase[]> {
  const bytes = await unpacked(await Deno.readFile(join(FOLDER, "operations.json.gz")));
  return JSON.parse(new TextDecoder().decode(bytes));
}

/** Compares with TensorFlow's own answer: float32 to 1e-6, float64 to 1e-12, all else exactly. */
export function assertSame(got: Tensor, wanted: Tensor, name: string): void {
  assertEquals([got.dtype, got.shape], [wanted.dtype, wanted.shape], name);
  const tolerance = { float32: 1e-6, float64: 1e-12 }[got.dtype as string];
  const [a, b] = [Array.from<unknown>(got.values), Array.from<unknown>(wanted.values)];
  if (tolerance === undefined) return assertEquals(a, b, name);
  assertEquals(a.length, b.length, name);
  a.forEach((value, at) => {
    const [x, y] = [value as number, b[at] as number];
    const isSame = x === y || Object.is(x, y) ||
      Math.abs(x - y) <= tolerance * Math.max(1, Math.abs(y));
    assert(isSame, `${name}[${at}] is ${x} instead of ${y}`);
  });
}

const number = (text: string | number) =>
  text === "inf" ? Infinity : text === "-inf" ? -Infinity : Number(text);

/** A tensor as `cases.json` has it. */
export function tensor({ dtype, shape, values }: Shown): Tensor {
  switch (dtype) {
    case "float32":
      return { dtype, shape, values: Float32Array.from(values, number) };
    case "float64":
      return { dtype, shape, values: Float64Array.from(values, number) };
    case "int32":
      return { dtype, shape, values: Int32Array.from(values, Number) };
    case "int64":
      return { dtype, shape, values: BigInt64Array.from(values, BigInt) };
    case "bool":
      return { dtype, shape, values: Uint8Array.from(values, Number) };
    case "string":
      return { dtype, shape, values: values.map(String) };
  }
}
