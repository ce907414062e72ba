import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { CloudError } from "../../../../lib/local_cloud/errors.ts";
import { crc32c } from "../../../../lib/local_cloud/object_store/crc32c.ts";
import {
  compareKeys,
  type Entry,
  maskedCrc32c,
  readSortedTable,
  writeSortedTable,
} from "../../../../lib/local_cloud/saved_model/sorted_table.ts";

/** Few letters, so that keys often begin alike. */
const key = fc.array(fc.constantFrom(0, 97, 98, 255), { maxLength: 12 })
  .map((bytes) => Uint8Array.from(bytes));
const entries = fc.uniqueArray(fc.tuple(key, fc.uint8Array({ maxLength: 40 })), {
  maxLength: 60,
  comparator: ([a], [b]) => compareKeys(a, b) === 0,
}).map((all) => all.sort(([a], [b]) => compareKeys(a, b)) as Entry[]);

const plain = (table: readonly Entry[]) => table.map(([k, v]) => [[...k], [...v]]);

Deno.test("a table gives back what was written", () => {
  fc.assert(fc.property(entries, (written) => {
    assertEquals(plain(readSortedTable(writeSortedTable(written))), plain(written));
  }));
});

Deno.test("a table of several blocks gives back what was written", () => {
  const written = Array.from({ length: 40 }, (_, i): Entry => [
    Uint8Array.of(1, 2, i),
    new Uint8Array(50_000).fill(i),
  ]);
  assertEquals(plain(readSortedTable(writeSortedTable(written))), plain(written));
});

Deno.test("no changed byte changes what is read: it is found, or was of no importance", () => {
  fc.assert(fc.property(entries, fc.nat(), fc.integer({ min: 1, max: 255 }), (written, at, by) => {
    const bytes = writeSortedTable(written).slice();
    bytes[at % bytes.length] ^= by;
    let read: Entry[];
    try {
      read = readSortedTable(bytes);
    } catch (error) {
      if (error instanceof CloudError && error.reason === "invalid") return;
      throw error;
    }
    assertEquals(plain(read), plain(written));
  }));
});

Deno.test("a table that was cut off is refused", () => {
  const bytes = writeSortedTable([[Uint8Array.of(1), Uint8Array.of(2)]]);
  for (let length = 0; length < bytes.length; length++) {
    assertThrows(
      () => readSortedTable(bytes.subarray(0, length)),
      CloudError,
      "Cannot read the index of the variables as ",
    );
  }
});

Deno.test("a block compressed with Snappy is refused by name", () => {
  const bytes = writeSortedTable([[Uint8Array.of(1), Uint8Array.of(2)]]).slice();
  const block = 13; // three lengths, one byte of key and of value, one restart and their number
  bytes[block] = 1;
  new DataView(bytes.buffer).setUint32(
    block + 1,
    maskedCrc32c(crc32c(bytes.subarray(0, block + 1))),
    true,
  );
  assertThrows(() => readSortedTable(bytes), CloudError, "compressed with Snappy");
});
