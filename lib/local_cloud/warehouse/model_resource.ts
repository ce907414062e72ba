/**
 * The part of REST's Model that all model types share.
 *
 * @see https://docs.cloud.google.com/bigquery/docs/reference/rest/v2/models
 */

/** One field of REST's StandardSqlField. */
export interface StandardField {
  name: string;
  type: { typeKind: string; arrayElementType?: { typeKind: string } };
}

/** A training, in REST's words. */
export interface TrainingRun {
  trainingOptions: Record<string, unknown>;
  /** Milliseconds since 1970. */
  begun: number;
  iterations: { iteration: number; loss: number; durationMs: number }[];
  /** What an iteration tells beyond its loss, by iteration. */
  more?: (iteration: number) => Record<string, unknown>;
  evaluationMetrics: Record<string, unknown>;
}

/** The body of a model that was trained once; int64 values are strings, as REST has them. */
export function modelBody(
  run: TrainingRun,
  columns: { featureColumns: StandardField[]; labelColumns?: StandardField[] },
): Record<string, unknown> {
  const { trainingOptions, begun, iterations, more, evaluationMetrics } = run;
  return {
    trainingRuns: [{
      trainingOptions,
      startTime: new Date(begun).toISOString(),
      results: iterations.map(({ iteration, loss, durationMs }) => ({
        index: iteration,
        durationMs: String(Math.round(durationMs)),
        trainingLoss: loss,
        ...more?.(iteration),
      })),
      evaluationMetrics,
    }],
    ...columns,
  };
}

/** Options of every model type. */
export function iterationOptions(
  options: { maxIterations: number; earlyStop: boolean; minRelProgress: number },
): Record<string, unknown> {
  return {
    maxIterations: String(options.maxIterations),
    earlyStop: options.earlyStop,
    minRelativeProgress: options.minRelProgress,
  };
}
