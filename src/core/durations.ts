const form = /^P(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/

/** Milliseconds of a duration `PnDTnHnMnS`, a day being 24 hours of counted time (CLOCKS R18); null when it is none. */
export function parseDuration(text: string): number | null {
  const found = form.exec(text)
  if (!found || text === "P") return null
  const [, days = "0", hours = "0", minutes = "0", seconds = "0"] = found
  return (((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000
}

/** A warning level: a share of the time in whole percent, or a span before the due in milliseconds (CLOCKS R19). */
export type Level = { text: string; percent: number } | { text: string; beforeMs: number }

/** A level's text (`50%`, `PT2H`) read; null when it is neither. */
export function parseLevel(text: string): Level | null {
  const percent = /^([1-9]\d?|100)%$/.exec(text)
  if (percent) return { text, percent: Number(percent[1]) }
  const beforeMs = parseDuration(text)
  return beforeMs === null ? null : { text, beforeMs }
}
