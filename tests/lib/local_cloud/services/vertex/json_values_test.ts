import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import type { DType, Tensor, TensorSpec } from "../../../../../lib/local_cloud/saved_model/mod.ts";
import {
  tensorsOfInputs,
  tensorsOfInstances,
} from "../../../../../lib/local_cloud/services/vertex/request_tensors.ts";
import {
  columnsJson,
  rowsJson,
  servingNumber,
  vertexNumber,
} from "../../../../../lib/local_cloud/services/vertex/tensor_json.ts";

const spec = (dtype: DType, ...shape: number[]): TensorSpec => ({ dtype, shape });
const one = (dtype: DType, ...shape: number[]) => new Map([["a", spec(dtype, -1, ...shape)]]);
const message = (work: () => unknown) => assertThrows(work).message;

Deno.test("values of every type become tensors", () => {
  const cases: [DType, unknown[], Tensor["values"]][] = [
    ["float64", [1, 2.5], Float64Array.of(1, 2.5)],
    ["float32", [0.1, 1e-50], Float32Array.of(0.1, 0)],
    ["int32", [-1, 2147483647], Int32Array.of(-1, 2147483647)],
    ["int64", [9007199254740991], BigInt64Array.of(9007199254740991n)],
    ["bool", [true, false], Uint8Array.of(1, 0)],
    ["string", ["é", { b64: "w6k=" }, ""], ["é", "é", ""]],
  ];
  for (const [dtype, instances, values] of cases) {
    const tensor = tensorsOfInstances(instances, one(dtype)).get("a")!;
    assertEquals(tensor, { dtype, shape: [instances.length], values } as Tensor);
  }
});

Deno.test("values that would change are refused", () => {
  const cases: [DType, unknown, string][] = [
    ["float32", 1e39, "without loss of precision"],
    ["float32", 2 ** 24, "without loss of precision"],
    ["float64", -(2 ** 60), "without loss of precision"],
    ["int32", 1.5, "is not of expected type: int32"],
    ["int32", 2 ** 31, "is not of expected type: int32"],
    ["int64", 2 ** 53, "up to 2^53"],
    ["int64", 0.5, "is not of expected type: int64"],
    ["bool", 1, "Type: Number is not of expected type: bool"],
    ["string", 1, "is not of expected type: string"],
    ["string", { b64: "/w==" }, "only bytes that are UTF-8"],
    ["string", { b64: "@@@@" }, "Unable to base64 decode"],
    ["string", { b64: "YQ=" }, "Unable to base64 decode"],
    ["string", { b64: "YQYQY" }, "Unable to base64 decode"],
    ["string", "\ud800", "The surrogate pair in string is invalid"],
  ];
  for (const [dtype, value, text] of cases) {
    assertStringIncludes(message(() => tensorsOfInstances([value], one(dtype))), text);
  }
});

Deno.test("base64 may be without padding and have spaces", () => {
  const given = [{ b64: "YQ" }, { b64: " Y\nQ = = " }, { b64: "" }, { b64: "4piD" }];
  const { values } = tensorsOfInstances(given, one("string")).get("a")!;
  assertEquals([...values], ["a", "a", "", "☃"]);
});

Deno.test("lists are refused that are deeper than any tensor", () => {
  const depth = 700_000;
  const deep = JSON.parse("[".repeat(depth) + "]".repeat(depth));
  const text = "nested more than 254 deep";
  const anyShape = new Map([["a", { ...spec("float64"), unknownRank: true as const }]]);
  assertStringIncludes(message(() => tensorsOfInstances(deep, one("float64"))), text);
  assertStringIncludes(message(() => tensorsOfInputs(deep, anyShape)), text);
});

Deno.test("an answer of more than ten million values is refused, not written for a minute", () => {
  const values = new Uint8Array(10_000_001);
  const tensors = new Map<string, Tensor>([["y", {
    dtype: "bool",
    shape: [1, 10_000_001],
    values,
  }]]);
  const text = "Cannot answer with 10000001 values";
  assertStringIncludes(message(() => rowsJson(tensors, vertexNumber)), text);
  assertStringIncludes(message(() => columnsJson(tensors, servingNumber)), text);
});

Deno.test("zero keeps its sign", () => {
  const values = Float64Array.of(-0, 0);
  const tensors = new Map<string, Tensor>([["y", { dtype: "float64", shape: [2], values }]]);
  assertEquals(rowsJson(tensors, vertexNumber), "[-0,0]");
  assertEquals(rowsJson(tensors, servingNumber), "[-0.0,0.0]");
});

