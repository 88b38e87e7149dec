import type { ShiftTemplateView, ShiftView } from "../../src/api/contract/rosters.ts"
import { nextMidnight, wallOf } from "../time/dates.ts"

const hourMs = 3_600_000

/** The instants at which the seven days of the week of an instant begin, Monday first, and that at which the last ends. */
export function weekOf(at: number, zone: string): number[] {
  const { weekday } = wallOf(at, zone)
  const back = (weekday + 6) % 7
  // From noon to noon, since a day with a change of the clocks has 23 or 25 hours.
  let day = nextMidnight(nextMidnight(at, zone) - 36 * hourMs, zone)
  for (let i = 0; i < back; i++) day = nextMidnight(day - 36 * hourMs, zone)
  const days = [day]
  for (let i = 0; i < 7; i++) days.push(nextMidnight(days.at(-1)! + hourMs, zone))
  return days
}

/** The week of a day that was picked, as the page's address names it: by the date that the picker shows, which begins as another one in UTC. */
export const weekPicked = (day: { format(form: string): string }): string => day.format("YYYY-MM-DD")

/** The instant of a time of day on the day that begins at an instant. */
export function atTime(day: number, time: string, zone: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number)
  const guess = day + hours * hourMs + minutes * 60_000
  return (
    [guess, guess - hourMs, guess + hourMs].find((each) => wallOf(each, zone).hour === hours % 24) ?? guess
  )
}

/** Hours by the wall clock on a day as instants; an end not after its start is on the next day. */
export function spanOn(
  day: number,
  { from, to }: Pick<ShiftTemplateView, "from" | "to">,
  zone: string,
): { from: string; to: string } {
  const start = atTime(day, from, zone)
  const next = nextMidnight(day + hourMs, zone)
  const end = to === "24:00" ? next : to > from ? atTime(day, to, zone) : atTime(next, to, zone)
  return { from: new Date(start).toISOString(), to: new Date(end).toISOString() }
}

const two = (n: number): string => String(n).padStart(2, "0")
/** The time of day of an instant. */
export const timeOf = (iso: string, zone: string): string => {
  const { hour, minute } = wallOf(Date.parse(iso), zone)
  return `${two(hour)}:${two(minute)}`
}
/** Whether a shift ends on a later day than it begins. */
export const isOverMidnight = ({ from, to }: Pick<ShiftView, "from" | "to">, zone: string): boolean =>
  wallOf(Date.parse(to) - 1, zone).day > wallOf(Date.parse(from), zone).day
/** Which of the days a shift begins on; -1: none. */
export const dayOf = ({ from }: Pick<ShiftView, "from">, days: readonly number[]): number => {
  const at = Date.parse(from)
  return days.findIndex((day, i) => i < 7 && at >= day && at < days[i + 1]!)
}
/** The template that a shift follows. */
export const templateOf = (
  shift: Pick<ShiftView, "from" | "to">,
  templates: readonly ShiftTemplateView[],
  zone: string,
): number => {
  const [from, to] = [timeOf(shift.from, zone), timeOf(shift.to, zone)]
  return templates.findIndex((each) => each.from === from && each.to.replace("24:00", "00:00") === to)
}
/** How long shifts are together, in hours with at most one figure after the point. */
export const hoursOf = (shifts: readonly Pick<ShiftView, "from" | "to">[]): number =>
  Math.round(
    shifts.reduce((sum, { from, to }) => sum + Date.parse(to) - Date.parse(from), 0) / hourMs / 0.1,
  ) / 10

/** Who stands in the part of a department: those who belong to it, and those who have shifts in it. */
export function membersOf<Person extends { id: string; department: string | null }>(
  department: string,
  people: readonly Person[],
  shifts: readonly ShiftView[],
): Person[] {
  const guests = new Set(shifts.filter((each) => each.department === department).map(({ staff }) => staff))
  return people.filter((each) => each.department === department || guests.has(each.id))
}
