/** The OPTIONS of CREATE MODEL as they were understood. */
/** The options of a k-means model, defaults filled in. */
export interface KMeansModelOptions {
  modelType: "KMEANS";
  /** 2 – 100; absent: log10 of the number of rows. */
  numClusters?: number;
  /** Default RANDOM. */
  initMethod: "RANDOM" | "KMEANS++" | "CUSTOM";
  /** With CUSTOM: the BOOL column that marks the first centroids. */
  initColumn?: string;
  /** Default EUCLIDEAN. */
  distanceType: "EUCLIDEAN" | "COSINE";
  /** Default true. */
  standardizeFeatures: boolean;
  /** 1 or more; default 20. */
  maxIterations: number;
  /** Default true. */
  earlyStop: boolean;
  /** 0 – 1; default 0.01. */
  minRelProgress: number;
}

/** The options of a matrix factorization model, defaults filled in. */
export interface FactorizationModelOptions {
  modelType: "MATRIX_FACTORIZATION";
  /** Default EXPLICIT. */
  feedbackType: "EXPLICIT" | "IMPLICIT";
  /** 2 – 200; absent: log2 of the number of rows. */
  numFactors?: number;
  /** Defaults `user`, `item`, `rating`. */
  userColumn: string;
  itemColumn: string;
  ratingColumn: string;
  /** 0 or more, IMPLICIT only; default 40. */
  walsAlpha: number;
  /** 0 or more; default 1. */
  l2Reg: number;
  /** 1 or more; default 20. */
  maxIterations: number;
  /** Default true. */
  earlyStop: boolean;
  /** 0 – 1; default 0.01. */
  minRelProgress: number;
}

/** The options of a model that is imported. */
export interface ImportOptions {
  modelType: "TENSORFLOW";
  /** `gs://bucket/folder/*`. */
  modelPath: string;
}

/** The options of a model that is trained. */
export type TrainingOptions = KMeansModelOptions | FactorizationModelOptions;

/** The options of any model. */
export type ModelOptions = TrainingOptions | ImportOptions;
