import { Segmented } from "antd"
import { useState } from "react"
import type { CaseView } from "../../../src/api/contract/cases.ts"
import { LineOfTime } from "../../line/LineOfTime.tsx"
import type { Span } from "../../line/model.ts"
import { lanesOf, marksOf } from "../../line/of.ts"
import { Skeleton } from "../../marks/Blank.tsx"
import { OrderNo } from "../../marks/OrderNo.tsx"
import { useExplain, useOrder } from "../../orders/queries.ts"
import { useNow } from "../../time/now.ts"
import { useZone } from "../../time/zone.ts"
import { useWords } from "../../words/words.ts"

/** The order's line of time beside its case. */
export function Course({ each }: { each: CaseView }) {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  const [span, setSpan] = useState<Span>("all")
  const { channel, shop, orderNo } = each.order
  const key = `${channel}/${shop}/${orderNo}`
  const { data: order } = useOrder(key)
  const { data: explained } = useExplain(key)
  const told = { language, zone, now }
  return (
    <section>
      <header className="row case-section">
        <h2>{t("case.course")}</h2>
        <span className="s nw">
          <OrderNo no={orderNo} />
        </span>
        <span className="grow" />
        <Segmented<Span>
          size="small"
          value={span}
          onChange={setSpan}
          options={(["all", "today", "due6"] as const).map((value) => ({
            value,
            label: t(`orders.span.${value}`),
          }))}
        />
      </header>
      {order ? (
        <LineOfTime lanes={lanesOf(order, explained, t, told)} marks={marksOf(order, t, told)} span={span} />
      ) : (
        <Skeleton rows={3} />
      )}
    </section>
  )
}
