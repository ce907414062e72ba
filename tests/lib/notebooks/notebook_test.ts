/** The one way a notebook is written. */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { formatNotebook, type Notebook, readNotebook } from "../../../lib/notebooks/notebook.ts";
import { findPrivate } from "../../../lib/notebooks/outputs.ts";

const text = fc.array(fc.string({ unit: "grapheme" }), { maxLength: 4 }).map((all) =>
  all.join("\n")
);
const data = fc.dictionary(fc.constantFrom("text/plain", "text/html", "image/svg+xml"), text);
const output = fc.oneof(
  fc.record({
    output_type: fc.constant("stream" as const),
    name: fc.constant("stdout" as const),
    text,
  }),
  fc.record({ output_type: fc.constant("display_data" as const), data, metadata: fc.constant({}) }),
);
const cell = fc.oneof(
  fc.record({
    cell_type: fc.constant("markdown" as const),
    source: text,
    metadata: fc.constant({}),
  }),
  fc.record({
    cell_type: fc.constant("code" as const),
    source: text,
    metadata: fc.constant({}),
    execution_count: fc.option(fc.nat()),
    outputs: fc.array(output, { maxLength: 3 }),
  }),
);
const notebook = fc.array(cell, { maxLength: 4 }).map((cells): Notebook => ({
  cells,
  metadata: {},
  nbformat: 4,
  nbformat_minor: 5,
}));

Deno.test("what is written is read again as it was, and written again as it is", async () => {
  const file = await Deno.makeTempFile({ suffix: ".ipynb" });
  try {
    await fc.assert(
      fc.asyncProperty(notebook, async (notebook) => {
        const written = formatNotebook(notebook);
        await Deno.writeTextFile(file, written);
        const read = await readNotebook(file);
        assertEquals(read.cells.map(({ source }) => source), notebook.cells.map((c) => c.source));
        assertEquals(formatNotebook(read), written);
      }),
      { numRuns: 50 },
    );
  } finally {
    await Deno.remove(file);
  }
});

Deno.test("text stands in the file line by line, and keys in the order of their names", () => {
  const written = formatNotebook({
    cells: [{ cell_type: "markdown", id: "a", source: "one\ntwo", metadata: {} }],
    ...{ metadata: {}, nbformat: 4, nbformat_minor: 4 },
  });
  assertEquals(
    written,
    `{
 "cells": [
  {
   "cell_type": "markdown",
   "id": "a",
   "metadata": {},
   "source": [
    "one\\n",
    "two"
   ]
  }
 ],
 "metadata": {},
 "nbformat": 4,
 "nbformat_minor": 5
}
`,
  );
});

Deno.test("a pasted picture stays, and no two cells have the same id", async () => {
  const file = await Deno.makeTempFile({ suffix: ".ipynb" });
  const attachments = { "a.png": { "image/png": "AAAA" } };
  const cells = [
    {
      cell_type: "markdown",
      id: "cell-2",
      source: "![a](attachment:a.png)",
      metadata: {},
      attachments,
    },
    { cell_type: "markdown", source: "text", metadata: {} },
  ];
  try {
    await Deno.writeTextFile(
      file,
      JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }),
    );
    const written = JSON.parse(formatNotebook(await readNotebook(file)));
    assertEquals(written.cells[0].attachments, attachments);
    assert(written.cells[1].id !== "cell-2");
  } finally {
    await Deno.remove(file);
  }
});

Deno.test("a loopback address and a home folder are private, a price is not", () => {
  const shown = (text: string) => findPrivate([{ output_type: "stream", name: "stdout", text }]);
  assertEquals(shown("at http://127.0.0.1:9050/x"), "127.0.0.1:9050");
  assert(shown(`in ${Deno.env.get("HOME")}/x`) !== undefined || !Deno.env.get("HOME"));
  assertEquals(shown("12:30, 5,000 visitors, 45.50"), undefined);
});
