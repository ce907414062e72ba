/** Datasets: insert, get, list, change, delete. */
import { z } from "zod";
import { CloudError, notFound } from "../errors.ts";
import type { DatasetEntry, DatasetRef } from "../warehouse/catalogue.ts";
import type { Warehouse } from "../warehouse/engine.ts";
import { labels, parse, type Query, wholeNumber, yesOrNo } from "./input.ts";
import { checkId } from "./names.ts";
import { listPage } from "./pages.ts";
import { checkEtag, etagOf, patched } from "./resource.ts";

/** Fields that a caller may set; those the server answers with may come back and are left alone. */
const changeable = {
  friendlyName: z.string().nullish(),
  description: z.string().nullish(),
  labels: labels.nullish(),
  access: z.array(z.unknown()).nullish(),
  defaultCollation: z.literal("").nullish(),
  maxTimeTravelHours: wholeNumber.transform(String).nullish(),
  storageBillingModel: z.string().nullish(),
};
const answered = {
  kind: z.unknown().optional(),
  id: z.unknown().optional(),
  etag: z.unknown().optional(),
  selfLink: z.unknown().optional(),
  type: z.unknown().optional(),
  creationTime: z.unknown().optional(),
  lastModifiedTime: z.unknown().optional(),
  satisfiesPzs: z.unknown().optional(),
  satisfiesPzi: z.unknown().optional(),
  projectId: z.unknown().optional(), // the Node client's dataset.get({ autoCreate: true }) sends it
};
const reference = z.object({ projectId: z.string().optional(), datasetId: z.string() });
const newDataset = z.strictObject({
  ...changeable,
  ...answered,
  datasetReference: reference,
  location: z.string().optional(),
  isCaseInsensitive: z.literal(false).optional(),
});
const change = z.strictObject({
  ...changeable,
  ...answered,
  datasetReference: reference.optional(),
  location: z.string().optional(),
});

/** The location of datasets and jobs that name none. */
export const DEFAULT_LOCATION = "US";

const nameOf = ({ projectId, datasetId }: DatasetRef) => `${projectId}:${datasetId}`;

/** Only what a caller may set, of a checked body. */
function settable(body: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.keys(changeable).map((name) => [name, body[name]]));
}

/** A dataset as REST answers with it. */
function datasetResource(entry: DatasetEntry): Record<string, unknown> {
  const { ref, location, created, modified, resource } = entry;
  return {
    kind: "bigquery#dataset",
    etag: etagOf(entry),
    id: nameOf(ref),
    datasetReference: { datasetId: ref.datasetId, projectId: ref.projectId },
    location,
    type: "DEFAULT",
    maxTimeTravelHours: "168",
    ...resource,
    creationTime: String(created),
    lastModifiedTime: String(modified),
  };
}

/** Datasets of a warehouse, in REST's terms. */
export class Datasets {
  constructor(private readonly warehouse: Warehouse) {}

  /** @throws {CloudError} `duplicate` if the name is taken. */
  async insert(projectId: string, body: unknown): Promise<unknown> {
    const given = parse(newDataset, body);
    const datasetId = checkId("dataset", given.datasetReference.datasetId);
    const now = Date.now();
    const entry: DatasetEntry = {
      ref: { projectId: checkId("project", projectId), datasetId },
      location: given.location ?? DEFAULT_LOCATION,
      created: now,
      modified: now,
      resource: patched({}, settable(given)),
    };
    const { catalogue } = this.warehouse;
    await this.warehouse.transaction((c) => catalogue.putDataset(c, entry, { onlyNew: true }));
    return datasetResource(entry);
  }

  async get(ref: DatasetRef): Promise<unknown> {
    return datasetResource(await this.#entry(ref));
  }

  async list(projectId: string, query: Query): Promise<unknown> {
    const { catalogue } = this.warehouse;
    const all = await this.warehouse.transaction((c) => catalogue.datasets(c, projectId));
    const { entries, nextPageToken } = listPage(all.filter(matching(query.filter)), query);
    const datasets = entries.map((entry) => {
      const { kind, id, datasetReference, location, labels, friendlyName } = datasetResource(entry);
      return { kind, id, datasetReference, location, labels, friendlyName };
    });
    const found = datasets.length > 0 ? { datasets } : {};
    return { kind: "bigquery#datasetList", etag: etagOf(datasets), nextPageToken, ...found };
  }

  /** @param whole Whether fields that the body lacks go (PUT) or stay (PATCH). */
  async change(ref: DatasetRef, body: unknown, whole: boolean, ifMatch?: string): Promise<unknown> {
    const given = parse(change, body);
    return await this.warehouse.transaction(async (c) => {
      const before = await this.warehouse.catalogue.dataset(c, ref);
      if (before === undefined) throw notFound(`Dataset ${nameOf(ref)}`);
      checkEtag(before, ifMatch);
      if (given.location !== undefined && given.location !== before.location) {
        throw new CloudError("invalid", "Cannot change the location of a dataset", "location");
      }
      const resource = patched(whole ? {} : before.resource, settable(given));
      const entry = { ...before, resource, modified: Date.now() };
      await this.warehouse.catalogue.putDataset(c, entry);
      return datasetResource(entry);
    });
  }

  /** @throws {CloudError} `resourceInUse` if something is in it and `deleteContents` is not set. */
  async delete(ref: DatasetRef, query: Query): Promise<void> {
    const withContents = parse(yesOrNo.default(false), query.deleteContents, "deleteContents");
    const { catalogue } = this.warehouse;
    await this.warehouse.transaction(async (c) => {
      if (await catalogue.dataset(c, ref) === undefined) throw notFound(`Dataset ${nameOf(ref)}`);
      if (withContents) {
        for (const table of await catalogue.tables(c, ref)) {
          await catalogue.removeTable(c, table.ref);
        }
        for (const model of await catalogue.models(c, ref)) {
          await catalogue.removeModel(c, model.ref);
        }
        for (const { ref: routine } of await catalogue.routines(c, ref)) {
          await catalogue.removeRoutine(c, routine);
        }
      }
      await catalogue.removeDataset(c, ref);
    });
  }

  async #entry(ref: DatasetRef): Promise<DatasetEntry> {
    checkId("dataset", ref.datasetId);
    const entry = await this.warehouse.transaction((c) => this.warehouse.catalogue.dataset(c, ref));
    if (entry === undefined) throw notFound(`Dataset ${nameOf(ref)}`);
    return entry;
  }
}

/** `labels.department:shipping labels.active`: all of them must hold. */
function matching(filter = ""): (entry: DatasetEntry) => boolean {
  const conditions = filter.split(/\s+/).filter((part) => part !== "").map((part) => {
    const found = /^labels\.([^:]+)(?::(.*))?$/.exec(part);
    if (found === null) throw new CloudError("invalid", `Invalid filter: ${filter}`, "filter");
    return { key: found[1], value: found[2] };
  });
  return ({ resource }) => {
    const labels = (resource.labels ?? {}) as Record<string, string>;
    return conditions.every(({ key, value }) =>
      key in labels && (value === undefined || value === "" || labels[key] === value)
    );
  };
}
