/** What every part of a deployment needs, and what comes out of it. */
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

/** What was deployed. */
export interface DeployResult {
  where: Session["where"];
  project: string;
  dataset: string;
  /** Of Vertex AI. */
  region: string;
  models: ServedModel[];
  stages: StageTime[];
}
