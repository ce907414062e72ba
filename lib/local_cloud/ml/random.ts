/** Seeded random numbers: the same seed gives the same numbers on every machine. */
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** Gives the next number of a sequence, uniform in [0, 1). */
export type Uniform = () => number;

/**
 * Starts a sequence of uniform numbers in [0, 1), multiples of 2⁻⁵³.
 *
 * @param seed Any integer; its low 32 bits count.
 */
export function uniformFrom(seed: number): Uniform {
  const generator = xoroshiro128plus(seed | 0);
  return () => uniformFloat64(generator);
}

/** Draws a whole number, uniform in 0 … below − 1. */
export function randomIndex(uniform: Uniform, below: number): number {
  return Math.floor(uniform() * below);
}

/**
 * Fills an array with independent draws of N(0, deviation²), by the Box–Muller transform:
 * √(−2 ln u₁) · cos 2πu₂ and √(−2 ln u₁) · sin 2πu₂.
 */
export function fillNormal(target: Float64Array, deviation: number, uniform: Uniform): void {
  for (let i = 0; i < target.length; i += 2) {
    const radius = deviation * Math.sqrt(-2 * Math.log(1 - uniform()));
    const angle = 2 * Math.PI * uniform();
    target[i] = radius * Math.cos(angle);
    if (i + 1 < target.length) target[i + 1] = radius * Math.sin(angle);
  }
}

/**
 * Draws `size` of the indices 0 … count − 1 without replacement, each subset equally likely, in
 * rising order (selection sampling: Knuth, The Art of Computer Programming 3.4.2, algorithm S).
 */
export function sampleIndices(count: number, size: number, uniform: Uniform): Uint32Array {
  const chosen = new Uint32Array(size);
  let taken = 0;
  for (let i = 0; taken < size; i++) {
    if (uniform() * (count - i) < size - taken) chosen[taken++] = i;
  }
  return chosen;
}
