import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { replaceNames, setOptions } from "../../lib/sql_tokens.ts";

const naming = { from: "shop", to: "my-project.test" };

Deno.test("a dataset is replaced however its path is written", () => {
  const cases = {
    "FROM shop.events": "FROM `my-project.test.events`",
    "FROM `shop.events`": "FROM `my-project.test.events`",
    "FROM `shop`.events": "FROM `my-project.test.events`",
    "FROM shop . events": "FROM `my-project.test.events`",
    "FROM `shop.events`.items": "FROM `my-project.test.events`.items",
    "FROM shop.events.items": "FROM `my-project.test.events`.items",
    "MODEL shop.m, TABLE shop.t": "MODEL `my-project.test.m`, TABLE `my-project.test.t`",
    "SELECT shop.rating(TRIM(x))": "SELECT `my-project.test.rating`(TRIM(x))",
  };
  for (const [before, after] of Object.entries(cases)) {
    assertEquals(replaceNames(before, naming), after);
  }
});

Deno.test("what only looks like the dataset stays", () => {
  for (
    const sql of [
      "SELECT 'shop.events'",
      'SELECT "it\'s shop.events"',
      "SELECT r'\\' shop.events', shop",
      'SELECT """shop.events "quoted" """',
      "-- FROM shop.events",
      "# FROM shop.events",
      "/* FROM shop.events */ SELECT 1",
      "SELECT x.shop.events",
      "SELECT shop FROM myshop.events",
      "SELECT @shop.events",
      "FROM other.shop.events",
    ]
  ) assertEquals(replaceNames(sql, naming), sql);
});

Deno.test("a relation can be called otherwise, in the dataset or elsewhere", () => {
  const names = { events: "public-data.ga4.events_*", model: "model_2", old: "other.old" };
  assertEquals(
    replaceNames("shop.events, shop.model, shop.old, shop.x", { from: "shop", to: "shop", names }),
    "`public-data.ga4.events_*`, `shop.model_2`, `other.old`, shop.x",
  );
});

Deno.test("names of Object's own are no relations", () => {
  const sql = "SELECT * FROM shop.constructor";
  assertEquals(replaceNames(sql, { from: "shop", to: "shop", names: {} }), sql);
});

const MODEL = "CREATE MODEL shop.m OPTIONS (model_type = 'kmeans', NUM_CLUSTERS=4) " +
  "AS SELECT num_clusters = 4 FROM t -- num_clusters = 4";

Deno.test("an option is set in OPTIONS and nowhere else", () => {
  assertEquals(setOptions(MODEL, { num_clusters: 7 }), MODEL.replace("S=4", "S=7"));
  assertEquals(
    setOptions(MODEL, { num_clusters: 2, model_type: "it's" }),
    MODEL.replace("S=4", "S=2").replace("'kmeans'", "'it\\'s'"),
  );
});

Deno.test("an option may be a list or a call", () => {
  const sql =
    "CREATE MODEL m OPTIONS (a = ['x', 'y'], b = HPARAM_RANGE(1, 2), c = TRUE) AS SELECT 1";
  assertEquals(
    setOptions(sql, { a: 1, b: 2, c: false }),
    "CREATE MODEL m OPTIONS (a = 1, b = 2, c = FALSE) AS SELECT 1",
  );
});

Deno.test("an option that the statement does not set is refused", () => {
  const error = assertThrows(() => setOptions(MODEL, { clusters: 3 }), RangeError);
  assertEquals(
    error.message,
    "Cannot set the option clusters as the statement must set it already: " +
      "its options are model_type, num_clusters",
  );
  assertThrows(() => setOptions("SELECT options FROM t", { a: 1 }), RangeError, "none");
});

/** Pieces of SQL in which no path begins with `shop`. */
const harmless = fc.constantFrom(
  ...["SELECT", " ", "\n", ",", "x", "'shop.t'", '"shop.t"', "`a.b`", "-- shop.t\n", "/*shop.t*/"],
  ...["1.5", "(", ")", "other.t", "@p", "r'\\d shop.t'", "'''shop.t'''"],
);

Deno.test("only paths change, wherever they stand, and everything else stays to the byte", () => {
  fc.assert(fc.property(fc.array(harmless), fc.array(harmless), (before, after) => {
    const [left, right] = [before.join(" "), after.join(" ")];
    assertEquals(replaceNames(left, naming), left);
    assertEquals(
      replaceNames(`${left} shop.t ${right}`, naming),
      `${left} \`my-project.test.t\` ${right}`,
    );
  }));
});

Deno.test("replacing names with themselves changes nothing, in any text", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => {
    assertEquals(replaceNames(text, { from: "shop", to: "shop" }), text);
    assertEquals(setOptions(text, {}), text);
  }));
});
