/** Nodes of a graph, joined, and the order they run in. */
import { invalid } from "./kernels/kernel.ts";
import type { AttrValue } from "./messages.ts";

/** A node, joined to those it needs. */
export interface GraphNode {
  name: string;
  op: string;
  attrs: Readonly<Record<string, AttrValue>>;
  inputs: Edge[];
  /** What has to run before it, beside its inputs. */
  controls: GraphNode[];
  /** Of a call: what joins it to the body of its function, when it is first needed. */
  expand?: () => void;
}

/** An output of a node. */
export interface Edge {
  node: GraphNode;
  /** From 0. */
  output: number;
}

/** The op that a call has once its function's body stands for it: its outputs are its inputs. */
export const CALL = "Call";

/** `node:1` → the node's name and the number of its output; none has 100,000 outputs. */
export function splitName(name: string): [node: string, output: number] {
  const [, node, output] = /^\^?([^:]+)(?::(\d{1,5}))?$/.exec(name) ?? [];
  if (node === undefined) throw invalid(`'${name}' is no name of a tensor`);
  return [node, Number(output ?? 0)];
}

/**
 * The nodes that `targets` need, each after those it needs itself.
 *
 * @param isGiven Nodes that stand for themselves: nothing before them is needed.
 * @throws {CloudError} `invalid`, if a node needs itself.
 */
export function inOrder(
  targets: readonly GraphNode[],
  isGiven: (node: GraphNode) => boolean,
): GraphNode[] {
  const order: GraphNode[] = [];
  const state = new Map<GraphNode, "open" | "done">();
  const stack = targets.toReversed().map((node) => ({ node, isLeft: false }));
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { node, isLeft } = top;
    if (isLeft) {
      state.set(node, "done");
      order.push(node);
      continue;
    }
    if (state.get(node) === "done") continue;
    if (state.get(node) === "open") throw invalid(`Node ${node.name} needs itself`);
    state.set(node, "open");
    stack.push({ node, isLeft: true });
    if (isGiven(node)) continue;
    node.expand?.();
    const needed = [...node.controls, ...node.inputs.map((edge) => edge.node)];
    for (const one of needed.reverse()) {
      if (state.get(one) !== "done") stack.push({ node: one, isLeft: false });
    }
  }
  return order;
}
