import { wallOf } from "./dates.ts"
import type { Instant } from "./instants.ts"
import { WallClock } from "./wallTime.ts"

/** What a cell of a roster could not be read as. */
export type RosterProblem =
  | "unknown_person"
  | "two_people"
  | "bad_date"
  | "bad_time"
  | "unknown_department"
  | "overlaps"
/** A shift as a table states it, with the cell that it stands in. */
export type TableShift = {
  row: number
  column: number
  staff: string
  department: string
  from: Instant
  to: Instant
}
export type TableProblem = { row: number; column: number; problem: RosterProblem; text: string }

type Known = {
  people: readonly { id: string; name: string; department: string | null }[]
  departments: readonly { id: string; name: string }[]
  timezone: string
  now: Instant
}

const dayMs = 24 * 60 * 60_000
const hourMs = 60 * 60_000
const nameHeads = ["姓名", "人员", "员工", "員工", "人員", "name"]
const departmentHeads = ["部门", "部門", "department"]
/** What people write for a day off. */
const off = /^(休|休息|公休|调休|調休|请假|請假|off|-|–|—|\/|x)?$/i

/**
 * Reads a week as these people keep it: names down, days across, hours in the cells (`09:00-18:00`, `18:00-02:00`, several parted by
 * a comma or a new line, 休 for none). An end not after its start is on the next day. What cannot be read is told by its cell.
 */
export function readRoster(
  table: readonly (readonly string[])[],
  { people, departments, timezone, now }: Known,
): { shifts: TableShift[]; problems: TableProblem[] } {
  const clock = new WallClock(timezone)
  const headRow = table.findIndex((cells) => cells.some((cell) => isOneOf(cell, nameHeads)))
  if (headRow < 0)
    return { shifts: [], problems: [{ row: 0, column: 0, problem: "bad_date", text: table[0]?.[0] ?? "" }] }
  const head = table[headRow]!
  const nameColumn = head.findIndex((cell) => isOneOf(cell, nameHeads))
  const departmentColumn = head.findIndex((cell) => isOneOf(cell, departmentHeads))
  const days = new Map<number, number>()
  const problems: TableProblem[] = []
  head.forEach((cell, column) => {
    if (column === nameColumn || column === departmentColumn || cell.trim() === "") return
    const day = readDay(cell, now)
    if (day === null) problems.push({ row: headRow, column, problem: "bad_date", text: cell })
    else days.set(column, day)
  })

  const shifts: TableShift[] = []
  for (let row = headRow + 1; row < table.length; row++) {
    const cells = table[row]!
    const name = (cells[nameColumn] ?? "").trim()
    if (name === "") continue
    const told = departmentColumn < 0 ? "" : (cells[departmentColumn] ?? "").trim()
    const named = told === "" ? null : departments.find(({ id, name }) => name === told || id === told)
    if (named === undefined) {
      problems.push({ row, column: departmentColumn, problem: "unknown_department", text: told })
      continue
    }
    const all = people.filter((each) => each.name === name)
    const own = all.length > 1 && named ? all.filter((each) => each.department === named.id) : all
    const person = own[0]
    if (!person || own.length > 1) {
      const problem = person ? "two_people" : "unknown_person"
      problems.push({ row, column: nameColumn, problem, text: name })
      continue
    }
    const department = named?.id ?? person.department
    if (department === null) {
      problems.push({ row, column: nameColumn, problem: "unknown_department", text: name })
      continue
    }
    for (const [column, day] of days) {
      const text = (cells[column] ?? "").trim()
      if (off.test(text)) continue
      const spans = readSpans(text)
      if (spans === null) problems.push({ row, column, problem: "bad_time", text })
      else
        for (const [from, to] of spans)
          shifts.push({
            row,
            column,
            staff: person.id,
            department,
            from: clock.instantOf(day * dayMs + from),
            to: clock.instantOf(day * dayMs + to),
          })
    }
  }
  return { shifts, problems: [...problems, ...meeting(shifts)] }
}

const isOneOf = (cell: string, words: readonly string[]): boolean => words.includes(cell.trim().toLowerCase())

