import { assertEquals } from "@std/assert";
import { matching, readPath, tokenize } from "../../../../lib/local_cloud/sql/tokens.ts";

const texts = (sql: string) => tokenize(sql).map(({ text }) => text);

Deno.test("comments of all three kinds are no tokens", () => {
  assertEquals(texts("a # b\n-- c\n/* d\n */ e"), ["a", "e"]);
});

Deno.test("what looks like a comment or a name inside a string is the string's", () => {
  assertEquals(texts(`'# a' "b -- c" c`), [`'# a'`, `"b -- c"`, "c"]);
  assertEquals(texts(`'it\\'s' x`), [`'it\\'s'`, "x"]);
  assertEquals(texts(`"""a "quoted" b""" x`), [`"""a "quoted" b"""`, "x"]);
  assertEquals(texts(`r'a' b"c" d`), [`r'a'`, `b"c"`, "d"]);
});

Deno.test("a token knows where it stands", () => {
  const [, token] = tokenize("SELECT `a b`");
  assertEquals([token.text, token.start, token.end], ["a b", 7, 12]);
});

Deno.test("a quoted path is taken apart at its dots, a project keeps its dashes", () => {
  assertEquals(readPath(tokenize("`my-project.d.t` x"), 0), {
    parts: ["my-project", "d", "t"],
    next: 1,
  });
  assertEquals(readPath(tokenize("my-project.d.`t`"), 0)?.parts, ["my-project", "d", "t"]);
  assertEquals(readPath(tokenize("a - b"), 0)?.parts, ["a"]);
});

Deno.test("brackets are matched through strings and nested brackets", () => {
  const tokens = tokenize("f(a, ')', g(b, [c, d]), e) x");
  const found = matching(tokens, 1);
  assertEquals(tokens[found!.close].start, 25);
  assertEquals(found!.commas.length, 3);
});

Deno.test("parameters are tokens of their own", () => {
  assertEquals(tokenize("@a + ? + @@dataset_id").map(({ kind }) => kind), [
    "parameter",
    "symbol",
    "parameter",
    "symbol",
    "parameter",
  ]);
});
