/** Endpoints: create, look at, describe, delete. */
import { CloudError } from "../../errors.ts";
import type { Query } from "../input.ts";
import { checkEtag, etagOf } from "../resource.ts";
import { failedPrecondition, invalidArgument, notThere } from "./errors.ts";
import { endpointPatch, maskedFields, newEndpoint, parameter, parse } from "./input.ts";
import { listPage, type Resource } from "./listing.ts";
import type { Operations } from "./operations.ts";
import type { DeployedRecord, EndpointRecord } from "./records.ts";
import type { VertexState } from "./state.ts";
import { checkedSplit } from "./traffic.ts";

const ENDPOINT_ID = /^(?:[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?|[1-9]\d{0,8})$/;

/** A deployed model as REST answers with it. */
export function deployedResource({ created, ...record }: DeployedRecord): Resource {
  const { id, model, displayName, dedicatedResources, modelVersionId, ...others } = record;
  const times = { createTime: created };
  return { id, model, displayName, ...times, dedicatedResources, modelVersionId, ...others };
}

/** An endpoint as REST answers with it. */
export function endpointResource(record: EndpointRecord): Resource {
  const { name, displayName, description, deployed, trafficSplit, labels } = record;
  return {
    name,
    displayName,
    description,
    deployedModels: deployed.map(deployedResource),
    trafficSplit,
    etag: etagOf(record),
    labels,
    createTime: record.created,
    updateTime: record.updated,
  };
}

/** @throws {CloudError} `notFound`. */
export function findEndpoint(state: VertexState, name: string): EndpointRecord {
  const found = state.endpoints.get(name);
  if (found) return found;
  throw notThere("Endpoint", name);
}

/** The endpoints of a state, in REST's terms. */
export class Endpoints {
  constructor(private readonly state: VertexState, private readonly operations: Operations) {}

  /**
   * Begins to create an endpoint.
   *
   * @param request.query May name the id: `endpointId`.
   */
  async create(
    parent: string,
    { body, query, version }: { body: unknown; query: Query; version: string },
  ): Promise<Resource> {
    const { displayName, description, labels = {} } = parse(newEndpoint, body);
    const id = parameter(query, "endpointId");
    if (id !== undefined && !ENDPOINT_ID.test(id)) {
      throw invalidArgument(
        `Invalid endpointId "${id}": use up to 63 small letters, digits and dashes that begin ` +
          "with a letter, or up to 9 digits",
      );
    }
    const name = `${parent}/endpoints/${id ?? this.state.nextId()}`;
    const create = () => {
      if (this.state.endpoints.has(name)) {
        throw new CloudError("duplicate", `The Endpoint already exists: ${name}`);
      }
      const now = new Date().toISOString();
      const own = { name, displayName, description, labels, created: now, updated: now };
      const endpoint = { ...own, deployed: [], trafficSplit: {} };
      const response = { type: "Endpoint", fields: endpointResource(endpoint) };
      return { changes: [{ endpoint }], response };
    };
    create();
    const metadataType = "CreateEndpointOperationMetadata";
    return await this.operations.begin({ resource: name, version, metadataType }, create);
  }

  /** @throws {CloudError} `notFound`. */
  get(name: string): Resource {
    return endpointResource(findEndpoint(this.state, name));
  }

  /** The endpoints of a location. */
  list(parent: string, query: Query): Resource {
    const found = [...this.state.endpoints.values()]
      .filter(({ name }) => name.startsWith(`${parent}/endpoints/`)).map(endpointResource);
    const { page, nextPageToken } = listPage(found, query, "endpoint");
    return { endpoints: page, ...(nextPageToken && { nextPageToken }) };
  }

  /** Changes what describes an endpoint, or how its traffic is split. */
  patch(name: string, body: unknown, query: Query): Promise<Resource> {
    const { etag, displayName, description, labels, trafficSplit } = parse(endpointPatch, body);
    const fields = maskedFields(
      parameter(query, "updateMask"),
      ["displayName", "description", "labels", "trafficSplit"],
    );
    return this.state.inTurn(async () => {
      const before = findEndpoint(this.state, name);
      checkEtag(before, etag);
      const changed = { ...before, updated: new Date().toISOString() };
      if (fields.includes("displayName")) {
        if (displayName === undefined) {
          throw new CloudError("required", "Required parameter is missing: endpoint.displayName");
        }
        changed.displayName = displayName;
      }
      if (fields.includes("description")) changed.description = description;
      if (fields.includes("labels")) changed.labels = labels ?? {};
      if (fields.includes("trafficSplit")) {
        changed.trafficSplit = checkedSplit(trafficSplit ?? {}, before.deployed);
      }
      await this.state.apply({ endpoint: changed });
      return endpointResource(changed);
    });
  }

  /** Begins to delete an endpoint where no model is deployed. */
  async delete(name: string, version: string): Promise<Resource> {
    const check = () => {
      const { deployed } = findEndpoint(this.state, name);
      if (deployed.length === 0) return { changes: [{ dropEndpoint: name }] };
      throw failedPrecondition(
        "Endpoint has deployed or being-deployed DeployedModel(s): undeploy " +
          deployed.map(({ id }) => id).join(", "),
      );
    };
    check();
    const metadataType = "DeleteOperationMetadata";
    return await this.operations.begin({ resource: name, version, metadataType }, check);
  }
}
