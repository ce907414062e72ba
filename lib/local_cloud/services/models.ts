/** Models: get, list, change what describes them, delete. They are made by CREATE MODEL. */
import { z } from "zod";
import { notFound } from "../errors.ts";
import type { DatasetRef, ModelEntry, ModelRef } from "../warehouse/catalogue.ts";
import type { Warehouse } from "../warehouse/engine.ts";
import { DEFAULT_LOCATION } from "./datasets.ts";
import { labels, parse, type Query, wholeNumber } from "./input.ts";
import { listPage } from "./pages.ts";
import { checkEtag, etagOf, patched } from "./resource.ts";

const change = z.strictObject({
  friendlyName: z.string().nullish(),
  description: z.string().nullish(),
  labels: labels.nullish(),
  expirationTime: wholeNumber.transform(String).nullish(),
  modelReference: z.unknown().optional(),
  etag: z.unknown().optional(),
});

const nameOf = ({ projectId, datasetId, modelId }: ModelRef) =>
  `${projectId}:${datasetId}.${modelId}`;

/** A model as REST answers with it. */
function modelResource(entry: ModelEntry, location: string): Record<string, unknown> {
  return {
    etag: etagOf(entry),
    location,
    modelType: entry.modelType,
    ...entry.resource,
    modelReference: entry.ref,
    creationTime: String(entry.created),
    lastModifiedTime: String(entry.modified),
  };
}

/** Models of a warehouse, in REST's terms. */
export class Models {
  constructor(private readonly warehouse: Warehouse) {}

  async get(ref: ModelRef): Promise<unknown> {
    const { catalogue } = this.warehouse;
    return await this.warehouse.transaction(async (c) => {
      const entry = await catalogue.model(c, ref);
      if (entry === undefined) throw notFound(`Model ${nameOf(ref)}`);
      const dataset = await catalogue.dataset(c, ref);
      return modelResource(entry, dataset?.location ?? DEFAULT_LOCATION);
    });
  }

  async list(dataset: DatasetRef, query: Query): Promise<unknown> {
    const { catalogue } = this.warehouse;
    const all = await this.warehouse.transaction(async (c) => {
      if (await catalogue.dataset(c, dataset)) return await catalogue.models(c, dataset);
      throw notFound(`Dataset ${dataset.projectId}:${dataset.datasetId}`);
    });
    const { entries, nextPageToken } = listPage(all, query);
    const models = entries.map(({ ref, modelType, created, modified, resource }) => ({
      modelReference: ref,
      modelType,
      creationTime: String(created),
      lastModifiedTime: String(modified),
      labels: resource.labels,
    }));
    return { nextPageToken, ...(models.length > 0 ? { models } : {}) };
  }

  async change(ref: ModelRef, body: unknown, ifMatch?: string): Promise<unknown> {
    const { modelReference: _, etag: _etag, ...given } = parse(change, body);
    const { catalogue } = this.warehouse;
    return await this.warehouse.transaction(async (c) => {
      const before = await catalogue.model(c, ref);
      if (before === undefined) throw notFound(`Model ${nameOf(ref)}`);
      checkEtag(before, ifMatch);
      const resource = patched(before.resource, given);
      const entry = { ...before, resource, modified: Date.now() };
      await catalogue.putModel(c, entry);
      const dataset = await catalogue.dataset(c, ref);
      return modelResource(entry, dataset?.location ?? DEFAULT_LOCATION);
    });
  }

  async delete(ref: ModelRef): Promise<void> {
    const { catalogue } = this.warehouse;
    await this.warehouse.transaction(async (c) => {
      if (await catalogue.model(c, ref) === undefined) throw notFound(`Model ${nameOf(ref)}`);
      await catalogue.removeModel(c, ref);
    });
  }
}
