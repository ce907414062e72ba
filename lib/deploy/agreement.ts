/** Whether an endpoint answers as BigQuery does: one answer beside the other, and many at once. */
import { z } from "zod";
import type { Model } from "../arguments.ts";
import { predict, type Vertex } from "../vertex.ts";
import { type AnswerPart, differenceOf, type KnownAnswers, toAnswer } from "./known_answers.ts";

/** One question, with both answers to it. */
export interface AnswerComparison {
  /** The instance that the endpoint was sent. */
  asked: Record<string, number | string>;
  /** BigQuery's nearest centroid with its distance, or best product with its rating. */
  known: AnswerPart;
  /** The endpoint's. */
  answered: AnswerPart;
  /** Of all centroids or products that both name, the largest difference of the numbers. */
  difference: number;
}

/** Asks an endpoint the questions whose answers are known. */
export async function compareAnswers(
  vertex: Vertex,
  { model, endpoint, known: { instances, answers } }: {
    model: Model;
    /** Its full name. */
    endpoint: string;
    known: KnownAnswers;
  },
): Promise<AnswerComparison[]> {
  const asked = { instances, prediction: z.unknown() };
  const { predictions } = await predict(vertex, endpoint, asked);
  return predictions.map((prediction, i) => {
    const answer = toAnswer(model, prediction);
    return {
      asked: instances[i],
      known: answers[i][0],
      answered: answer[0],
      difference: largestDifference(answer, answers[i]),
    };
  });
}

function largestDifference(answer: readonly AnswerPart[], known: readonly AnswerPart[]): number {
  const values = new Map(known.map(({ name, value }) => [name, value]));
  const differences = answer.flatMap(({ name, value }) => {
    const other = values.get(name);
    return other === undefined ? [] : [Math.abs(value - other)];
  });
  return Math.max(...differences);
}

/** What became of many requests. */
export interface RequestCount {
  requests: number;
  /** Answered as BigQuery answers with the model of the version that is said to have answered. */
  right: number;
  wrong: number;
  /** Not answered. */
  failed: number;
  /** Versions that have answered, the oldest first. */
  versions: number[];
}

const AT_ONCE = 10;

/**
 * Sends an endpoint the same questions again and again, and checks each answer.
 *
 * @param options `known`: what each version must answer, by its number. `requests`: how many, 1 or
 * more, ten at a time.
 */
export async function askManyTimes(
  vertex: Vertex,
  { model, endpoint, known, requests }: {
    model: Model;
    /** Its full name. */
    endpoint: string;
    known: Readonly<Record<number, KnownAnswers>>;
    requests: number;
  },
): Promise<RequestCount> {
  const [{ instances }] = Object.values(known);
  const count: RequestCount = { requests, right: 0, wrong: 0, failed: 0, versions: [] };
  const versions = new Set<number>();
  let sent = 0;
  const ask = async () => {
    while (sent++ < requests) {
      const answer = await predict(vertex, endpoint, { instances, prediction: z.unknown() })
        .catch(() => undefined);
      if (!answer) {
        count.failed++;
        continue;
      }
      const version = Number(answer.modelVersionId);
      versions.add(version);
      const { answers } = known[version] ?? { answers: [] };
      const isRight = answer.predictions.every((prediction, i) =>
        answers[i] && differenceOf(toAnswer(model, prediction), answers[i]) === undefined
      );
      count[isRight ? "right" : "wrong"]++;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, ask));
  return { ...count, versions: [...versions].sort((a, b) => a - b) };
}
