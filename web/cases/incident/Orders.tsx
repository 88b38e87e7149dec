import { Button } from "antd"
import { X } from "lucide-react"
import { useCallback } from "react"
import { useNavigate, useSearchParams } from "react-router"
import type { CaseRow, CasesQuery } from "../../../src/api/contract/cases.ts"
import type { IncidentView } from "../../../src/api/contract/incidents.ts"
import { EmptyState } from "../../marks/Blank.tsx"
import { VirtualTable } from "../../marks/VirtualTable.tsx"
import { useKeys } from "../../shell/keys.ts"
import { useWords } from "../../words/words.ts"
import { NarrowCase, useCaseColumns } from "../columns.tsx"
import type { CaseLine } from "../groups.ts"
import { useCases } from "../queries.ts"
import { Heard, useHeardColumns } from "./Heard.tsx"
import type { Act } from "./turn.ts"

/** What stays of the list's columns once there is a date: what its customers believe takes the place of the rest. */
const dated = ["chosen", "left", "order"]

type Props = {
  each: IncidentView
  chosen: ReadonlyMap<string, CaseRow>
  setChosen(next: ReadonlyMap<string, CaseRow>): void
  onAct(act: Act): void
}

/** Each order of an incident, what is due first first; some can be taken out, parted, or let go their own way. */
export function Orders({ each, chosen, setChosen, onAct }: Props) {
  const { t } = useWords()
  const go = useNavigate()
  const [search, setSearch] = useSearchParams()
  const told = search.get("told") as NonNullable<CasesQuery["told"]> | null
  const cases = useCases({ incident: each.id, sort: "owed", ...(told ? { told } : {}) })
  const rows = (cases.data?.pages.flatMap(({ items }) => items) ?? []).map(
    (row): CaseLine => ({ ...row, line: "case" }),
  )
  const total = cases.data?.pages[0]?.total ?? rows.length
  const choose = useCallback(
    (some: readonly CaseRow[], on: boolean) => {
      const next = new Map(chosen)
      for (const row of some) on ? next.set(row.number, row) : next.delete(row.number)
      setChosen(next)
    },
    [chosen, setChosen],
  )
  const heard = useHeardColumns(each)
  const all = useCaseColumns({ chosen, choose, rows })
  const columns =
    each.etaAt === null
      ? all.filter(({ key }) => key !== "about" && key !== "holder")
      : [...all.filter(({ key }) => dated.includes(key)).map((own) => ({ ...own, wide: false })), ...heard]
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = cases
  const acts = (["leave", "exempt", "split"] as const).filter((act) =>
    each.legal.some((legal) => legal.act === act && legal.may),
  )
  useKeys("case.keys", {
    ...(chosen.size > 0 && acts.includes("leave")
      ? { l: { does: "incident.act.leave", act: () => onAct("leave") } }
      : {}),
    ...(chosen.size > 0 ? { Escape: { does: "cases.key.none", act: () => setChosen(new Map()) } } : {}),
  })
  return (
    <section className="incident-orders">
      <header className="row case-section">
        <h2>{t("incident.orders")}</h2>
        <span className="t3">{total.toLocaleString("en")}</span>
        {told && (
          <button type="button" className="tag" onClick={() => setSearch({})}>
            {t(`incident.told.${told}`)} <X size={12} aria-label={t("settings.remove")} />
          </button>
        )}
        <span className="grow" />
        {each.byState.map(({ state, count }) => (
          <span key={state} className="tag">
            {t(`cases.state.${state}`)} {count.toLocaleString("en")}
          </span>
        ))}
      </header>
      <VirtualTable
        label={t("incident.orders")}
        columns={columns}
        count={hasNextPage ? Math.max(total, rows.length + 1) : rows.length}
        row={(index) => rows[index]}
        rowKey={({ number }) => number}
        narrow={(row) => (
          <NarrowCase row={row} heard={each.etaAt === null ? null : <Heard row={row} each={each} />} />
        )}
        onOpen={({ number }) => void go(`/cases/${number}`)}
        onReach={(last) => {
          if (last > rows.length - 40 && hasNextPage && !isFetchingNextPage) void fetchNextPage()
        }}
        loading={cases.isPending}
        error={cases.data ? undefined : cases.error}
        onRetry={() => void cases.refetch()}
        empty={<EmptyState title={t("incident.noCases")}>{t("incident.noCasesMeans")}</EmptyState>}
      />
      {chosen.size > 0 ? (
        <footer className="case-bulk row">
          <b className="nw">{t("cases.bulk.chosen", { n: chosen.size })}</b>
          <kbd>esc</kbd>
          <span className="grow" />
          {acts.map((act) => (
            <Button key={act} onClick={() => onAct(act)}>
              {t(`incident.act.${act}`)} {act === "leave" && <kbd>l</kbd>}
            </Button>
          ))}
        </footer>
      ) : (
        <footer className="list-foot row">
          <span className="t3 s">{t("incident.foot", { n: total.toLocaleString("en") })}</span>
        </footer>
      )}
    </section>
  )
}
