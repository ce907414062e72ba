import { assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { hrefTo, parseRoute } from "../../../../../lib/local_cloud/console/page/routes.js";

Deno.test("any names lead to an address that leads back to them", () => {
  const name = fc.string({ minLength: 1, unit: "binary" })
    .filter((text) => text.isWellFormed());
  fc.assert(fc.property(name, name, name, fc.string(), (project, dataset, table, start) => {
    const route = parseRoute(hrefTo("tables", [project, dataset, table], { start }));
    assertEquals(route?.page, "tables");
    assertEquals(route?.names, [project, dataset, table]);
    assertEquals(route?.query.get("start") ?? "", start);
  }));
});

Deno.test("no address and a bare # are the overview", () => {
  for (const hash of ["", "#", "#/"]) assertEquals(parseRoute(hash)?.page, "overview");
  assertEquals(hrefTo("overview"), "#/");
});

Deno.test("an address of no page is told from a page", () => {
  const wrong = [
    "#/nonsense/x",
    "#/tables/p/d",
    "#/models/p/d/m/x",
    "#/registry/p/l",
    "#/buckets/%",
    "#/toString",
  ];
  for (const hash of wrong) assertEquals(parseRoute(hash), undefined);
});
