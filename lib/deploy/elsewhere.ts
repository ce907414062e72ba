/** Finds what is deployed in regions where nobody thinks of it any more. */
import type { Model } from "../arguments.ts";
import type { Session } from "../session.ts";
import { datasetLabel, openVertex, type Vertex } from "../vertex.ts";
import { stagingName } from "./staging.ts";

/** A region that did not answer. */
export interface UnseenRegion {
  region: string;
  /** What was said instead. */
  reason: string;
}

/**
 * Looks in regions for endpoints and versions of a dataset's models.
 *
 * @returns Vertex AI of the regions where there are some, to be closed by the caller, and the regions
 * that did not answer.
 */
export async function lookElsewhere(
  session: Session,
  { vertex: own, regions, models }: {
    /** Of another region. */
    vertex: Vertex;
    regions: readonly string[];
    models: readonly Model[];
  },
): Promise<{ used: Vertex[]; unseen: UnseenRegion[] }> {
  const used: Vertex[] = [];
  const unseen: UnseenRegion[] = [];
  await Promise.all(regions.map(async (region) => {
    const vertex = await openRegion(session, { own, region });
    try {
      if (await isUsed(vertex, models)) used.push(vertex);
      else await vertex.close();
    } catch (error) {
      await vertex.close();
      unseen.push({ region, reason: (error as Error).message.split("\n")[0] });
    }
  }));
  const place = ({ region }: { region: string }) => regions.indexOf(region);
  return {
    used: used.sort((a, b) => place(a) - place(b)),
    unseen: unseen.sort((a, b) => place(a) - place(b)),
  };
}

/** An emulator has one address for all regions, and clients take a while to make. */
async function openRegion(
  session: Session,
  { own, region }: { own: Vertex; region: string },
): Promise<Vertex> {
  if (!session.isEmulated) return await openVertex(session, { region });
  const parent = own.parent.replace(/[^/]+$/, region);
  return { ...own, region, parent, close: () => Promise.resolve() };
}

/** Two questions, whatever the names: there are many regions. */
async function isUsed(vertex: Vertex, models: readonly Model[]): Promise<boolean> {
  const { endpoints, models: registry, parent, dataset } = vertex;
  const names = new Set<string>(models.flatMap((model) => [model, stagingName(model)]));
  const filter = `labels.dataset="${datasetLabel(dataset)}"`;
  const [[served], [registered]] = await Promise.all([
    endpoints.listEndpoints({ parent, filter }),
    registry.listModels({ parent, filter }),
  ]);
  return [...served, ...registered].some(({ displayName }) => names.has(displayName ?? ""));
}
