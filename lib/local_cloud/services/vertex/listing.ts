/** Lists: which resources, in which order, which page. */
import { Buffer } from "node:buffer";
import { numberParameter, type Query } from "../input.ts";
import { invalidArgument } from "./errors.ts";
import { parameter } from "./input.ts";

/** A resource as REST answers with it. */
export type Resource = Record<string, unknown>;

const MOST = 100;
const camelCase = (name: string) =>
  name.replaceAll(/_([a-z])/g, (_, letter) => letter.toUpperCase());

/**
 * One page of resources, as the query parameters `filter`, `orderBy`, `pageSize` and `pageToken` ask
 * for it.
 *
 * @param idField What the filter calls a resource's id: `model` or `endpoint`.
 * @throws {CloudError} `invalid`: a parameter that makes no sense or is not known here.
 */
export function listPage(
  resources: Resource[],
  query: Query,
  idField: string,
): { page: Resource[]; nextPageToken?: string } {
  for (const name of ["readMask", "read_mask"]) {
    if (query[name]) throw invalidArgument(`${name} is not supported by the local cloud`);
  }
  const keep = parseFilter(query.filter ?? "", idField);
  const found = ordered(resources.filter(keep), parameter(query, "orderBy") ?? "");
  const size = numberParameter(query, query.pageSize ? "pageSize" : "page_size") || MOST;
  const start = startOf(parameter(query, "pageToken"));
  const end = start + Math.min(size, MOST);
  const page = found.slice(start, end);
  return end < found.length ? { page, nextPageToken: tokenOf(end) } : { page };
}

const tokenOf = (start: number) => Buffer.from(`page ${start}`).toString("base64url");

function startOf(token?: string): number {
  if (!token) return 0;
  const found = /^page (\d+)$/.exec(Buffer.from(token, "base64url").toString());
  if (!found) throw invalidArgument(`Invalid page token: ${token}`);
  return Number(found[1]);
}

const TERM =
  /^\s*(?:labels\.(?:"([^"]+)"|([^\s=:!"]+))|([A-Za-z_]+))\s*(!=|=|:)\s*(?:"((?:[^"\\]|\\.)*)"|([^\s"]+))\s*(?:AND\s+|$)/;

type Test = (resource: Resource) => boolean;

/** Understands terms that are joined by AND: `display_name="x"`, `labels.team=shop`, `labels:team`. */
function parseFilter(filter: string, idField: string): Test {
  const tests: Test[] = [];
  for (let rest = filter; rest.trim() !== "";) {
    const found = TERM.exec(rest);
    if (!found) throw invalidArgument(`Invalid filter: "${filter}"`);
    const [whole, quotedKey, key, field, operator, quoted, plain] = found;
    const value = quoted?.replaceAll(/\\(.)/g, "$1") ?? plain;
    const label = quotedKey ?? key ?? (field === "labels" && operator === ":" ? value : undefined);
    tests.push(
      label === undefined
        ? fieldTest(camelCase(field), { operator, value, idField })
        : labelTest(label, operator, field === "labels" ? "*" : value),
    );
    rest = rest.slice(whole.length);
  }
  return (resource) => tests.every((test) => test(resource));
}

function labelTest(label: string, operator: string, value: string): Test {
  const has = ({ labels = {} }: Resource, test: (value: string) => boolean) =>
    Object.hasOwn(labels as object, label) && test((labels as Record<string, string>)[label]);
  if (operator === ":" && value === "*") return (one) => has(one, () => true);
  return (one) => has(one, (found) => found === value) === (operator !== "!=");
}

function fieldTest(
  field: string,
  { operator, value, idField }: { operator: string; value: string; idField: string },
): Test {
  if (operator === ":" || (field !== "displayName" && field !== idField)) {
    throw invalidArgument(
      `Filtering by ${field} is not supported: use display_name, ${idField} or labels with = or !=`,
    );
  }
  const text = (one: Resource) =>
    field === "displayName" ? one.displayName : String(one.name).split(/[/@]/)[5];
  return (one) => (text(one) === value) === (operator === "=");
}

/** By fields such as `display_name, create_time desc`; what is equal stays as it was. */
function ordered(resources: Resource[], orderBy: string): Resource[] {
  const keys = orderBy.split(",").filter((key) => key.trim() !== "").map((key) => {
    const found = /^\s*(display_?name|create_?time|update_?time)(?:\s+(asc|desc))?\s*$/i.exec(key);
    if (!found) throw invalidArgument(`Invalid order_by: "${orderBy}"`);
    const [, field, direction = "asc"] = found;
    return { field: camelCase(field), sign: direction.toLowerCase() === "desc" ? -1 : 1 };
  });
  return resources.toSorted((a, b) => {
    for (const { field, sign } of keys) {
      const [x, y] = [String(a[field]), String(b[field])];
      if (x !== y) return x < y ? -sign : sign;
    }
    return 0;
  });
}
