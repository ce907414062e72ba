/** Products as callers name them: blanks around a name and capitals do not count. Pure. */

/** Names to look others up in. */
export interface ProductNames {
  /**
   * The name that is meant, without blanks around it: the very same one, else the only one that
   * differs by capitals; nothing if there is none or there are several.
   */
  find(name: string): string | undefined;
}

/** Names of products, with or without blanks around them. */
export function productNames(names: Iterable<string>): ProductNames {
  const exact = new Set([...names].map((name) => name.trim()));
  const byLowerCase = Map.groupBy(exact, (name) => name.toLowerCase());
  return {
    find(name) {
      const trimmed = name.trim();
      if (exact.has(trimmed)) return trimmed;
      const [only, ...others] = byLowerCase.get(trimmed.toLowerCase()) ?? [];
      return others.length === 0 ? only : undefined;
    },
  };
}
