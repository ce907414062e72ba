/** Functions of a graph: a call of one becomes the nodes of its body. */
import { CALL, type Edge, type GraphNode } from "./graph_node.ts";
import { invalid } from "./kernels/kernel.ts";
import { operationNamed } from "./kernels/mod.ts";
import type { AttrValue, FunctionDef, NodeDef, OpDef } from "./messages.ts";

/** Nodes of all bodies together at the most: functions that call each other twice grow fast. */
const MOST_NODES = 200_000;
/** How deep calls may stand in calls. */
const MOST_DEPTH = 64;

const CALLS: ReadonlySet<string> = new Set(["PartitionedCall", "StatefulPartitionedCall"]);

/** The functions by their names. */
export class FunctionLibrary {
  readonly #functions: ReadonlyMap<string, FunctionDef>;
  #nodes = 0;

  constructor(functions: readonly FunctionDef[]) {
    this.#functions = new Map(functions.map((one) => [one.signature?.name ?? "", one]));
  }

  /** Makes a node that calls a function ready to be replaced by its body; leaves others alone. */
  prepare(node: GraphNode, depth: number): void {
    const name = calledName(node);
    const isCall = name !== undefined || this.#functions.has(node.op);
    if (!isCall) return;
    node.expand = () => {
      node.expand = undefined;
      this.#expand(node, name ?? node.op, depth + 1);
    };
  }

  /** The names of a node's outputs inside a function, if they are more than one. */
  outputsOf({ op }: { op: string }): readonly string[] | undefined {
    const { signature } = this.#functions.get(op) ?? {};
    return signature?.outputArg.map(({ name }) => name) ?? operationNamed(op)?.outputs;
  }

  #expand(call: GraphNode, name: string, depth: number): void {
    const body = this.#functions.get(name);
    if (body === undefined) throw invalid(`Node ${call.name} calls a function that is not there`);
    if (depth > MOST_DEPTH) throw invalid(`Calls of functions are too deep at node ${call.name}`);
    this.#nodes += body.nodeDef.length;
    if (this.#nodes > MOST_NODES) throw invalid("The functions of the model are too large");
    const scope = new Body(this, call, body);
    for (const node of scope.nodes.values()) this.prepare(node, depth);
    const outputs = body.signature?.outputArg ?? [];
    const controls = Object.values(body.controlRet).map((inner) => scope.node(inner));
    call.op = CALL;
    call.inputs = outputs.map((output) => scope.edge(body.ret[output.name] ?? ""));
    call.controls = [...call.controls, ...controls];
  }
}

/** The function that a node calls by its attribute `f`. */
function calledName({ op, attrs }: GraphNode): string | undefined {
  if (!CALLS.has(op)) return undefined;
  const attr: AttrValue | undefined = attrs.f;
  if (attr?.value === "func") return attr.func.name;
  throw invalid(`${op} must name a function`);
}

/** The body of a function for one call of it. */
class Body {
  readonly nodes = new Map<string, GraphNode>();
  readonly #arguments = new Map<string, Edge>();

  constructor(
    private readonly library: FunctionLibrary,
    private readonly call: GraphNode,
    { signature, nodeDef }: FunctionDef,
  ) {
    this.#bind(signature?.inputArg ?? []);
    for (const { name, op, attr } of nodeDef) {
      const inner = { name: `${call.name}/${name}`, op, attrs: attr, inputs: [], controls: [] };
      this.nodes.set(name, inner);
    }
    for (const definition of nodeDef) this.#join(definition);
  }

  #bind(inputs: OpDef["inputArg"]): void {
    const { inputs: given, name } = this.call;
    if (inputs.length !== given.length) {
      throw invalid(`Node ${name} gives ${given.length} inputs to a function of ${inputs.length}`);
    }
    inputs.forEach((input, at) => this.#arguments.set(input.name, given[at]));
  }

  #join({ name, input, attr }: NodeDef): void {
    const node = this.node(name);
    const placeholder = Object.values(attr).some(({ value }) => value === "placeholder");
    if (placeholder) throw invalid(`Node ${node.name} has a type that depends on its call`);
    node.inputs = input.filter((one) => !one.startsWith("^")).map((one) => this.edge(one));
    const controls = input.filter((one) => one.startsWith("^")).map((one) => one.slice(1));
    // Nothing of a body runs before what its call waits for.
    node.controls = [
      ...this.call.controls,
      ...controls.flatMap((one) => this.#arguments.has(one) ? [] : [this.node(one)]),
    ];
  }

  node(name: string): GraphNode {
    const found = this.nodes.get(name);
    if (found !== undefined) return found;
    throw invalid(`The function of node ${this.call.name} has no node ${name}`);
  }

  /** `argument`, or `node:output_name:0`. */
  edge(name: string): Edge {
    const [first, second, third] = name.split(":");
    const argument = this.#arguments.get(first);
    if (argument !== undefined && third === undefined) return argument;
    const node = this.node(first);
    // Of the outputs with names each is one; an operation without has a list of them.
    const names = this.library.outputsOf(node);
    const at = third === undefined || names === undefined ? 0 : names.indexOf(second);
    if (at < 0) throw invalid(`Node ${node.name} has no output ${second}`);
    return { node, output: at + Number(third ?? second ?? 0) };
  }
}
