/** BYTES, codes of characters, hashes: between texts and what they are made of. */
import { type FunctionLowering, once, raise, Unsupported } from "../lowering.ts";
import { codePoints, literalText, nullIfNull, onStrings } from "./strings.ts";

const isBytes = (call: Parameters<FunctionLowering>[1]) =>
  call.argumentList[0].type.kind === "BYTES";

const length: FunctionLowering = ([value], call) =>
  isBytes(call) ? `octet_length(${value})` : `length(${value})`;

const byteLength: FunctionLowering = ([value], call) =>
  isBytes(call) ? `octet_length(${value})` : `strlen(${value})`;

/** DuckDB hashes a text's bytes, and writes the hash in hexadecimal digits. */
const hash = (name: string): FunctionLowering => ([value]) => `from_hex(${name}(${value}))`;

/** A first character beyond ASCII is an error; no character is 0. */
const ascii: FunctionLowering = ([text]) =>
  once(
    text,
    (value) =>
      `CASE WHEN ${value} = '' THEN 0 WHEN unicode(${value}) < 128 THEN CAST(unicode(${value}) AS BIGINT) WHEN ${value} IS NOT NULL THEN error('Argument to ASCII is not a structurally valid ASCII string: ''' || ${value} || '''') END`,
  );

const unicode: FunctionLowering = ([text]) =>
  once(
    text,
    (value) => `CASE WHEN ${value} = '' THEN 0 ELSE CAST(unicode(${value}) AS BIGINT) END`,
  );

const isCodePoint = (n: string) => `(${n} BETWEEN 0 AND 55295 OR ${n} BETWEEN 57344 AND 1114111)`;

/** CHR(n), an error if there is no such character; 0 is the character NUL, as in DuckDB. */
const chr: FunctionLowering = ([code]) => once(code, charOf);

const charOf = (n: string) =>
  `CASE WHEN ${
    isCodePoint(n)
  } THEN chr(CAST(${n} AS INTEGER)) WHEN ${n} IS NOT NULL THEN error('Invalid codepoint ' || ${n}) END`;

const toCodePoints: FunctionLowering = ([text], call) => {
  if (isBytes(call)) throw new Unsupported("TO_CODE_POINTS of BYTES", call.place);
  return `list_transform(${codePoints(text)}, lambda c: CAST(unicode(c) AS BIGINT))`;
};

/** NULL if one code is NULL. */
const fromCodePoints: FunctionLowering = ([codes]) =>
  once(
    codes,
    (list) =>
      `CASE WHEN len(list_filter(${list}, lambda c: c IS NULL)) = 0 THEN array_to_string(list_transform(${list}, lambda c: ${
        charOf("c")
      }), '') END`,
  );

/** An odd number of digits begins with a half byte. */
const fromHex: FunctionLowering = ([text]) =>
  once(
    text,
    (value) =>
      `CASE WHEN regexp_full_match(${value}, '[0-9a-fA-F]*') THEN from_hex(${value}) WHEN ${value} IS NOT NULL THEN error('Failed to decode invalid hexadecimal string: ' || ${value}) END`,
  );

const BASE64 = "'(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?'";

/** White space is passed over, and the signs at the end may be missing. */
const fromBase64: FunctionLowering = ([text]) =>
  once(
    `regexp_replace(${text}, '[ \\t\\n\\v\\f\\r]', '', 'g')`,
    (value) =>
      `CASE WHEN regexp_full_match(${value}, ${BASE64}) THEN from_base64(rpad(rtrim(${value}, '='), CAST((strlen(rtrim(${value}, '=')) + 3) // 4 * 4 AS INTEGER), '=')) WHEN ${value} IS NOT NULL THEN error('Failed to decode invalid base64 string') END`,
  );

/** The composed form alone, which is the default. */
const normalize: FunctionLowering = ([text], call) => {
  const mode = call.argumentList[1];
  if (mode !== undefined && !(mode.kind === "Literal" && Number(mode.value.enumValue ?? 0) === 0)) {
    throw new Unsupported("NORMALIZE to a form other than NFC", call.place);
  }
  return `nfc_normalize(${text})`;
};

/** Constant patterns without an escape keep DuckDB's fast paths; a last backslash is an error. */
const like: FunctionLowering = ([text, pattern], call) => {
  const literal = literalText(call, 1);
  if (literal === undefined) return `(${text} LIKE ${pattern} ESCAPE '\\')`;
  if (/(^|[^\\])(\\\\)*\\$/.test(literal)) {
    return nullIfNull([text], raise("LIKE pattern ends with a backslash"));
  }
  return literal.includes("\\")
    ? `(${text} LIKE ${pattern} ESCAPE '\\')`
    : `(${text} LIKE ${pattern})`;
};

export const STRING_BYTES: [string, FunctionLowering][] = [
  ["$like", onStrings(like)],
  ["ascii", ascii],
  ["byte_length", byteLength],
  ["chr", chr],
  ["code_points_to_string", fromCodePoints],
  ["from_base64", fromBase64],
  ["from_hex", fromHex],
  ["length", length],
  ["md5", hash("md5")],
  ["normalize", normalize],
  ["octet_length", byteLength],
  ["sha1", hash("sha1")],
  ["sha256", hash("sha256")],
  ["to_base64", ([bytes]) => `to_base64(${bytes})`],
  ["to_code_points", toCodePoints],
  ["to_hex", ([bytes]) => `lower(hex(${bytes}))`],
  ["unicode", unicode],
];
