import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { csvToJson } from "../../lib/csv_events.ts";
import { Failure } from "../../lib/failure.ts";

const COLUMNS = [
  { name: "name", type: "STRING" },
  { name: "count", type: "INTEGER" },
  { name: "items", type: "RECORD", mode: "REPEATED" },
];

async function convert(pieces: string[]): Promise<unknown[]> {
  const rows: unknown[] = [];
  for await (const line of csvToJson(ReadableStream.from(pieces), COLUMNS)) {
    rows.push(JSON.parse(line));
  }
  return rows;
}

Deno.test("cells become values, and nested columns are read as JSON", async () => {
  const rows = await convert([
    '\uFEFFname,count,items\r\nann,3,"[{""x"": 1}]"\r\n"a ""b"",\nc",,\n',
  ]);
  assertEquals(rows, [
    { name: "ann", count: "3", items: [{ x: 1 }] },
    { name: 'a "b",\nc' },
  ]);
});

Deno.test("the last line needs no end, and empty lines are no rows", async () => {
  assertEquals(await convert(["name,count\nann,1\n\nbob,2"]), [
    { name: "ann", count: "1" },
    { name: "bob", count: "2" },
  ]);
  assertEquals(await convert(["name,count\nann,"]), [{ name: "ann" }]);
});

Deno.test("a row of another length is refused by its line", async () => {
  const error = await assertRejects(() => convert(['name,count\n"a\nb",1\nbob\n']), Failure);
  assertEquals(
    error.message,
    "Cannot read the CSV file as each row must have 2 cells like the header: " +
      "the one ending in line 4 has 1",
  );
});

Deno.test("a nested cell that is no JSON, and quotes that do not match, are refused", async () => {
  await assertRejects(() => convert(["name,items\na,[x]\n"]), Failure, 'line 2 has "[x]"');
  await assertRejects(() => convert(['name,count\n"a,1\n']), Failure, "quotes do not match");
});

Deno.test("any cells come back, wherever the file is cut into pieces", async () => {
  const cell = fc.string({ minLength: 1 }).filter((text) => text !== "\uFEFF");
  const rows = fc.array(fc.tuple(cell, cell), { minLength: 1 });
  await fc.assert(fc.asyncProperty(rows, fc.array(fc.nat(200)), async (rows, cuts) => {
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    const csv = `name,count\n${rows.map((row) => row.map(quoted).join(",")).join("\r\n")}`;
    const places = [0, ...cuts.filter((at) => at < csv.length).sort((a, b) => a - b), csv.length];
    const pieces = places.slice(1).map((end, i) => csv.slice(places[i], end));
    assertEquals(await convert(pieces), rows.map(([name, count]) => ({ name, count })));
  }));
});
