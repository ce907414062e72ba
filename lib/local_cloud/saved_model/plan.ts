/** A part of a graph made ready to be computed again and again. */
import {
  evaluateOne,
  isPassing,
  kernelOf,
  type Known,
  operationOf,
  refusedAt,
} from "./evaluation.ts";
import { type Edge, type GraphNode, inOrder } from "./graph_node.ts";
import { resetRoom } from "./kernels/elements.ts";
import { type Environment, invalid, type Kernel, tensors, type Value } from "./kernels/kernel.ts";
import { valueOf } from "./kernels/variables.ts";
import type { Tensor } from "./tensor.ts";

interface Step {
  node: GraphNode;
  kernel: Kernel;
  /** Places of its inputs. */
  inputs: number[];
  /** The place of its first output, and how many of them anyone needs. */
  first: number;
  outputs: number;
  /** Places that nobody needs after it. */
  done: number[];
}

/** What a part of a graph is computed from. */
export interface Given {
  /** Nodes that stand for what will be given, and the outputs wanted. */
  inputs: readonly GraphNode[];
  outputs: readonly Edge[];
  /** Constants; it grows by what depends on no input. */
  known: Known;
  environment: Environment;
}

/** Computes outputs from inputs. */
export class Plan {
  /** Values by their places: first the inputs, then constants and what steps compute. */
  readonly #values: (Value | undefined)[] = [];
  readonly #steps: Step[] = [];
  readonly #outputs: number[];
  readonly #inputs: number;
  readonly #places = new Map<GraphNode, number[]>();

  /**
   * Computes at once what depends on no input.
   *
   * @throws {CloudError} `invalid`: an operation that is not known, or that changes what is kept.
   */
  constructor({ inputs, outputs, known, environment }: Given) {
    this.#inputs = inputs.length;
    this.#values.length = inputs.length;
    inputs.forEach((node, at) => this.#places.set(node, [at]));
    const isThere = (node: GraphNode) => this.#places.has(node) || known.has(node);
    const order = inOrder(outputs.map(({ node }) => node), isThere);
    const used = usedOutputs([...order.flatMap((node) => node.inputs), ...outputs]);
    for (const node of order) {
      if (isThere(node)) continue;
      if (operationOf(node).writes) {
        throw invalid(`Node ${node.name} changes the model when it is asked: ${node.op} may not`);
      }
      if (node.inputs.every((edge) => known.has(edge.node))) {
        evaluateOne(node, known, environment);
      } else if (isPassing(node)) {
        this.#places.set(node, node.inputs.map((edge) => this.#placeOf(edge, known)));
      } else {
        this.#addStep(node, { known, environment, outputs: used.get(node) ?? 0 });
      }
    }
    this.#outputs = outputs.map((edge) => this.#placeOf(edge, known));
    this.#forgetEarly();
  }

  #addStep(
    node: GraphNode,
    { known, environment, outputs }: Pick<Given, "known" | "environment"> & { outputs: number },
  ): void {
    const inputs = node.inputs.map((edge) => this.#placeOf(edge, known));
    const first = this.#values.length;
    this.#values.length += outputs;
    this.#places.set(node, Array.from({ length: outputs }, (_, at) => first + at));
    const kernel = kernelOf(node, environment);
    this.#steps.push({ node, kernel, inputs, first, outputs, done: [] });
  }

  #placeOf({ node, output }: Edge, known: Known): number {
    const places = this.#places.get(node) ?? [];
    if (places[output] !== undefined) return places[output];
    const value = known.get(node)?.[output];
    if (value === undefined) throw invalid(`Node ${node.name} has no output ${output}`);
    this.#places.set(node, places);
    places[output] = this.#values.length;
    const constant = value.dtype === "reference" ? { ...valueOf(value) } : value;
    return this.#values.push(constant) - 1;
  }

  /** Finds after which step each computed value has been used for the last time. */
  #forgetEarly(): void {
    const needed = new Set(this.#outputs);
    for (const { inputs, first, outputs, done } of this.#steps.toReversed()) {
      const places = [...inputs, ...Array.from({ length: outputs }, (_, at) => first + at)];
      for (const place of new Set(places)) {
        const isComputed = place < this.#inputs || this.#values[place] === undefined;
        if (isComputed && !needed.has(place)) done.push(place);
        needed.add(place);
      }
    }
  }

  /**
   * The outputs, in their order, for the inputs in theirs.
   *
   * @throws {CloudError} `invalid`, naming the node that cannot be computed.
   */
  run(inputs: readonly Tensor[]): readonly Tensor[] {
    resetRoom();
    const values = this.#values.slice();
    for (let at = 0; at < inputs.length; at++) values[at] = inputs[at];
    for (const step of this.#steps) {
      const given = new Array<Value>(step.inputs.length);
      for (let at = 0; at < given.length; at++) given[at] = values[step.inputs[at]]!;
      const found = computed(step, given);
      for (let at = 0; at < step.outputs; at++) values[step.first + at] = found[at];
      for (const place of step.done) values[place] = undefined;
    }
    return tensors(this.#outputs.map((place) => values[place]!));
  }
}

function computed({ node, kernel }: Step, inputs: readonly Value[]): readonly Value[] {
  try {
    return kernel(inputs);
  } catch (error) {
    throw refusedAt(node, error);
  }
}

/** How many outputs of each node are used. */
function usedOutputs(edges: readonly Edge[]): Map<GraphNode, number> {
  const used = new Map<GraphNode, number>();
  for (const { node, output } of edges) {
    used.set(node, Math.max(used.get(node) ?? 0, output + 1));
  }
  return used;
}
