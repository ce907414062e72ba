/** What buckets and objects may be called, and how a `gs://` URI names objects. */
import { CloudError } from "../errors.ts";

/**
 * Checks a bucket's name by Google's rules.
 *
 * @throws {CloudError} `invalid`, naming the rule.
 * @see https://docs.cloud.google.com/storage/docs/buckets#naming
 */
export function checkBucketName(name: string): void {
  const broken = brokenRule(name);
  if (broken) throw new CloudError("invalid", `Invalid bucket name: '${name}': ${broken}`, "name");
}

function brokenRule(name: string): string | undefined {
  if (/[^-a-z0-9_.]/.test(name)) {
    return "only lower-case letters, digits, dashes, underscores and dots are allowed";
  }
  if (!/^[a-z0-9]/.test(name) || !/[a-z0-9]$/.test(name)) {
    return "it must begin and end with a letter or a digit";
  }
  const dotted = name.includes(".");
  if (name.length < 3 || name.length > (dotted ? 222 : 63)) {
    return "it must have 3 to 63 characters, or up to 222 with dots";
  }
  if (name.split(".").some((part) => part.length < 1 || part.length > 63)) {
    return "the parts between dots must have 1 to 63 characters";
  }
  if (/^\d+\.\d+\.\d+\.\d+$/.test(name)) return "it must not look like an IP address";
  if (name.startsWith("goog") || name.includes("google")) {
    return "it must not begin with 'goog' or contain 'google'";
  }
}

/**
 * Checks an object's name by Google's rules.
 *
 * @throws {CloudError} `required` when empty, `invalid` otherwise.
 * @see https://docs.cloud.google.com/storage/docs/objects#naming
 */
export function checkObjectName(name: string): void {
  if (name === "") throw new CloudError("required", "Required parameter: name", "name");
  const bytes = new TextEncoder().encode(name).length;
  const broken = bytes > 1024
    ? `it must have at most 1024 bytes in UTF-8, and has ${bytes}`
    : /[\r\n]/.test(name)
    ? "line breaks are not allowed"
    : name === "." || name === ".." || name.startsWith(".well-known/acme-challenge/")
    ? "it is reserved"
    : undefined;
  if (broken) throw new CloudError("invalid", `Invalid object name: '${name}': ${broken}`, "name");
}

/**
 * Takes a `gs://bucket/name` apart; the name may hold one `*`, which stands for any characters,
 * slashes included.
 *
 * @throws {CloudError} `invalid` for anything else.
 */
export function parseUri(uri: string): { bucket: string; matches: (name: string) => boolean } {
  const [, bucket, pattern] = /^gs:\/\/([^/]+)\/(.+)$/s.exec(uri) ?? [];
  if (bucket === undefined) {
    throw new CloudError("invalid", `Invalid URI '${uri}': expected gs://bucket/object`, "uri");
  }
  const [before, after, ...more] = pattern.split("*");
  if (more.length > 0) {
    throw new CloudError("invalid", `Invalid URI '${uri}': only one '*' is allowed`, "uri");
  }
  if (after === undefined) return { bucket, matches: (name) => name === pattern };
  const shortest = before.length + after.length;
  return {
    bucket,
    matches: (name) => name.length >= shortest && name.startsWith(before) && name.endsWith(after),
  };
}
