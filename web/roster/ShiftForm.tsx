import { Button, Select, TimePicker } from "antd"
import dayjs from "dayjs"
import { useState } from "react"
import type { RosterView, ShiftView } from "../../src/api/contract/rosters.ts"
import { Dialog } from "../marks/Dialog.tsx"
import { nextMidnight, sayDayInWeek } from "../time/dates.ts"
import { useNow } from "../time/now.ts"
import { useZone } from "../time/zone.ts"
import { useWords } from "../words/words.ts"
import type { NewShift } from "./queries.ts"
import { isOverMidnight, spanOn, timeOf } from "./week.ts"

/** What the form is for: a shift that is there, or a new one on a day. */
export type ShiftWish = { kind: "change"; shift: ShiftView } | { kind: "add"; day: number }

type Props = {
  wish: ShiftWish
  /** with the departments that may be changed */
  roster: RosterView
  days: readonly number[]
  onPut(shifts: NewShift[]): void
  onChange(id: string, body: { department: string; from: string; to: string }): void
  onTake(shift: ShiftView): void
  onClose(): void
}

const clock = (text: string) => dayjs(`2026-01-01T${text.replace("24:00", "00:00")}`)

/** One shift: who, in which department, from when to when; it says when it ends on the next day. */
export function ShiftForm({ wish, roster, onPut, onChange, onTake, onClose }: Props) {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  const own = wish.kind === "change" ? wish.shift : null
  const day =
    wish.kind === "add" ? wish.day : nextMidnight(Date.parse(wish.shift.from) - 24 * 3_600_000, zone)
  const first = roster.templates[0] ?? { from: "09:00", to: "18:00" }
  const [from, setFrom] = useState(own ? timeOf(own.from, zone) : first.from)
  const [to, setTo] = useState(own ? timeOf(own.to, zone) : first.to)
  const [staff, setStaff] = useState(own?.staff ?? null)
  const [department, setDepartment] = useState(own?.department ?? roster.departments[0]?.id ?? null)
  const span = spanOn(day, { from, to }, zone)
  const able = staff !== null && department !== null && from !== to
  const save = () => {
    if (!able) return
    if (own) onChange(own.id, { department, ...span })
    else onPut([{ staff, department, ...span }])
    onClose()
  }
  const person = roster.people.find(({ id }) => id === staff)
  return (
    <Dialog
      open
      width={400}
      title={`${person?.name ?? t("roster.add")} · ${sayDayInWeek(day, now, { language, zone })}`}
      onCancel={onClose}
      footer={
        <div className="row">
          {own && (
            <Button
              onClick={() => {
                onTake(own)
                onClose()
              }}
            >
              {t("roster.keys.take")}
            </Button>
          )}
          <span className="grow" />
          <Button type="primary" disabled={!able} onClick={save}>
            {t(own ? "roster.save" : "roster.add")}
          </Button>
        </div>
      }
    >
      <form
        className="shift-form"
        onSubmit={(event) => {
          event.preventDefault()
          save()
        }}
      >
        {!own && (
          <Select
            showSearch={{ optionFilterProp: "label" }}
            aria-label={t("roster.table.name")}
            placeholder={t("roster.table.name")}
            value={staff}
            onChange={(id: string) => {
              setStaff(id)
              const home = roster.people.find((each) => each.id === id)?.department
              if (home && roster.departments.some((each) => each.id === home)) setDepartment(home)
            }}
            options={roster.people
              .filter((each) => roster.departments.some(({ id }) => id === each.department))
              .map(({ id, name }) => ({ value: id, label: name }))}
          />
        )}
        <Select
          aria-label={t("roster.table.department")}
          value={department}
          onChange={setDepartment}
          options={roster.departments.map(({ id, name }) => ({ value: id, label: name }))}
        />
        <span className="row" style={{ gap: 8 }}>
          <TimePicker
            format="HH:mm"
            minuteStep={15}
            needConfirm={false}
            allowClear={false}
            aria-label={t("roster.from")}
            value={clock(from)}
            onChange={(at) => at && setFrom(at.format("HH:mm"))}
          />
          –
          <TimePicker
            format="HH:mm"
            minuteStep={15}
            needConfirm={false}
            allowClear={false}
            aria-label={t("roster.to")}
            value={clock(to)}
            onChange={(at) => at && setTo(at.format("HH:mm"))}
          />
          {isOverMidnight(span, zone) && <span className="t3 s">{t("roster.nextDay")}</span>}
        </span>
        <span className="row chips">
          {roster.templates.map((each) => (
            <button
              key={each.name}
              type="button"
              className="chip"
              onClick={() => {
                setFrom(each.from)
                setTo(each.to)
              }}
            >
              {each.name}
            </button>
          ))}
        </span>
      </form>
    </Dialog>
  )
}
