/** Seeded draws: every number the sample shop is made of comes from one generator. */
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** Draws from one seeded stream; two streams of the same seed answer the same numbers. */
export interface Draw {
  /** A number in [0, 1), in steps of 2^-32. */
  uniform(): number;
  /** A whole number from 0 to `limit` - 1. */
  below(limit: number): number;
  /** True with the given probability (0 to 1). */
  chance(probability: number): boolean;
  /** A bell-shaped number of mean 0 and variance 1 that never leaves [-3.47, 3.47]. */
  bell(): number;
  /** A position in `cumulative` (rising, last value 1), as likely as its step is high. */
  position(cumulative: Float64Array): number;
}

/** The generator starts from a nearly empty state, and its first outputs are alike for all seeds. */
const BURN_IN = 64;

/** Draws that depend on `seed` (a whole number, 0 to 2^31 - 1) and on nothing else. */
export function createDraw(seed: number): Draw {
  const generator = xoroshiro128plus(seed);
  for (let i = 0; i < BURN_IN; i++) generator.next();

  const uniform = () => (generator.next() >>> 0) / 4294967296;
  return {
    uniform,
    below: (limit) => Math.floor(uniform() * limit),
    chance: (probability) => uniform() < probability,
    // Irwin-Hall: four uniforms have mean 2 and variance 4/12. Its short tails keep shoppers sane.
    bell: () => (uniform() + uniform() + uniform() + uniform() - 2) * Math.sqrt(3),
    position: (cumulative) => firstAbove(cumulative, uniform()),
  };
}

/**
 * Running shares of `weights`, ready for {@linkcode Draw.position}.
 *
 * @throws {RangeError} If the weights do not add up to a number above 0.
 */
export function cumulate(weights: readonly number[]): Float64Array {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (!(total > 0)) {
    throw new RangeError(`Cannot cumulate weights as their sum must be above 0: it is ${total}`);
  }
  let running = 0;
  const cumulative = Float64Array.from(weights, (weight) => (running += weight) / total);
  cumulative[cumulative.length - 1] = 1;
  return cumulative;
}

/** Binary search; the last value is 1 and `value` is below it, so a position always exists. */
function firstAbove(cumulative: Float64Array, value: number): number {
  let low = 0;
  let high = cumulative.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cumulative[middle] > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
