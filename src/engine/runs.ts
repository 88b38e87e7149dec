import { createHash } from "node:crypto"
import type { DueRun } from "../store/engines.ts"
import { runCount, type Span } from "../store/keys.ts"

/** The runs that rendezvous hashing gives an engine among the living: each run goes to the engine whose hash with it is greatest. */
export function runsOf(id: string, living: readonly string[]): number[] {
  const weight = (engine: string, run: number) =>
    createHash("sha256").update(`${engine} ${run}`).digest().readUIntBE(0, 6)
  const own = []
  for (let run = 0; run < runCount; run++)
    if (living.every((other) => other === id || weight(other, run) < weight(id, run))) own.push(run)
  return own
}

/**
 * Those of the due runs that an engine owns, neighbours put together as long as one tick can take what is due in them: a second in
 * which a few orders of each run are due costs one transaction, not sixteen.
 */
export function spansOf(due: readonly DueRun[], own: readonly number[], most: number): Span[] {
  const spans: (Span & { n: number })[] = []
  const isOwn = new Set(own)
  for (const { run, n } of due) {
    if (!isOwn.has(run)) continue
    const before = spans.at(-1)
    let next = before && before.last + 1
    while (next !== undefined && next < run && isOwn.has(next)) next++
    if (before && next === run && before.n + n <= most) Object.assign(before, { last: run, n: before.n + n })
    else spans.push({ first: run, last: run, n })
  }
  return spans
}
