import { useQuery } from "@tanstack/react-query"
import { Link } from "react-router"
import type { CaseView } from "../../src/api/contract.ts"
import { address, get } from "../client.ts"
import { CaseEvidence } from "../evidence/CaseEvidence.tsx"
import { nameOf } from "../line/of.ts"
import { ErrorState, Skeleton } from "../marks/Blank.tsx"
import { OrderNo } from "../marks/OrderNo.tsx"
import { Panel } from "../marks/Panel.tsx"
import { StateTag } from "../marks/StateTag.tsx"
import { exact, say } from "../time/dates.ts"
import { useNow, useTick } from "../time/now.ts"
import { useZone } from "../time/zone.ts"
import { hasWords, useWords } from "../words/words.ts"
import { departmentName } from "./page.tsx"
import { span } from "./span.ts"

type Props = {
  number: string
  place: [number, number] | null
  onPrevious: (() => void) | undefined
  onNext: (() => void) | undefined
  onClose: () => void
}

/** One case beside the list: its breaches, what is owed now, the order it is of, and what happened to it. */
export function CasePanel({ number, onClose, ...rest }: Props) {
  const { t } = useWords()
  const { data, error, refetch } = useQuery({
    queryKey: ["cases", "one", number],
    queryFn: () => get<CaseView>(`/api/v1/cases/${encodeURIComponent(number)}`),
  })
  return (
    <Panel
      label={t("cases.panel.label", { number })}
      onClose={onClose}
      {...rest}
      head={
        <>
          <b>{number}</b>
          {data && <span className="tag cancelled">{t(`cases.state.${data.state}`)}</span>}
        </>
      }
    >
      {data ? (
        <Inside each={data} />
      ) : error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton rows={6} />
      )}
    </Panel>
  )
}

function Inside({ each }: { each: CaseView }) {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  const { channel, shop, orderNo } = each.order
  const age = useTick((at) => span(at - Date.parse(each.openedAt)))
  return (
    <>
      <section>
        <b className="case-age">{age}</b>
        <p className="t2">
          {t("cases.panel.opened", {
            at: say(Date.parse(each.openedAt), now, { language, zone }),
            holder: departmentName(each.department, t),
          })}
        </p>
        {each.owed && <p className="t2">{t(`cases.owed.${each.owed.what}`)}</p>}
        <p>
          <Link to={address("/orders", { order: `${channel}/${shop}/${orderNo}`, q: orderNo })}>
            <OrderNo no={orderNo} /> {each.product ?? ""}
          </Link>
        </p>
      </section>
      <CaseEvidence number={each.number} />
      <section>
        <h2>{t("cases.panel.breaches")}</h2>
        <ul className="order-events">
          {each.breaches.map((breach) => (
            <li
              key={`${breach.clock} ${breach.basis} ${breach.round}`}
              className={breach.withdrawnAt === null ? "" : "gone"}
            >
              <b className="nw">{nameOf(t, { kind: breach.clock, basis: breach.basis })}</b>
              <span className="grow t2">
                {t("marks.dueAt", { at: exact(Date.parse(breach.dueAt), zone) })}
              </span>
              {breach.withdrawnAt === null ? (
                <StateTag state="over" />
              ) : (
                <span className="tag cancelled">
                  {t("cases.panel.withdrawn", {
                    at: say(Date.parse(breach.withdrawnAt), now, { language, zone }),
                  })}
                </span>
              )}
            </li>
          ))}
        </ul>
      </section>
      <section>
        <h2>{t("cases.panel.log")}</h2>
        <ul className="order-events">
          {each.log.map((entry, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: entries are only ever added behind
            <li key={i}>
              <span className="nw">{exact(Date.parse(entry.at), zone)}</span>
              <b className="nw">
                {hasWords(`cases.log.${entry.what}`) ? t(`cases.log.${entry.what}`) : entry.what}
              </b>
              <span className="t3 el grow">{aboutOf(entry, t)}</span>
              <span className="t3 nw">{entry.who ?? t("cases.panel.engine")}</span>
            </li>
          ))}
        </ul>
      </section>
    </>
  )
}

/** What an entry is about: which clock, and why a breach was withdrawn. */
function aboutOf(
  { data }: CaseView["log"][number],
  t: (key: string, values?: Record<string, unknown>) => string,
): string {
  const { clock, basis, why } = data as {
    clock?: "prepare"
    basis?: "company"
    why?: { reason?: string; settings?: number } | null
  }
  const name = clock && basis ? nameOf(t, { kind: clock, basis }) : ""
  const reason = why?.reason
    ? t(hasWords(`cases.why.${why.reason}`) ? `cases.why.${why.reason}` : "cases.why.other", { ...why })
    : ""
  return [name, reason].filter(Boolean).join(" · ")
}