Deno.test("a large number with an exponent is a double as good as any", () => {
  const { values } = tensorsOfInstances([1e300, -1e25], one("float64")).get("a")!;
  assertEquals(values, Float64Array.of(1e300, -1e25));
});

Deno.test("nested lists are tensors of more dimensions, if all are alike", () => {
  const inputs = one("float64", 2);
  const { shape, values } = tensorsOfInstances([[1, 2], [3, 4], [5, 6]], inputs).get("a")!;
  assertEquals([shape, values], [[3, 2], Float64Array.of(1, 2, 3, 4, 5, 6)]);
  assertEquals(tensorsOfInputs([[1, 2]], inputs).get("a")!.shape, [1, 2]);
  const refused = (instances: unknown) => message(() => tensorsOfInstances(instances, inputs));
  assertStringIncludes(refused([[1, 2], [3]]), "unexpected size: 1 at level: 1 expected size: 2");
  assertStringIncludes(refused([[1, 2], 3]), "found at incorrect level: 2");
  assertStringIncludes(refused([[1, 2], [3, [4]]]), "element: 1 of 'instances' list. Error");
  assertStringIncludes(refused([[1, 2, 3]]), "Expecting shape [?,2] but got: [1,3]");
  assertStringIncludes(refused([1, 2]), "Expecting shape [?,2] but got: [2]");
  assertStringIncludes(refused([[1, "2"]]), 'JSON Value: "2" Type: String');
});

Deno.test("a name that every object has is still missing where nobody gave it", () => {
  const inputs = new Map([["constructor", spec("float64", -1)], ["x", spec("float64", -1)]]);
  assertStringIncludes(
    message(() => tensorsOfInstances([{ x: 1 }], inputs)),
    "Missing: constructor",
  );
});

const outputs = new Map<string, Tensor>([
  ["n", { dtype: "int64", shape: [2], values: BigInt64Array.of(7n, -9007199254740993n) }],
  ["d", { dtype: "float64", shape: [2, 2], values: Float64Array.of(1, 0.1, 1e21, 5e-324) }],
  ["f", { dtype: "float32", shape: [2, 1, 1], values: Float32Array.of(0.2, 16777217) }],
  ["s", { dtype: "string", shape: [2], values: ['"é"', ""] }],
  ["s_bytes", { dtype: "string", shape: [2], values: ["é", ""] }],
  ["b", { dtype: "bool", shape: [2], values: Uint8Array.of(1, 0) }],
]);

Deno.test("predictions are written by rows, numbers with the digits that they need", () => {
  assertEquals(
    rowsJson(outputs, vertexNumber),
    '[{"n":7,"d":[1,0.1],"f":[[0.2]],"s":"\\"é\\"","s_bytes":{"b64":"w6k="},"b":true},' +
      '{"n":-9007199254740993,"d":[1e+21,5e-324],"f":[[16777216]],"s":"","s_bytes":{"b64":""},' +
      '"b":false}]',
  );
});

Deno.test("predictions are written by columns, and alone where there is one output", () => {
  const n = new Map([...outputs].slice(0, 1));
  const d = new Map([...outputs].slice(1, 2));
  assertEquals(rowsJson(n, vertexNumber), "[7,-9007199254740993]");
  assertEquals(columnsJson(d, servingNumber), "[[1.0,0.1],[1e+21,5e-324]]");
  const two = new Map([...outputs].slice(0, 2));
  assertEquals(
    columnsJson(two, servingNumber),
    '{"n":[7,-9007199254740993],"d":[[1.0,0.1],[1e+21,5e-324]]}',
  );
});

Deno.test("what JSON cannot hold is refused, but TensorFlow Serving writes it", () => {
  const values = Float64Array.of(NaN, -Infinity);
  const made = new Map<string, Tensor>([["d", { dtype: "float64", shape: [2], values }]]);
  assertStringIncludes(message(() => rowsJson(made, vertexNumber)), "NaN, which JSON cannot hold");
  assertEquals(rowsJson(made, servingNumber), "[NaN,-Infinity]");
});

Deno.test("outputs without a batch in common are refused", () => {
  const scalar = new Map<string, Tensor>([["a", {
    dtype: "float64",
    shape: [],
    values: Float64Array.of(1),
  }]]);
  assertStringIncludes(message(() => rowsJson(scalar, vertexNumber)), "no shape information");
  const uneven = new Map<string, Tensor>([
    ["a", { dtype: "bool", shape: [1], values: Uint8Array.of(1) }],
    ["b", { dtype: "bool", shape: [2], values: Uint8Array.of(1, 1) }],
  ]);
  assertStringIncludes(message(() => rowsJson(uneven, vertexNumber)), "inconsistent batch size");
});
