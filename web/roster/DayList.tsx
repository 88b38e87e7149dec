import { Plus } from "lucide-react"
import { useState } from "react"
import type { RosterView, ShiftView } from "../../src/api/contract/rosters.ts"
import { sayWeekday, wallOf } from "../time/dates.ts"
import { useNow } from "../time/now.ts"
import { useZone } from "../time/zone.ts"
import { useWords } from "../words/words.ts"
import { dayOf, isOverMidnight, timeOf } from "./week.ts"

type Props = {
  roster: RosterView
  days: readonly number[]
  onOpen(shift: ShiftView): void
  onAdd(day: number): void
}

/** A phone's roster: seven days to choose from, and whoever is on duty on the chosen one by when they begin. */
export function DayList({ roster, days, onOpen, onAdd }: Props) {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  const today = days.findIndex((day, i) => i < 7 && now >= day && now < days[i + 1]!)
  const [picked, setPicked] = useState<number | null>(null)
  const chosen = picked ?? Math.max(0, today)
  const mine = roster.departments.some((each) => each.mine)
  return (
    <div className="day-list">
      <div className="day-tabs" role="tablist" aria-label={t("roster.week")}>
        {days.slice(0, 7).map((day, i) => (
          <button
            key={day}
            type="button"
            role="tab"
            aria-selected={i === chosen}
            className={i === today ? "today" : ""}
            onClick={() => setPicked(i)}
          >
            <span>{sayWeekday(day, { language, zone })}</span>
            <b>{wallOf(day, zone).date}</b>
          </button>
        ))}
      </div>
      <div className="day-shifts">
        {roster.departments.map(({ id, name, mine }) => {
          const shifts = roster.shifts
            .filter((each) => each.department === id && dayOf(each, days) === chosen)
            .sort((one, other) => Date.parse(one.from) - Date.parse(other.from))
          if (shifts.length === 0 && !mine) return null
          return (
            <section key={id}>
              <h2>
                {name} <span className="t3">{shifts.length}</span>
              </h2>
              {shifts.length === 0 && <p className="t3">{t("roster.uncovered")}</p>}
              {shifts.map((shift) => (
                <button
                  key={shift.id}
                  type="button"
                  className="plain day-shift"
                  disabled={!mine}
                  onClick={() => onOpen(shift)}
                >
                  <span className="hours">
                    {timeOf(shift.from, zone)}–{timeOf(shift.to, zone)}
                    {isOverMidnight(shift, zone) && <sup>+1</sup>}
                  </span>
                  <b className="m grow el">{roster.people.find((each) => each.id === shift.staff)?.name}</b>
                  {now >= Date.parse(shift.from) && now < Date.parse(shift.to) && (
                    <span className="tag">
                      <span className="duty-dot" />
                      {t("roster.now")}
                    </span>
                  )}
                </button>
              ))}
            </section>
          )
        })}
      </div>
      {mine && (
        <button type="button" className="day-add" onClick={() => onAdd(days[chosen]!)}>
          <Plus size={18} /> {t("roster.add")}
        </button>
      )}
    </div>
  )
}
