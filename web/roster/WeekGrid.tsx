// biome-ignore-all lint/a11y/useSemanticElements: the grid of ARIA, whose cells are no table's
// biome-ignore-all lint/a11y/useFocusableInteractive: one cell at a time has the keyboard, rows and heads never
import { TriangleAlert } from "lucide-react"
import { type KeyboardEvent, useEffect, useRef, useState } from "react"
import type {
  RosterDepartment,
  RosterView,
  ShiftTemplateView,
  ShiftView,
} from "../../src/api/contract/rosters.ts"
import { sayWeekday, wallOf } from "../time/dates.ts"
import { useNow } from "../time/now.ts"
import { useZone } from "../time/zone.ts"
import { useWords } from "../words/words.ts"
import type { NewShift } from "./queries.ts"
import { dayOf, hoursOf, isOverMidnight, membersOf, spanOn, templateOf, timeOf } from "./week.ts"

type Props = {
  roster: RosterView
  days: readonly number[]
  brush: ShiftTemplateView | undefined
  onPut(shifts: NewShift[]): void
  onTake(shift: ShiftView): void
  onOpen(shift: ShiftView): void
}
type Row = { department: RosterDepartment; person: RosterView["people"][number] }
type Cell = { row: number; day: number }
const keyOf = ({ row, day }: Cell): string => `${row} ${day}`

/** The week as a grid: a press or a stroke over empty cells puts the chosen template there, a press on a shift opens it; arrows, enter and delete do the same. */
export function WeekGrid({ roster, days, brush, onPut, onTake, onOpen }: Props) {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  const grid = useRef<HTMLDivElement>(null)
  const [at, setAt] = useState<Cell>({ row: 0, day: 0 })
  const [stroke, setStroke] = useState<ReadonlyMap<string, Cell> | null>(null)
  const rows: Row[] = roster.departments.flatMap((department) =>
    membersOf(department.id, roster.people, roster.shifts).map((person) => ({ department, person })),
  )
  const shiftsAt = ({ row, day }: Cell): ShiftView[] =>
    roster.shifts.filter(
      (each) =>
        each.staff === rows[row]?.person.id &&
        each.department === rows[row]?.department.id &&
        dayOf(each, days) === day,
    )
  const isOff = ({ row, day }: Cell): boolean =>
    roster.leaves.some(
      ({ staff, from, to }) =>
        staff === rows[row]?.person.id &&
        Date.parse(from) < days[day + 1]! &&
        (to === null || Date.parse(to) > days[day]!),
    )
  const paint = (cells: Iterable<Cell>) => {
    if (!brush) return
    const shifts = [...cells].map(({ row, day }) => ({
      staff: rows[row]!.person.id,
      department: rows[row]!.department.id,
      ...spanOn(days[day]!, brush, zone),
    }))
    if (shifts.length > 0) onPut(shifts)
  }
  useEffect(() => {
    if (!stroke) return
    const end = () => {
      paint(stroke.values())
      setStroke(null)
    }
    window.addEventListener("pointerup", end, { once: true })
    return () => window.removeEventListener("pointerup", end)
  })
  const over = (cell: Cell) => {
    if (!stroke || stroke.has(keyOf(cell)) || shiftsAt(cell).length > 0 || !rows[cell.row]?.department.mine)
      return
    setStroke(new Map([...stroke, [keyOf(cell), cell]]))
  }
  const focus = (cell: Cell) => {
    const next = {
      row: Math.max(0, Math.min(rows.length - 1, cell.row)),
      day: Math.max(0, Math.min(6, cell.day)),
    }
    setAt(next)
    grid.current?.querySelector<HTMLElement>(`[data-cell="${keyOf(next)}"]`)?.focus()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const moves: Record<string, [number, number]> = {
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
    }
    const move = moves[event.key]
    const [first] = shiftsAt(at)
    const mine = rows[at.row]?.department.mine === true
    if (move) focus({ row: at.row + move[0], day: at.day + move[1] })
    else if (event.key === "Enter" && mine) first ? onOpen(first) : paint([at])
    else if ((event.key === "Delete" || event.key === "Backspace") && mine && first) onTake(first)
    else return
    event.preventDefault()
  }
  const today = wallOf(now, zone).day
  if (rows.length === 0) return <p className="roster-none t2">{t("roster.nobody")}</p>
  return (
    <div
      className={stroke ? "week-grid painting" : "week-grid"}
      role="grid"
      aria-label={t("roster.title")}
      ref={grid}
      tabIndex={-1}
      onKeyDown={onKeyDown}
    >
      <div className="week-row week-head" role="row">
        <span role="columnheader" />
        {days.slice(0, 7).map((day) => {
          const wall = wallOf(day, zone)
          return (
            <span key={day} role="columnheader" className={wall.day === today ? "today" : ""}>
              {sayWeekday(day, { language, zone })}{" "}
              <b className="m">
                {wall.month}/{wall.date}
              </b>
            </span>
          )
        })}
      </div>
      {rows.map(({ department, person }, row) => (
        <div key={`${department.id} ${person.id}`} className="week-part" role="presentation">
          {rows[row - 1]?.department !== department && (
            <div className="week-row week-department" role="row">
              <b>{department.name}</b>
              {days.slice(0, 7).map((day, i) => (
                <Cover key={day} department={department.id} shifts={roster.shifts} days={days} day={i} />
              ))}
            </div>
          )}
          <div className="week-row" role="row">
            <span className="week-person" role="rowheader">
              {department.onDuty.some(({ id }) => id === person.id) && (
                <span className="duty-dot" title={t("roster.now")}>
                  <span className="spoken">{t("roster.now")}</span>
                </span>
              )}
              <span className="el">{person.name}</span>
              <span className="t3 s">
                {t("roster.hours", {
                  n: hoursOf(
                    roster.shifts.filter((each) => each.staff === person.id && dayOf(each, days) >= 0),
                  ),
                })}
              </span>
            </span>
            {days.slice(0, 7).map((day, i) => {
              const cell = { row, day: i }
              const shifts = shiftsAt(cell)
              const off = isOff(cell)
              const empty = shifts.length === 0
              return (
                <div
                  key={day}
                  role="gridcell"
                  tabIndex={at.row === row && at.day === i ? 0 : -1}
                  data-cell={keyOf(cell)}
                  aria-label={`${person.name} ${sayWeekday(day, { language, zone })}`}
                  className={[
                    "week-cell",
                    department.mine ? "mine" : "",
                    off ? "off" : "",
                    stroke?.has(keyOf(cell)) ? "stroked" : "",
                    wallOf(day, zone).day === today ? "today" : "",
                  ].join(" ")}
                  onFocus={() => setAt(cell)}
                  onPointerDown={(event) => {
                    if (event.button !== 0 || !empty || !department.mine || !brush) return
                    event.preventDefault()
                    focus(cell)
                    setStroke(new Map([[keyOf(cell), cell]]))
                  }}
                  onPointerEnter={() => over(cell)}
                >
                  {shifts.map((shift) => (
                    <ShiftChip
                      key={shift.id}
                      shift={shift}
                      templates={roster.templates}
                      disabled={!department.mine}
                      onOpen={onOpen}
                    />
                  ))}
                  {off && empty && <span className="t3 s">{t("roster.off")}</span>}
                </div>
              )
            })}
          </div>
        </div>
      ))}
    </div>
  )
}

