import { Button } from "antd"
import { Link } from "react-router"
import type { StuckOrder } from "../../src/api/contract/engine.ts"
import { address } from "../client.ts"
import { useProblem } from "../marks/Blank.tsx"
import { StateIcon } from "../marks/StateIcon.tsx"
import { useWho } from "../shell/who.tsx"
import { say } from "../time/dates.ts"
import { useNow } from "../time/now.ts"
import { useZone } from "../time/zone.ts"
import { useWords } from "../words/words.ts"
import { useEngineActs } from "./queries.ts"

/** Orders that cannot be judged, why, and a button that looks at all of them again. */
export function Stuck({ orders }: { orders: readonly StuckOrder[] }) {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  const { may } = useWho()
  const problem = useProblem()
  const { lookAgain } = useEngineActs()
  return (
    <section className="engine-stuck">
      <header className="row">
        <StateIcon state="over" size={16} />
        <h2 className="grow">{t("engine.stuck.title", { n: orders.length })}</h2>
        {may("act", "order") && (
          <Button size="small" loading={lookAgain.isPending} onClick={() => lookAgain.mutate()}>
            {t("engine.stuck.again")}
          </Button>
        )}
      </header>
      {lookAgain.error && <p className="over">{problem(lookAgain.error).title}</p>}
      {orders.map(({ channel, shop, orderNo, error, since, tries }) => (
        <div key={`${channel}/${shop}/${orderNo}`} className="engine-stuck-row">
          <Link to={address("/orders", { q: orderNo })}>{orderNo}</Link>
          <span className="t3 s">
            {channel} {shop}
          </span>
          <code className="s el">{error}</code>
          <span className="t3 s r">
            {t("engine.stuck.since", { at: say(Date.parse(since), now, { language, zone }), n: tries })}
          </span>
        </div>
      ))}
    </section>
  )
}
