import { useQuery } from "@tanstack/react-query"
import { Segmented } from "antd"
import { useMemo, useState } from "react"
import type { ShopView } from "../../src/api/contract/settings.ts"
import type { OrderEvent } from "../../src/core/events.ts"
import { type Clock, compileRules, judge } from "../../src/core/judge.ts"
import { toldOf } from "../../src/core/ledger.ts"
import type { ClockKind, Policy } from "../../src/core/policy.ts"
import { useChannelName } from "../board/names.ts"
import { get } from "../client.ts"
import { LineOfTime } from "../line/LineOfTime.tsx"
import { type Lane, type Mark, weights } from "../line/model.ts"
import { markOf } from "../marks/states.ts"
import { length } from "../time/countdown.ts"
import { useNow } from "../time/now.ts"
import { useWords } from "../words/words.ts"

const promiseMs = 48 * 60 * 60_000

/** What the settings make of an order that is paid now: judged in the page by the same core, drawn as a line of time. */
export function Foretaste({ shops }: { shops: readonly (ShopView & { shop: string })[] }) {
  const { t, language } = useWords()
  const now = useNow(60_000)
  const name = useChannelName()
  const policy = useQuery({
    queryKey: ["settings", "policy"],
    queryFn: () => get<Policy>("/api/v1/policies/newest"),
  }).data
  const [picked, setPicked] = useState<string | null>(null)
  const shop = shops.find((each) => `${each.channel}/${each.shop}` === picked) ?? shops[0]
  const clocks = useMemo(() => (shop && policy ? clocksOf(shop, policy, now) : []), [shop, policy, now])
  if (!shop || !policy) return null
  const lanes = clocks.map((clock): Lane => {
    const state = markOf(clock)
    const isPlatform = clock.basis === "platform"
    return {
      key: `${clock.basis}/${clock.kind}`,
      kind: clock.kind as ClockKind,
      basis: clock.basis,
      name: `${t(`marks.kind.${clock.kind}`)} · ${t(`marks.basis.${clock.basis}`)}`,
      note: !clock.observed
        ? t("line.note.unobserved")
        : isPlatform
          ? t(`settings.foretaste.${shop.settings.platformStop}`)
          : t("settings.foretaste.within", {
              much: clock.dueAt === null ? "–" : length(clock.dueAt - clock.startAt, language),
            }),
      state,
      startAt: clock.startAt,
      dueAt: clock.dueAt,
      closedAt: null,
      warnAt: clock.warnAt.filter((at) => at !== null),
      pauses: [],
      binding: clock.kind === "prepare",
      proposed: false,
      askBy: null,
      movedFrom: null,
      movedWhy: null,
      figure: null,
      word: t(`marks.state.${state}`),
    }
  })
  const paid: Mark = {
    key: "paid",
    at: now,
    icon: "paid",
    label: t("marks.event.paid"),
    detail: "",
    weight: weights.paid,
    tone: "ink",
  }
  return (
    <div className="effect">
      <div className="row foretaste-head">
        <h2>{t("settings.foretaste.title")}</h2>
        <span className="grow" />
        {shops.length > 1 && (
          <Segmented
            size="small"
            value={`${shop.channel}/${shop.shop}`}
            onChange={setPicked}
            options={shops.slice(0, 6).map((each) => ({
              value: `${each.channel}/${each.shop}`,
              label:
                shops.filter(({ channel }) => channel === each.channel).length > 1
                  ? each.shop
                  : name(each.channel),
            }))}
          />
        )}
      </div>
      <LineOfTime lanes={lanes} marks={[paid]} />
    </div>
  )
}

/** The clocks of an order of a shop that is paid now, with the platform's usual promise of 48 hours. */
function clocksOf(shop: ShopView & { shop: string }, policy: Policy, now: number): Clock[] {
  const { graceHours, ...settings } = shop.settings
  const rules = compileRules({
    policies: [{ ...policy, effectiveAt: "2020-01-01T00:00:00Z", revertsAt: null }],
    calendars: {},
    settings: {
      channels: { [`${shop.channel}/${shop.shop}`]: { ...settings, graceMs: graceHours * 3_600_000 } },
    },
  })
  const paid = {
    type: "paid",
    at: now,
    source: "foretaste",
    order: { promisedShipAt: now + promiseMs },
  } as OrderEvent
  return judge({ channel: shop.channel, shop: shop.shop, orderNo: "1" }, [toldOf(paid)], rules, now).clocks
}
