/** A SavedModel as a function of DuckDB: chunks of columns in, a STRUCT of its outputs out. */
import {
  BIGINT,
  BOOLEAN,
  DOUBLE,
  type DuckDBDataChunk,
  type DuckDBListValue,
  DuckDBScalarFunction,
  type DuckDBStructVector,
  type DuckDBType,
  type DuckDBValue,
  type DuckDBVector,
  LIST,
  listValue,
  STRUCT,
  VARCHAR,
} from "@duckdb/node-api";
import { CloudError } from "../errors.ts";
import { type DType, type ServingModel, sizeOf, type Tensor } from "../saved_model/mod.ts";
import type { TensorColumn, TensorFlowSpec } from "../warehouse/model_spec.ts";

const TYPES: Record<DType, DuckDBType> = {
  float32: DOUBLE,
  float64: DOUBLE,
  int32: BIGINT,
  int64: BIGINT,
  bool: BOOLEAN,
  string: VARCHAR,
};

const typeOf = ({ dtype, size }: TensorColumn): DuckDBType =>
  size === undefined ? TYPES[dtype] : LIST(TYPES[dtype]);

/** What the fields of the function's STRUCT are called: `o0`, `o1`, … in the order of the outputs. */
export const outputField = (at: number): string => `o${at}`;

/** The function, to be registered. Its arguments are the inputs in their order, none of them NULL. */
export function savedModelFunction(
  name: string,
  { spec, run }: { spec: TensorFlowSpec; run: ServingModel["run"] },
): DuckDBScalarFunction {
  const { inputs, outputs } = spec;
  return DuckDBScalarFunction.create({
    name,
    parameterTypes: inputs.map(typeOf),
    returnType: STRUCT(
      Object.fromEntries(outputs.map((output, at) => [outputField(at), typeOf(output)])),
    ),
    specialHandling: true, // else a NULL would give a NULL, not an error
    mainFunction(info, chunk, output) {
      try {
        const given = inputs.map((input, at) => [input.name, tensorOf(chunk, at, input)] as const);
        write(run(new Map(given)), outputs, output as DuckDBStructVector);
      } catch (error) {
        info.setError(error instanceof Error ? error.message : String(error));
      }
    },
  });
}

const invalid = (message: string) => new CloudError("invalid", message);

function tensorOf(chunk: DuckDBDataChunk, at: number, column: TensorColumn): Tensor {
  const { rowCount } = chunk;
  const vector = chunk.getColumnVector(at);
  if (column.size === undefined) {
    return filled(column, [rowCount], (row) => vector.getItem(row) as DuckDBValue);
  }
  const lists = Array.from({ length: rowCount }, (_, row) => listAt(vector, row, column));
  const size = lists[0]?.length ?? 0;
  const wrong = lists.find((list) => list.length !== (column.size === -1 ? size : column.size));
  if (wrong !== undefined) {
    const wanted = column.size === -1 ? `${size} values as others have` : `${column.size} values`;
    throw invalid(`Column ${column.name} must have ${wanted}, not ${wrong.length}`);
  }
  return filled(column, [rowCount, size], (i) => lists[Math.floor(i / size)][i % size]);
}

function listAt(vector: DuckDBVector, row: number, { name }: TensorColumn) {
  const list = vector.getItem(row) as DuckDBListValue | null;
  if (list === null) throw missing(name);
  return list.items;
}

const missing = (name: string) =>
  invalid(
    `Column ${name} has a NULL, which imported TensorFlow models do not take: give a value by ` +
      "IFNULL, or leave the row out",
  );

function filled(
  { name, dtype }: TensorColumn,
  shape: readonly number[],
  valueAt: (i: number) => DuckDBValue,
): Tensor {
  const size = sizeOf(shape);
  const given = (i: number): DuckDBValue => {
    const value = valueAt(i);
    if (value === null) throw missing(name);
    return value;
  };
  const each = { length: size };
  switch (dtype) {
    case "float32":
      return { dtype, shape, values: Float32Array.from(each, (_, i) => given(i) as number) };
    case "float64":
      return { dtype, shape, values: Float64Array.from(each, (_, i) => given(i) as number) };
    case "int32":
      return { dtype, shape, values: Int32Array.from(each, (_, i) => int32(name, given(i))) };
    case "int64":
      return { dtype, shape, values: BigInt64Array.from(each, (_, i) => given(i) as bigint) };
    case "bool":
      return { dtype, shape, values: Uint8Array.from(each, (_, i) => given(i) ? 1 : 0) };
    case "string":
      return { dtype, shape, values: Array.from(each, (_, i) => given(i) as string) };
  }
}

function int32(name: string, value: DuckDBValue): number {
  const number = Number(value as bigint);
  if (number >= -(2 ** 31) && number < 2 ** 31) return number;
  throw invalid(`Column ${name} has ${number}, which is not within the model's 32 bits`);
}

function write(
  tensors: ReadonlyMap<string, Tensor>,
  outputs: readonly TensorColumn[],
  vector: DuckDBStructVector,
): void {
  outputs.forEach(({ name, size }, at) => {
    const tensor = tensors.get(name)!;
    const { shape } = tensor;
    const isAsDeclared = shape[0] === vector.itemCount &&
      shape.length === (size === undefined ? 1 : 2);
    if (!isAsDeclared) {
      throw invalid(
        `Output ${name} of the model has the shape [${shape}], not one row an instance`,
      );
    }
    const field = vector.entryVectorAt(at) as DuckDBVector<DuckDBValue>;
    const value = valueOf(tensor);
    for (let row = 0; row < vector.itemCount; row++) {
      if (size === undefined) field.setItem(row, value(row));
      else {
        const items = Array.from({ length: shape[1] }, (_, i) => value(row * shape[1] + i));
        field.setItem(row, listValue(items));
      }
    }
  });
  vector.flush();
}

function valueOf({ dtype, values }: Tensor): (at: number) => DuckDBValue {
  switch (dtype) {
    case "int32":
      return (at) => BigInt(values[at] as number);
    case "bool":
      return (at) => values[at] === 1;
    default:
      return (at) => values[at] as DuckDBValue;
  }
}
