/** The answer's JSON from tensors: written as text at once, as objects would cost more than the model. */
import { Buffer } from "node:buffer";
import type { Tensor } from "../../saved_model/mod.ts";
import { CloudError } from "../../errors.ts";

/** Values of an answer at the most: the text of more would be long to write, and fit no string. */
const MOST_VALUES = 10_000_000;

/** Writes a number; NaN and infinity may be refused. */
export type NumberStyle = (value: number) => string;

/** Numbers as Vertex AI writes them. JSON has no NaN and no infinity. */
export const vertexNumber: NumberStyle = (value) => {
  if (Number.isFinite(value)) return Object.is(value, -0) ? "-0" : `${value}`;
  throw new CloudError(
    "internalError",
    `Cannot answer with the model's prediction as it is ${value}, which JSON cannot hold`,
  );
};

/** Numbers as TensorFlow Serving writes them: whole ones end in `.0`, and NaN is written. */
export const servingNumber: NumberStyle = (value) => {
  if (Object.is(value, -0)) return "-0.0";
  return Number.isInteger(value) && Math.abs(value) < 1e21 ? `${value}.0` : `${value}`;
};

/** Writes the value at an index. */
type ValueWriter = (at: number) => string;

function valueWriter(name: string, tensor: Tensor, number: NumberStyle): ValueWriter {
  const { dtype, values } = tensor;
  switch (dtype) {
    case "float64":
      return (at) => number(values[at]);
    case "float32":
      return (at) => number(shortest(values[at]));
    case "bool":
      return (at) => values[at] ? "true" : "false";
    case "string":
      // TensorFlow Serving's rule for bytes.
      return name.endsWith("_bytes")
        ? (at) => `{"b64":"${Buffer.from(values[at]).toString("base64")}"}`
        : (at) => JSON.stringify(values[at]);
    default:
      return (at) => `${values[at]}`;
  }
}

/** The number with the fewest digits that is this one in single precision. */
function shortest(value: number): number {
  const six = Number(value.toPrecision(6));
  return Math.fround(six) === value ? six : Number(value.toPrecision(9));
}

/** Writes the part of a tensor from a level down, beginning at an index. */
function nested(shape: readonly number[], level: number, write: ValueWriter): ValueWriter {
  if (level >= shape.length) return write;
  const inner = nested(shape, level + 1, write);
  const count = shape[level];
  const step = shape.slice(level + 1).reduce((product, dim) => product * dim, 1);
  return (at) => {
    let text = "[";
    for (let i = 0; i < count; i++) text += (i > 0 ? "," : "") + inner(at + i * step);
    return `${text}]`;
  };
}

/**
 * Predictions by rows: objects with a value for each output, or, where there is one output, its
 * values alone.
 *
 * @returns A JSON list.
 * @throws {CloudError} `invalid`: the outputs do not have one batch in common, or over ten million
 * values.
 */
export function rowsJson(outputs: ReadonlyMap<string, Tensor>, number: NumberStyle): string {
  checkSize(outputs);
  const count = batchOf(outputs);
  const bare = outputs.size === 1;
  const writers = [...outputs].map(([name, tensor], i) => {
    const { shape } = tensor;
    const step = shape.slice(1).reduce((product, dim) => product * dim, 1);
    const write = nested(shape, 1, valueWriter(name, tensor, number));
    return { key: bare ? "" : `${i === 0 ? "{" : ","}${JSON.stringify(name)}:`, step, write };
  });
  const end = bare ? "" : "}";
  let text = "[";
  for (let row = 0; row < count; row++) {
    if (row > 0) text += ",";
    for (const { key, step, write } of writers) text += key + write(row * step);
    text += end;
  }
  return `${text}]`;
}

function checkSize(outputs: ReadonlyMap<string, Tensor>): void {
  let count = 0;
  for (const { values } of outputs.values()) count += values.length;
  if (count <= MOST_VALUES) return;
  throw new CloudError(
    "invalid",
    `Cannot answer with ${count} values as the local cloud writes ${MOST_VALUES} at the most: ` +
      "send fewer instances at once",
  );
}

function batchOf(outputs: ReadonlyMap<string, Tensor>): number {
  let batch: number | undefined;
  for (const [name, { shape }] of outputs) {
    if (shape.length === 0) {
      throw new CloudError("invalid", `Tensor name: ${name} has no shape information`);
    }
    if (batch !== undefined && batch !== shape[0]) {
      throw new CloudError(
        "invalid",
        `Tensor name: ${name} has inconsistent batch size: ${shape[0]} expecting: ${batch}`,
      );
    }
    batch = shape[0];
  }
  return batch ?? 0;
}

/**
 * Predictions by columns: an object with a tensor for each output, or the tensor of the only one.
 *
 * @throws {CloudError} `invalid`: the outputs have over ten million values.
 */
export function columnsJson(outputs: ReadonlyMap<string, Tensor>, number: NumberStyle): string {
  checkSize(outputs);
  const texts = [...outputs].map(([name, tensor]) =>
    [name, nested(tensor.shape, 0, valueWriter(name, tensor, number))(0)] as const
  );
  if (texts.length === 1) return texts[0][1];
  return `{${texts.map(([name, text]) => `${JSON.stringify(name)}:${text}`).join(",")}}`;
}
