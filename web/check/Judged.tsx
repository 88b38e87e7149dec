import { Button } from "antd"
import { type ReactNode, useState } from "react"
import { Trans } from "react-i18next"
import { useNavigate } from "react-router"
import { useChannelName } from "../board/names.ts"
import { StateIcon } from "../marks/StateIcon.tsx"
import { useWords } from "../words/words.ts"
import { Dots } from "./Dots.tsx"
import { Safe } from "./Drop.tsx"
import { Notes } from "./Notes.tsx"
import { OrderList } from "./OrderList.tsx"
import type { Result } from "./protocol.ts"
import { StandardsPane } from "./StandardsPane.tsx"
import type { CheckRun } from "./useCheck.ts"
import type { Filter, Group } from "./verdicts.ts"

const swatches: [Group, string][] = [
  ["over", "var(--over-fill)"],
  ["near", "var(--near-fill)"],
  ["calm", "var(--calm-fill)"],
  ["late", "color-mix(in srgb, var(--over-fill) 48%, var(--bg))"],
  ["met", "var(--met-border)"],
  ["ended", "var(--lineStrong)"],
]

/** What a file says: the headline, a dot for every order, counts that open their rows, the list, and what to do next. */
export function Judged({ run, result }: { run: CheckRun; result: Result }) {
  const { t } = useWords()
  const navigate = useNavigate()
  const { counts } = result
  const urgent = counts.over + counts.near
  const [filter, setFilter] = useState<Filter>(urgent > 0 ? "urgent" : counts.late > 0 ? "late" : "all")
  const open = urgent + counts.calm
  return (
    <main className="check-body judged">
      <Headline result={result} />
      <Dots groups={result.dots} paidAt={result.paidAt} zone={result.zone} onPick={setFilter} />
      <div className="legend">
        {swatches.map(([group, colour]) => (
          <button
            key={group}
            type="button"
            className={`plain ${group}`}
            aria-pressed={filter === group}
            onClick={() => setFilter(group)}
          >
            <b style={group === "over" || group === "near" ? { color: `var(--${group}-fg)` } : {}}>
              {(group === "over" || group === "near") && <StateIcon state={group} size={18} />}
              {counts[group].toLocaleString("en")}
            </b>
            <span className="t2 s">
              <i style={{ background: colour }} />
              {t(`check.group.${group}`)}
            </span>
          </button>
        ))}
      </div>
      <div className="check-grid">
        <div className="list-side">
          <OrderList run={run} result={result} filter={filter} onFilter={setFilter} />
          <Notes result={result} onFilter={setFilter} />
        </div>
        <aside className="side">
          {open > 0 && (
            <section>
              <h2>{t("check.keep.title", { n: open.toLocaleString("en"), count: open })}</h2>
              <p className="t2">{t("check.keep.lead")}</p>
              <Button
                type="primary"
                size="large"
                block
                onClick={() => void navigate("/sign-in?next=/import")}
              >
                {t("check.keep.go")}
              </Button>
              <p className="xs t3">{t("check.keep.none")}</p>
            </section>
          )}
          <StandardsPane run={run} result={result} />
          <Safe />
        </aside>
      </div>
    </main>
  )
}

/** The one sentence: how many are past due, how many are about to be. */
function Headline({ result }: { result: Result }) {
  const { t } = useWords()
  const channelName = useChannelName()
  const { over, near, late, met } = result.counts
  const took = result.tookMs < 10_000 ? (result.tookMs / 1000).toFixed(1) : Math.round(result.tookMs / 1000)
  const key = over > 0 ? (near > 0 ? "both" : "over") : near > 0 ? "near" : late > 0 ? "late" : "none"
  const components: Record<string, ReactNode> = {
    over: <em className="over-word" />,
    near: <em className="near-word" />,
  }
  const values = {
    over: over.toLocaleString("en"),
    near: near.toLocaleString("en"),
    late: late.toLocaleString("en"),
    share: met + late === 0 ? "100" : ((met / (met + late)) * 100).toFixed(1),
  }
  return (
    <>
      <p className="t3 kicker">
        {[
          result.channel && channelName(result.channel),
          t("check.kicker", { n: result.orders.toLocaleString("en"), count: result.orders, took }),
        ]
          .filter(Boolean)
          .join(" · ")}
      </p>
      <h1 className="headline">
        <Trans
          t={t as never}
          i18nKey={`check.headline.${key}`}
          values={values}
          components={components as never}
        />
      </h1>
    </>
  )
}
