/** The median, so that one disturbed round of a noisy machine decides nothing. */
export function middle(figures: readonly number[]): number {
  const sorted = [...figures].sort((one, other) => one - other)
  const half = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2
}
