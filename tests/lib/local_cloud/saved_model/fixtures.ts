/** SavedModels that TensorFlow wrote, and what it answered; made by `fixtures/make_models.py`. */
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
  const packed = new Blob([Uint8Array.from(files.get("saved_model.pb.gz")!)]).stream();
  files.delete("saved_model.pb.gz");
  const graph = await new Response(packed.pipeThrough(new DecompressionStream("gzip"))).bytes();
  return files.set("saved_model.pb", graph);
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
