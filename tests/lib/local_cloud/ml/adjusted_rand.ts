/**
 * The adjusted Rand index of two labelings of the same rows: 1 when they agree up to the names of
 * the labels, about 0 when they are unrelated (Hubert and Arabie 1985,
 * https://doi.org/10.1007/BF01908075). Two labelings with one cluster each agree: 1.
 */
export function adjustedRand(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const pairsOf = (keys: string[]) => {
    const sizes = new Map<string, number>();
    for (const key of keys) sizes.set(key, (sizes.get(key) ?? 0) + 1);
    return sizes.values().reduce((sum, size) => sum + size * (size - 1) / 2, 0);
  };
  const rows = Array.from(a, (label, i) => [String(label), String(b[i])]);
  const together = pairsOf(rows.map(([x, y]) => `${x} ${y}`));
  const inA = pairsOf(rows.map(([x]) => x));
  const inB = pairsOf(rows.map(([, y]) => y));
  const expected = inA * inB / (rows.length * (rows.length - 1) / 2);
  const greatest = (inA + inB) / 2;
  return greatest === expected ? 1 : (together - expected) / (greatest - expected);
}
