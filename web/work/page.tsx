import { Button, Segmented } from "antd"
import { useState } from "react"
import { useNavigate } from "react-router"
import type { WorkQuery, WorkRow } from "../../src/api/contract/work.ts"
import { useDepartmentName } from "../cases/names.ts"
import { EmptyState, ErrorState, Skeleton } from "../marks/Blank.tsx"
import { Countdown } from "../marks/Countdown.tsx"
import { PageHead } from "../marks/PageHead.tsx"
import { type MarkState, msOf } from "../marks/states.ts"
import { useKeys } from "../shell/keys.ts"
import { nextMidnight, say } from "../time/dates.ts"
import { useNow } from "../time/now.ts"
import { useZone } from "../time/zone.ts"
import { hasWords, useWords } from "../words/words.ts"
import { useWork } from "./queries.ts"
import "../orders/orders.css"
import "./work.css"

type Scope = NonNullable<WorkQuery["scope"]>
const soonMs = 2 * 3_600_000
const groups = ["now", "today", "later"] as const
type Group = (typeof groups)[number]

const markOf = ({ state }: WorkRow): MarkState => (state === "running" ? "calm" : state)

/** My work: one list by what is due first, in three groups; the first is open with its button, and finishing it opens the next. */
export default function WorkPage() {
  const { t } = useWords()
  const go = useNavigate()
  const zone = useZone()
  const now = useNow(60_000)
  const [scope, setScope] = useState<Scope>("mine")
  const [at, setAt] = useState(0)
  const work = useWork(scope)
  const rows = work.data?.items ?? []
  const here = Math.min(at, Math.max(0, rows.length - 1))
  const open = (row: WorkRow | undefined) => row && void go(row.link)
  const move = (by: number) => setAt(Math.max(0, Math.min(rows.length - 1, here + by)))
  useKeys("work.keys", {
    j: { does: "orders.keys.move", act: () => move(1) },
    k: { does: "orders.keys.move", act: () => move(-1) },
    Enter: { does: "orders.keys.open", act: () => open(rows[here]) },
  })
  const midnight = nextMidnight(now, zone)
  const groupOf = ({ dueAt }: WorkRow): Group => {
    const due = msOf(dueAt)
    if (due === null) return "later"
    return due < now + soonMs ? "now" : due < midnight ? "today" : "later"
  }
  const { mine = 0, department = 0, followed = 0 } = work.data?.counts ?? {}
  const counts: Record<Scope, number> = { mine, department, followed }
  return (
    <div className="work">
      <PageHead title={t("work.title")}>
        <Segmented<Scope>
          size="small"
          value={scope}
          onChange={(wanted) => {
            setScope(wanted)
            setAt(0)
          }}
          options={(["mine", "department", "followed"] as const).map((value) => ({
            value,
            label: `${t(`work.scope.${value}`)} ${counts[value]}`,
          }))}
        />
      </PageHead>
      <div className="work-list">
        {work.isPending && <Skeleton rows={6} height={60} widths={[120, 260]} />}
        {work.error && !work.data && <ErrorState error={work.error} onRetry={() => void work.refetch()} />}
        {work.data && rows.length === 0 && (
          <EmptyState
            title={t("work.empty.title")}
            act={{ label: t("work.empty.act"), onPress: () => void go("/board") }}
          >
            {t("work.empty.means")}
          </EmptyState>
        )}
        {groups.map((group) => {
          const own = rows.filter((row) => groupOf(row) === group)
          if (own.length === 0) return null
          return (
            <section key={group}>
              <h2>
                {t(`work.group.${group}`)} <span className="t3">{own.length}</span>
              </h2>
              {own.map((row) => (
                <Row
                  key={row.id}
                  row={row}
                  open={rows[here]?.id === row.id}
                  onOpen={() => open(row)}
                  onChoose={() => setAt(rows.indexOf(row))}
                />
              ))}
            </section>
          )
        })}
      </div>
      <footer className="list-foot row">
        <span className="t3 s">{t("work.foot", { n: rows.length })}</span>
        <span className="grow" />
        <span className="t3 s keys-hint">
          <kbd>j</kbd> <kbd>k</kbd> {t("orders.keys.move")} <kbd>enter</kbd> {t("orders.keys.open")}
        </span>
      </footer>
    </div>
  )
}

type RowProps = { row: WorkRow; open: boolean; onOpen(): void; onChoose(): void }

function Row({ row, open, onOpen, onChoose }: RowProps) {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  const departmentName = useDepartmentName()
  const what = [`case.owed.${row.what}`, `work.what.${row.what}`].find(hasWords)
  const dueAt = msOf(row.dueAt)
  return (
    <article className={open ? "work-row open" : "work-row"}>
      <button type="button" className="plain work-press" onClick={open ? onOpen : onChoose}>
        <Countdown state={markOf(row)} dueAt={dueAt} size={open ? "hero" : "row"} />
        <span className="grow el">
          <b>{what ? t(what) : row.what}</b>{" "}
          <span className="t2">
            {row.count > 1 ? t("work.orders", { n: row.count }) : ""} {row.title}
          </span>
        </span>
        <span className="t3 s nw">{row.number}</span>
      </button>
      {open && (
        <div className="work-open">
          {row.detail && <p className="t2">{row.detail}</p>}
          <p className="t3 s">
            {[
              dueAt === null ? null : t("work.due", { at: say(dueAt, now, { language, zone }) }),
              row.department === null ? null : departmentName(row.department),
              row.person?.name ?? null,
            ]
              .filter(Boolean)
              .join(" · ")}
          </p>
          <Button type="primary" onClick={onOpen}>
            {what ? t(what) : t("work.open")} <kbd>enter</kbd>
          </Button>
        </div>
      )}
    </article>
  )
}
