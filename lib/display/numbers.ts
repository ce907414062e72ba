/** How numbers are written: thousands separated, no more digits than tell something. */

/** A d3 format that suits all the numbers of a field. */
export function formatFor(values: readonly number[]): string {
  if (values.every(Number.isInteger)) return ",d";
  const largest = Math.max(...values.map(Math.abs));
  if (largest >= 1_000) return ",.0f";
  if (largest >= 100) return ",.1f";
  if (largest >= 1) return ",.2f";
  return largest >= 0.01 ? ".3f" : ".3~g";
}

/** A d3 format for the ticks of an axis, none where the axis' own is best. */
export function tickFormat(
  values: readonly number[],
  scale: "linear" | "log" | "symlog" = "linear",
): string | undefined {
  const sizes = values.map(Math.abs).filter((size) => size > 0);
  if (scale !== "linear") return Math.min(...sizes) >= 0.5 ? "~s" : "~f";
  return Math.max(...sizes) >= 10_000 ? "~s" : undefined;
}

/** Ticks of a log axis: powers of ten; with 2 and 5 between them where these are few. */
export function logTicks(low: number, high: number): number[] {
  const first = Math.floor(Math.log10(low));
  const decades = Array.from(
    { length: Math.ceil(Math.log10(high)) - first + 1 },
    (_, i) => first + i,
  );
  const within = (steps: readonly number[]) =>
    decades.flatMap((power) => steps.map((step) => Number(`${step}e${power}`)))
      .filter((tick) => tick >= low && tick <= high);
  const powers = within([1]);
  return powers.length >= 4 ? powers : within([1, 2, 5]);
}

/**
 * Ticks of a symlog axis from 0 that ends at {@link niceEnd}: 1 and 3 of each power of ten, or the
 * powers alone where these are many. Below 1 the axis is nearly linear and needs none.
 *
 * @param values Above 0, one or more.
 */
export function symlogTicks(values: readonly number[]): number[] {
  const end = niceEnd(Math.max(...values));
  const powers = Array.from({ length: Math.max(1, Math.ceil(Math.log10(end))) }, (_, i) => i);
  const steps = powers.flatMap((power) =>
    (powers.length > 4 ? [1] : [1, 3]).map((step) => Number(`${step}e${power}`))
  );
  const inside = steps.filter((step) => step <= end / 1.5);
  const first = inside.filter((step) => step <= Math.min(...values)).at(-1) ?? 0;
  return [0, ...inside.filter((step) => step >= first), end];
}

/** The value, which is above 0, or the next one above it of 1, 1.5, 2, 3, 4 … 9 times a power of ten. */
export function niceEnd(value: number): number {
  const power = Math.floor(Math.log10(value));
  const digits = Number((value / 10 ** power).toPrecision(12));
  return Number(`${digits > 1 && digits <= 1.5 ? 1.5 : Math.ceil(digits)}e${power}`);
}

const WHOLE = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** A whole number with thousands separated: `12,345`. */
export function whole(value: number): string {
  return WHOLE.format(value);
}

/** A number with so many decimals; default as many as its size asks for. */
export function decimal(value: number, digits: number): string {
  return new Intl.NumberFormat("en-US", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    // What rounds to zero has no sign.
    signDisplay: "negative",
  }).format(value);
}

/** Decimals that show about three significant digits of the largest number; none if all are whole. */
export function digitsFor(values: readonly number[]): number {
  if (values.every(Number.isInteger)) return 0;
  const largest = Math.max(...values.map(Math.abs));
  if (largest >= 1_000) return 0;
  if (largest >= 100) return 1;
  return largest >= 1 ? 2 : 3;
}

/** Milliseconds as a person says them: `850 ms`, `12.3 s`, `4 min 05 s`, `2 h 07 min`. */
export function duration(msec: number): string {
  const sign = msec < 0 ? "−" : "";
  const seconds = Math.abs(msec) / 1000;
  if (seconds < 59.95) return `${sign}${decimal(seconds, 1)} s`;
  const all = Math.round(seconds);
  const two = (value: number) => String(value).padStart(2, "0");
  if (all < 3600) return `${sign}${Math.floor(all / 60)} min ${two(all % 60)} s`;
  const minutes = Math.round(all / 60);
  return `${sign}${whole(Math.floor(minutes / 60))} h ${two(minutes % 60)} min`;
}
