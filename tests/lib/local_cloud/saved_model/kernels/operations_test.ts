import { assert, assertEquals, assertThrows } from "@std/assert";
import { CloudError } from "../../../../../lib/local_cloud/errors.ts";
import {
  decode,
  encode,
  type TensorInfo,
} from "../../../../../lib/local_cloud/saved_model/messages.ts";
import {
  loadSavedModel,
  type ServingModel,
  type Tensor,
} from "../../../../../lib/local_cloud/saved_model/mod.ts";
import { dataTypeOf, shapeProto } from "../../../../../lib/local_cloud/saved_model/tensor.ts";
import { assertSame, type OperationCase, operationCases, tensor } from "../fixtures.ts";

const cases = await operationCases();

function infos(names: string[], tensors: Tensor[], prefix: string): Record<string, TensorInfo> {
  return Object.fromEntries(names.map((name, at) => {
    const { dtype, shape } = tensors[at];
    const tensorShape = shapeProto(shape);
    return [prefix + at, { encoding: "name", name, dtype: dataTypeOf(dtype), tensorShape }];
  }));
}

/** A model of the graph alone. */
function modelOf({ graph, inputNames, outputNames, ...one }: OperationCase): ServingModel {
  const inputs = infos(inputNames, one.inputs.map(tensor), "i");
  const outputs = infos(outputNames, one.outputs.map(tensor), "o");
  const bytes = encode("SavedModel", {
    savedModelSchemaVersion: 1,
    metaGraphs: [{
      metaInfoDef: { tags: ["serve"] },
      graphDef: decode("GraphDef", Uint8Array.from(atob(graph), (c) => c.charCodeAt(0))),
      saverDef: null,
      collectionDef: {},
      signatureDef: { serving_default: { inputs, outputs, methodName: "" } },
      assetFileDef: [],
    }],
  });
  return loadSavedModel(new Map([["saved_model.pb", bytes]]));
}

Deno.test("operations answer as TensorFlow's, in every type and with NaN and infinities", () => {
  assert(cases.length > 250);
  for (const one of cases) {
    const inputs = new Map(one.inputs.map((input, at) => [`i${at}`, tensor(input)]));
    const outputs = modelOf(one).run(inputs);
    one.outputs.forEach((wanted, at) =>
      assertSame(outputs.get(`o${at}`)!, tensor(wanted), one.name)
    );
  }
});

/** Runs the operation of a case on other values. */
function runOn(name: string, ...values: Tensor["values"][]): Map<string, Tensor> {
  const one = cases.find((candidate) => candidate.name === name)!;
  return modelOf(one).run(
    new Map(one.inputs.map((input, at) => {
      const given = tensor(input);
      return [`i${at}`, { ...given, values: values[at] ?? given.values } as Tensor];
    })),
  );
}

Deno.test("a division of whole numbers by zero is an error, named with its node", () => {
  const zeros = new Int32Array(3);
  assertThrows(
    () => runOn("FloorDiv int32", new Int32Array(6), zeros),
    CloudError,
    "Integer division by zero (node FloorDiv, operation FloorDiv)",
  );
});

Deno.test("a position that is not there is an error", () => {
  const given = cases.find(({ name }) => name === "GatherV2 float64")!;
  const params = tensor(given.inputs[0]).values;
  assertThrows(
    () => runOn("GatherV2 float64", params, BigInt64Array.of(0n, 4n, 0n, 0n)),
    CloudError,
    "indices[1] = 4 is not in [0, 4)",
  );
});

Deno.test("a text that is no number is an error", () => {
  assertThrows(
    () => runOn("StringToNumber", ["1", "2", "three", "4", "5", "6"]),
    CloudError,
    "could not correctly convert string: three",
  );
});

Deno.test("an int64 is rounded to float32 once", () => {
  const middle = 2n ** 60n + 2n ** 36n;
  const given = [middle, middle + 1n, middle - 1n, -middle, -middle - 1n, -middle + 1n, 7n, 0n, 1n];
  const outputs = runOn("Cast int64 float32", BigInt64Array.from(given));
  const [below, above] = [2 ** 60, 2 ** 60 + 2 ** 37];
  const values = Array.from<unknown>(outputs.get("o0")!.values);
  assertEquals(values, [below, above, below, -below, -above, -below, 7, 0, 1]);
});

Deno.test("which are the greatest is not guessed where some are no numbers", () => {
  assertThrows(
    () => runOn("TopKV2 float64", new Float64Array(18).fill(1).fill(NaN, 2, 3)),
    CloudError,
    "not defined",
  );
});
