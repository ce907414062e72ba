// @ts-check
/**
 * A folder of a bucket.
 *
 * @module
 */
import { breakable, el, factList, listTable } from "./dom.js";
import { counted, sizeText, timeText } from "./format.js";
import { getJson, path } from "./rest.js";
import { hrefTo } from "./routes.js";

/**
 * @import { Bucket, ObjectList, StoredObject } from "../resources.ts"
 * @import { Page, Route } from "./routes.js"
 */

const PAGE = 200;

/**
 * @param {Route} route
 * @returns {Promise<Page>}
 */
export async function bucketPage({ names: [name], query }) {
  const prefix = query.get("prefix") ?? "";
  const pageToken = query.get("page") ?? "";
  const url = path`/storage/v1/b/${name}`;
  const search = new URLSearchParams({ delimiter: "/", prefix, maxResults: String(PAGE) });
  if (pageToken !== "") search.set("pageToken", pageToken);
  /** @type {[Bucket, ObjectList]} */
  const [bucket, list] = await Promise.all([getJson(url), getJson(`${url}/o?${search}`)]);
  return {
    title: prefix.split("/").at(-2) ?? name,
    kind: prefix === "" ? "Bucket" : "Folder",
    trail: folderTrail(name, prefix),
    content: [
      prefix === ""
        ? factList([["Location", bucket.location], ["Changed", timeText(bucket.updated)]])
        : null,
      contentsView(name, prefix, list),
    ],
  };
}

/**
 * Links to the bucket and each folder above.
 *
 * @param {string} bucket
 * @param {string} prefix
 */
function folderTrail(bucket, prefix) {
  const folders = prefix.split("/").slice(0, -1);
  if (folders.length === 0) return [];
  const above = folders.slice(0, -1).map((folder, at) => {
    const to = `${folders.slice(0, at + 1).join("/")}/`;
    return el("a", { href: hrefTo("buckets", [bucket], { prefix: to }) }, folder);
  });
  return [el("a", { href: hrefTo("buckets", [bucket]) }, bucket), ...above];
}

/**
 * @param {string} bucket
 * @param {string} prefix
 * @param {ObjectList} list
 */
function contentsView(bucket, prefix, { prefixes = [], items = [], nextPageToken }) {
  const objects = items.filter(({ name }) => name !== prefix);
  if (prefixes.length + objects.length === 0) return el("p", {}, "Nothing is in it.");
  const columns = [
    { title: "Name" },
    { title: "Size", numeric: true },
    { title: "Type" },
    { title: "Changed", fixed: true },
    { title: "Contents" },
  ];
  const folders = prefixes.map((folder) => {
    const href = hrefTo("buckets", [bucket], { prefix: folder });
    return [el("a", { href }, breakable(folder.slice(prefix.length))), "", "folder", "", ""];
  });
  const rows = [...folders, ...objects.map((object) => objectRow(bucket, prefix, object))];
  const counts = [counted(prefixes.length, "folder"), counted(objects.length, "object")];
  const next = hrefTo("buckets", [bucket], { prefix, page: nextPageToken });
  return el(
    "section",
    {},
    el("h2", {}, "Contents"),
    el("p", {}, counts.join(" · "), nextPageToken ? " on this page" : ""),
    listTable("Contents", columns, rows),
    nextPageToken ? el("p", {}, el("a", { href: next }, "Next page")) : null,
  );
}

/**
 * @param {string} bucket
 * @param {string} prefix
 * @param {StoredObject} object
 */
function objectRow(bucket, prefix, { name, size, contentType = "", updated }) {
  const short = name.slice(prefix.length);
  const href = `${path`/download/storage/v1/b/${bucket}/o/${name}`}?alt=media`;
  const file = short.slice(short.lastIndexOf("/") + 1);
  const link = el("a", { href, download: file, "aria-label": `Download ${short}` }, "Download");
  return [short, sizeText(size), contentType, timeText(updated), link];
}
