import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { productNames } from "../../../lib/functions/product_names.ts";

const { find } = productNames([" Foam Roller", "Foam Roller", "Mug", "MUG", "Coupe Café"]);

Deno.test("blanks around a name and capitals do not count", () => {
  assertEquals(["foam roller", " FOAM ROLLER\n", "coupe CAFÉ", "Foam Roller"].map(find), [
    ...["Foam Roller", "Foam Roller", "Coupe Café", "Foam Roller"],
  ]);
});

Deno.test("a name that could be two products is none, unless it is written as one of them", () => {
  assertEquals(["mug", "Mug", "MUG"].map(find), [undefined, "Mug", "MUG"]);
});

Deno.test("what is no product is none", () => {
  assertEquals(["", "Foam", "a unicorn", "__proto__"].map(find), Array(4).fill(undefined));
});

Deno.test("every product is found by its own name", () => {
  fc.assert(fc.property(fc.array(fc.string()), (names) => {
    const { find } = productNames(names);
    for (const name of names) assertEquals(find(name), name.trim());
  }));
});
