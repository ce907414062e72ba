import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { CloudError } from "../../../../lib/local_cloud/errors.ts";
import { openBundle, writeBundle } from "../../../../lib/local_cloud/saved_model/bundle.ts";
import { decode, encode } from "../../../../lib/local_cloud/saved_model/messages.ts";
import {
  readSortedTable,
  writeSortedTable,
} from "../../../../lib/local_cloud/saved_model/sorted_table.ts";
import { sizeOf, type Tensor } from "../../../../lib/local_cloud/saved_model/tensor.ts";

const INDEX = "variables/variables.index";
const DATA = "variables/variables.data-00000-of-00001";

const shape = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 });
const text = fc.string({ unit: "grapheme", maxLength: 12 });

/** Any tensor; numbers include NaN, infinities and −0. */
const tensor: fc.Arbitrary<Tensor> = shape.chain((shape) => {
  const length = sizeOf(shape);
  const exactly = { minLength: length, maxLength: length };
  return fc.oneof(
    fc.float64Array(exactly).map((values): Tensor => ({ dtype: "float64", shape, values })),
    fc.float32Array(exactly).map((values): Tensor => ({ dtype: "float32", shape, values })),
    fc.int32Array(exactly).map((values): Tensor => ({ dtype: "int32", shape, values })),
    fc.bigInt64Array(exactly).map((values): Tensor => ({ dtype: "int64", shape, values })),
    fc.uint8Array({ ...exactly, max: 1 }).map((values): Tensor => (
      { dtype: "bool", shape, values }
    )),
    fc.array(text, exactly).map((values): Tensor => ({ dtype: "string", shape, values })),
  );
});
const tensors = fc.uniqueArray(fc.tuple(fc.string({ minLength: 1, maxLength: 8 }), tensor), {
  selector: ([name]) => name,
  maxLength: 6,
}).map((named) => new Map(named));

Deno.test("a bundle gives back what was written, and writes it in the same bytes again", () => {
  fc.assert(fc.property(tensors, (written) => {
    const files = writeBundle(written);
    const bundle = openBundle(files);
    assertEquals(new Set(bundle.names), new Set(written.keys()));
    for (const [name, value] of written) assertEquals(bundle.tensor(name), value);
    assertEquals(writeBundle(new Map([...written].reverse())), files);
  }));
});

Deno.test("a changed byte of the values is found", () => {
  const filled = tensors.filter((written) => writeBundle(written).get(DATA)!.length > 0);
  fc.assert(fc.property(filled, fc.nat(), fc.integer({ min: 1, max: 255 }), (written, at, by) => {
    const files = writeBundle(written);
    const data = files.get(DATA)!.slice();
    data[at % data.length] ^= by;
    const damaged = openBundle(new Map([...files, [DATA, data]]));
    const error = assertThrows(() => {
      for (const name of damaged.names) damaged.tensor(name);
    }, CloudError);
    assertEquals(error.reason, "invalid");
  }));
});

/** Written by TensorFlow 2.21 with `tf.raw_ops.SaveV2`. */
const OF_TENSORFLOW = new Map([[
  INDEX,
  "AAAGCAEaAggBAAURZmxhZ3MIChIEEgIIAyAiKAM1dVmRBgAME2xheWVyL2tlcm5lbAgCEggSAggBEgII" +
  "AigQNezQ4r0MBQ0vc3RlcAgJEgAgECgINWyVCLQGBRFuYW1lcwgHEgQSAggDIBgoCjW2lgQ2AAAAAAEA" +
  "AAAAk168VQAAAAABAAAAAMDyobAAAQJtAHoAAAAAAQAAAABP/dQ+fwiMAQ4AAAAAAAAAAAAAAAAAAAAA" +
  "AAAAAAAAAAAAAAAAAAAAAAAAAFf7gIskdUfb",
], [
  DATA,
  "AAAAAAAA+D8AAAAAAAAAwAEAAAAAAAAQAQIAq/vJ2GHDqQEAAQ==",
]]);

const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0));

Deno.test("a bundle that TensorFlow wrote is read", () => {
  const bundle = openBundle(
    new Map([...OF_TENSORFLOW].map(([name, base64]) => [name, bytesOf(base64)])),
  );
  assertEquals(bundle.names, ["flags", "layer/kernel", "layer/kernel/step", "layer/names"]);
  assertEquals(bundle.names.map((name) => bundle.tensor(name)), [
    { dtype: "bool", shape: [3], values: Uint8Array.of(1, 0, 1) },
    { dtype: "float64", shape: [1, 2], values: Float64Array.of(1.5, -2) },
    { dtype: "int64", shape: [], values: BigInt64Array.of(2n ** 60n + 1n) },
    { dtype: "string", shape: [3], values: ["a", "é", ""] },
  ]);
});

const scalar = (value: number): Tensor => (
  { dtype: "float64", shape: [], values: Float64Array.of(value) }
);

Deno.test("the values of a bundle may lie in several files", () => {
  const one = writeBundle(new Map([["a", scalar(1)]]));
  const other = writeBundle(new Map([["b", scalar(2)]]));
  const [, [key, entry]] = readSortedTable(other.get(INDEX)!);
  const moved = encode("BundleEntryProto", { ...decode("BundleEntryProto", entry), shardId: 1 });
  const [, first] = readSortedTable(one.get(INDEX)!);
  const header = encode("BundleHeaderProto", {
    ...{ numShards: 2, endianness: 0, version: { producer: 1 } },
  });
  const index = writeSortedTable([[new Uint8Array(), header], first, [key, moved]]);
  const files = new Map([
    [INDEX, index],
    ["variables/variables.data-00000-of-00002", one.get(DATA)!],
    ["variables/variables.data-00001-of-00002", other.get(DATA)!],
  ]);
  const bundle = openBundle(files);
  assertEquals([bundle.tensor("a"), bundle.tensor("b")], [scalar(1), scalar(2)]);
  files.delete("variables/variables.data-00001-of-00002");
  assertThrows(
    () => openBundle(files).tensor("b"),
    CloudError,
    "The SavedModel has no file variables/variables.data-00001-of-00002",
  );
});

Deno.test("what a bundle lacks is named", () => {
  const files = writeBundle(new Map([["a", scalar(1)]]));
  assertThrows(() => openBundle(files).tensor("b"), CloudError, "no values of variable b");
  assertThrows(() => openBundle(new Map()), CloudError, "no file variables/variables.index");
});
