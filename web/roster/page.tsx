import { Button, DatePicker, Select } from "antd"
import dayjs from "dayjs"
import { ChevronLeft, ChevronRight, Copy, Download, FileUp, Undo2 } from "lucide-react"
import { useState } from "react"
import { useSearchParams } from "react-router"
import type { RosterView, ShiftView } from "../../src/api/contract/rosters.ts"
import { writeRoster } from "../../src/core/rosters.ts"
import { ErrorState, Skeleton, useProblem } from "../marks/Blank.tsx"
import { saveWorkbook } from "../marks/download.ts"
import { PageHead } from "../marks/PageHead.tsx"
import { useKeys } from "../shell/keys.ts"
import { sayDay } from "../time/dates.ts"
import { useNow } from "../time/now.ts"
import { useZone } from "../time/zone.ts"
import { useWords } from "../words/words.ts"
import { DayList } from "./DayList.tsx"
import { ImportRoster } from "./ImportRoster.tsx"
import { OnDuty } from "./OnDuty.tsx"
import { useRoster, useRosterActs } from "./queries.ts"
import { ShiftForm, type ShiftWish } from "./ShiftForm.tsx"
import { TemplateBar, TemplateForm } from "./Templates.tsx"
import { WeekGrid } from "./WeekGrid.tsx"
import { dayOf, membersOf, weekOf, weekPicked } from "./week.ts"
import "../orders/orders.css"
import "./roster.css"

const weekMs = 7 * 24 * 3_600_000

