/** How dots stand: distance and size in pixels, dots in a column, and orders in a dot. */
export type DotGrid = { pitch: number; dot: number; rows: number; each: number }

const pitches = [12, 10, 8, 6, 5, 4, 3, 2.5, 2, 1.5]

/** The widest grid in which a number of orders has room; when none has, several orders share a dot. */
export function gridFor(count: number, width: number, height: number): DotGrid {
  let grid: DotGrid = { pitch: 3, dot: 2, rows: 34, each: 1 }
  for (const pitch of pitches) {
    const rows = Math.floor(height / pitch)
    const room = rows * Math.floor(width / pitch)
    grid = { pitch, dot: pitch * (2 / 3), rows, each: room === 0 ? 1 : Math.max(1, Math.ceil(count / room)) }
    if (room >= count) return grid
  }
  return grid
}

const urgent = 1

/** The group that a dot shows: what needs somebody wins; else the most frequent. */
export function worstOf(all: Uint8Array, from: number, each: number): number {
  if (each === 1) return all[from]!
  const counts = new Uint32Array(8)
  const to = Math.min(all.length, from + each)
  for (let i = from; i < to; i++) counts[all[i]!]! += 1
  for (let group = 0; group <= urgent; group++) if (counts[group]! > 0) return group
  let best = 2
  for (let group = 3; group < counts.length; group++) if (counts[group]! > counts[best]!) best = group
  return best
}
