import { Button } from "antd"
import { useState } from "react"
import { Link } from "react-router"
import type { PartnerPage } from "../../src/api/contract/partners.ts"
import { address } from "../client.ts"
import { ErrorState, Skeleton } from "../marks/Blank.tsx"
import { Countdown } from "../marks/Countdown.tsx"
import { useWho } from "../shell/who.tsx"
import { say } from "../time/dates.ts"
import { useNow } from "../time/now.ts"
import { useZone } from "../time/zone.ts"
import { useWords } from "../words/words.ts"
import { AskPartner } from "./AskPartner.tsx"
import { Links } from "./Links.tsx"
import { usePartnerPage } from "./queries.ts"
import { RequestRow } from "./Requests.tsx"
import { rateOf } from "./rate.ts"

/** One partner: whom to call, its links and lists, the orders that it ships, what it was asked. */
export function Partner({ id }: { id: string }) {
  const { data, error, refetch } = usePartnerPage(id)
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />
  return data ? <Inside each={data} /> : <Skeleton rows={10} />
}

function Inside({ each }: { each: PartnerPage }) {
  const { t } = useWords()
  const { may } = useWho()
  const [asking, setAsking] = useState(false)
  const { ships } = each
  return (
    <div className="partners-one">
      <section>
        <header className="row case-section">
          <h2 className="grow">
            {each.name} <span className="t3 s">{t(`settings.partners.kind.${each.kind}`)}</span>
          </h2>
          {may("act", "case") && (
            <Button size="small" onClick={() => setAsking(true)}>
              {t("partners.request.ask")}
            </Button>
          )}
        </header>
        {ships && (
          <p>
            {t("partners.stands", { n: ships.orders, over: ships.over })} {rateOf(t, ships.fared)}
            <span className="t3 s"> {t("partners.rateOf", { n: ships.fared.met + ships.fared.late })}</span>
          </p>
        )}
        <ul className="partners-contacts">
          {each.contacts.map((contact) => (
            <li key={`${contact.name} ${contact.phone} ${contact.email}`}>
              <b>{contact.name}</b> <span className="t2">{contact.role}</span>{" "}
              {contact.phone && <a href={`tel:${contact.phone}`}>{contact.phone}</a>}{" "}
              {contact.email && <a href={`mailto:${contact.email}`}>{contact.email}</a>}{" "}
              <span className="t3 s">{contact.hours}</span>
            </li>
          ))}
        </ul>
        {each.contacts.length === 0 && <p className="t3 s">{t("settings.partners.noContact")}</p>}
        {each.note && <p className="t2 s">{each.note}</p>}
        {may("act", "settings") && (
          <Link className="link s" to="/settings/partners">
            {t("partners.change")}
          </Link>
        )}
      </section>
      {ships && <Links each={each} />}
      <section>
        <h2>{t("partners.request.asked")}</h2>
        {each.requests.length === 0 && <p className="t3 s">{t("partners.request.none")}</p>}
        {each.requests.slice(0, 20).map((request) => (
          <RequestRow key={request.id} each={request} withPartner={false} />
        ))}
      </section>
      {ships && <Orders each={each} />}
      {asking && <AskPartner subject="" partner={each.id} onClose={() => setAsking(false)} />}
    </div>
  )
}

function Orders({ each }: { each: PartnerPage }) {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  return (
    <section>
      <h2>{t("partners.orders", { n: each.ships?.orders ?? 0 })}</h2>
      {each.orders.length === 0 && <p className="t3 s">{t("partner.none")}</p>}
      {each.orders.slice(0, 50).map(({ order, dueAt, items, region }) => {
        const due = dueAt === null ? null : Date.parse(dueAt)
        return (
          <Link
            key={`${order.channel} ${order.shop} ${order.orderNo}`}
            className="partners-order"
            to={address("/orders", {
              order: `${order.channel}/${order.shop}/${order.orderNo}`,
              q: order.orderNo,
            })}
          >
            <Countdown state={due !== null && due < now ? "over" : "calm"} dueAt={due} />
            <span className="el grow">
              {items.map(({ name, quantity }) => `${name} ×${quantity}`).join(t("line.and"))}
            </span>
            <span className="t3 s nw">{region}</span>
            <span className="t3 s nw">{order.orderNo}</span>
            <span className="t3 s nw">{due === null ? "" : say(due, now, { language, zone })}</span>
          </Link>
        )
      })}
    </section>
  )
}
