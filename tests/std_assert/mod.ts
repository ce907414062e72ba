/**
 * Offline stand-in for `jsr:@std/assert`: the functions our tests use, over `node:assert/strict`.
 * Names and argument order are those of the published package; removing the `links` entry of
 * `deno.json` switches to it.
 */
import nodeAssert, { AssertionError } from "node:assert/strict";

export { AssertionError };

// deno-lint-ignore no-explicit-any -- the shape every constructor has, as the published package says it
type Constructor<T> = new (...args: any[]) => T;

/** Without a message node writes its own, with a diff. */
const note = (message?: string): Error | undefined =>
  message === undefined ? undefined : new AssertionError({ message });

export function assert(condition: unknown, message?: string): asserts condition {
  nodeAssert.ok(condition, note(message));
}

export function assertFalse(condition: unknown, message?: string): asserts condition is false {
  nodeAssert.ok(!condition, note(message));
}

export function assertExists<T>(actual: T, message?: string): asserts actual is NonNullable<T> {
  nodeAssert.ok(actual !== undefined && actual !== null, note(message ?? "Expected a value"));
}

export function assertEquals<T>(actual: T, expected: T, message?: string): void {
  nodeAssert.deepStrictEqual(actual, expected, note(message));
}

export function assertNotEquals<T>(actual: T, expected: T, message?: string): void {
  nodeAssert.notDeepStrictEqual(actual, expected, note(message));
}

export function assertStrictEquals<T>(actual: T, expected: T, message?: string): void {
  nodeAssert.strictEqual(actual, expected, note(message));
}

/** Without a tolerance the published package takes 1e-7 of the expected value's magnitude. */
export function assertAlmostEquals(
  actual: number,
  expected: number,
  tolerance = Math.abs(expected) * 1e-7 || 1e-7,
  message?: string,
): void {
  if (Object.is(actual, expected)) return;
  const apart = Math.abs(actual - expected);
  nodeAssert.ok(apart <= tolerance, note(message ?? `${actual} is ${apart} from ${expected}`));
}

export function assertGreater<T>(actual: T, expected: T, message?: string): void {
  nodeAssert.ok(actual > expected, note(message ?? `Expected ${actual} > ${expected}`));
}

export function assertGreaterOrEqual<T>(actual: T, expected: T, message?: string): void {
  nodeAssert.ok(actual >= expected, note(message ?? `Expected ${actual} >= ${expected}`));
}

export function assertLess<T>(actual: T, expected: T, message?: string): void {
  nodeAssert.ok(actual < expected, note(message ?? `Expected ${actual} < ${expected}`));
}

export function assertLessOrEqual<T>(actual: T, expected: T, message?: string): void {
  nodeAssert.ok(actual <= expected, note(message ?? `Expected ${actual} <= ${expected}`));
}

export function assertMatch(actual: string, expected: RegExp, message?: string): void {
  nodeAssert.match(actual, expected, note(message));
}

export function assertNotMatch(actual: string, expected: RegExp, message?: string): void {
  nodeAssert.doesNotMatch(actual, expected, note(message));
}

export function assertStringIncludes(actual: string, expected: string, message?: string): void {
  nodeAssert.ok(
    actual.includes(expected),
    note(message ?? `Expected ${JSON.stringify(actual)} to include ${JSON.stringify(expected)}`),
  );
}

export function assertInstanceOf<T>(
  actual: unknown,
  expected: Constructor<T>,
  message?: string,
): asserts actual is T {
  nodeAssert.ok(
    actual instanceof expected,
    note(message ?? `Expected an instance of ${expected.name}`),
  );
}

function check<E extends Error>(error: unknown, type: Constructor<E>, includes?: string): E {
  assertInstanceOf(error, type, `Expected ${type.name}, got ${error}`);
  if (includes !== undefined) assertStringIncludes(error.message, includes);
  return error;
}

export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  type: Constructor<E> = Error as unknown as Constructor<E>,
  includes?: string,
): E {
  try {
    fn();
  } catch (error) {
    return check(error, type, includes);
  }
  throw new AssertionError({ message: "Expected function to throw" });
}

export async function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  type: Constructor<E> = Error as unknown as Constructor<E>,
  includes?: string,
): Promise<E> {
  try {
    await fn();
  } catch (error) {
    return check(error, type, includes);
  }
  throw new AssertionError({ message: "Expected function to reject" });
}
