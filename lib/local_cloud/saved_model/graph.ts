/** A graph with its nodes joined: what the texts of a GraphDef name. */
import { FunctionLibrary } from "./graph_function.ts";
import { type Edge, type GraphNode, splitName } from "./graph_node.ts";
import { invalid } from "./kernels/kernel.ts";
import type { GraphDef, NodeDef } from "./messages.ts";

/** The nodes of a GraphDef. */
export class Graph {
  readonly #nodes = new Map<string, GraphNode>();

  /** @throws {CloudError} `invalid`, if a node is there twice or needs one that is not there. */
  constructor({ node: definitions, library }: GraphDef) {
    const functions = new FunctionLibrary(library?.function ?? []);
    const seen = new Map<string, NodeDef>();
    for (const definition of definitions) {
      const { name, op, attr } = definition;
      if (seen.has(name)) throw invalid(`The graph has two nodes ${name}`);
      seen.set(name, definition);
      this.#nodes.set(name, { name, op, attrs: attr, inputs: [], controls: [] });
    }
    for (const [name, node] of this.#nodes) {
      const { input } = seen.get(name)!;
      node.inputs = input.filter((one) => !one.startsWith("^")).map((one) => this.edge(one));
      node.controls = input.filter((one) => one.startsWith("^")).map((one) => this.edge(one).node);
      functions.prepare(node, 0);
    }
  }

  /**
   * What a name of a tensor or a node stands for.
   *
   * @throws {CloudError} `invalid`, if there is no such node.
   */
  edge(name: string): Edge {
    const [node, output] = splitName(name);
    const found = this.#nodes.get(node);
    if (found === undefined) throw invalid(`The graph has no node ${node}`);
    return { node: found, output };
  }
}
