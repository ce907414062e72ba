import { cases } from "../judge.ts";
import { each, over, pairs } from "./over.ts";

cases("strings", [
  ..."UPPER LOWER LENGTH CHAR_LENGTH BYTE_LENGTH OCTET_LENGTH REVERSE TRIM LTRIM RTRIM UNICODE"
    .split(
      " ",
    ).map((name) => `SELECT id, ${name}(s) FROM texts`),
  ..."TO_CODE_POINTS NORMALIZE MD5 SHA1 SHA256 SPLIT".split(" ").map((name) =>
    `SELECT id, ${name}(s) FROM texts`
  ),
  "SELECT id, TRIM(s, 'ac'), LTRIM(s, 'é '), RTRIM(s, 'c') FROM texts",
  "SELECT id, SPLIT(s, ''), SPLIT(s, ','), SPLIT(s, 'b,'), SPLIT(s, p) FROM texts",
  "SELECT id, CONCAT(s, 'x', p), s || p, CONCAT(s) FROM texts",
  "SELECT id, REPLACE(s, 'b', ''), REPLACE(s, '', 'x'), REPLACE(s, p, '<>') FROM texts",
  "SELECT a.id, b.id, STARTS_WITH(a.s, b.p), ENDS_WITH(a.s, b.p), STRPOS(a.s, b.p) FROM texts a, texts b",
  "SELECT a.id, b.id, INSTR(a.s, b.p) FROM texts a, texts b WHERE b.p <> ''",
  "SELECT id, CODE_POINTS_TO_STRING(TO_CODE_POINTS(s)) FROM texts",
  ...over(["'ﬁx'"], ["LENGTH(x)"]),
  ...over(["'a\\r\\nb'", "'e\\u0301'"], ["REVERSE(x)", "SPLIT(x, '')"]),
]);

const TEXTS = ["''", "'abc'", "'日本語テキスト'", "'e\\u0301té'", "NULL"];
const PLACES = ["0", "1", "-1", "2", "-2", "5", "-100", "100", "9223372036854775807", "NULL"];
const LEAST = "-9223372036854775808";
cases("parts of strings", [
  ...pairs(TEXTS, [...PLACES, LEAST], [
    "SUBSTR(x, y)",
    "SUBSTR(x, y, 2)",
    "SUBSTR(CAST(x AS BYTES), y)",
    "SUBSTR(CAST(x AS BYTES), y, 2)",
  ]),
  ...pairs(TEXTS, PLACES.filter((n) => !n.startsWith("-")), [
    "SUBSTR(x, 2, y)",
    "SUBSTR(x, -2, y)",
    "SUBSTR(CAST(x AS BYTES), 2, y)",
    "LEFT(x, y)",
    "RIGHT(x, y)",
  ]),
  ...pairs(TEXTS, ["0", "1", "5", "12", "NULL"], [
    "LPAD(x, y, '日本')",
    "RPAD(x, y, 'x')",
    "LPAD(x, y)",
    "REPEAT(x, y)",
  ]),
  ...["SUBSTR(x, 1, -1)", "LEFT(x, -1)", "RIGHT(x, -1)", "REPEAT(x, -1)", "LPAD(x, -1)"].flatMap((
    call,
  ) => [...each(["'abc'"], call), ...each(["'abc'"], `SAFE.${call}`)]),
  ...each(["'abc'"], "RPAD(x, 5, '')"),
]);

cases("LIKE", [
  ..."a% %b_ _b_ é% %😀 %,_,% %本% abc".split(" ").map((pattern) =>
    `SELECT id, s LIKE '${pattern}', s NOT LIKE '${pattern}' FROM texts`
  ),
  "SELECT id, s LIKE r'%\\%%', s LIKE r'%\\_%', s LIKE r'\\a%', s LIKE r'%\\\\' FROM texts",
  "SELECT a.id, b.id, a.s LIKE b.p FROM texts a, texts b",
  ...each(["'abc'", "CAST(NULL AS STRING)", "''"], "x LIKE 'a\\\\'"),
  ...each(["'b\\\\'", "'abc'"], "'abc' LIKE x"),
  "SELECT id, y LIKE b'a%', y LIKE b'%\\x00_', y LIKE b'%', y LIKE b'_', y LIKE rb'\\%' FROM texts",
  ...each(["b'abc'", "b''"], "x LIKE b'a\\\\'"),
]);

const FAIL = ["'é'", "'日'"];
cases("codes, digits and hashes", [
  ...over(["''", "'a'", "'~x'", "NULL"], ["ASCII(x)"]),
  ...each(FAIL, "ASCII(x)"),
  ...over(["0", "65", "233", "128512", "NULL"], ["CHR(x)", "CODE_POINTS_TO_STRING([x, 65])"]),
  ...["55296", "-1", "1114112"].flatMap((n) => [
    ...each([n], "CHR(x)"),
    ...each([n], "SAFE.CHR(x)"),
    ...each([n], "CODE_POINTS_TO_STRING([x])"),
  ]),
  ...over(["'abc'", "'ABCD'", "'a'", "''", "NULL"], ["FROM_HEX(x)"]),
  ...each(["'0g'"], "FROM_HEX(x)"),
  ...over(["'YQ=='", "'YQ'", "'YWI='", "' Y W I ='", "''", "NULL"], ["FROM_BASE64(x)"]),
  ...each(["'Y'", "'YQ='", "'!!'", "'-_-_'"], "FROM_BASE64(x)"),
  "SELECT id, TO_HEX(y), TO_BASE64(y), FROM_BASE64(TO_BASE64(y)), LENGTH(y), BYTE_LENGTH(y) FROM texts",
  "SELECT id, MD5(y), SHA1(y), SHA256(y), CONCAT(y, y), y || b'a' FROM texts",
]);

const PATTERNS = [
  "b",
  "^.$",
  "(?i)ABC",
  "a.*b",
  "\\\\pL",
  "\\\\W+",
  "^[^,]*,",
  "[[:alpha:]]+$",
  "",
];
cases("regular expressions", [
  ...PATTERNS.map((pattern) => `SELECT id, REGEXP_CONTAINS(s, '${pattern}') FROM texts`),
  ...["b.", "a(.)", "x*", "^(\\\\w+)", "(a|b)", "(?:x|a)(b?)", "((?:a|b)+),", "[bB]"].map((
    pattern,
  ) => `SELECT id, REGEXP_EXTRACT(s, '${pattern}'), REGEXP_SUBSTR(s, '${pattern}') FROM texts`),
  ...[".", "(.),", "[a-z]+", "\\\\d\\\\d"].map((pattern) =>
    `SELECT id, REGEXP_EXTRACT_ALL(s, '${pattern}') FROM texts`
  ),
  "SELECT id, REGEXP_REPLACE(s, 'b*', '-'), REGEXP_REPLACE(s, '', '-') FROM texts",
  "SELECT id, REGEXP_REPLACE(s, '(a)(.)', r'\\2\\1'), REGEXP_REPLACE(s, 'a', r'\\\\') FROM texts",
  "SELECT id, REGEXP_REPLACE(s, r'\\W+', '_'), REGEXP_REPLACE(s, '$', '!') FROM texts",
  ...each(["'abc'", "CAST(NULL AS STRING)", "'x'"], "REGEXP_EXTRACT(x, '(a)(b)')"),
  ...each(["'abc'"], "REGEXP_CONTAINS(x, '(')"),
]);
