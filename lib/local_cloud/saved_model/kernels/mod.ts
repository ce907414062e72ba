/** Every operation that a graph may have; a graph with another one is refused. */
import { ARITHMETIC } from "./arithmetic.ts";
import { ARRANGEMENT } from "./arrangement.ts";
import { COMPARISON } from "./comparison.ts";
import { CONVERSION } from "./conversion.ts";
import { EINSUM } from "./einsum.ts";
import { GATHERING } from "./gathering.ts";
import { type Operation, type Operations, tensorAttr } from "./kernel.ts";
import { MATHEMATICS } from "./mathematics.ts";
import { MATMUL } from "./matmul.ts";
import { RANKING } from "./ranking.ts";
import { REDUCTIONS } from "./reductions.ts";
import { SHAPES } from "./shapes.ts";
import { SLICES } from "./slices.ts";
import { TABLES } from "./tables.ts";
import { VARIABLES } from "./variables.ts";

/** Its outputs are its inputs. */
const same: Operation = { make: () => (inputs) => inputs };

const constant: Operation = {
  make(node) {
    const outputs = [tensorAttr(node, "value")];
    return () => outputs;
  },
};

/** Operations whose outputs are their inputs: a plan needs no step for them. */
export const PASSING: ReadonlySet<string> = new Set([
  "Identity",
  "IdentityN",
  "StopGradient",
  "PreventGradient",
  "Snapshot",
  "PlaceholderWithDefault",
]);

const CONTROL: Operations = {
  ...Object.fromEntries([...PASSING].map((op) => [op, same])),
  Const: constant,
  NoOp: { make: () => () => [] },
};

const ALL: ReadonlyMap<string, Operation> = new Map(Object.entries({
  ...CONTROL,
  ...ARITHMETIC,
  ...ARRANGEMENT,
  ...COMPARISON,
  ...CONVERSION,
  ...EINSUM,
  ...GATHERING,
  ...MATHEMATICS,
  ...MATMUL,
  ...RANKING,
  ...REDUCTIONS,
  ...SHAPES,
  ...SLICES,
  ...TABLES,
  ...VARIABLES,
}));

/** An operation by TensorFlow's name of it, `undefined` if it is not known. */
export const operationNamed = (op: string): Operation | undefined => ALL.get(op);
