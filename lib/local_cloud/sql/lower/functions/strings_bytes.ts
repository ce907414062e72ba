/** BYTES, codes of characters, hashes: between texts and what they are made of. */
import { type Fail, failure } from "../casts/lowering.ts";
import { type FunctionLowering, once, raise, Unsupported } from "../lowering.ts";
import { codePoints, literalText } from "./strings.ts";

const isBytes = (call: Parameters<FunctionLowering>[1]) =>
  call.argumentList[0].type.kind === "BYTES";

const length: FunctionLowering = ([value], call) =>
  isBytes(call) ? `octet_length(${value})` : `length(${value})`;

const byteLength: FunctionLowering = ([value], call) =>
  isBytes(call) ? `octet_length(${value})` : `strlen(${value})`;

/** DuckDB hashes a text's bytes, and writes the hash in hexadecimal digits. */
const hash = (name: string): FunctionLowering => ([value]) => `from_hex(${name}(${value}))`;

/** A first character beyond ASCII is an error; no character is 0. */
const ascii: FunctionLowering = ([text], call) =>
  once(text, (value) => {
    const bad = failure(call)(
      `'Argument to ASCII is not a structurally valid ASCII string: ' || ${value}`,
    );
    return `CASE WHEN ${value} = '' THEN 0 WHEN unicode(${value}) < 128 THEN CAST(unicode(${value}) AS BIGINT) WHEN ${value} IS NOT NULL THEN ${bad} END`;
  });

const unicode: FunctionLowering = ([text]) =>
  once(
    text,
    (value) => `CASE WHEN ${value} = '' THEN 0 ELSE CAST(unicode(${value}) AS BIGINT) END`,
  );

const isCodePoint = (n: string) => `(${n} BETWEEN 0 AND 55295 OR ${n} BETWEEN 57344 AND 1114111)`;

/** CHR(n), an error if there is no such character; 0 is the character NUL, as in DuckDB. */
const chr: FunctionLowering = ([code], call) => once(code, (n) => charOf(n, failure(call)));

const charOf = (n: string, fail: Fail) => {
  const bad = fail(`'Invalid codepoint ' || ${n}`);
  return `CASE WHEN ${
    isCodePoint(n)
  } THEN chr(CAST(${n} AS INTEGER)) WHEN ${n} IS NOT NULL THEN ${bad} END`;
};

const toCodePoints: FunctionLowering = ([text], call) => {
  if (isBytes(call)) throw new Unsupported("TO_CODE_POINTS of BYTES", call.place);
  return `list_transform(${codePoints(text)}, lambda c: CAST(unicode(c) AS BIGINT))`;
};

/** NULL if one code is NULL. */
const fromCodePoints: FunctionLowering = ([codes], call) =>
  once(codes, (list) => {
    const text = `array_to_string(list_transform(${list}, lambda c: ${
      charOf("c", failure(call))
    }), '')`;
    return `CASE WHEN len(list_filter(${list}, lambda c: c IS NULL)) = 0 THEN ${text} END`;
  });

/** An odd number of digits begins with a half byte. */
const fromHex: FunctionLowering = ([text], call) =>
  once(text, (value) => {
    const bad = failure(call)(`'Failed to decode invalid hexadecimal string: ' || ${value}`);
    return `CASE WHEN regexp_full_match(${value}, '[0-9a-fA-F]*') THEN from_hex(${value}) WHEN ${value} IS NOT NULL THEN ${bad} END`;
  });

const BASE64 = "'(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?'";

/** White space is passed over, and the signs at the end may be missing. */
const fromBase64: FunctionLowering = ([text]) =>
  once(
    `regexp_replace(${text}, '[ \\t\\n\\v\\f\\r]', '', 'g')`,
    (value) =>
      `CASE WHEN regexp_full_match(${value}, ${BASE64}) THEN from_base64(rpad(rtrim(${value}, '='), CAST((strlen(rtrim(${value}, '=')) + 3) // 4 * 4 AS INTEGER), '=')) WHEN ${value} IS NOT NULL THEN ${
        raise("Failed to decode invalid base64 string")
      } END`,
  );

/** The composed form alone, which is the default. */
const normalize: FunctionLowering = ([text], call) => {
  const mode = call.argumentList[1];
  if (mode !== undefined && !(mode.kind === "Literal" && Number(mode.value.enumValue ?? 0) === 0)) {
    throw new Unsupported("NORMALIZE to a form other than NFC", call.place);
  }
  return `nfc_normalize(${text})`;
};

const LAST_BACKSLASH = raise("LIKE pattern ends with a backslash");

/**
 * A backslash escapes in GoogleSQL's patterns; DuckDB has to be told, and then leaves its fast paths.
 * One at a pattern's end is an error, which DuckDB raises only for texts that match so far.
 */
const like: FunctionLowering = ([text, pattern], call) => {
  const literal = literalText(call, 1);
  if (literal === undefined) {
    return once(
      text,
      (value) =>
        once(
          pattern,
          (like) =>
            `CASE WHEN ${value} IS NOT NULL AND regexp_matches(${like}, '(^|[^\\\\])(\\\\\\\\)*\\\\$') THEN ${LAST_BACKSLASH} ELSE ${value} LIKE ${like} ESCAPE '\\' END`,
        ),
    );
  }
  if (/(^|[^\\])(\\\\)*\\$/.test(literal)) return `CAST(${LAST_BACKSLASH} AS BOOLEAN)`;
  const escape = literal.includes("\\") ? " ESCAPE '\\'" : "";
  return `(${text} LIKE ${pattern}${escape})`;
};

const HEX_BYTE = "(?:[0-9A-F]{2})";

/** LIKE of BYTES: a constant pattern as one of the hexadecimal digits, two for each byte. */
const likeBytes: FunctionLowering = ([bytes], call) => {
  const node = call.argumentList[1];
  const pattern = node.kind === "Literal" ? node.value.bytesValue : undefined;
  if (pattern === undefined) {
    throw new Unsupported("LIKE of BYTES with a pattern that is not a literal", call.place);
  }
  let digits = "";
  for (let i = 0; i < pattern.length; i++) {
    const sign = String.fromCharCode(pattern[i]);
    if (sign === "\\" && ++i === pattern.length) return `CAST(${LAST_BACKSLASH} AS BOOLEAN)`;
    if (sign === "%") digits += `${HEX_BYTE}*`;
    else if (sign === "_") digits += HEX_BYTE;
    else digits += pattern[i].toString(16).padStart(2, "0").toUpperCase();
  }
  return `regexp_full_match(hex(${bytes}), '${digits}')`;
};

const likeOf: FunctionLowering = (args, call, lower) =>
  (isBytes(call) ? likeBytes : like)(args, call, lower);

export const STRING_BYTES: [string, FunctionLowering][] = [
  ["$like", likeOf],
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
