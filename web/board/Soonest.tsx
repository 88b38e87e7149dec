import { useQuery } from "@tanstack/react-query"
import { Link } from "react-router"
import type { OrderRow, Page } from "../../src/api/contract.ts"
import { address, get } from "../client.ts"
import { nameOf } from "../line/of.ts"
import { EmptyState } from "../marks/Blank.tsx"
import { ClockCountdown } from "../marks/Countdown.tsx"
import { OrderNo } from "../marks/OrderNo.tsx"
import { listedClock, msOf } from "../marks/states.ts"
import { useWords } from "../words/words.ts"
import type { Scope } from "./queries.ts"

const shown = 6

/** The orders that are due next and can still be kept, soonest first. */
export function Soonest({ asOf, scope }: { asOf: string; scope: Scope }) {
  const { t } = useWords()
  const from = asOf.slice(0, 17).concat("00.000Z")
  const query = { dueFrom: from, ...scope }
  const { data } = useQuery({
    queryKey: ["soonest", query],
    queryFn: () => get<Page<OrderRow>>("/api/v1/orders", { ...query, limit: 4 * shown }),
    placeholderData: (before) => before,
  })
  // The list is asked for by the minute; what was missed since that began can no longer be kept.
  const kept = (data?.items ?? [])
    .map((row) => ({ row, clock: listedClock(row.clocks, query) }))
    .filter(({ clock }) => (msOf(clock?.dueAt) ?? 0) > Date.parse(asOf))
    .slice(0, shown)
  return (
    <section className="pane soonest">
      <header className="row">
        <h2>{t("board.soonest.title")}</h2>
        <span className="grow" />
        <Link className="s" to={address("/orders", query)}>
          {t("board.soonest.all")}
        </Link>
      </header>
      {data && kept.length === 0 && <EmptyState title={t("board.soonest.none")} />}
      <ul className="bars">
        {kept.map(({ row, clock }) => {
          const { channel, shop, orderNo } = row.order
          return (
            <li key={`${channel} ${shop} ${orderNo}`}>
              <Link to={address("/orders", { ...query, order: `${channel}/${shop}/${orderNo}` })}>
                <span className="name">{clock && <ClockCountdown clock={clock} />}</span>
                <OrderNo no={orderNo} />
                <span className="grow t2 s el">{row.order.items?.[0]?.name ?? ""}</span>
                <span className="t2 s nw">{clock ? nameOf(t, clock) : ""}</span>
              </Link>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
