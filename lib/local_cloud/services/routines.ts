/** Routines: get, list, delete. They are made by CREATE FUNCTION. */
import { CloudError, notFound } from "../errors.ts";
import type { DatasetRef, RoutineEntry, RoutineRef } from "../warehouse/catalogue.ts";
import type { Warehouse } from "../warehouse/engine.ts";
import type { Query } from "./input.ts";
import { listPage } from "./pages.ts";
import { etagOf } from "./resource.ts";
import { toStandardType } from "./standard_types.ts";

/** A routine as REST answers with it. */
function routineResource(entry: RoutineEntry): Record<string, unknown> {
  const { ref, created, modified, resource } = entry;
  const { returnType, arguments: list, ...rest } = resource;
  const shown = list.map(({ name, type }) =>
    type === undefined
      ? { name, argumentKind: "ANY_TYPE" }
      : { name, dataType: toStandardType(type) }
  );
  return {
    ...rest,
    etag: etagOf(entry),
    routineReference: ref,
    language: "SQL",
    creationTime: String(created),
    lastModifiedTime: String(modified),
    arguments: shown,
    returnType: returnType && toStandardType(returnType),
  };
}

const nameOf = ({ projectId, datasetId, routineId }: RoutineRef) =>
  `${projectId}:${datasetId}.${routineId}`;

/** Routines of a warehouse, in REST's terms. */
export class Routines {
  constructor(private readonly warehouse: Warehouse) {}

  /** @throws {CloudError} `notImplemented`: a routine's body is SQL, and SQL makes it. */
  insert(): never {
    throw new CloudError(
      "notImplemented",
      "routines.insert is not supported by the local cloud: use CREATE FUNCTION",
    );
  }

  async get(ref: RoutineRef): Promise<unknown> {
    const entry = await this.warehouse.transaction((c) => this.warehouse.catalogue.routine(c, ref));
    if (entry === undefined) throw notFound(`Routine ${nameOf(ref)}`);
    return routineResource(entry);
  }

  async list(dataset: DatasetRef, query: Query): Promise<unknown> {
    const { catalogue } = this.warehouse;
    const all = await this.warehouse.transaction(async (c) => {
      if (await catalogue.dataset(c, dataset)) return await catalogue.routines(c, dataset);
      throw notFound(`Dataset ${dataset.projectId}:${dataset.datasetId}`);
    });
    const { entries, nextPageToken } = listPage(all, query);
    const routines = entries.map((entry) => {
      const { etag, routineReference, routineType, creationTime, lastModifiedTime, language } =
        routineResource(entry);
      return { etag, routineReference, routineType, creationTime, lastModifiedTime, language };
    });
    return { nextPageToken, ...(routines.length > 0 ? { routines } : {}) };
  }

  async delete(ref: RoutineRef): Promise<void> {
    const { catalogue } = this.warehouse;
    await this.warehouse.transaction(async (c) => {
      if (await catalogue.routine(c, ref) === undefined) throw notFound(`Routine ${nameOf(ref)}`);
      await catalogue.removeRoutine(c, ref);
    });
  }
}
