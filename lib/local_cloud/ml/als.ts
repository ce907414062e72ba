/** Matrix factorization as BigQuery ML defines it: alternating least squares, exact solves. */
import { explicitProblem, iterateExplicit, penalty, squaredError } from "./explicit_als.ts";
import { implicitObjective, implicitProblem, iterateImplicit } from "./implicit_als.ts";
import { fillNormal, uniformFrom } from "./random.ts";
import type { Ratings } from "./ratings.ts";

export type { Ratings } from "./ratings.ts";

/** Options of {@link factorize}, named as in CREATE MODEL. */
export interface AlsOptions {
  /** What a rating is: evidence of interest, or a grade. Default EXPLICIT. */
  feedback?: "IMPLICIT" | "EXPLICIT";
  /** Factors of each user and item, 1 or more. */
  factors: number;
  /** λ, the weight of the squared lengths, 0 or more. Default 1. */
  l2Reg?: number;
  /** α of the confidence 1 + α·r, IMPLICIT only, 0 or more. Default 40. */
  walsAlpha?: number;
  /** Iterations at most, 1 or more. Default 20. */
  maxIterations?: number;
  /** Whether to stop after the first iteration that gains too little. Default true. */
  earlyStop?: boolean;
  /** The share of the objective that an iteration must take away to go on, 0 … 1. Default 0.01. */
  minRelProgress?: number;
  /** Seed of the first item factors, an integer. Default 0. */
  seed?: number;
  /** Called after each iteration. */
  onIteration?: (iteration: AlsIteration) => void;
  /**
   * Called every few milliseconds of work; what it throws ends the training. A worker cannot be
   * stopped from outside while it computes, so this is where it looks whether it should.
   */
  checkpoint?: () => void;
}

/** What an iteration (all users, then all items) reached. */
export interface AlsIteration {
  /** From 0. */
  iteration: number;
  /**
   * EXPLICIT: mean squared error over the ratings. IMPLICIT: the whole weighted loss with its
   * penalty, divided by users × items.
   */
  loss: number;
  /** Wall time in milliseconds. */
  durationMs: number;
}

/** A trained factorization: the score of (u, i) is global + user + item intercept + x·y. */
export interface FactorizationModel {
  /** userCount × factors, row-major; zeros for a user without ratings. */
  userFactors: Float64Array;
  /** itemCount × factors, row-major; zeros for an item without ratings. */
  itemFactors: Float64Array;
  /** userCount; zeros for IMPLICIT. */
  userIntercepts: Float64Array;
  /** itemCount; zeros for IMPLICIT. */
  itemIntercepts: Float64Array;
  /** The mean rating; 0 for IMPLICIT. */
  globalIntercept: number;
  iterations: AlsIteration[];
}

type Hooks = "onIteration" | "checkpoint";
type Settled = Required<Omit<AlsOptions, Hooks>> & Pick<AlsOptions, Hooks>;

/** A factorization under way. */
interface Training {
  iterate: () => void;
  /** The whole objective, which decides when to stop, and the loss to report. */
  measure: () => { objective: number; loss: number };
  finish: () => Omit<FactorizationModel, "iterations">;
}

/** Deviation of the first item factors, before division by √factors. */
const FIRST_SCALE = 0.1;

/**
 * Factorizes ratings by alternating least squares, each half-step an exact minimum (Cholesky), so
 * that the objective never rises.
 *
 * - **IMPLICIT** minimises Σ over all u,i of c(p − x·y)² + λ(Σ‖x‖² + Σ‖y‖²), c = 1 + α·r, p = 1
 *   when r > 0, else 0 (Hu, Koren, Volinsky, http://yifanhu.net/PUB/cf.pdf). Ratings of the same
 *   pair add up; one that is not above 0 adds nothing.
 * - **EXPLICIT** minimises Σ over the ratings of (r − μ − b_u − b_i − x·y)² + λ(Σ‖x‖² + Σ‖y‖² +
 *   Σb²), where μ is their mean and (x, b_u) are solved together, as are (y, b_i). Each rating of
 *   a pair that is there twice counts as an observation.
 *
 * Item factors begin at N(0, (0.1 / √factors)²) from the seed. The same ratings in the same
 * order, options and seed give the same bytes (times apart).
 *
 * @param ratings Not changed.
 * @throws {RangeError} When an option is out of its range, there are no ratings, a user or item
 * index is not under its count, or a rating is not finite.
 */
export function factorize(ratings: Ratings, options: AlsOptions): FactorizationModel {
  const settled = settle(options);
  checkRatings(ratings);
  const itemFactors = new Float64Array(ratings.itemCount * settled.factors);
  fillNormal(itemFactors, FIRST_SCALE / Math.sqrt(settled.factors), uniformFrom(settled.seed));
  const begin = settled.feedback === "IMPLICIT" ? beginImplicit : beginExplicit;
  const training = begin(ratings, settled, itemFactors);
  const iterations = train(training, settled);
  return { ...training.finish(), iterations };
}

