/** Models and their versions: upload, look at, describe, delete. */
import { CloudError } from "../../errors.ts";
import type { Query } from "../input.ts";
import { checkEtag } from "../resource.ts";
import { failedPrecondition, invalidArgument } from "./errors.ts";
import { aliasesRequest, maskedFields, modelPatch, parameter, parse } from "./input.ts";
import { listPage, type Resource } from "./listing.ts";
import {
  defaultVersion,
  findModel,
  findVersion,
  type ModelName,
  modelResource,
  withAliases,
} from "./model_resource.ts";
import type { Operations } from "./operations.ts";
import type { ModelRecord, VersionRecord } from "./records.ts";
import { idOf } from "./state.ts";
import { parseUpload, storeUpload, uploadName, type UploadParts } from "./upload.ts";

/** What models stand on. */
export interface ModelParts extends UploadParts {
  operations: Operations;
}

type Patch = ReturnType<typeof parsePatch>;
const parsePatch = (body: unknown) => parse(modelPatch, body);

/** The models of a state, in REST's terms. */
export class Models {
  constructor(private readonly parts: ModelParts) {}

  /** Begins the upload of a model or, with `parentModel`, of a new version of one. */
  async upload(parent: string, body: unknown, version: string): Promise<Resource> {
    const request = parseUpload(body);
    const resource = uploadName(this.parts.state, parent, request);
    return await this.parts.operations.begin(
      { resource, version, metadataType: "UploadModelOperationMetadata" },
      () => storeUpload(this.parts, resource, request),
    );
  }

  /** @throws {CloudError} `notFound`: no such model, version or alias. */
  get(name: ModelName): Resource {
    const { state } = this.parts;
    const model = findModel(state, name);
    return modelResource(state, model, {
      version: findVersion(model, name.version),
      named: name.version !== undefined,
    });
  }

  /** The models of a location, each as its default version. */
  list(parent: string, query: Query): Resource {
    const { state } = this.parts;
    const found = [...state.models.values()].filter(({ name }) =>
      name.startsWith(`${parent}/models/`)
    ).map((model) => modelResource(state, model, { version: defaultVersion(model) }));
    const { page, nextPageToken } = listPage(found, query, "model");
    return { models: page, ...(nextPageToken && { nextPageToken }) };
  }

  /** All versions of a model, newest first. */
  listVersions(name: ModelName, query: Query): Resource {
    const { state } = this.parts;
    const model = findModel(state, name);
    const found = model.versions.toReversed().map((version) =>
      modelResource(state, model, { version, named: true })
    );
    const { page, nextPageToken } = listPage(found, query, "model");
    return { models: page, ...(nextPageToken && { nextPageToken }) };
  }

