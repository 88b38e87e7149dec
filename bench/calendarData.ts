import { readFileSync } from "node:fs"
import { createRequire } from "node:module"

type Announced = Record<number, { off: [first: string, last: string][]; work: string[] }>
const since = 2020
const dayMs = 86_400_000

/** The holidays as runs of days and the make-up days, by year since 2020, as `chinese-days` (MIT) collects them from the State Council's notices. */
export function readAnnounced(): Announced {
  const path = createRequire(import.meta.url)
    .resolve("chinese-days")
    .replace(/[^/\\]+$/, "chinese-days.json")
  const { holidays, workdays } = JSON.parse(readFileSync(path, "utf8")) as Record<
    "holidays" | "workdays",
    Record<string, string>
  >
  const announced: Announced = {}
  const of = (date: string) => {
    const year = Number(date.slice(0, 4))
    announced[year] ??= { off: [], work: [] }
    return announced[year]
  }
  const recent = (days: Record<string, string>) =>
    Object.keys(days)
      .filter((date) => Number(date.slice(0, 4)) >= since)
      .sort()
  for (const date of recent(holidays)) {
    const { off } = of(date)
    const last = off.at(-1)
    if (last && Date.parse(date) - Date.parse(last[1]) === dayMs) last[1] = date
    else off.push([date, date])
  }
  for (const date of recent(workdays)) of(date).work.push(date)
  return announced
}

if (import.meta.main) {
  const short = (date: string) => date.slice(5)
  for (const [year, { off, work }] of Object.entries(readAnnounced())) {
    const runs = off.map(([first, last]) =>
      first === last ? short(first) : `${short(first)}/${short(last)}`,
    )
    console.log(`  ${year}: { off: "${runs.join(" ")}", work: "${work.map(short).join(" ")}" },`)
  }
}
