/** A lag in milliseconds as people read it: `8 ms`, `0.26 s`, `3 min`. */
export function sayLag(ms: number): string {
  if (ms < 100) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 0)} s`
  return `${Math.round(ms / 60_000)} min`
}

/** The counts of all engines together, a place for each bound and one for what is later. */
export function lagCounts(
  engines: readonly { lag: { counts: number[] } }[],
  bounds: readonly number[],
): number[] {
  return Array.from({ length: bounds.length + 1 }, (_, i) =>
    engines.reduce((n, { lag }) => n + (lag.counts[i] ?? 0), 0),
  )
}
