/** What a graph keeps: variables. They are written while a model is loaded, and read ever after. */
import type { Tensor } from "../tensor.ts";
import {
  invalid,
  type Kernel,
  type KernelNode,
  type Operation,
  type Operations,
  tensors,
  textAttr,
  typeAttr,
  type Value,
  type Variable,
} from "./kernel.ts";

/** The names that TensorFlow gives what nobody else is to find by its name. */
const ANONYMOUS = "cd2c89b7-88b7-44c8-ad83-06c2a9158347";

/** What a node's kept value is found by. */
export function sharedName(node: KernelNode): string {
  const name = textAttr(node, "shared_name");
  const own = name === "" || name === ANONYMOUS ? node.name : name;
  return `${textAttr(node, "container")}/${own}`;
}

function variableOf(node: KernelNode): Variable {
  const name = sharedName(node);
  return node.environment.kept<Variable>(`variable ${name}`, () => ({ kind: "variable", name }));
}

function written(value: Value): Variable {
  const isHandle = value.dtype === "resource" || value.dtype === "reference";
  if (isHandle && value.of.kind === "variable") return value.of;
  throw invalid("A variable is needed here");
}

/**
 * The value of a variable.
 *
 * @throws {CloudError} `invalid`, if it is none, or has none yet.
 */
export function valueOf(handle: Value): Tensor {
  const { name, value } = written(handle);
  if (value === undefined) throw invalid(`Variable ${name} has no value`);
  return value;
}

const handle: Operation = {
  make(node) {
    const value: Value = { dtype: "resource", of: variableOf(node) };
    return () => [value];
  },
};

const reference: Operation = {
  make(node) {
    const value: Value = { dtype: "reference", of: variableOf(node) };
    return () => [value];
  },
};

const assign: Operation = {
  writes: true,
  takesReference: true,
  make: () => ([to, given]) => {
    const [value] = tensors([given]);
    written(to).value = value;
    return to.dtype === "reference" ? [to] : [];
  },
};

const isInitialized: Operation = {
  takesReference: true,
  make: () => ([asked]) => {
    const values = Uint8Array.of(written(asked).value === undefined ? 0 : 1);
    return [{ dtype: "bool", shape: [], values }];
  },
};

/** The checkpoint's description of itself is read by no graph. */
const DESCRIPTION = "_CHECKPOINTABLE_OBJECT_GRAPH";

const restore: Operation = {
  writes: true,
  make(node): Kernel {
    const { environment } = node;
    const list = node.attrs.dtypes;
    const count = list?.value === "list" ? (list.list.type ?? []).length : 0;
    return (inputs) => {
      const [prefix, names, slices] = tensors(inputs);
      if (prefix?.dtype !== "string" || names?.dtype !== "string" || slices?.dtype !== "string") {
        throw invalid("RestoreV2 needs texts");
      }
      if (slices.values.some((slice) => slice !== "")) {
        throw invalid("Variables cut into slices are not supported");
      }
      if (names.values.length !== count) throw invalid(`RestoreV2 of ${count} other variables`);
      return names.values.map((name): Tensor =>
        name === DESCRIPTION
          ? { dtype: "string", shape: [], values: [""] }
          : environment.restore(prefix.values[0], name)
      );
    };
  },
};

const read: Operation = {
  make(node) {
    const dtype = typeAttr(node, "dtype");
    return ([from]) => {
      const value = valueOf(from);
      if (dtype !== undefined && value.dtype !== dtype) {
        throw invalid(`Variable ${written(from).name} is of ${value.dtype}, not ${dtype}`);
      }
      return [value];
    };
  },
};

/** These operations by TensorFlow's names of them. */
export const VARIABLES: Operations = {
  VarHandleOp: handle,
  ReadVariableOp: read,
  AssignVariableOp: assign,
  VarIsInitializedOp: isInitialized,
  Variable: reference,
  VariableV2: reference,
  Assign: assign,
  IsVariableInitialized: isInitialized,
  RestoreV2: restore,
};
