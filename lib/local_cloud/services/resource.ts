/** What all resources have in common: etags, times, and changes by PATCH or PUT. */
import { createHash } from "node:crypto";
import { CloudError } from "../errors.ts";

/** A tag that differs whenever the entry does. */
export function etagOf(entry: unknown): string {
  return createHash("sha1").update(JSON.stringify(entry)).digest("base64url");
}

/**
 * Refuses a change of what someone else changed meanwhile.
 *
 * @param ifMatch The request's If-Match header.
 * @throws {CloudError} `conditionNotMet`.
 */
export function checkEtag(entry: unknown, ifMatch?: string): void {
  if (ifMatch === undefined || ifMatch === "*" || ifMatch === etagOf(entry)) return;
  throw new CloudError("conditionNotMet", "Precondition check failed.", "If-Match");
}

/**
 * A resource with the changes of a PATCH: what is null goes, labels are merged one by one, anything
 * else is replaced.
 */
export function patched(
  resource: Record<string, unknown>,
  changes: Record<string, unknown>,
): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...resource };
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) continue;
    if (value === null) delete merged[name];
    else if (name === "labels") merged[name] = mergedLabels(resource[name], value);
    else merged[name] = value;
  }
  return merged;
}

function mergedLabels(before: unknown, changes: unknown): unknown {
  const labels = { ...before as object, ...changes as object };
  return Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== null));
}
