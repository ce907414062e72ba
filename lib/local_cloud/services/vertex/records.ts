/** What Vertex AI's local counterpart remembers. */

/** A file of a model's folder as it was when the model was uploaded. */
export interface ArtifactRecord {
  /** Path in the folder, such as `variables/variables.index`. */
  path: string;
  /** CRC32C of its contents, base64. */
  crc32c: string;
}

/** One version of a model. */
export interface VersionRecord {
  /** 1, 2, 3, … as text. */
  versionId: string;
  aliases: string[];
  description?: string;
  labels: Record<string, string>;
  /** RFC 3339. */
  created: string;
  updated: string;
  /** `gs://bucket/folder`, as it was given. */
  artifactUri: string;
  imageUri: string;
  artifacts: ArtifactRecord[];
}

/** A model: what its versions have in common, and the versions, oldest first. */
export interface ModelRecord {
  /** `projects/p/locations/l/models/m` */
  name: string;
  displayName: string;
  description?: string;
  labels: Record<string, string>;
  created: string;
  updated: string;
  /** The number of the newest version there ever was. */
  newest: number;
  versions: VersionRecord[];
}

/** Machines that serve a deployed model. Here they change nothing but what is answered. */
export interface DedicatedResources {
  machineSpec: { machineType: string };
  minReplicaCount: number;
  maxReplicaCount: number;
}

/** A version of a model that an endpoint serves. */
export interface DeployedRecord {
  id: string;
  /** Name of the model, without a version. */
  model: string;
  modelVersionId: string;
  displayName: string;
  created: string;
  dedicatedResources: DedicatedResources;
  serviceAccount?: string;
  disableContainerLogging?: boolean;
  enableAccessLogging?: boolean;
}

/** Where predictions are asked for. */
export interface EndpointRecord {
  /** `projects/p/locations/l/endpoints/e` */
  name: string;
  displayName: string;
  description?: string;
  labels: Record<string, string>;
  created: string;
  updated: string;
  deployed: DeployedRecord[];
  /** Percentage by id of the deployed model: empty, or they add to 100. */
  trafficSplit: Record<string, number>;
}

/** An error in the words of `google.rpc.Status`. */
export interface OperationError {
  /** Number of gRPC's status. */
  code: number;
  message: string;
}

/** Work that goes on after the call that began it. */
export interface OperationRecord {
  /** Ends in `/operations/ID`. */
  name: string;
  /** Version of the API that began it, which its types are named after. */
  version: string;
  /** `UploadModelOperationMetadata` */
  metadataType: string;
  created: string;
  updated: string;
  done: boolean;
  error?: OperationError;
  /** With its `@type`. */
  response?: Record<string, unknown>;
}