/** Rosters: a week of a department or of all, people down and days across; on a phone a day as a list. */
export default function RosterPage() {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  const problem = useProblem()
  const [search, setSearch] = useSearchParams()
  const department = search.get("department")
  const wanted = Date.parse(`${search.get("week") ?? ""}T12:00:00Z`)
  const days = weekOf(Number.isNaN(wanted) ? now : wanted, zone)
  const roster = useRoster(days[0]!, days[7]!)
  const acts = useRosterActs()
  const [brush, setBrush] = useState(0)
  const [form, setForm] = useState<ShiftWish | "templates" | "import" | null>(null)
  const change = (some: Record<string, string | null>) =>
    setSearch((before) => {
      const next = new URLSearchParams(before)
      for (const [key, value] of Object.entries(some)) value ? next.set(key, value) : next.delete(key)
      return next
    })
  const goTo = (at: number) => change({ week: new Date(at).toISOString().slice(0, 10) })
  const turn = (by: number) => goTo(days[0]! + by * weekMs + weekMs / 2)
  const data = roster.data
  const templates = data?.templates ?? []
  const shown = (data?.departments ?? []).filter(({ id }) => department === null || id === department)
  const mine = shown.filter((each) => each.mine)
  const week = (data?.shifts ?? []).filter(
    (each) => dayOf(each, days) >= 0 && shown.some(({ id }) => id === each.department),
  )
  const copy = () =>
    acts.copy({
      department: department ?? (data?.departments.every((each) => each.mine) ? null : (mine[0]?.id ?? null)),
      from: new Date(weekOf(days[0]! - weekMs / 2, zone)[0]!).toISOString(),
      to: new Date(days[0]!).toISOString(),
      days: 7,
    })
  useKeys("roster.keys.title", {
    "[": { does: "roster.keys.before", act: () => turn(-1) },
    "]": { does: "roster.keys.after", act: () => turn(1) },
    t: { does: "roster.keys.today", act: () => change({ week: null }) },
    ...Object.fromEntries(
      templates.map((_, i) => [String(i + 1), { does: "roster.keys.template", act: () => setBrush(i) }]),
    ),
  })
  const failed = acts.error ? problem(acts.error) : null
  const { last } = acts
  return (
    <div className="roster">
      <PageHead title={t("roster.title")}>
        {mine.length > 0 && (
          <>
            <Button size="small" icon={<FileUp size={14} />} onClick={() => setForm("import")}>
              <span className="wide-only">{t("roster.import.do")}</span>
            </Button>
            <Button
              size="small"
              icon={<Copy size={14} />}
              type={week.length === 0 && data ? "primary" : "default"}
              loading={acts.busy}
              onClick={copy}
            >
              {t("roster.copy")}
            </Button>
          </>
        )}
        <Button
          size="small"
          icon={<Download size={14} />}
          disabled={!data}
          aria-label={t("roster.export")}
          onClick={() => data && void exported(data, week, shown, days, zone, t)}
        >
          <span className="wide-only">{t("roster.export")}</span>
        </Button>
      </PageHead>
      <div className="row roster-bar">
        <span className="row week-turn">
          <button
            type="button"
            className="icon-button"
            aria-label={t("roster.keys.before")}
            onClick={() => turn(-1)}
          >
            <ChevronLeft size={16} />
          </button>
          <DatePicker
            picker="week"
            size="small"
            variant="filled"
            allowClear={false}
            aria-label={t("roster.week")}
            value={dayjs(days[3])}
            format={() =>
              `${sayDay(days[0]!, now, { language, zone })} – ${sayDay(days[6]!, now, { language, zone })}`
            }
            onChange={(day) => day && change({ week: weekPicked(day) })}
          />
          <button
            type="button"
            className="icon-button"
            aria-label={t("roster.keys.after")}
            onClick={() => turn(1)}
          >
            <ChevronRight size={16} />
          </button>
        </span>
        <Select
          size="small"
          variant="filled"
          aria-label={t("roster.department")}
          style={{ minWidth: 120 }}
          value={department ?? ""}
          onChange={(id: string) => change({ department: id || null })}
          options={[
            { value: "", label: t("roster.all") },
            ...(data?.departments ?? []).map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
        {mine.length > 0 && (
          <TemplateBar
            templates={templates}
            chosen={brush}
            onChoose={setBrush}
            onEdit={() => setForm("templates")}
          />
        )}
      </div>
      {data && (
        <OnDuty departments={shown.filter(({ id }) => membersOf(id, data.people, data.shifts).length > 0)} />
      )}
      {roster.isPending && <Skeleton rows={10} widths={[96, 90, 90, 90, 90]} />}
      {roster.error && !data && <ErrorState error={roster.error} onRetry={() => void roster.refetch()} />}
      {data && (
        <>
          <WeekGrid
            roster={{ ...data, departments: shown }}
            days={days}
            brush={templates[brush]}
            onPut={acts.put}
            onTake={(shift) => acts.take([shift])}
            onOpen={(shift) => setForm({ kind: "change", shift })}
          />
          <DayList
            roster={{ ...data, departments: shown }}
            days={days}
            onOpen={(shift) => setForm({ kind: "change", shift })}
            onAdd={(day) => setForm({ kind: "add", day })}
          />
        </>
      )}
      <footer className="list-foot row">
        {failed ? (
          <span className="over s" role="alert">
            {failed.title} {failed.mend}
          </span>
        ) : last ? (
          <span className="s row" style={{ gap: 8 }} role="status">
            {t(`roster.done.${last.what}`, { n: last.n })}
            {last.left > 0 && <span className="t3">{t("roster.done.left", { n: last.left })}</span>}
            {(last.came.length > 0 || last.went.length > 0) && (
              <Button size="small" icon={<Undo2 size={13} />} onClick={() => acts.undo(last)}>
                {t("roster.undo")}
              </Button>
            )}
          </span>
        ) : (
          <span className="t3 s">{t("roster.foot", { n: week.length })}</span>
        )}
        <span className="grow" />
        <span className="t3 s keys-hint">
          <kbd>[</kbd> <kbd>]</kbd> {t("roster.week")} <kbd>↑</kbd> <kbd>↓</kbd> <kbd>←</kbd> <kbd>→</kbd>{" "}
          {t("orders.keys.move")} <kbd>enter</kbd> {t("roster.keys.put")} <kbd>del</kbd>{" "}
          {t("roster.keys.take")}
        </span>
      </footer>
      {data && form !== null && typeof form === "object" && (
        <ShiftForm
          wish={form}
          roster={{ ...data, departments: data.departments.filter((each) => each.mine) }}
          days={days}
          onPut={acts.put}
          onChange={acts.edit}
          onTake={(shift) => acts.take([shift])}
          onClose={() => setForm(null)}
        />
      )}
      {form === "templates" && (
        <TemplateForm
          templates={templates}
          disabled={!data?.departments.every((each) => each.mine)}
          onSave={acts.saveTemplates}
          onClose={() => setForm(null)}
        />
      )}
      {data && form === "import" && (
        <ImportRoster
          roster={data}
          template={() => void exported(data, [], mine, days, zone, t)}
          onClose={() => setForm(null)}
        />
      )}
    </div>
  )
}

/** Saves the week as a workbook that can be changed and read back. */
function exported(
  { people }: RosterView,
  shifts: readonly ShiftView[],
  departments: readonly { id: string; name: string }[],
  days: readonly number[],
  timezone: string,
  t: (key: string) => string,
): Promise<void> {
  const ids = new Set(departments.flatMap(({ id }) => membersOf(id, people, shifts).map((each) => each.id)))
  const [heads = [], ...rows] = writeRoster(
    people.filter(({ id }) => ids.has(id)),
    shifts.map((each) => ({ ...each, from: Date.parse(each.from), to: Date.parse(each.to) })),
    {
      days: days.slice(0, 7),
      timezone,
      heads: { name: t("roster.table.name"), department: t("roster.table.department") },
      departmentName: (id) => departments.find((each) => each.id === id)?.name ?? id,
    },
  )
  return saveWorkbook(t("roster.table.file"), heads, rows)
}
