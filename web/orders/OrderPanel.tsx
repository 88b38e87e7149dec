import { Button, Input, Radio, Segmented } from "antd"
import { ChevronDown, ChevronRight, EyeOff, Undo2 } from "lucide-react"
import { useState } from "react"
import { Link } from "react-router"
import reasons from "../../content/reasons.json"
import type { ExplainView, OrderView } from "../../src/api/contract.ts"
import { useChannelName } from "../board/names.ts"
import { LineOfTime } from "../line/LineOfTime.tsx"
import type { Span } from "../line/model.ts"
import { clockKey, eventName, holdName, lanesOf, marksOf, nameOf, sourceName } from "../line/of.ts"
import { Receipt } from "../line/Receipt.tsx"
import { ErrorState, Skeleton, useProblem } from "../marks/Blank.tsx"
import { ClockCountdown } from "../marks/Countdown.tsx"
import { Dialog } from "../marks/Dialog.tsx"
import { OrderNo } from "../marks/OrderNo.tsx"
import { Panel } from "../marks/Panel.tsx"
import { shownClock } from "../marks/states.ts"
import { useWho } from "../shell/who.tsx"
import { exact, say } from "../time/dates.ts"
import { useNow } from "../time/now.ts"
import { useZone } from "../time/zone.ts"
import { hasWords, useWords } from "../words/words.ts"
import { productOf } from "./page.tsx"
import { useExplain, useOrder, useWatch } from "./queries.ts"
import { Receiver } from "./Receiver.tsx"

type Props = {
  orderKey: string
  place: [number, number] | null
  onPrevious: (() => void) | undefined
  onNext: (() => void) | undefined
  onClose: () => void
}

/** One order beside the list: what to act on, its line of time, and why its deadlines are what they are. */
export function OrderPanel({ orderKey, place, onPrevious, onNext, onClose }: Props) {
  const { t } = useWords()
  const order = useOrder(orderKey)
  const explained = useExplain(orderKey)
  const channelName = useChannelName()
  const { data } = order
  return (
    <Panel
      label={t("orders.panel.label", { no: data?.order.orderNo ?? "" })}
      place={place}
      onPrevious={onPrevious}
      onNext={onNext}
      onClose={onClose}
      head={
        data && (
          <>
            <OrderNo no={data.order.orderNo} whole />
            <span className="tag cancelled">{channelName(data.order.channel)}</span>
            <span className="t2 el">{data.order.shop === "main" ? "" : data.order.shop}</span>
          </>
        )
      }
    >
      {data ? (
        <Inside key={orderKey} orderKey={orderKey} order={data} explained={explained.data} />
      ) : order.error ? (
        <ErrorState error={order.error} onRetry={() => void order.refetch()} />
      ) : (
        <Skeleton rows={8} />
      )}
    </Panel>
  )
}

function Inside({
  orderKey,
  order,
  explained,
}: {
  orderKey: string
  order: OrderView
  explained: ExplainView | undefined
}) {
  return (
    <>
      <Hero orderKey={orderKey} order={order} />
      <Course order={order} explained={explained} />
      <Events order={order} />
    </>
  )
}

function Hero({ orderKey, order }: { orderKey: string; order: OrderView }) {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  const clock = shownClock(order.clocks)
  const over = order.clocks.filter(({ state, observed }) => state === "over" && observed)
  const { receiver, amount, currency, warehouse, liveSession } = order.order
  const facts: [string, string][] = [
    ["product", productOf(order)],
    [
      "amount",
      amount === undefined
        ? ""
        : `${currency === "CNY" || currency === undefined ? "¥" : `${currency} `}${(amount / 100).toFixed(2)}`,
    ],
    ["warehouse", warehouse ?? ""],
    ["liveSession", liveSession ?? ""],
  ]
  const masked = [receiver?.name, receiver?.phone, receiver?.province, receiver?.city]
    .filter(Boolean)
    .join(" ")
  return (
    <section>
      <div className="order-hero">
        <div className="grow">
          {clock ? (
            <ClockCountdown clock={clock} size="hero" />
          ) : (
            <b className="t3">{t("orders.panel.noClock")}</b>
          )}
          {clock?.binding && clock.dueAt && (
            <p className="t2">
              {t("orders.panel.binding", {
                name: nameOf(t, clock),
                at: say(Date.parse(clock.dueAt), now, { language, zone }),
              })}
            </p>
          )}
          {over.length > 0 && (
            <p className="over s">
              {t("orders.panel.over", {
                names: over.map((each) => nameOf(t, each)).join(t("line.and")),
              })}
            </p>
          )}
          {order.caseRefs.map(({ id, number, state }) => (
            <Link key={id} className="s" to={`/cases/${number}`}>
              {t("orders.panel.case", { number, state: t(`cases.state.${state}`) })}
            </Link>
          ))}
          {order.anomalies.length > 0 && (
            <p className="near s">
              {order.anomalies
                .map((each) => (hasWords(`board.anomaly.${each}`) ? t(`board.anomaly.${each}`) : each))
                .join(" · ")}
            </p>
          )}
        </div>
        <Watch orderKey={orderKey} order={order} />
      </div>
      <dl className="order-facts">
        {facts
          .filter(([, value]) => value !== "")
          .map(([name, value]) => (
            <div key={name}>
              <dt>{t(`orders.fact.${name}`)}</dt>
              <dd className="el" title={value}>
                {value}
              </dd>
            </div>
          ))}
        {(masked !== "" || order.receiverErasedAt) && (
          <div className="order-to">
            <dt>{t("orders.fact.receiver")}</dt>
            <dd>
              <Receiver orderKey={orderKey} masked={masked} erasedAt={order.receiverErasedAt} />
            </dd>
          </div>
        )}
      </dl>
    </section>
  )
}

