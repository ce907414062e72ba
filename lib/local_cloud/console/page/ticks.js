// @ts-check
/**
 * Round numbers along an axis.
 *
 * @module
 */

/**
 * Multiples of 1, 2, 5, 10 … that cover a range, about as many as asked for.
 *
 * @param {number} low
 * @param {number} high Not below `low`.
 * @param {{about?: number, whole?: boolean}} [options] `whole`: no fractions. Default: 4, fractions.
 * @returns {number[]} At least two, rising; the first is not above `low`, the last not below `high`.
 */
export function niceTicks(low, high, { about = 4, whole = false } = {}) {
  const wide = high - low || Math.abs(high);
  // what is smaller has no digits to be written with
  const span = wide > 1e-90 ? wide : 1;
  const rough = span / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= rough * 0.999) ?? 10;
  const step = whole ? Math.max(1, Math.round(factor * power)) : factor * power;
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return Array.from(
    { length: last - first + 1 },
    (_, at) => Number(((first + at) * step).toFixed(Math.min(100, digits))),
  );
}
