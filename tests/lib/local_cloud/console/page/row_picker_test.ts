import { assertEquals } from "@std/assert";
import {
  columnsOf,
  covers,
  likelyId,
} from "../../../../../lib/local_cloud/console/page/row_picker.js";
import type { Field, Table } from "../../../../../lib/local_cloud/console/resources.ts";

const field = (name: string, type = "FLOAT", mode?: Field["mode"]): Field => ({ name, type, mode });
const input = (name: string) => ({ name, dtype: "float64" as const, shape: [-1] });
const table = (...fields: Field[]): Table => ({
  tableReference: { projectId: "p", datasetId: "d", tableId: "t" },
  type: "TABLE",
  schema: { fields },
});

Deno.test("a table fits if it has a plain column for each input, in any case of letters", () => {
  const columns = columnsOf(
    table(field("ID", "STRING"), field("Spent"), field("tags", "STRING", "REPEATED")),
  );
  assertEquals(columns.map(({ name }) => name), ["ID", "Spent"]);
  assertEquals(covers(columns, [input("spent")]), true);
  assertEquals(covers(columns, [input("tags")]), false);
  assertEquals(covers(columns, []), false);
});

Deno.test("rows are told apart by the text that the model does not take, an id if there is one", () => {
  const columns = [field("spent"), field("city", "STRING"), field("customer_id", "STRING")];
  assertEquals(likelyId(columns, [input("spent")]), "customer_id");
  assertEquals(likelyId([field("spent"), field("city", "STRING")], [input("spent")]), "city");
  assertEquals(
    likelyId([field("customer_id", "STRING"), field("n")], [input("customer_id")]),
    "customer_id",
  );
  assertEquals(likelyId([field("spent")], [input("spent")]), "spent");
});