type Reason = { code: string; label: Record<string, string> }
const reasonsOf = (code: string): Reason[] => reasons.lists.find((each) => each.code === code)?.reasons ?? []

/** "Do not watch" with a reason, and its way back. */
function Watch({ orderKey, order }: { orderKey: string; order: OrderView }) {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  const { may } = useWho()
  const watch = useWatch(orderKey)
  const problem = useProblem()
  const [asking, setAsking] = useState(false)
  const [reason, setReason] = useState("")
  const [note, setNote] = useState("")
  const out = order.unwatched !== null
  const words = ({ code, label }: Reason) => label[language] ?? code
  if (!may("act", "watch")) return out ? <span className="tag cancelled">{t("orders.watch.out")}</span> : null
  const send = () =>
    watch.mutate(
      { watched: out, reason: [reason, note].filter(Boolean).join("：") },
      { onSuccess: () => setAsking(false) },
    )
  return (
    <div className="order-acts">
      {out && (
        <span className="t3 s">
          {t("orders.watch.by", {
            by: order.unwatched!.by,
            at: say(Date.parse(order.unwatched!.at), now, { language, zone }),
            reason: order.unwatched!.reason,
          })}
        </span>
      )}
      <Button icon={out ? <Undo2 size={14} /> : <EyeOff size={14} />} onClick={() => setAsking(true)}>
        {t(out ? "orders.watch.again" : "orders.watch.stop")}
      </Button>
      <Dialog
        open={asking}
        title={t(out ? "orders.watch.again" : "orders.watch.stop")}
        okText={t("orders.watch.ok")}
        okButtonProps={{ disabled: reason === "" && note.trim() === "", loading: watch.isPending }}
        onOk={send}
        onCancel={() => setAsking(false)}
      >
        <p className="t2">{t(out ? "orders.watch.againMeans" : "orders.watch.stopMeans")}</p>
        <Radio.Group
          className="order-reasons"
          value={reason}
          onChange={({ target }) => setReason(target.value as string)}
          options={reasonsOf(out ? "watch_again" : "stop_watching").map((each) => ({
            value: words(each),
            label: words(each),
          }))}
        />
        <Input.TextArea
          rows={2}
          value={note}
          onChange={({ target }) => setNote(target.value)}
          placeholder={t("orders.watch.note")}
          aria-label={t("orders.watch.note")}
        />
        {watch.error && <p className="over s">{problem(watch.error).title}</p>}
      </Dialog>
    </div>
  )
}

function Course({ order, explained }: { order: OrderView; explained: ExplainView | undefined }) {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  const [span, setSpan] = useState<Span>("all")
  const [why, setWhy] = useState(true)
  const told = { language, zone, now }
  const receipts = explained?.clocks ?? []
  const first = receipts.filter(({ binding }) => binding)
  const [open, setOpen] = useState<string | null>(null)
  const shown =
    open === null
      ? first.length > 0
        ? first
        : receipts.slice(0, 1)
      : receipts.filter((each) => clockKey(each) === open)
  if (order.clocks.length === 0)
    return (
      <section>
        <p className="t3">{t("orders.panel.noClocks")}</p>
      </section>
    )
  return (
    <>
      <section>
        <header className="row">
          <h2 className="grow">{t("orders.panel.line")}</h2>
          <Segmented<Span>
            size="small"
            value={span}
            onChange={setSpan}
            options={(["all", "today", "due6"] as const).map((each) => ({
              value: each,
              label: t(`orders.span.${each}`),
            }))}
          />
        </header>
        <LineOfTime
          lanes={lanesOf(order, explained, t, told)}
          marks={marksOf(order, t, told)}
          span={span}
          onLane={setOpen}
          onWhy={() => setWhy(!why)}
        />
      </section>
      <section>
        <button
          type="button"
          className="plain row order-why"
          aria-expanded={why}
          onClick={() => setWhy(!why)}
        >
          {why ? <ChevronDown size={14} /> : <ChevronRight size={14} />}
          <h2>{t("orders.panel.why")}</h2>
        </button>
        {why && shown.map((each) => <Receipt key={clockKey(each)} clock={each} />)}
        {why &&
          receipts
            .filter((each) => !shown.includes(each))
            .map((each) => (
              <button
                key={clockKey(each)}
                type="button"
                className="plain row order-other"
                onClick={() => setOpen(clockKey(each))}
              >
                <ChevronRight size={14} />
                <b>{nameOf(t, each)}</b>
                <span className="grow t2 s el">
                  {each.steps.find(({ what }) => what === "due" || what === "no_due")?.words[language] ?? ""}
                </span>
                <ClockCountdown clock={each} />
              </button>
            ))}
      </section>
    </>
  )
}

function Events({ order }: { order: OrderView }) {
  const { t } = useWords()
  const zone = useZone()
  const events = [...order.events].sort((one, other) => Date.parse(one.at) - Date.parse(other.at))
  return (
    <section>
      <h2>{t("orders.panel.events", { n: events.length })}</h2>
      <ul className="order-events">
        {events.map((each) => (
          <li
            key={`${each.type} ${each.at} ${each.eventId ?? ""} ${each.recordedAt}`}
            className={each.holds ? "" : "gone"}
          >
            <span className="nw">{exact(Date.parse(each.at), zone)}</span>
            <b>{eventName(t, each.type)}</b>
            <span className="t3 s el grow">
              {[typeof each.reason === "string" ? holdName(t, each.reason) : "", sourceName(t, each.source)]
                .filter(Boolean)
                .join(" · ")}
            </span>
            {!each.holds && <span className="tag cancelled">{t("orders.panel.superseded")}</span>}
          </li>
        ))}
      </ul>
    </section>
  )
}
