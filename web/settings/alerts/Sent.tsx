import { App, Button, Segmented } from "antd"
import { RefreshCw } from "lucide-react"
import { Fragment, useState } from "react"
import type { DeliveryRow, RobotRow } from "../../../src/api/contract/alerts.ts"
import { EmptyState, ErrorState, Skeleton } from "../../marks/Blank.tsx"
import { saveWorkbook } from "../../marks/download.ts"
import { StateIcon } from "../../marks/StateIcon.tsx"
import { exact, sayExactly, sayShort } from "../../time/dates.ts"
import { useNow } from "../../time/now.ts"
import { useZone } from "../../time/zone.ts"
import { hasWords, useWords } from "../../words/words.ts"
import type { Editing } from "./Alerts.tsx"
import { type Outcome, useDeliveries, useDeliveryCounts, useRetry } from "./queries.ts"

/** What was sent, to whom and how it went; a dead letter opens in place with its cause and what mends it. */
export function Sent({
  robots,
  startWithDead,
  onEdit,
}: {
  robots: readonly RobotRow[]
  startWithDead: boolean
  onEdit: ((editing: Editing) => void) | null
}) {
  const { t } = useWords()
  const [dead, setDead] = useState(startWithDead)
  const [opened, setOpened] = useState<string | null>(null)
  const counts = useDeliveryCounts().data
  const deliveries = useDeliveries(dead, null)
  const rows = deliveries.data?.pages.flatMap(({ items }) => items) ?? []
  const firstDead = rows.find(({ state }) => state === "dead")?.id
  const shown = opened ?? firstDead
  return (
    <section className="sent">
      <div className="row sent-head">
        <h2>{t("alerts.sent.title")}</h2>
        <Segmented
          size="small"
          value={dead ? "dead" : "all"}
          onChange={(value) => setDead(value === "dead")}
          options={[
            { value: "all", label: t("alerts.sent.all", { n: (counts?.today ?? 0).toLocaleString("en") }) },
            { value: "dead", label: t("alerts.sent.dead", { n: (counts?.dead ?? 0).toLocaleString("en") }) },
          ]}
        />
        <span className="grow" />
        {counts && (
          <span className="s t3 sum">
            {t("alerts.sent.sum", {
              waiting: counts.waiting.toLocaleString("en"),
              merged: counts.merged.toLocaleString("en"),
            })}
            {counts.slowestMs !== null &&
              t("alerts.sent.slowest", { s: (counts.slowestMs / 1000).toFixed(1) })}
          </span>
        )}
      </div>
      {deliveries.isPending ? (
        <Skeleton rows={5} />
      ) : !deliveries.data ? (
        <ErrorState error={deliveries.error} onRetry={() => void deliveries.refetch()} />
      ) : rows.length === 0 ? (
        <EmptyState title={t(dead ? "alerts.sent.noDead" : "alerts.sent.empty")}>
          {t(dead ? "alerts.sent.noDeadMeans" : "alerts.sent.emptyMeans")}
        </EmptyState>
      ) : (
        <ul className="deliveries">
          {rows.map((row) => (
            <Fragment key={row.id}>
              <Line row={row} onOpen={() => setOpened(row.id === shown ? "" : row.id)} />
              {row.state === "dead" && row.id === shown && (
                <DeadLetter row={row} robot={robots.find(({ id }) => id === row.robot.id)} onEdit={onEdit} />
              )}
            </Fragment>
          ))}
        </ul>
      )}
      <footer className="list-foot row">
        <span className="t3 s">{t("alerts.sent.kept")}</span>
        <span className="grow" />
        {deliveries.hasNextPage && (
          <button type="button" className="link s" onClick={() => void deliveries.fetchNextPage()}>
            {t("alerts.sent.more")}
          </button>
        )}
        <Export rows={rows} />
      </footer>
    </section>
  )
}

