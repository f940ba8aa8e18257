/** What is counted under a name. */
export interface Counted {
  name: string
  count: number
}

/** One row for each name, the largest first: a model may have been asked under several addresses. */
export function byName(counts: readonly Counted[]): Counted[] {
  const sums = new Map<string, number>()
  for (const { name, count } of counts) sums.set(name, (sums.get(name) ?? 0) + count)
  return [...sums].map(([name, count]) => ({ name, count })).sort((a, b) => b.count - a.count)
}
