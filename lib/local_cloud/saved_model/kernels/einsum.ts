/** Sums of products by the letters of their axes: `bi,ji->bj`. */
import type { Tensor } from "../tensor.ts";
import { countWork, newTensor, readable, sameType, writable } from "./elements.ts";
import {
  checkType,
  invalid,
  type Operation,
  type Operations,
  tensorOperation,
  textAttr,
  unsupported,
} from "./kernel.ts";
import { stridesOf } from "./strides.ts";

/** Axes that are walked together: their lengths, and what a step is in each factor. */
interface Walk {
  lengths: number[];
  steps: number[][];
}

function parsed(equation: string): { inputs: string[]; output: string } {
  const [, left, output] = /^([A-Za-z,]*)->([A-Za-z]*)$/.exec(equation.replaceAll(" ", "")) ?? [];
  if (left === undefined) throw invalid(`Einsum '${equation}' is not supported`);
  return { inputs: left.split(","), output };
}

function lengthsOf(inputs: string[], factors: readonly Tensor[]): Map<string, number> {
  const lengths = new Map<string, number>();
  inputs.forEach((letters, at) => {
    const { shape } = factors[at];
    if (letters.length !== shape.length) {
      throw invalid(`Einsum takes [${shape}] for '${letters}'`);
    }
    [...letters].forEach((letter, axis) => {
      const known = lengths.get(letter) ?? shape[axis];
      if (known !== shape[axis]) throw invalid(`Einsum has two lengths of '${letter}'`);
      lengths.set(letter, known);
    });
  });
  return lengths;
}

/** Calls `visit` with the place in each factor, for every position in row-major order. */
function walk({ lengths, steps }: Walk, begin: number[], visit: (places: number[]) => void): void {
  const places = [...begin];
  const position = lengths.map(() => 0);
  if (lengths.includes(0)) return;
  for (;;) {
    visit(places);
    let axis = lengths.length - 1;
    for (; axis >= 0; axis--) {
      for (let i = 0; i < places.length; i++) places[i] += steps[axis][i];
      if (++position[axis] < lengths[axis]) break;
      for (let i = 0; i < places.length; i++) places[i] -= steps[axis][i] * lengths[axis];
      position[axis] = 0;
    }
    if (axis < 0) return;
  }
}

const einsum: Operation = tensorOperation({ least: 1 }, (node) => {
  checkType(node, ["float32", "float64"]);
  const { inputs, output } = parsed(textAttr(node, "equation"));
  if (inputs.length !== node.inputs) throw invalid(`Einsum of ${node.inputs} inputs`);
  return (...factors) => {
    const [{ dtype }] = factors;
    for (const factor of factors) sameType(factors[0], factor);
    if (dtype !== "float32" && dtype !== "float64") throw unsupported(node, dtype);
    const lengths = lengthsOf(inputs, factors);
    if ([...output].some((letter) => !lengths.has(letter))) throw invalid("Einsum of no input");
    const summed = [...lengths.keys()].filter((letter) => !output.includes(letter));
    const along = (letters: readonly string[]): Walk => ({
      lengths: letters.map((letter) => lengths.get(letter)!),
      steps: letters.map((letter) => inputs.map((own, at) => stepOf(own, letter, factors[at]))),
    });
    const out = newTensor(dtype, [...output].map((letter) => lengths.get(letter)!));
    countWork([...lengths.values()].reduce((all, length) => all * length, factors.length));
    const [to, values] = [writable<number>(out), factors.map((factor) => readable<number>(factor))];
    const [outer, inner] = [along([...output]), along(summed)];
    let at = 0;
    walk(outer, factors.map(() => 0), (begin) => {
      let sum = 0;
      walk(inner, begin, (places) => {
        let product = 1;
        for (let i = 0; i < places.length; i++) product *= values[i][places[i]];
        sum += product;
      });
      to[at++] = sum;
    });
    return out;
  };
});

/** A letter that is there twice walks along the diagonal. */
function stepOf(letters: string, letter: string, { shape }: Tensor): number {
  const strides = stridesOf(shape);
  return [...letters].reduce((sum, own, axis) => own === letter ? sum + strides[axis] : sum, 0);
}

/** These operations by TensorFlow's names of them. */
export const EINSUM: Operations = { Einsum: einsum };
