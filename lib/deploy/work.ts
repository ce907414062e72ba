/** What every part of a deployment needs, and what comes out of it. */
import type { Model } from "../arguments.ts";
import type { Progress, StageTime } from "../progress.ts";
import type { Session } from "../session.ts";
import type { Vertex } from "../vertex.ts";
import type { DeploySettings } from "./arguments.ts";
import type { ServedModel } from "./served_model.ts";

/** Where and how the work is done. */
export interface Work {
  session: Session;
  vertex: Vertex;
  settings: DeploySettings;
  /** Does a stage, unless the session's signal has aborted. */
  stage: Progress["stage"];
}

/** A model that was to be rolled back, and why it cannot be. */
export interface Refusal {
  model: Model;
  /** A sentence. */
  reason: string;
}

/** What was deployed. */
export interface DeployResult {
  where: Session["where"];
  project: string;
  dataset: string;
  /** Of Vertex AI. */
  region: string;
  models: ServedModel[];
  /** Whether it was a way back that was asked for. */
  isRollback: boolean;
  /** Models that were to be rolled back, and could not be. */
  refused: Refusal[];
  /** Percent of the traffic that was asked for; nothing for all. */
  canary?: number;
  /** The address of the local cloud's console. */
  console?: string;
  stages: StageTime[];
}
