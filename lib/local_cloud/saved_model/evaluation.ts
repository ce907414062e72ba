/** Computes nodes of a graph, once. */
import { CloudError } from "../errors.ts";
import { CALL, type GraphNode, inOrder } from "./graph_node.ts";
import {
  type Environment,
  invalid,
  type Kernel,
  type Operation,
  type Value,
} from "./kernels/kernel.ts";
import { operationNamed, PASSING } from "./kernels/mod.ts";
import { valueOf } from "./kernels/variables.ts";

/** Outputs of nodes that are known. */
export type Known = Map<GraphNode, readonly Value[]>;

/** A node that a plan needs no step for: its outputs are its inputs. */
export const isPassing = ({ op }: GraphNode): boolean => op === CALL || PASSING.has(op);

const CALLED: Operation = { make: () => (inputs) => inputs };

/**
 * The operation of a node.
 *
 * @throws {CloudError} `invalid`, naming one that is not known, and the node.
 */
export function operationOf(node: GraphNode): Operation {
  const operation = node.op === CALL ? CALLED : operationNamed(node.op);
  if (operation !== undefined) return operation;
  throw invalid(
    node.op === "Placeholder"
      ? `Node ${node.name} has no value as it is no input of the signature`
      : `Operation ${node.op} of node ${node.name} is not supported`,
  );
}

/**
 * What computes a node.
 *
 * @throws {CloudError} `invalid`, naming the node that cannot be computed as it is described.
 */
export function kernelOf(node: GraphNode, environment: Environment): Kernel {
  const operation = operationOf(node);
  const { name, op, attrs, inputs } = node;
  return placed(
    node,
    () => operation.make({ name, op, attrs, inputs: inputs.length, environment }),
  );
}

/** Says of what goes wrong at which node it does. */
export function placed<T>(node: GraphNode, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw refusedAt(node, error);
  }
}

/** What went wrong at a node, with the node. */
export function refusedAt({ name, op }: GraphNode, error: unknown): CloudError {
  const message = error instanceof Error ? error.message : String(error);
  return invalid(`${message} (node ${name}, operation ${op})`);
}

/** What an operation sees of an input: the value of a variable, unless it writes it. */
function seen({ takesReference }: Operation, value: Value): Value {
  return value.dtype === "reference" && !takesReference ? valueOf(value) : value;
}

/** Computes one node from what is known. */
export function evaluateOne(node: GraphNode, known: Known, environment: Environment): void {
  const operation = operationOf(node);
  const kernel = kernelOf(node, environment);
  const outputs = placed(node, () =>
    kernel(node.inputs.map((edge) => {
      const value = known.get(edge.node)?.[edge.output];
      if (value === undefined) {
        throw invalid(`Node ${edge.node.name} has no output ${edge.output}`);
      }
      return seen(operation, value);
    })));
  known.set(node, outputs);
}

/**
 * Computes nodes and all that they need.
 *
 * @param known What stands for its nodes; it grows.
 * @throws {CloudError} `invalid`, naming a node.
 */
export function evaluate(
  targets: readonly GraphNode[],
  known: Known,
  environment: Environment,
): void {
  for (const node of inOrder(targets, (one) => known.has(one))) {
    if (!known.has(node)) evaluateOne(node, known, environment);
  }
}
