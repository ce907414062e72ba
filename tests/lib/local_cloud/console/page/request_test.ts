import { assertEquals, assertStringIncludes } from "@std/assert";
import {
  curlText,
  draftOf,
  instanceOf,
  missingIn,
  requestText,
  textsOf,
} from "../../../../../lib/local_cloud/console/page/request.js";

const input = (name: string, dtype: "float64" | "int64" | "string" | "bool", shape = [-1]) => ({
  name,
  dtype,
  shape,
});

Deno.test("each input gets the JSON of its type", () => {
  const inputs = [input("f", "float64"), input("i", "int64"), input("s", "string")];
  assertEquals(instanceOf(inputs, { f: " 1.5E3 ", i: "8", s: "12.5" }), {
    f: 1500,
    i: 8,
    s: "12.5",
  });
  assertEquals(instanceOf([input("b", "bool")], { b: "TRUE" }), { b: true });
  assertEquals(instanceOf([input("v", "float64", [-1, 2])], { v: "[1, 2]" }), { v: [1, 2] });
});

Deno.test("an int64 that a number would round is sent as its digits", () => {
  const digits = "9007199254740993";
  assertEquals(instanceOf([input("i", "int64")], { i: digits }), { i: digits });
});

Deno.test("an empty field is left out, and what is no number is sent for the API to refuse", () => {
  const inputs = [input("a", "float64"), input("b", "float64"), input("c", "float64")];
  assertEquals(instanceOf(inputs, { a: "", b: "many", c: "0x10" }), { b: "many", c: "0x10" });
});

Deno.test("a NULL of a row becomes the mean of training where that is known", () => {
  const inputs = [input("Orders", "float64"), input("spent", "float64"), input("name", "string")];
  const row = { orders: null, SPENT: "1.0E3", name: null };
  const { texts, notes } = textsOf(inputs, row, { Orders: 2.25 });
  assertEquals(texts, { Orders: "2.25", spent: "1.0E3" });
  assertEquals(Object.keys(notes), ["Orders", "name"]);
  assertStringIncludes(notes.Orders, "mean");
  assertEquals(notes.name, "NULL in this row");
});

Deno.test("what a row has no column for gets the mean, and is not called NULL", () => {
  const inputs = [input("orders", "float64"), input("spent", "float64"), input("empty", "string")];
  const { texts, notes } = textsOf(inputs, { spent: "1.0", empty: "" }, { orders: 2, spent: 3 });
  assertEquals(texts, { orders: "2", spent: "1.0", empty: "" });
  assertEquals(notes, {});
});

Deno.test("inputs without a text are named, and a draft has them empty", () => {
  const inputs = [input("a", "float64"), input("s", "string"), input("v", "float64", [-1, 2])];
  assertEquals(missingIn(inputs, { a: "1", s: "" }), ["s", "v"]);
  assertEquals(missingIn([input("constructor", "string")], {}), ["constructor"]);
  assertEquals(draftOf(inputs, { a: "1", s: "" }), { a: 1, s: "", v: null });
});

Deno.test("an input may be called what every object has", () => {
  const inputs = [input("constructor", "float64")];
  assertEquals(textsOf(inputs, {}, {}), { texts: {}, notes: {} });
  assertEquals(Object.keys(textsOf(inputs, { constructor: null }, {}).notes), ["constructor"]);
});

Deno.test("a shell runs the command as it is meant, whatever the request holds", async () => {
  const body = requestText({ name: `it's "$HOME" \`x\` \\ <img src=x onerror=alert(1)>` });
  const echo = curlText("http://127.0.0.1:9050/v1/x:predict", body)
    .replace(/^curl/, "printf '%s\\0'");
  const { stdout } = await new Deno.Command("sh", { args: ["-c", echo] }).output();
  assertEquals(new TextDecoder().decode(stdout).split("\0").slice(0, -1), [
    "-X",
    "POST",
    "http://127.0.0.1:9050/v1/x:predict",
    "-H",
    "Content-Type: application/json",
    "-d",
    body,
  ]);
});
