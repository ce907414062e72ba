/** Models that are loaded, and loading them when they are needed. */
import type { ObjectStore } from "../../object_store.ts";
import { loadSavedModel, type ServingModel } from "../../saved_model/mod.ts";
import { readArtifacts } from "./artifacts.ts";
import type { VersionRecord } from "./records.ts";

/** Loaded versions of models. */
export class ServedModels {
  #loaded = new Map<string, ServingModel>();
  #loading = new Map<string, Promise<ServingModel>>();

  constructor(private readonly objects: ObjectStore) {}

  /** A version that is loaded. */
  get(key: string): ServingModel | undefined {
    return this.#loaded.get(key);
  }

  /**
   * Loads a version from its files in the object store.
   *
   * @throws {CloudError} A file is missing, changed or damaged, or is no SavedModel that can be run.
   */
  async read({ artifactUri, artifacts }: Pick<VersionRecord, "artifactUri" | "artifacts">) {
    return loadSavedModel(await readArtifacts(this.objects, artifactUri, artifacts));
  }

  /** {@link read}, once for all who ask; the version stays loaded. */
  load(key: string, version: VersionRecord): Promise<ServingModel> {
    const under = this.#loading.get(key);
    if (under) return under;
    const loading = this.read(version).then((model) => {
      this.#loaded.set(key, model);
      return model;
    }).finally(() => this.#loading.delete(key));
    this.#loading.set(key, loading);
    return loading;
  }

  /** Forgets every version but these. */
  keepOnly(keys: ReadonlySet<string>): void {
    for (const key of this.#loaded.keys()) if (!keys.has(key)) this.#loaded.delete(key);
  }
}

/** What a version is loaded under. */
export const servedKey = (model: string, versionId: string): string => `${model}@${versionId}`;
