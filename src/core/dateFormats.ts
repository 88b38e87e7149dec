import { parseInstant } from "./instants.ts"
import type { WallClock } from "./wallTime.ts"

type Reader = (text: string, clock: WallClock) => number | null

const tokens: [token: string, pattern: string, part: "y" | "M" | "d" | "H" | "m" | "s" | "S"][] = [
  ["yyyy", "(\\d{4})", "y"],
  ["SSS", "(\\d{3})", "S"],
  ["MM", "(\\d{2})", "M"],
  ["dd", "(\\d{2})", "d"],
  ["HH", "(\\d{2})", "H"],
  ["mm", "(\\d{2})", "m"],
  ["ss", "(\\d{2})", "s"],
  ["M", "(\\d{1,2})", "M"],
  ["d", "(\\d{1,2})", "d"],
  ["H", "(\\d{1,2})", "H"],
  ["m", "(\\d{1,2})", "m"],
  ["s", "(\\d{1,2})", "s"],
]

/** Reads dates of one format: tokens yyyy M MM d dd H HH m mm s ss SSS, or `iso`, `epoch_s`, `epoch_ms`. */
export function dateReader(format: string): Reader {
  if (format === "iso") return (text) => parseInstant(text)
  if (format === "epoch_s") return (text) => (/^\d{9,11}$/.test(text) ? Number(text) * 1000 : null)
  if (format === "epoch_ms") return (text) => (/^\d{12,14}$/.test(text) ? Number(text) : null)
  const parts: string[] = []
  let pattern = ""
  for (let i = 0; i < format.length; ) {
    const token = tokens.find(([each]) => format.startsWith(each, i))
    if (token) {
      pattern += token[1]
      parts.push(token[2])
      i += token[0].length
    } else pattern += format[i++]!.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
  }
  const regex = new RegExp(`^${pattern}$`)
  const index = (part: string) => parts.indexOf(part) + 1
  const [y, M, d, H, m, s, S] = ["y", "M", "d", "H", "m", "s", "S"].map(index) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  return (text, clock) => {
    const found = regex.exec(text)
    if (!found) return null
    const of = (i: number, none: number) => (i === 0 ? none : Number(found[i]))
    const [year, month, day, hour, minute, second] = [
      of(y, 1970),
      of(M, 1),
      of(d, 1),
      of(H, 0),
      of(m, 0),
      of(s, 0),
    ]
    const wall = Date.UTC(year!, month! - 1, day!, hour!, minute!, second!, of(S, 0))
    const back = new Date(wall)
    // A 31st of April would silently be the 1st of May.
    const exists =
      back.getUTCMonth() === month! - 1 &&
      back.getUTCDate() === day &&
      hour! < 24 &&
      minute! < 60 &&
      second! < 60
    return exists ? clock.instantOf(wall) : null
  }
}

/** Reads a cell by the first of several formats that fits. */
export function dateReaders(formats: readonly string[]): Reader {
  const readers = formats.map(dateReader)
  return (text, clock) => {
    for (const read of readers) {
      const at = read(text, clock)
      if (at !== null) return at
    }
    return null
  }
}
