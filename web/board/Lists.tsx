import { Link } from "react-router"
import type { Attention, Board } from "../../src/api/contract.ts"
import { address } from "../client.ts"
import { EmptyState } from "../marks/Blank.tsx"
import { Countdown } from "../marks/Countdown.tsx"
import { StateIcon } from "../marks/StateIcon.tsx"
import type { MarkState } from "../marks/states.ts"
import { hasWords, useWords } from "../words/words.ts"
import type { Scope } from "./queries.ts"

const flowing = ["paid", "prepared", "shipped", "collected", "delivered"] as const

/** How far the orders are; each count opens its rows. */
export function Stages({ board, scope }: { board: Board; scope: Scope }) {
  const { t } = useWords()
  const rows = board.stages.filter(({ stage }) => (flowing as readonly string[]).includes(stage))
  const most = Math.max(1, ...rows.map(({ count }) => count))
  return (
    <section className="pane">
      <header className="row">
        <h2>{t("board.stages.title")}</h2>
        <span className="grow" />
        <Link className="t3 s" to={address("/orders", { state: "paused", ...scope })}>
          {t("board.stages.paused", { n: board.clocks.paused.toLocaleString("en") })}
        </Link>
      </header>
      <ul className="bars">
        {rows.map(({ stage, count, over }) => (
          <li key={stage}>
            <Link to={address("/orders", { stage, ...scope })}>
              <span className="name">{t(`marks.stage.${stage}`)}</span>
              <span className="grow row">
                <i style={{ width: `${(count / most) * 78}%` }} />
                {over > 0 && (
                  <span className="over row s">
                    <StateIcon state="over" size={12} />
                    {over.toLocaleString("en")}
                  </span>
                )}
              </span>
              <b>{count.toLocaleString("en")}</b>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Open cases by department, each with the one opened first. */
export function Holders({ board }: { board: Board }) {
  const { t } = useWords()
  const { byDepartment, open } = board.cases
  return (
    <section className="pane">
      <header className="row">
        <h2>
          {t("board.holders.title")} <span className="t3">{open.toLocaleString("en")}</span>
        </h2>
        <span className="grow" />
        <span className="t3 s">
          {t("board.holders.today", {
            warnings: board.today.warnings.toLocaleString("en"),
            breaches: board.today.breaches.toLocaleString("en"),
          })}
        </span>
      </header>
      {byDepartment.length === 0 ? (
        <EmptyState title={t("board.holders.none")}>{t("board.holders.noneMeans")}</EmptyState>
      ) : (
        <ul className="bars">
          {byDepartment.map(({ department, count, oldest }) => (
            <li key={department ?? ""}>
              <Link to={address("/cases", { state: "open", department: department ?? "none" })}>
                <span className="name">
                  {department === null
                    ? t("board.holders.nobody")
                    : hasWords(`board.department.${department}`)
                      ? t(`board.department.${department}`)
                      : department}
                </span>
                <span className="grow t2 s el">
                  {oldest ? `${t(`board.owed.${oldest.what}`)} ${oldest.number}` : ""}
                </span>
                <b>{count.toLocaleString("en")}</b>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

const markOfKind: Record<Attention["kind"], MarkState> = {
  over: "over",
  near: "near",
  case: "near",
  anomaly: "unconfirmed",
  stuck: "over",
  stale: "unconfirmed",
}

/** What needs a person now, most urgent first. */
export function Needed({ board }: { board: Board }) {
  const { t } = useWords()
  return (
    <section className="pane needed">
      <header className="row">
        <h2>
          {t("board.needed.title")} <span className="t3">{board.attention.length}</span>
        </h2>
      </header>
      {board.attention.length === 0 ? (
        <EmptyState title={t("board.needed.none")}>{t("board.needed.noneMeans")}</EmptyState>
      ) : (
        <ul>
          {board.attention.map((each) => (
            <li key={`${each.kind} ${each.what}`}>
              <Link to={each.link}>
                <span className="when">
                  {each.dueAt === null ? (
                    <StateIcon state={markOfKind[each.kind]} size={14} />
                  ) : (
                    <Countdown state={markOfKind[each.kind]} dueAt={Date.parse(each.dueAt)} />
                  )}
                </span>
                <span className="grow">
                  <b>
                    {t(`board.needed.${each.kind}`, { what: wordOf(t, each) })}{" "}
                    <span className="t3">
                      {t("board.needed.count", { n: each.count.toLocaleString("en") })}
                    </span>
                  </b>
                  <span className="t3 s el">
                    {each.example
                      ? t("board.needed.example", { no: each.example.orderNo })
                      : t(`board.needed.${each.kind}Means`)}
                  </span>
                </span>
                <span className="button-like">{t("board.needed.open")}</span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function wordOf(t: (key: string) => string, { kind, what }: Attention): string {
  if (kind === "over" || kind === "near") return t(`marks.kind.${what}`)
  return hasWords(`board.anomaly.${what}`) ? t(`board.anomaly.${what}`) : what
}
