import { useState } from "react"
import { hasWords, useWords } from "../words/words.ts"
import type { Result } from "./protocol.ts"
import type { Filter } from "./verdicts.ts"

const rowsShown = 20

/** What the file does not say, and rows that could not be read: nothing is passed over in silence. */
export function Notes({ result, onFilter }: { result: Result; onFilter: (filter: Filter) => void }) {
  const { t } = useWords()
  const [open, setOpen] = useState(false)
  const { counts, unobserved, unknownStatuses, rejected, rejectedCount } = result
  const n = (count: number) => ({ n: count.toLocaleString("en"), count })
  const statuses = unknownStatuses.reduce((sum, { count }) => sum + count, 0)
  const lines = [
    unobserved.prepare && t("check.note.prepare", n(unobserved.prepare)),
    unobserved.ship && t("check.note.ship", n(unobserved.ship)),
    result.inFuture > 0 && t("check.note.future", n(result.inFuture)),
    statuses > 0 &&
      t("check.note.statuses", {
        ...n(statuses),
        words: unknownStatuses
          .slice(0, 6)
          .map(({ word }) => word)
          .join(t("line.and")),
      }),
  ].filter((line): line is string => typeof line === "string")
  if (lines.length === 0 && rejectedCount === 0 && counts.other === 0) return null
  return (
    <section className="notes s t2">
      {lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
      {counts.other > 0 && (
        <p>
          <button type="button" className="link" onClick={() => onFilter("other")}>
            {t("check.note.other", n(counts.other))}
          </button>
        </p>
      )}
      {rejectedCount > 0 && (
        <>
          <p>
            <button type="button" className="link" aria-expanded={open} onClick={() => setOpen(!open)}>
              {t("check.note.rejected", n(rejectedCount))}
            </button>
          </p>
          {open && (
            <ol className="rejected">
              {rejected.slice(0, rowsShown).map(({ line, column, code, message }) => (
                <li key={`${line} ${column}`}>
                  <b>{t("check.note.line", { n: line.toLocaleString("en") })}</b>
                  <span className="el">{column}</span>
                  <span>
                    {hasWords(`check.row.${code}`)
                      ? t(`check.row.${code}`, { cell: /「(.*)」/.exec(message)?.[1] ?? "" })
                      : message}
                  </span>
                </li>
              ))}
              {rejectedCount > rowsShown && (
                <li className="t3">{t("check.note.moreRows", n(rejectedCount - rowsShown))}</li>
              )}
            </ol>
          )}
        </>
      )}
    </section>
  )
}
