import { Segmented } from "antd"
import { ArrowRightLeft } from "lucide-react"
import { useState } from "react"
import { Link, useNavigate } from "react-router"
import type { WorkQuery, WorkRow } from "../../src/api/contract/work.ts"
import { EmptyState, ErrorState, Skeleton } from "../marks/Blank.tsx"
import { PageHead } from "../marks/PageHead.tsx"
import { msOf } from "../marks/states.ts"
import { useKeys } from "../shell/keys.ts"
import { nextMidnight } from "../time/dates.ts"
import { useNow } from "../time/now.ts"
import { useZone } from "../time/zone.ts"
import { useWords } from "../words/words.ts"
import { AssignDialog } from "./AssignDialog.tsx"
import { useWork } from "./queries.ts"
import { Row } from "./Row.tsx"
import "../orders/orders.css"
import "./work.css"

type Scope = NonNullable<WorkQuery["scope"]>
const scopes = ["mine", "department", "followed"] as const
const soonMs = 2 * 3_600_000
const groups = ["now", "today", "later"] as const
type Group = (typeof groups)[number]

/** My work: one list by what is due first, in three groups; the first is open with its button, and finishing it opens the next. */
export default function WorkPage() {
  const { t } = useWords()
  const go = useNavigate()
  const zone = useZone()
  const now = useNow(60_000)
  const [chosen, setChosen] = useState<Scope | null>(null)
  const [at, setAt] = useState(0)
  const [assigning, setAssigning] = useState<WorkRow | null>(null)
  // Whoever has nothing of their own, as an owner has, begins with what their departments owe.
  const own = useWork("mine")
  const hasOwn = own.data === undefined || own.data.counts.mine > 0 || own.data.counts.department === 0
  const scope: Scope = chosen ?? (hasOwn ? "mine" : "department")
  const work = useWork(scope)
  const rows = work.data?.items ?? []
  const here = Math.min(at, Math.max(0, rows.length - 1))
  const open = (row: WorkRow | undefined) => row && void go(row.link)
  const move = (by: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, here + by))
    setAt(next)
    document.querySelector(`[data-work="${next}"]`)?.scrollIntoView({ block: "nearest" })
  }
  const choose = (wanted: Scope) => {
    setChosen(wanted)
    setAt(0)
  }
  useKeys("work.keys", {
    j: { does: "orders.keys.move", act: () => move(1) },
    k: { does: "orders.keys.move", act: () => move(-1) },
    Enter: { does: "orders.keys.open", act: () => open(rows[here]) },
    e: { does: "case.key.assign", act: () => rows[here]?.caseRef && setAssigning(rows[here]) },
    ...Object.fromEntries(
      scopes.map((each, i) => [String(i + 1), { does: `work.scope.${each}`, act: () => choose(each) }]),
    ),
  })
  const midnight = nextMidnight(now, zone)
  const groupOf = ({ dueAt }: WorkRow): Group => {
    const due = msOf(dueAt)
    if (due === null) return "later"
    return due < now + soonMs ? "now" : due < midnight ? "today" : "later"
  }
  const { mine = 0, department = 0, followed = 0 } = work.data?.counts ?? {}
  const counts: Record<Scope, number> = { mine, department, followed }
  const nameOf = (value: Scope) =>
    t(value === "department" && work.data?.whole ? "work.scope.whole" : `work.scope.${value}`)
  return (
    <div className="work">
      <PageHead title={t("work.title")}>
        <Link className="row s work-handover" to="/handover">
          <ArrowRightLeft size={14} />
          {t("handover.title")}
        </Link>
        <Segmented<Scope>
          size="small"
          value={scope}
          onChange={choose}
          options={scopes.map((value) => ({ value, label: `${nameOf(value)} ${counts[value]}` }))}
        />
      </PageHead>
      <div className="work-list">
        {(work.isPending || (work.isPlaceholderData && rows.length === 0)) && (
          <Skeleton rows={6} height={60} widths={[120, 260]} />
        )}
        {work.error && !work.data && <ErrorState error={work.error} onRetry={() => void work.refetch()} />}
        {work.data && !work.isPlaceholderData && rows.length === 0 && (
          <EmptyState
            title={t("work.empty.title")}
            act={
              scope === "mine" && department > 0
                ? {
                    label: t("work.empty.department", { n: department }),
                    onPress: () => choose("department"),
                  }
                : { label: t("work.empty.act"), onPress: () => void go("/board") }
            }
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
                  index={rows.indexOf(row)}
                  open={rows[here]?.id === row.id}
                  onOpen={() => open(row)}
                  onChoose={() => setAt(rows.indexOf(row))}
                  onAssign={() => setAssigning(row)}
                />
              ))}
            </section>
          )
        })}
        {rows.length < counts[scope] && rows.length > 0 && (
          <p className="t3 s work-cut">{t("work.cut", { n: rows.length, of: counts[scope] })}</p>
        )}
      </div>
      <footer className="list-foot row">
        <span className="t3 s">{t("work.foot", { n: counts[scope] })}</span>
        <span className="grow" />
        <span className="t3 s keys-hint">
          <kbd>j</kbd> <kbd>k</kbd> {t("orders.keys.move")} <kbd>enter</kbd> {t("orders.keys.open")}{" "}
          <kbd>e</kbd> {t("case.key.assign")} <kbd>?</kbd> {t("shell.keys.all")}
        </span>
      </footer>
      {assigning && <AssignDialog row={assigning} onClose={() => setAssigning(null)} />}
    </div>
  )
}
