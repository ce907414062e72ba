/** Which projects and regions something is in. */

/** What `GET /console/known.json` answers. */
export interface Known {
  /** Projects with a dataset, by name. */
  projects: string[];
  /** Where Vertex AI has a model or an endpoint, by project and region. */
  locations: { project: string; location: string }[];
}

/**
 * @param projects Projects that have a dataset.
 * @param vertexNames `projects/P/locations/L/…`; each place is told once.
 */
export function knownPlaces(projects: Iterable<string>, vertexNames: Iterable<string>): Known {
  const places = new Set<string>();
  for (const name of vertexNames) {
    const [place] = /^projects\/[^/]+\/locations\/[^/]+/.exec(name) ?? [];
    if (place !== undefined) places.add(place);
  }
  const locations = [...places].sort().map((place) => {
    const [, project, , location] = place.split("/");
    return { project, location };
  });
  return { projects: [...new Set(projects)].sort(), locations };
}
