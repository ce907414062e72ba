/** Deploying models to endpoints, undeploying them, changing their machines. */
import { CloudError } from "../../errors.ts";
import { deployedResource, findEndpoint } from "./endpoints.ts";
import { invalidArgument, notThere } from "./errors.ts";
import { deployRequest, maskedFields, mutateRequest, parse, undeployRequest } from "./input.ts";
import type { Resource } from "./listing.ts";
import { findModel, findVersion, splitModelName } from "./model_resource.ts";
import type { Operations } from "./operations.ts";
import type { DeployedRecord, EndpointRecord } from "./records.ts";
import { servedKey, type ServedModels } from "./served_models.ts";
import type { VertexState } from "./state.ts";
import { checkedSplit, isGiven, withoutDeployed } from "./traffic.ts";

const MASK = [
  "dedicatedResources.minReplicaCount",
  "dedicatedResources.maxReplicaCount",
] as const;

type DeployRequest = ReturnType<typeof parseDeploy>;
const parseDeploy = (body: unknown) => parse(deployRequest, body);

/** What is deployed where, in REST's terms. Changes are made one after another. */
export class Deployments {
  constructor(
    private readonly parts: { state: VertexState; operations: Operations; served: ServedModels },
  ) {}

  /** Begins to deploy a version of a model to an endpoint. It serves once it is loaded. */
  async deploy(endpoint: string, body: unknown, version: string): Promise<Resource> {
    const request = parseDeploy(body);
    const { state, operations, served } = this.parts;
    const id = request.deployedModel.id ?? state.nextId();
    const { deployed } = this.#plan(endpoint, id, request);
    return await operations.begin(
      { resource: endpoint, version, metadataType: "DeployModelOperationMetadata" },
      async () => {
        const found = findVersion(
          findModel(state, { model: deployed.model }),
          deployed.modelVersionId,
        );
        await served.load(servedKey(deployed.model, deployed.modelVersionId), found);
        const plan = this.#plan(endpoint, id, request, deployed.modelVersionId);
        return {
          changes: [{ endpoint: plan.endpoint }],
          response: {
            type: "DeployModelResponse",
            fields: { deployedModel: deployedResource(plan.deployed) },
          },
        };
      },
    );
  }

  /** The endpoint as it is to be, if nothing forbids it. */
  #plan(
    name: string,
    id: string,
    { deployedModel, trafficSplit }: DeployRequest,
    versionId?: string,
  ): { endpoint: EndpointRecord; deployed: DeployedRecord } {
    const { state } = this.parts;
    const endpoint = findEndpoint(state, name);
    if (endpoint.deployed.some((one) => one.id === id)) {
      throw new CloudError("duplicate", `The DeployedModel already exists: ${id}`);
    }
    const named = splitModelName(deployedModel.model);
    const model = findModel(state, named);
    const version = findVersion(model, versionId ?? named.version);
    const now = new Date().toISOString();
    const deployed = newDeployed(deployedModel, {
      id,
      model: model.name,
      modelVersionId: version.versionId,
      displayName: deployedModel.displayName ?? model.displayName,
      created: now,
    });
    const all = [...endpoint.deployed, deployed];
    const split = isGiven(trafficSplit)
      ? checkedSplit(withOwnId(trafficSplit, id), all)
      : endpoint.trafficSplit;
    return {
      endpoint: { ...endpoint, deployed: all, trafficSplit: split, updated: now },
      deployed,
    };
  }

  /** Begins to undeploy a model that has no traffic, or none in the split that the request gives. */
  async undeploy(endpoint: string, body: unknown, version: string): Promise<Resource> {
    const { deployedModelId, trafficSplit } = parse(undeployRequest, body);
    const { state, operations, served } = this.parts;
    const plan = () => {
      const found = findEndpoint(state, endpoint);
      const left = withoutDeployed(found, deployedModelId, trafficSplit);
      return { ...left, updated: new Date().toISOString() };
    };
    plan();
    return await operations.begin(
      { resource: endpoint, version, metadataType: "UndeployModelOperationMetadata" },
      () => {
        const changed = plan();
        const others = [...state.endpoints.values()].filter(({ name }) => name !== endpoint);
        const inUse = [changed, ...others].flatMap(({ deployed }) => deployed);
        served.keepOnly(new Set(inUse.map((one) => servedKey(one.model, one.modelVersionId))));
        return {
          changes: [{ endpoint: changed }],
          response: { type: "UndeployModelResponse", fields: {} },
        };
      },
    );
  }

  /** Begins to change how many machines serve a deployed model. */
  async mutate(endpoint: string, body: unknown, version: string): Promise<Resource> {
    const { deployedModel, updateMask } = parse(mutateRequest, body);
    const { state, operations } = this.parts;
    const fields = maskedFields(updateMask, MASK);
    const plan = () => {
      const found = findEndpoint(state, endpoint);
      const before = found.deployed.find(({ id }) => id === deployedModel.id);
      if (!before) throw notThere("DeployedModel", deployedModel.id);
      const given = deployedModel.dedicatedResources ?? {};
      const resources = { ...before.dedicatedResources };
      if (fields.includes(MASK[0])) resources.minReplicaCount = given.minReplicaCount ?? 1;
      if (fields.includes(MASK[1])) {
        resources.maxReplicaCount = given.maxReplicaCount ?? resources.minReplicaCount;
      }
      const changed = { ...before, dedicatedResources: checkedReplicas(resources) };
      const deployed = found.deployed.map((one) => one === before ? changed : one);
      const updated = new Date().toISOString();
      return { endpoint: { ...found, deployed, updated }, deployed: changed };
    };
    plan();
    return await operations.begin(
      { resource: endpoint, version, metadataType: "MutateDeployedModelOperationMetadata" },
      () => {
        const { endpoint, deployed } = plan();
        const fields = { deployedModel: deployedResource(deployed) };
        return {
          changes: [{ endpoint }],
          response: { type: "MutateDeployedModelResponse", fields },
        };
      },
    );
  }
}

function newDeployed(
  given: DeployRequest["deployedModel"],
  own: Pick<DeployedRecord, "id" | "model" | "modelVersionId" | "displayName" | "created">,
): DeployedRecord {
  const { dedicatedResources, serviceAccount, disableContainerLogging, enableAccessLogging } =
    given;
  const { minReplicaCount, maxReplicaCount = minReplicaCount, ...machine } = dedicatedResources;
  const resources = checkedReplicas({ ...machine, minReplicaCount, maxReplicaCount });
  const options = { serviceAccount, disableContainerLogging, enableAccessLogging };
  return { ...own, dedicatedResources: resources, ...options };
}

function checkedReplicas<Counts extends { minReplicaCount: number; maxReplicaCount: number }>(
  counts: Counts,
): Counts {
  if (counts.maxReplicaCount >= counts.minReplicaCount) return counts;
  throw invalidArgument(
    `maxReplicaCount (${counts.maxReplicaCount}) must be at least minReplicaCount ` +
      `(${counts.minReplicaCount})`,
  );
}

/** In a request "0" stands for the model that is being deployed. */
const withOwnId = (split: Record<string, number>, id: string) =>
  Object.fromEntries(Object.entries(split).map(([key, share]) => [key === "0" ? id : key, share]));
