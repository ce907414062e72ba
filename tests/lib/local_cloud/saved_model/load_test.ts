import { assert, assertEquals, assertThrows } from "@std/assert";
import { CloudError } from "../../../../lib/local_cloud/errors.ts";
import { decode, encode } from "../../../../lib/local_cloud/saved_model/messages.ts";
import {
  loadSavedModel,
  type ModelFiles,
  type Tensor,
} from "../../../../lib/local_cloud/saved_model/mod.ts";
import { assertSame, type Case, cases, filesOf, tensor } from "./fixtures.ts";

const inputsOf = ({ inputs }: Case) =>
  new Map(Object.entries(inputs).map(([name, value]) => [name, tensor(value)]));

for (const one of cases) {
  Deno.test(`a ${one.model.replaceAll("_", " ")} answers as in TensorFlow`, async () => {
    const model = loadSavedModel(await filesOf(one.model));
    const outputs = model.run(inputsOf(one), one.signature);
    assertEquals([...outputs.keys()].sort(), Object.keys(one.outputs).sort());
    for (const [name, wanted] of Object.entries(one.outputs)) {
      assertSame(outputs.get(name)!, tensor(wanted), name);
    }
  });
}

Deno.test("a model tells what it takes and gives, and refuses anything else by name", async () => {
  const [table] = cases;
  const model = loadSavedModel(await filesOf(table.model));
  const signature = model.signatures.get("serving_default")!;
  assertEquals([...signature.inputs], [
    ["amount", { dtype: "float64", shape: [-1] }],
    ["product", { dtype: "string", shape: [-1] }],
  ]);
  const given = inputsOf(table);
  const refused = (inputs: Map<string, Tensor>, message: string) =>
    assertThrows(() => model.run(inputs), CloudError, message);
  refused(new Map([...given].slice(0, 1)), "Input amount is missing: it is float64 of the shape");
  refused(new Map([...given, ["more", given.get("amount")!]]), "no input more: its inputs are amo");
  refused(new Map([...given, ["amount", given.get("product")!]]), "amount must be float64");
  const one: Tensor = { dtype: "float64", shape: [1], values: Float64Array.of(1) };
  refused(new Map([...given, ["amount", one]]), "must have the same number of rows, not 1 and 3");
  assertThrows(() => model.run(given, "other"), CloudError, "has no signature other");
});

Deno.test("an assertion of the graph that fails is an error", async () => {
  const model = loadSavedModel(await filesOf("module_of_tensorflow_2"));
  const rows = 100;
  const x: Tensor = { dtype: "float64", shape: [rows, 3], values: new Float64Array(3 * rows) };
  const key: Tensor = { dtype: "string", shape: [rows], values: Array(rows).fill("a") };
  assertThrows(
    () => model.run(new Map<string, Tensor>([["x", x], ["key", key]])),
    CloudError,
    "assertion",
  );
});

/** A model with its graph changed. */
async function changed(
  model: string,
  change: (graph: ReturnType<typeof graphOf>) => void,
): Promise<ModelFiles> {
  const files = await filesOf(model);
  const savedModel = decode("SavedModel", files.get("saved_model.pb")!);
  change(graphOf(savedModel));
  return new Map([...files, ["saved_model.pb", encode("SavedModel", savedModel)]]);
}

const graphOf = (savedModel: ReturnType<typeof decode<"SavedModel">>) =>
  savedModel.metaGraphs[0].graphDef!;

async function assertRefused(files: Promise<ModelFiles>, message: string): Promise<void> {
  const given = await files;
  assertThrows(() => loadSavedModel(given), CloudError, message);
}

Deno.test("an operation that is not known is named with its node", async () => {
  const files = changed("table_of_tensorflow_1", ({ node }) => {
    node.find(({ op }) => op === "Mul")!.op = "Conv2D";
  });
  await assertRefused(files, "Operation Conv2D of node mul is not supported");
});

Deno.test("a graph that leads back to itself is refused", async () => {
  const files = changed("table_of_tensorflow_1", ({ node }) => {
    const mul = node.find(({ op }) => op === "Mul")!;
    mul.input = [mul.name, mul.input[1]];
  });
  await assertRefused(files, "Node mul needs itself");
});

Deno.test("an output that no node can have is refused, not made room for", async () => {
  const files = changed("table_of_tensorflow_1", ({ node }) => {
    const mul = node.find(({ op }) => op === "Mul")!;
    mul.input = [`${mul.input[0]}:99999999999`, mul.input[1]];
  });
  await assertRefused(files, "is no name of a tensor");
});

Deno.test("a function that calls itself is refused", async () => {
  const files = changed("module_of_tensorflow_2", ({ library }) => {
    for (const one of library!.function) {
      const call = one.nodeDef.find(({ op }) => op.endsWith("PartitionedCall"));
      if (call?.attr.f?.value === "func") call.attr.f.func.name = one.signature!.name;
    }
  });
  await assertRefused(files, "too deep");
});

Deno.test("a constant of gigabytes is refused, not made", async () => {
  const files = changed("table_of_tensorflow_1", ({ node }) => {
    const value = node.find(({ op, attr }) =>
      op === "Const" && attr.value?.value === "tensor"
    )!.attr.value;
    if (value.value === "tensor") value.tensor.tensorShape = { dim: [{ size: 2 ** 40 }] };
    node.forEach((one) => one.op === "Const" && (one.attr.value = value));
  });
  await assertRefused(files, "cannot have 1099511627776 values");
});

Deno.test("a model without its files, or with damaged ones, is refused", async () => {
  const files = await filesOf("table_of_tensorflow_1");
  const without = (name: string) =>
    Promise.resolve(new Map([...files].filter(([path]) => path !== name)));
  await assertRefused(without("saved_model.pb"), "no file saved_model.pb");
  await assertRefused(without("assets/vocabulary.txt"), "no file assets/vocabulary.txt");
  await assertRefused(without("variables/variables.data-00000-of-00001"), "no file variables/");
  await assertRefused(without("variables/variables.index"), "Variable /prices has no value");
});

Deno.test("bytes changed anywhere give an error or a model, and nothing else", async () => {
  const files = await filesOf("module_of_tensorflow_2");
  let seed = 1;
  const random = (below: number) => (seed = (seed * 48271) % 2147483647) % below;
  const names = [...files.keys()];
  for (let round = 0; round < 300; round++) {
    const damaged = new Map([...files].map(([name, bytes]) => [name, bytes.slice()]));
    for (let k = 0; k < 3; k++) {
      const bytes = damaged.get(names[random(names.length)])!;
      bytes[random(bytes.length)] = random(256);
    }
    try {
      loadSavedModel(damaged);
    } catch (error) {
      assert(error instanceof CloudError, String(error));
    }
  }
});