function Line({ row, onOpen }: { row: DeliveryRow; onOpen: () => void }) {
  const { language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  const at = Date.parse(row.at)
  const cells = (
    <>
      <time className="t2 at" dateTime={row.at} title={exact(at, zone)}>
        {sayExactly(at, now, { language, zone }).replace(/^(今天|today) /, "")}
      </time>
      <span className="t2 el to">{row.robot.name}</span>
      <span className="el said">{row.said}</span>
      <span className="end">
        <How row={row} />
      </span>
    </>
  )
  return (
    <li className={row.state}>
      {row.state === "dead" ? (
        <button type="button" className="plain line" onClick={onOpen}>
          {cells}
        </button>
      ) : (
        <span className="line">{cells}</span>
      )}
    </li>
  )
}

function How({ row: { state, gathered, tries, tookMs, dueAt, why } }: { row: DeliveryRow }) {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  const at = dueAt ? sayShort(Date.parse(dueAt), now, { language, zone }) : ""
  if (state === "dead")
    return (
      <span className="row failing">
        <StateIcon state="over" size={13} />
        <b>{t("alerts.sent.tried", { n: tries })}</b>
      </span>
    )
  if (state === "dropped") return <span className="t3">{t("alerts.sent.dropped")}</span>
  if (state === "sending") return <span className="t3">{t("alerts.sent.sending")}</span>
  if (state === "waiting") {
    if (why !== null && why !== "busy")
      return <span className="t2">{t("alerts.sent.retrying", { n: tries + 1, at })}</span>
    return (
      <span className="t2">
        {dueAt && Date.parse(dueAt) > now ? t("alerts.sent.waitsUntil", { at }) : t("alerts.sent.waiting")}
      </span>
    )
  }
  return (
    <span className="t3">
      {gathered && `${t("alerts.sent.gathered")} `}
      {tookMs !== null && tookMs < 100 ? "<0.1" : ((tookMs ?? 0) / 1000).toFixed(1)} s
    </span>
  )
}

/** Why a message did not go out, what was done meanwhile, and the two acts that mend it. */
function DeadLetter({
  row,
  robot,
  onEdit,
}: {
  row: DeliveryRow
  robot: RobotRow | undefined
  onEdit: ((editing: Editing) => void) | null
}) {
  const { t } = useWords()
  const retry = useRetry()
  const sayOutcome = useOutcome()
  const platform = robot ? t(`alerts.kind.${robot.kind}`) : ""
  const key = `alerts.why.${row.why}`
  const focus = row.why === "sign" ? "secret" : "address"
  return (
    <li className="dead-letter">
      <p>
        <b>{hasWords(`${key}.title`) ? t(`${key}.title`, { platform }) : row.why}</b>
        {row.platform && (
          <span className="t2">
            {" "}
            {row.platform.code} {row.platform.message}
          </span>
        )}
      </p>
      <div className="row acts">
        {onEdit && robot && (
          <Button size="small" onClick={() => onEdit({ robot, focus })}>
            {t(focus === "secret" ? "alerts.panel.changeSecret" : "alerts.panel.changeAddress")}
          </Button>
        )}
        <Button
          size="small"
          icon={<RefreshCw size={13} />}
          loading={retry.isPending}
          onClick={() => retry.mutate(row.id, { onSuccess: sayOutcome })}
        >
          {t("alerts.sent.retry")}
        </Button>
      </div>
      <p className="s t2">
        {hasWords(`${key}.mend`) && t(`${key}.mend`)}
        {row.instead && `${t("line.apart")}${t("alerts.sent.instead", { robot: row.instead })}`}
      </p>
    </li>
  )
}

/** Says how a message went, for whoever pressed the button. */
export function useOutcome(): (outcome: Outcome) => void {
  const { message } = App.useApp()
  const { t } = useWords()
  return ({ state, why, platform }) => {
    if (state === "sent") void message.success(t("alerts.sent.arrived"))
    else if (state === "dead")
      void message.error(
        `${t("alerts.sent.stillDead")}: ${hasWords(`alerts.why.${why}.title`) ? t(`alerts.why.${why}.title`, { platform: "" }) : ""} ${platform?.code ?? ""}`,
      )
    else void message.info(t("alerts.sent.queued"))
  }
}

function Export({ rows }: { rows: readonly DeliveryRow[] }) {
  const { t } = useWords()
  const zone = useZone()
  const headers = [t("alerts.column.last"), t("alerts.column.robot"), t("alerts.sent.title"), "", ""]
  return (
    <button
      type="button"
      className="link s"
      onClick={() =>
        void saveWorkbook(
          t("alerts.sent.title"),
          headers,
          rows.map(({ at, robot, said, state, platform }) => [
            exact(Date.parse(at), zone),
            robot.name,
            said,
            state,
            platform?.code ?? "",
          ]),
        )
      }
    >
      {t("alerts.sent.export")}
    </button>
  )
}
