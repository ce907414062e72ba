/**
 * Queries that the local warehouse answers otherwise than Google's reference implementation does,
 * or that it leaves to it, each with the reason. One that starts to agree fails the run.
 */
export const KNOWN_DIFFERENCES: Record<string, string> = {};