/** A day of a head cell, as days since 1970: with its year, or the one nearest to now; weekdays beside it are left alone. */
function readDay(text: string, now: Instant): number | null {
  const full = /(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})/.exec(text)
  if (full) return dayOf(Number(full[1]), Number(full[2]), Number(full[3]))
  const short = /(?:^|\D)(\d{1,2})[-/.月](\d{1,2})/.exec(text)
  if (!short) return null
  const thisYear = 1970 + Math.floor(now / dayMs / 365.2425)
  const near = [thisYear - 1, thisYear, thisYear + 1]
    .map((year) => dayOf(year, Number(short[1]), Number(short[2])))
    .filter((day) => day !== null)
  return near.toSorted((one, other) => Math.abs(one * dayMs - now) - Math.abs(other * dayMs - now))[0] ?? null
}

function dayOf(year: number, month: number, date: number): number | null {
  if (month < 1 || month > 12 || date < 1 || date > 31) return null
  const day = Date.UTC(year, month - 1, date) / dayMs
  return new Date(day * dayMs).getUTCDate() === date ? day : null
}

/** The hours of a cell in milliseconds of the day; null when it is none. */
function readSpans(text: string): [from: number, to: number][] | null {
  const spans: [number, number][] = []
  for (const part of text.split(/[\n,，;；、]+/)) {
    const found =
      /^\s*(\d{1,2})(?:[:：](\d{2}))?\s*[-–—~～至到]\s*(?:次日|翌日)?\s*(\d{1,2})(?:[:：](\d{2}))?\s*$/.exec(
        part,
      )
    if (!found) return null
    const [from, to] = [timeOf(found[1]!, found[2]), timeOf(found[3]!, found[4])]
    if (from === null || to === null || from === 24 * hourMs) return null
    spans.push([from, to > from ? to : to + dayMs])
  }
  return spans
}

function timeOf(hour: string, minute = "00"): number | null {
  const [h, m] = [Number(hour), Number(minute)]
  return h < 24 && m < 60 ? h * hourMs + m * 60_000 : h === 24 && m === 0 ? 24 * hourMs : null
}

/** The shifts that put one person in two places at once. */
function meeting(shifts: readonly TableShift[]): TableProblem[] {
  const sorted = shifts.toSorted((one, other) =>
    one.staff === other.staff ? one.from - other.from : one.staff < other.staff ? -1 : 1,
  )
  return sorted.flatMap((each, i) => {
    const before = sorted[i - 1]
    return before && before.staff === each.staff && before.to > each.from
      ? [{ row: each.row, column: each.column, problem: "overlaps" as const, text: "" }]
      : []
  })
}

const two = (n: number): string => String(n).padStart(2, "0")
const timeText = (at: Instant, zone: string, isEnd = false): string => {
  const { hour, minute } = wallOf(at, zone)
  return isEnd && hour === 0 && minute === 0 ? "24:00" : `${two(hour)}:${two(minute)}`
}

/** The hours of a shift as a cell states them: `18:00-02:00`, an end at midnight as `24:00`. */
export const hoursText = ({ from, to }: { from: Instant; to: Instant }, zone: string): string =>
  `${timeText(from, zone)}-${timeText(to, zone, true)}`

/** A week as `readRoster` reads it back: a row of heads, then a row a person and department, the hours of a day in its cell. `days` are the instants at which the days begin. */
export function writeRoster(
  people: readonly { id: string; name: string; department: string | null }[],
  shifts: readonly { staff: string; department: string; from: Instant; to: Instant }[],
  {
    days,
    timezone,
    heads,
    departmentName,
  }: {
    days: readonly Instant[]
    timezone: string
    heads: { name: string; department: string }
    departmentName(id: string): string
  },
): string[][] {
  const dates = days.map((day) => {
    const { year, month, date } = wallOf(day, timezone)
    return `${year}-${two(month)}-${two(date)}`
  })
  const rows = people.flatMap(({ id, name, department }) => {
    const own = shifts.filter(({ staff }) => staff === id)
    const departments = new Set([
      ...(department === null ? [] : [department]),
      ...own.map((each) => each.department),
    ])
    return [...departments].map((one) => [
      name,
      departmentName(one),
      ...days.map((day) =>
        own
          .filter(
            (each) =>
              each.department === one && wallOf(each.from, timezone).day === wallOf(day, timezone).day,
          )
          .map((each) => hoursText(each, timezone))
          .join(", "),
      ),
    ])
  })
  return [[heads.name, heads.department, ...dates], ...rows]
}
