/** What the store remembers of a bucket and of an object. */
import { CloudError } from "../errors.ts";
import type { Digest } from "./draft.ts";

/** Properties that the caller sets and gets back as they were: labels, versioning, lifecycle … */
export type Settings = Record<string, unknown>;

/** A bucket. */
export interface BucketRecord {
  name: string;
  /** Grows by one with each change of the settings, from 1. */
  metageneration: number;
  settings: Settings;
  /** When it was made and last changed, RFC 3339. */
  created: string;
  updated: string;
}

/** An object: everything but its contents. */
export interface ObjectRecord extends Digest {
  bucket: string;
  name: string;
  /** Tells this contents from all earlier ones of the name: microseconds since 1970. */
  generation: number;
  /** Grows by one with each change of the details, from 1. */
  metageneration: number;
  details: ObjectDetails;
  created: string;
  updated: string;
  /** Generated name of the file with the contents. */
  file: string;
}

/** What the caller may say of an object; everything is optional. */
export interface ObjectDetails {
  contentType?: string;
  contentEncoding?: string;
  contentDisposition?: string;
  contentLanguage?: string;
  cacheControl?: string;
  customTime?: string;
  storageClass?: string;
  /** The caller's own keys and values. */
  metadata?: Record<string, string>;
}

/** Where an object is. */
export interface ObjectPlace {
  bucket: string;
  name: string;
}

/** One object found for a URI, for whoever reads its contents as a file. */
export interface ResolvedObject {
  /** The file with the contents. Its name says nothing; use `name` for the ending. */
  path: string;
  /** The object's name in its bucket. */
  name: string;
  /** Bytes. */
  size: number;
  /** `gs://bucket/name`. */
  uri: string;
}

/** One page of a listing. */
export interface ObjectPage {
  objects: ObjectRecord[];
  prefixes: string[];
  /** Absent on the last page. */
  nextPageToken?: string;
}

/** What must hold for a call to be carried out. */
export interface Conditions {
  /** The generation that must be the current one; 0: there must be no such object. */
  ifGenerationMatch?: number;
  ifGenerationNotMatch?: number;
  ifMetagenerationMatch?: number;
  ifMetagenerationNotMatch?: number;
}

/**
 * Compares what is there with the conditions.
 *
 * @param current The object or bucket, undefined where there is none.
 * @throws {CloudError} `conditionNotMet`.
 */
export function checkConditions(
  current: { generation?: number; metageneration: number } | undefined,
  conditions: Conditions,
): void {
  const { generation = 0, metageneration = 0 } = current ?? {};
  const { ifGenerationMatch, ifGenerationNotMatch } = conditions;
  const { ifMetagenerationMatch, ifMetagenerationNotMatch } = conditions;
  const met = (ifGenerationMatch ?? generation) === generation &&
    ifGenerationNotMatch !== generation &&
    (ifMetagenerationMatch ?? metageneration) === metageneration &&
    ifMetagenerationNotMatch !== metageneration;
  if (met) return;
  throw new CloudError(
    "conditionNotMet",
    "At least one of the pre-conditions you specified did not hold.",
    "If-Match",
  );
}

/** Applies a JSON merge patch: null removes, objects merge, anything else replaces (RFC 7396). */
export function merged<T extends object>(target: T, patch: object): T {
  const result: Record<string, unknown> = Object.fromEntries(Object.entries(target));
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = isObject(value) ? merged(objectOr(result[key]), value) : value;
  }
  return result as T;
}

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const objectOr = (value: unknown): object => isObject(value) ? value : {};
