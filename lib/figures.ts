/** Numbers as people read them. Pure. */

/** A whole number with commas: 83,478. */
export function count(value: number): string {
  return value.toLocaleString("en-US");
}

/** A share of 0 … 1 in percent, to one decimal: 4.6 %. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** Microseconds since 1970 as a day in UTC: 2021-01-31; `?` where there is no moment. */
export function day(micros: number | null): string {
  return micros === null ? "?" : new Date(micros / 1000).toISOString().slice(0, 10);
}

/** A mean and the ends of its interval, to three decimals: 0.494 [0.453, 0.531]. */
export function interval({ mean, low, high }: { mean: number; low: number; high: number }): string {
  return `${mean.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;
}