function settle(options: AlsOptions): Settled {
  const {
    feedback = "EXPLICIT",
    factors,
    l2Reg = 1,
    walsAlpha = 40,
    maxIterations = 20,
    earlyStop = true,
    minRelProgress = 0.01,
    seed = 0,
    onIteration,
    checkpoint,
  } = options;
  const isCount = (value: number) => Number.isSafeInteger(value) && value >= 1;
  const isWeight = (value: number) => Number.isFinite(value) && value >= 0;
  check(isCount(factors), "factors must be a whole number of 1 or more", factors);
  check(isCount(maxIterations), "maxIterations must be a whole number of 1 or more", maxIterations);
  check(isWeight(l2Reg), "l2Reg must be a number of 0 or more", l2Reg);
  check(isWeight(walsAlpha), "walsAlpha must be a number of 0 or more", walsAlpha);
  return {
    ...{ feedback, factors, l2Reg, walsAlpha, seed },
    ...{ maxIterations, earlyStop, minRelProgress, onIteration, checkpoint },
  };
}

function check(holds: boolean, rule: string, value: unknown): void {
  if (!holds) {
    throw new RangeError(`Cannot factorize ratings as ${rule}: current value is ${value}`);
  }
}

function checkRatings({ userCount, itemCount, users, items, values }: Ratings): void {
  check(values.length > 0, "there must be at least one", values.length);
  check(users.length === values.length, `there must be ${values.length} users`, users.length);
  check(items.length === values.length, `there must be ${values.length} items`, items.length);
  const user = users.find((value) => value >= userCount);
  check(user === undefined, `a user must be under ${userCount}`, user);
  const item = items.find((value) => value >= itemCount);
  check(item === undefined, `an item must be under ${itemCount}`, item);
  const bad = values.findIndex((value) => !Number.isFinite(value));
  check(bad < 0, "every rating must be finite", values[bad]);
}

function train(training: Training, options: Settled): AlsIteration[] {
  const { maxIterations, earlyStop, minRelProgress, onIteration } = options;
  const iterations: AlsIteration[] = [];
  let before = NaN; // nothing to compare the first iteration with: its gain is NaN, under nothing
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    const begun = performance.now();
    training.iterate();
    const { objective, loss } = training.measure();
    const reached = { iteration, loss, durationMs: performance.now() - begun };
    iterations.push(reached);
    onIteration?.(reached);
    const gain = before === 0 ? 0 : (before - objective) / before;
    if (earlyStop && gain < minRelProgress) break;
    before = objective;
  }
  return iterations;
}

function beginImplicit(ratings: Ratings, options: Settled, itemFactors: Float64Array): Training {
  const { factors, l2Reg, walsAlpha } = options;
  const { userCount, itemCount } = ratings;
  const problem = implicitProblem(ratings, factors, l2Reg, walsAlpha, itemFactors);
  return {
    iterate: () => iterateImplicit(problem, options.checkpoint),
    measure: () => {
      const objective = implicitObjective(problem);
      return { objective, loss: objective / (userCount * itemCount) };
    },
    finish: () => ({
      userFactors: problem.users.factors,
      itemFactors: problem.items.factors,
      userIntercepts: new Float64Array(userCount),
      itemIntercepts: new Float64Array(itemCount),
      globalIntercept: 0,
    }),
  };
}

function beginExplicit(ratings: Ratings, options: Settled, itemFactors: Float64Array): Training {
  const problem = explicitProblem(ratings, options.factors, options.l2Reg, itemFactors);
  return {
    iterate: () => iterateExplicit(problem, options.checkpoint),
    measure: () => {
      const error = squaredError(problem);
      return { objective: error + penalty(problem), loss: error / ratings.values.length };
    },
    finish: () => {
      const users = splitIntercepts(problem.users.vectors, options.factors);
      const items = splitIntercepts(problem.items.vectors, options.factors);
      return {
        userFactors: users.factors,
        itemFactors: items.factors,
        userIntercepts: users.intercepts,
        itemIntercepts: items.intercepts,
        globalIntercept: problem.mean,
      };
    },
  };
}

/** Vectors (x, b) as two arrays. */
function splitIntercepts(vectors: Float64Array, factors: number) {
  const count = vectors.length / (factors + 1);
  const split = { factors: new Float64Array(count * factors), intercepts: new Float64Array(count) };
  for (let r = 0; r < count; r++) {
    const at = r * (factors + 1);
    split.factors.set(vectors.subarray(at, at + factors), r * factors);
    split.intercepts[r] = vectors[at + factors];
  }
  return split;
}
