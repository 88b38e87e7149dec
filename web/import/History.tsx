import { Button, Progress } from "antd"
import { Download, Undo2 } from "lucide-react"
import { useState } from "react"
import type { ImportView } from "../../src/api/contract/imports.ts"
import { EmptyState } from "../marks/Blank.tsx"
import { saveWorkbook } from "../marks/download.ts"
import { exact, say } from "../time/dates.ts"
import { useNow } from "../time/now.ts"
import { useZone } from "../time/zone.ts"
import { useWords } from "../words/words.ts"
import { Undo } from "./Undo.tsx"

/** The imports there were, newest first: what each took, what not, and its undo. */
export function History({ items }: { items: readonly ImportView[] }) {
  const { t } = useWords()
  if (items.length === 0)
    return <EmptyState title={t("import.history.none")}>{t("import.history.noneMeans")}</EmptyState>
  return (
    <section className="import-history">
      <header className="row">
        <h2 className="grow">{t("import.history.title")}</h2>
        <Export items={items} />
      </header>
      <ul>
        {items.map((each) => (
          <Entry key={each.number} each={each} />
        ))}
      </ul>
    </section>
  )
}

/** The history as a workbook. */
function Export({ items }: { items: readonly ImportView[] }) {
  const { t } = useWords()
  const zone = useZone()
  const write = () =>
    saveWorkbook(
      t("import.history.title"),
      ["number", "file", "state", "by", "startedAt", "rows", "orders", "fresh", "changed", "rejected"].map(
        (key) => t(`import.export.${key}`),
      ),
      items.map(({ number, file, state, by, startedAt, result }) => [
        String(number),
        file,
        t(`import.state.${state}`),
        by,
        exact(Date.parse(startedAt), zone),
        ...[
          result?.rows,
          result?.orders,
          result?.newOrders,
          result?.changedOrders,
          result?.rejectedCount,
        ].map((n) => String(n ?? "")),
      ]),
    )
  return (
    <Button size="small" icon={<Download size={13} />} onClick={() => void write()}>
      {t("orders.export.do")}
    </Button>
  )
}

function Entry({ each }: { each: ImportView }) {
  const { t, language } = useWords()
  const now = useNow(60_000)
  const zone = useZone()
  const [undoing, setUndoing] = useState(false)
  const { number, file, by, startedAt, state, result, progress, error, undoable } = each
  const running = state === "running" || state === "undoing"
  return (
    <li>
      <span className="t3">{number}</span>
      <div className="col grow">
        <span className="row" style={{ gap: 8 }}>
          <b className="el">{file}</b>
          <span
            className={`tag ${state === "done" ? "met" : state === "failed" ? "over" : state === "undone" ? "cancelled" : "calm"}`}
          >
            {t(`import.state.${state}`)}
          </span>
        </span>
        <span className="t3 s">
          {say(Date.parse(startedAt), now, { language, zone })} · {by}
          {result &&
            ` · ${t("import.history.took", { orders: result.orders.toLocaleString("en"), fresh: result.newOrders.toLocaleString("en"), changed: result.changedOrders.toLocaleString("en"), same: result.sameOrders.toLocaleString("en") })}`}
          {result &&
            result.overdueUnshipped > 0 &&
            ` · ${t("import.history.overdue", { n: result.overdueUnshipped.toLocaleString("en") })}`}
          {result &&
            result.missingOpenOrders > 0 &&
            ` · ${t("import.history.missing", { n: result.missingOpenOrders.toLocaleString("en") })}`}
          {error && ` · ${t("import.history.failed")}`}
        </span>
        {running && (
          <Progress
            percent={progress.ofRows ? Math.floor((progress.rows / progress.ofRows) * 100) : 0}
            size="small"
            status="active"
            format={() => progress.rows.toLocaleString("en")}
          />
        )}
      </div>
      {result && result.rejectedCount > 0 && (
        <Button size="small" icon={<Download size={13} />} href={`/api/v1/imports/${number}/rejected.xlsx`}>
          {t("import.history.rejected", { n: result.rejectedCount.toLocaleString("en") })}
        </Button>
      )}
      {undoable && (
        <Button size="small" icon={<Undo2 size={13} />} onClick={() => setUndoing(true)}>
          {t(state === "undoing" ? "import.history.undoMore" : "import.history.undo")}
        </Button>
      )}
      {undoing && <Undo each={each} onClose={() => setUndoing(false)} />}
    </li>
  )
}