/** How many of a department have a shift on a day; nobody is said aloud where the week has a roster at all. */
function Cover({
  department,
  shifts,
  days,
  day,
}: {
  department: string
  shifts: readonly ShiftView[]
  days: readonly number[]
  day: number
}) {
  const { t } = useWords()
  const own = shifts.filter((each) => each.department === department && dayOf(each, days) >= 0)
  const n = new Set(own.filter((each) => dayOf(each, days) === day).map(({ staff }) => staff)).size
  if (n > 0) return <span className="t3 s">{t("roster.cover", { n })}</span>
  if (own.length === 0) return <span />
  return (
    <span className="near s row" style={{ gap: 4, color: "var(--near-fg)" }}>
      <TriangleAlert size={12} /> {t("roster.uncovered")}
    </span>
  )
}

type ChipProps = {
  shift: ShiftView
  templates: readonly ShiftTemplateView[]
  disabled: boolean
  onOpen(shift: ShiftView): void
}

/** A shift: its hours, and the name of the template that it follows. */
export function ShiftChip({ shift, templates, disabled, onOpen }: ChipProps) {
  const { t } = useWords()
  const zone = useZone()
  const template = templateOf(shift, templates, zone)
  const hours = `${timeOf(shift.from, zone)}–${timeOf(shift.to, zone)}`
  return (
    <button
      type="button"
      tabIndex={-1}
      className={`shift-chip kind-${template < 0 ? "own" : template % 3}`}
      disabled={disabled}
      onPointerDown={(event) => event.stopPropagation()}
      onClick={() => onOpen(shift)}
    >
      {template >= 0 && <b>{templates[template]!.name}</b>}
      <span className="hours">
        {hours}
        {isOverMidnight(shift, zone) && <sup title={t("roster.nextDay")}>+1</sup>}
      </span>
    </button>
  )
}
