/**
 * Builds the graph of a SavedModel: nodes, the variables they read, the tables they look up.
 *
 * It is a graph of TensorFlow 1's kind, which every version since 1.15 loads: values are restored
 * into variables, and tables are filled from text files, before the first request.
 */
import type { AttrValue, NodeDef, TensorInfo } from "./messages.ts";
import { dataTypeOf, type DType, shapeProto, type Tensor, tensorProto } from "./tensor.ts";

/** An output of a node: `node`, or `node:1` for its second one. */
export type Output = string;

/** An attribute of a node, in the terms of `attr`. */
export type Attr = AttrValue;

const TEXT = new TextEncoder();

/** Attributes as TensorFlow writes them. */
export const attr = {
  type: (dtype: DType): Attr => ({ value: "type", type: dataTypeOf(dtype) }),
  types: (dtypes: readonly DType[]): Attr => (
    { value: "list", list: { type: dtypes.map(dataTypeOf) } }
  ),
  int: (i: number): Attr => ({ value: "i", i }),
  ints: (i: number[]): Attr => ({ value: "list", list: { i } }),
  bool: (b: boolean): Attr => ({ value: "b", b }),
  text: (s: string): Attr => ({ value: "s", s: TEXT.encode(s) }),
  shape: (shape: readonly number[]): Attr => ({ value: "shape", shape: shapeProto(shape) }),
  tensor: (tensor: Tensor): Attr => ({ value: "tensor", tensor: tensorProto(tensor) }),
};

/** What a signature says of one of its tensors. */
export function tensorInfo(output: Output, dtype: DType, shape: readonly number[]): TensorInfo {
  const name = output.includes(":") ? output : `${output}:0`;
  return { encoding: "name", name, dtype: dataTypeOf(dtype), tensorShape: shapeProto(shape) };
}

/** A graph that grows. */
export class GraphBuilder {
  readonly nodes: NodeDef[] = [];
  /** The values that each variable begins with. */
  readonly variables = new Map<string, Tensor>();
  /** By the name of a file in `assets/`: the node that is fed with its path, and its contents. */
  readonly assets = new Map<string, { node: string; contents: Uint8Array }>();
  /** Nodes that fill the tables. */
  readonly initializers: string[] = [];

  /** Adds a node and gives its first output. */
  add(
    op: string,
    name: string,
    inputs: readonly Output[] = [],
    attrs: Record<string, Attr> = {},
  ): Output {
    this.nodes.push({ name, op, input: [...inputs], attr: attrs });
    return name;
  }

  /** An input of the model, of the shape [batch]. */
  placeholder(name: string, dtype: DType): Output {
    return this.add("Placeholder", name, [], { dtype: attr.type(dtype), shape: attr.shape([-1]) });
  }

  constant(name: string, value: Tensor): Output {
    return this.add("Const", name, [], {
      dtype: attr.type(value.dtype),
      value: attr.tensor(value),
    });
  }

  /** A constant number. */
  float64(name: string, value: number): Output {
    return this.constant(name, { dtype: "float64", shape: [], values: Float64Array.of(value) });
  }

  /** A constant whole number, or a list of them. */
  int32(name: string, value: number | number[]): Output {
    const shape = typeof value === "number" ? [] : [value.length];
    return this.constant(name, { dtype: "int32", shape, values: Int32Array.from([value].flat()) });
  }

  /** A constant whole number of 64 bits, or a list of them. */
  int64(name: string, value: number | number[]): Output {
    const shape = typeof value === "number" ? [] : [value.length];
    const values = BigInt64Array.from([value].flat(), BigInt);
    return this.constant(name, { dtype: "int64", shape, values });
  }

  /** A variable and what reads it. */
  variable(name: string, value: Tensor): Output {
    this.variables.set(name, value);
    const dtype = attr.type(value.dtype);
    const shape = attr.shape(value.shape);
    this.add("VarHandleOp", name, [], { dtype, shape, shared_name: attr.text(name) });
    return this.add("ReadVariableOp", `${name}/Read/ReadVariableOp`, [name], { dtype });
  }

  /** An operation on numbers of one type, which is float64 unless it is said. */
  math(op: string, name: string, inputs: readonly Output[], dtype: DType = "float64"): Output {
    return this.add(op, name, inputs, { T: attr.type(dtype) });
  }

  /** The values as another type. */
  cast(name: string, input: Output, [from, to]: [DType, DType]): Output {
    return this.add("Cast", name, [input], { SrcT: attr.type(from), DstT: attr.type(to) });
  }

  /** Sums of float64 along an axis, which goes. */
  sum(name: string, input: Output, axis: number): Output {
    const axes = this.int32(`${name}/axis`, axis);
    const attrs = {
      T: attr.type("float64"),
      Tidx: attr.type("int32"),
      keep_dims: attr.bool(false),
    };
    return this.add("Sum", name, [input, axes], attrs);
  }

  /** A new axis of one, at a position. */
  expandDims(name: string, input: Output, axis: number, dtype: DType = "float64"): Output {
    const at = this.int32(`${name}/dim`, axis);
    const attrs = { T: attr.type(dtype), Tdim: attr.type("int32") };
    return this.add("ExpandDims", name, [input, at], attrs);
  }

  /** The product of matrices of float64, the second one transposed. */
  matMulTransposed(name: string, a: Output, b: Output): Output {
    const attrs = {
      T: attr.type("float64"),
      transpose_a: attr.bool(false),
      transpose_b: attr.bool(true),
    };
    return this.add("MatMul", name, [a, b], attrs);
  }

  /** The rows of a tensor by their numbers. */
  gather(name: string, params: Output, indices: Output, types: [DType, DType]): Output {
    const axis = this.int32(`${name}/axis`, 0);
    const attrs = {
      Tparams: attr.type(types[0]),
      Tindices: attr.type(types[1]),
      Taxis: attr.type("int32"),
      batch_dims: attr.int(0),
    };
    return this.add("GatherV2", name, [params, indices, axis], attrs);
  }

  /**
   * The `count` greatest float64 of each row, falling, and of equal ones the one further left first.
   *
   * @returns the numbers, and their positions as int32.
   */
  topK(name: string, input: Output, count: number): { values: Output; indices: Output } {
    const k = this.int32(`${name}/k`, count);
    const attrs = { T: attr.type("float64"), sorted: attr.bool(true) };
    return { values: this.add("TopKV2", name, [input, k], attrs), indices: `${name}:1` };
  }
}
