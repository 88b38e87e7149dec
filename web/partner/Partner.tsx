import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { Button, ConfigProvider, Input } from "antd"
import { PackageCheck } from "lucide-react"
import { useEffect, useState } from "react"
import { useParams } from "react-router"
import type { GuestView } from "../../src/api/contract/partners.ts"
import { post } from "../client.ts"
import { EmptyState, ErrorState, Skeleton, useProblem } from "../marks/Blank.tsx"
import { StateIcon } from "../marks/StateIcon.tsx"
import { Brand } from "../shell/Brand.tsx"
import { LanguageSwitch } from "../shell/Switches.tsx"
import { exact, say } from "../time/dates.ts"
import { useNow, useTick } from "../time/now.ts"
import { useWords } from "../words/words.ts"
import "./partner.css"

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
const minuteMs = 60_000

/** What a partner who ships for us opens by its link: its orders, what is due first first, with a field for the tracking number. */
export default function Partner() {
  const { token = "" } = useParams()
  const { t } = useWords()
  const key = ["guest", token]
  const { data, error, refetch } = useQuery({
    queryKey: key,
    queryFn: () => post<GuestView>("/api/v1/guest/orders", { token }),
    refetchInterval: minuteMs,
  })
  useEffect(() => {
    document.title = `${data?.partner ?? ""} · ${t("shell.product")}`
  }, [data?.partner, t])
  return (
    <ConfigProvider componentSize="large">
      <div className="partner">
        <header className="row">
          <Brand size={22} />
          <b>{data?.partner ?? t("shell.product")}</b>
          <span className="grow" />
          <LanguageSwitch />
        </header>
        {error && !data ? (
          <ErrorState error={error} onRetry={() => void refetch()} />
        ) : data ? (
          <List view={data} token={token} />
        ) : (
          <Skeleton rows={6} />
        )}
      </div>
    </ConfigProvider>
  )
}

function List({ view, token }: { view: GuestView; token: string }) {
  const { t } = useWords()
  const [carrier, setCarrier] = useState("")
  const { orders, met, late } = view.fared
  const judged = met + late
  return (
    <main>
      <p className="t2">
        {t("partner.count", { count: view.orders.length })}
        {orders > 0 && judged > 0 && (
          <span className="t3 s">
            {" "}
            {t("partner.fared", {
              percent: Math.round((1000 * late) / judged) / 10,
              late: late.toLocaleString("en"),
              of: judged.toLocaleString("en"),
            })}
          </span>
        )}
      </p>
      {view.requests
        .filter(({ answeredAt }) => answeredAt === null)
        .map((each) => (
          <Request key={each.id} each={each} token={token} />
        ))}
      {view.orders.length === 0 ? (
        <EmptyState icon={PackageCheck} title={t("partner.none")} />
      ) : (
        <>
          <Input
            value={carrier}
            onChange={({ target }) => setCarrier(target.value)}
            placeholder={t("partner.carrier")}
          />
          {view.orders.map((each) => (
            <Order
              key={`${each.order.channel} ${each.order.shop} ${each.order.orderNo}`}
              each={each}
              token={token}
              carrier={carrier}
            />
          ))}
        </>
      )}
    </main>
  )
}

function Order({
  each,
  token,
  carrier,
}: {
  each: GuestView["orders"][number]
  token: string
  carrier: string
}) {
  const { t, language } = useWords()
  const now = useNow(60_000)
  const queries = useQueryClient()
  const problem = useProblem()
  const [trackingNo, setTrackingNo] = useState("")
  const isOver = useTick((now) => each.dueAt !== null && now > Date.parse(each.dueAt))
  const state = isOver ? "over" : each.near ? "near" : "calm"
  const tell = useMutation({
    mutationFn: () =>
      post<{ accepted: number }>("/api/v1/guest/shipments", {
        token,
        shipments: [{ order: each.order, carrier: carrier.trim(), trackingNo: trackingNo.trim() }],
      }),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ["guest", token] }),
  })
  return (
    <article className={state}>
      <div className="row">
        <b className="grow el">
          {each.items.map(({ name, quantity }) => `${name} ×${quantity}`).join(t("line.and"))}
        </b>
        <span className="partner-due row nw" title={each.dueAt ? exact(Date.parse(each.dueAt), zone) : ""}>
          {each.dueAt !== null && <StateIcon state={state} />}
          {each.dueAt === null
            ? "–"
            : t(isOver ? "partner.over" : "partner.due", {
                at: say(Date.parse(each.dueAt), now, { language, zone }),
              })}
        </span>
      </div>
      <p className="t2 s">
        {each.order.orderNo} · {each.order.shop} · {each.region}
      </p>
      <div className="row" style={{ gap: 8 }}>
        <Input
          value={trackingNo}
          onChange={({ target }) => setTrackingNo(target.value)}
          placeholder={t("partner.tracking")}
          onPressEnter={() => tell.mutate()}
        />
        <Button
          type="primary"
          loading={tell.isPending}
          disabled={trackingNo.trim().length < 4 || carrier.trim() === ""}
          onClick={() => tell.mutate()}
        >
          {t("partner.ship")}
        </Button>
      </div>
      {tell.error ? <p className="partner-due">{problem(tell.error).title}</p> : null}
    </article>
  )
}

function Request({ each, token }: { each: GuestView["requests"][number]; token: string }) {
  const { t, language } = useWords()
  const now = useNow(60_000)
  const queries = useQueryClient()
  const [answer, setAnswer] = useState("")
  const tell = useMutation({
    mutationFn: () => post("/api/v1/guest/answers", { token, request: each.id, answer: answer.trim() }),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ["guest", token] }),
  })
  return (
    <article className="asked">
      <div className="row">
        <b className="grow">{each.text}</b>
        <span className="nw" title={exact(Date.parse(each.dueAt), zone)}>
          {t("partner.answerBy", { at: say(Date.parse(each.dueAt), now, { language, zone }) })}
        </span>
      </div>
      <div className="row" style={{ gap: 8 }}>
        <Input
          value={answer}
          onChange={({ target }) => setAnswer(target.value)}
          placeholder={t("partner.answer")}
        />
        <Button
          type="primary"
          disabled={answer.trim() === ""}
          loading={tell.isPending}
          onClick={() => tell.mutate()}
        >
          {t("partner.send")}
        </Button>
      </div>
    </article>
  )
}
