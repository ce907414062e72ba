/** Makes tables of 1000 rows in the folder given, a line for each, until someone ends it. */
import { Warehouse } from "../../../../lib/local_cloud/warehouse/engine.ts";

const warehouse = await Warehouse.open(Deno.args[0], { readable: [] });
const { catalogue } = warehouse;
const ref = { projectId: "p", datasetId: "d" };
const dated = { created: 1, modified: 1, resource: {} };
await warehouse.transaction((c) => catalogue.putDataset(c, { ref, location: "US", ...dated }));

for (let number = 0;; number++) {
  await warehouse.transaction(async (c) => {
    const storage = warehouse.newStorage("table");
    await c.run(`CREATE TABLE ${storage} AS SELECT unnest(range(500)) AS x`);
    await c.run(`INSERT INTO ${storage} SELECT unnest(range(500))`);
    await catalogue.putTable(c, {
      ref: { ...ref, tableId: `t${number}` },
      type: "TABLE",
      columns: [{ name: "x", type: { kind: "INT64" } }],
      storage,
      ...dated,
    });
  });
  console.log(number);
}