  /** Changes what describes a model or, where the name has a version, that version. */
  async patch(name: ModelName, body: unknown, query: Query): Promise<Resource> {
    const given = parsePatch(body);
    const mask = parameter(query, "updateMask");
    const ofVersion = name.version !== undefined && name.version !== "-";
    const version = ofVersion ? name.version : undefined;
    const change = ofVersion ? versionChange(given, mask) : modelChange(given, mask);
    return await this.#change({ ...name, version }, (model, current) => {
      checkEtag({ model, current }, given.etag);
      return change(model, current);
    });
  }

  /** Gives aliases to a version, which other versions then no longer have, and takes some away. */
  mergeVersionAliases(name: ModelName, body: unknown): Promise<Resource> {
    const { versionAliases } = parse(aliasesRequest, body);
    requireVersionId(name);
    const remove = versionAliases.filter((alias) => alias.startsWith("-")).map((a) => a.slice(1));
    const add = versionAliases.filter((alias) => !alias.startsWith("-"));
    if (remove.includes("default")) {
      throw invalidArgument(
        "The default alias cannot be taken away: give it to another version instead",
      );
    }
    return this.#change(name, (model, { versionId }) => ({
      ...model,
      versions: withAliases(model.versions, versionId, { add, remove }),
      updated: new Date().toISOString(),
    }));
  }

  /** Begins to delete a version that is neither the default one nor deployed. */
  async deleteVersion(name: ModelName, version: string): Promise<Resource> {
    requireVersionId(name);
    const check = () => {
      const model = findModel(this.parts.state, name);
      const found = findVersion(model, name.version);
      if (model.versions.length === 1) {
        throw failedPrecondition(
          "Deleting the only version in the Model is not allowed: delete the Model instead",
        );
      }
      if (found.aliases.includes("default")) {
        throw failedPrecondition(
          `Version ${found.versionId} is the default version of ${model.name}, which cannot be ` +
            "deleted while there are others: give the alias default to another version first",
        );
      }
      this.#checkUndeployed(model.name, found.versionId);
      const versions = model.versions.filter((one) => one !== found);
      return { changes: [{ model: { ...model, versions, updated: new Date().toISOString() } }] };
    };
    check();
    const metadataType = "DeleteOperationMetadata";
    return await this.parts.operations.begin(
      { resource: name.model, version, metadataType },
      check,
    );
  }

  /** Begins to delete a model with all its versions, none of which is deployed. */
  async delete(name: ModelName, version: string): Promise<Resource> {
    const check = () => {
      const { name: resource } = findModel(this.parts.state, name);
      this.#checkUndeployed(resource);
      return { changes: [{ dropModel: resource }] };
    };
    check();
    const metadataType = "DeleteOperationMetadata";
    return await this.parts.operations.begin(
      { resource: name.model, version, metadataType },
      check,
    );
  }

  #checkUndeployed(model: string, versionId?: string): void {
    const endpoints = [...this.parts.state.endpoints.values()].filter(({ deployed }) =>
      deployed.some((one) =>
        one.model === model && (versionId ?? one.modelVersionId) === one.modelVersionId
      )
    );
    if (endpoints.length === 0) return;
    throw failedPrecondition(
      "The Model is deployed or being deployed at the following Endpoint(s): " +
        `${endpoints.map(({ name }) => name).join(", ")}. Please undeploy the model before retry`,
    );
  }

  #change(
    name: ModelName,
    change: ModelChange,
  ): Promise<Resource> {
    const { state } = this.parts;
    return state.inTurn(async () => {
      const before = findModel(state, name);
      await state.apply({ model: change(before, findVersion(before, name.version)) });
      return this.get(name);
    });
  }
}

type ModelChange = (model: ModelRecord, version: VersionRecord) => ModelRecord;

function modelChange(given: Patch, mask: string | undefined): ModelChange {
  const fields = maskedFields(mask, ["displayName", "description", "labels"]);
  const { displayName, description, labels = {} } = given;
  if (fields.includes("displayName") && displayName === undefined) {
    throw new CloudError("required", "Required parameter is missing: model.displayName");
  }
  return (model) => ({
    ...model,
    ...(fields.includes("displayName") && { displayName }),
    ...(fields.includes("description") && { description }),
    ...(fields.includes("labels") && { labels }),
    updated: new Date().toISOString(),
  });
}

function versionChange(given: Patch, mask: string | undefined): ModelChange {
  const fields = maskedFields(mask, ["versionDescription", "labels"]);
  const { versionDescription, labels = {} } = given;
  return (model, current) => {
    const updated = new Date().toISOString();
    const changed = {
      ...current,
      ...(fields.includes("versionDescription") && { description: versionDescription }),
      ...(fields.includes("labels") && { labels }),
      updated,
    };
    const versions = model.versions.map((one) => one === current ? changed : one);
    return { ...model, versions, updated };
  };
}

function requireVersionId({ model, version }: ModelName): void {
  if (version !== undefined && /^\d+$/.test(version)) return;
  throw invalidArgument(`Name the version by its number, such as ${idOf(model)}@1`);
}
