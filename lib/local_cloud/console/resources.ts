/** Google's REST resources, as far as the page reads them. Types only: the page has no build step. */

/** A column of a table or of a query's answer. */
export interface Field {
  name: string;
  /** `STRING`, `INTEGER`, `RECORD`, … */
  type: string;
  mode?: "NULLABLE" | "REQUIRED" | "REPEATED";
  description?: string;
  fields?: Field[];
}
/** A value of a row: a text, a record or a list. */
export type Cell = string | null | Row | { v: Cell }[];
export interface Row {
  f: { v: Cell }[];
}

export interface TableReference {
  projectId: string;
  datasetId: string;
  tableId: string;
}
export interface Dataset {
  datasetReference: { projectId: string; datasetId: string };
  location: string;
  description?: string;
  /** Milliseconds since 1970. */
  lastModifiedTime?: string;
}
export interface Table {
  tableReference: TableReference;
  type: "TABLE" | "VIEW";
  description?: string;
  schema?: { fields?: Field[] };
  numRows?: string;
  numBytes?: string;
  lastModifiedTime?: string;
  location?: string;
  view?: { query: string };
}
export interface TableData {
  totalRows: string;
  rows?: Row[];
}
export interface QueryAnswer {
  jobComplete: boolean;
  schema?: { fields: Field[] };
  rows?: Row[];
}

export interface FeatureValue {
  featureColumn: string;
  numericalValue?: number;
  categoricalValue?: { categoryCounts: { category: string; count: string }[] };
}
export interface Iteration {
  index: number;
  durationMs: string;
  trainingLoss?: number;
  evalLoss?: number;
  clusterInfos?: { centroidId: string; clusterRadius: number; clusterSize: string }[];
}
export interface TrainingRun {
  trainingOptions?: Record<string, unknown>;
  startTime?: string;
  results?: Iteration[];
  /** `clusteringMetrics`, `rankingMetrics`, … */
  evaluationMetrics?: Record<string, Metrics>;
}
export type Metrics = Record<string, unknown> & {
  clusters?: { centroidId: string; count: string; featureValues?: FeatureValue[] }[];
};
export interface StandardField {
  name: string;
  type?: { typeKind: string };
}
export interface Model {
  modelReference: { projectId: string; datasetId: string; modelId: string };
  modelType: string;
  description?: string;
  creationTime?: string;
  lastModifiedTime?: string;
  location?: string;
  trainingRuns?: TrainingRun[];
  featureColumns?: StandardField[];
  labelColumns?: StandardField[];
}

export interface Bucket {
  name: string;
  location: string;
  updated: string;
}
export interface StoredObject {
  name: string;
  size: string;
  updated: string;
  contentType?: string;
}
export interface ObjectList {
  items?: StoredObject[];
  prefixes?: string[];
  nextPageToken?: string;
}

export interface DeployedModel {
  id: string;
  /** `projects/P/locations/L/models/M` */
  model: string;
  modelVersionId?: string;
  displayName?: string;
  createTime?: string;
  dedicatedResources?: {
    machineSpec?: { machineType?: string };
    minReplicaCount?: number;
    maxReplicaCount?: number;
  };
}
export interface Endpoint {
  /** `projects/P/locations/L/endpoints/E` */
  name: string;
  displayName: string;
  createTime?: string;
  updateTime?: string;
  deployedModels?: DeployedModel[];
  /** Percentage by id of the deployed model. */
  trafficSplit?: Record<string, number>;
}
/** One version of a registered model. */
export interface VertexModel {
  /** `projects/P/locations/L/models/M`, in a list of versions with `@VERSION`. */
  name: string;
  displayName: string;
  description?: string;
  versionId?: string;
  versionAliases?: string[];
  versionCreateTime?: string;
  artifactUri?: string;
  createTime?: string;
  updateTime?: string;
  /** Where this version is deployed: the endpoint's name, and the id it has there. */
  deployedModels?: { endpoint: string; deployedModelId: string }[];
}

/** A value of a row, decoded: numbers stay text, as an INT64 does not fit a number. */
export type Value = string | null | Value[] | Values;
/** Values by the names of their columns or fields. */
export interface Values {
  [name: string]: Value;
}
