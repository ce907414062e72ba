import { assertEquals, assertThrows } from "@std/assert";
import { CloudError } from "../../../../lib/local_cloud/errors.ts";
import {
  DATA_TYPES,
  decode,
  encode,
  type TensorProto,
} from "../../../../lib/local_cloud/saved_model/messages.ts";
import {
  shapeProto,
  type Tensor,
  tensorOf,
  tensorProto,
} from "../../../../lib/local_cloud/saved_model/tensor.ts";

const throughBytes = (proto: TensorProto) =>
  tensorOf(decode("TensorProto", encode("TensorProto", proto)));

Deno.test("a tensor comes back from its message, to the last bit", () => {
  const tensors: Tensor[] = [
    { dtype: "float64", shape: [2, 2], values: Float64Array.of(0.1, -0, NaN, Infinity) },
    { dtype: "float32", shape: [1], values: Float32Array.of(1e-40) },
    { dtype: "int32", shape: [], values: Int32Array.of(-5) },
    { dtype: "int64", shape: [2], values: BigInt64Array.of(2n ** 63n - 1n, -(2n ** 63n)) },
    { dtype: "bool", shape: [2], values: Uint8Array.of(1, 0) },
    { dtype: "string", shape: [3], values: ["", "\uFEFFé\0", "東京"] },
    { dtype: "float64", shape: [0], values: new Float64Array() },
  ];
  for (const tensor of tensors) assertEquals(throughBytes(tensorProto(tensor)), tensor);
});

Deno.test("values in a list are read, and the last one fills the rest", () => {
  const { INT64, DOUBLE, BOOL, STRING } = DATA_TYPES;
  const of = (dtype: number, lists: Partial<TensorProto>): unknown =>
    throughBytes({ dtype, tensorShape: shapeProto([3]), ...lists }).values;
  assertEquals(
    of(INT64, { int64Val: [String(2n ** 60n + 1n), 7] }),
    BigInt64Array.of(2n ** 60n + 1n, 7n, 7n),
  );
  assertEquals(of(DOUBLE, { doubleVal: [0.5] }), Float64Array.of(0.5, 0.5, 0.5));
  assertEquals(of(DOUBLE, {}), new Float64Array(3));
  assertEquals(of(BOOL, { boolVal: [true, false] }), Uint8Array.of(1, 0, 0));
  assertEquals(of(STRING, { stringVal: [new TextEncoder().encode("x")] }), ["x", "x", "x"]);
});

Deno.test("a tensor that cannot be is refused", () => {
  const refused = (proto: TensorProto, message: string) =>
    assertThrows(() => tensorOf(proto), CloudError, message);
  refused({ dtype: 19, tensorShape: shapeProto([1]) }, "Tensors of type half are not supported");
  refused({ dtype: 2, tensorShape: shapeProto([-1]) }, "must have a known shape");
  refused({ dtype: 2, tensorShape: shapeProto([-2]) }, "cannot have a dimension of -2");
  refused({ dtype: 2, tensorShape: shapeProto([1]), doubleVal: [1, 2] }, "cannot hold 2");
  refused({ dtype: 2, tensorShape: shapeProto([2 ** 40]) }, "cannot have 1099511627776 values");
  refused(
    { dtype: 2, tensorShape: shapeProto([2]), tensorContent: new Uint8Array(12) },
    "has 12 bytes instead of 16",
  );
  refused(
    { dtype: 7, tensorShape: shapeProto([1]), stringVal: [Uint8Array.of(255)] },
    "is not UTF-8",
  );
});

Deno.test("bytes that are no message are refused", () => {
  assertThrows(
    () => decode("SavedModel", Uint8Array.of(18, 100, 1)),
    CloudError,
    "Cannot read a TensorFlow SavedModel as it is damaged",
  );
});
