import { assertEquals } from "@std/assert";
import { createCache } from "../../../lib/functions/cache.ts";

/** A cache with a clock of its own that counts its loads; a key of "fail…" fails. */
function counted({ maxEntries = 10, ttlMs = 1000 } = {}) {
  const clock = { now: 0 };
  const loads: string[] = [];
  const cache = createCache(async (key: string) => {
    loads.push(key);
    await Promise.resolve();
    if (key.startsWith("fail")) throw new Error(key);
    return key === "nobody" ? undefined : `${key}, load ${loads.length}`;
  }, { maxEntries, ttlMs, now: () => clock.now });
  return { cache, clock, loads };
}

Deno.test("a burst for one key is one load", async () => {
  const { cache, loads } = counted();
  const values = await Promise.all([1, 2, 3].map(() => cache.get("ann")));
  assertEquals(values, ["ann, load 1", "ann, load 1", "ann, load 1"]);
  assertEquals(loads, ["ann"]);
});

Deno.test("a value is kept until its time is over, counted from when it came", async () => {
  const { cache, clock, loads } = counted();
  await cache.get("ann");
  clock.now = 999;
  assertEquals(await cache.get("ann"), "ann, load 1");
  clock.now = 1000;
  assertEquals(await cache.get("ann"), "ann, load 2");
  assertEquals(loads.length, 2);
});

Deno.test("nothing is a value too", async () => {
  const { cache, loads } = counted();
  assertEquals([await cache.get("nobody"), await cache.get("nobody")], [undefined, undefined]);
  assertEquals(loads, ["nobody"]);
});

Deno.test("an error is told to all who wait, and not kept", async () => {
  const { cache, loads } = counted();
  const told = await Promise.allSettled([cache.get("fail"), cache.get("fail")]);
  assertEquals(told.map(({ status }) => status), ["rejected", "rejected"]);
  await cache.get("fail").catch(() => {});
  assertEquals(loads, ["fail", "fail"]);
});

Deno.test("with too many keys the one not asked for the longest goes", async () => {
  const { cache, loads } = counted({ maxEntries: 2 });
  for (const key of ["ann", "bob", "ann", "cleo", "ann", "bob"]) await cache.get(key);
  assertEquals(loads, ["ann", "bob", "cleo", "bob"]);
});

Deno.test("what is forgotten is loaded anew", async () => {
  const { cache, loads } = counted();
  await cache.get("ann");
  cache.forget("ann");
  await cache.get("ann");
  assertEquals(loads, ["ann", "ann"]);
});

Deno.test("a load that fails late does not take away the value that came after it", async () => {
  const { promise, reject } = Promise.withResolvers<string>();
  const answers = [promise, Promise.resolve("second")];
  const cache = createCache(() => answers.shift()!, { maxEntries: 1, ttlMs: 1000 });
  const first = cache.get("ann").catch(() => "failed");
  cache.forget("ann");
  assertEquals(await cache.get("ann"), "second");
  reject(new Error("late"));
  assertEquals([await first, await cache.get("ann")], ["failed", "second"]);
});

Deno.test("a load that hangs is given up, and does not stand in the way of the next", async () => {
  const answers = [new Promise<string>(() => {}), Promise.resolve("second")];
  const options = { maxEntries: 1, ttlMs: 1000, loadTimeoutMs: 10 };
  const cache = createCache(() => answers.shift()!, options);
  assertEquals(await cache.get("ann").catch((error) => error.kind), "timeout");
  assertEquals(await cache.get("ann"), "second");
});
