import { Button } from "antd"
import type { EnginePage } from "../../src/api/contract/engine.ts"
import { useProblem } from "../marks/Blank.tsx"
import { useWho } from "../shell/who.tsx"
import { say } from "../time/dates.ts"
import { useNow } from "../time/now.ts"
import { useZone } from "../time/zone.ts"
import { hasWords, useWords } from "../words/words.ts"
import { useEngineActs } from "./queries.ts"

/** What waits to leave the process, and what failed at every try. */
export function Waiting({ engine }: { engine: EnginePage }) {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  const { may } = useWho()
  const problem = useProblem()
  const { sendAgain } = useEngineActs()
  const name = (queue: string) => {
    const key = `engine.queue.${queue.replaceAll(/[^a-z]/gi, "_")}`
    return hasWords(key) ? t(key) : queue
  }
  const busy = engine.queues.filter(({ waiting, active }) => waiting + active > 0)
  return (
    <section>
      <header className="row">
        <h2 className="grow">{t("engine.waiting.title")}</h2>
        <span className={engine.letters.length > 0 ? "s over" : "s t3"}>
          {t("engine.waiting.dead", { n: engine.letters.length })}
        </span>
      </header>
      <div className="engine-queue">
        <span>{t("engine.waiting.outbox")}</span>
        <b>{engine.outbox.toLocaleString("en")}</b>
      </div>
      {busy.map(({ queue, waiting, active }) => (
        <div key={queue} className="engine-queue">
          <span>
            {name(queue)}{" "}
            {active > 0 && <span className="t3 s">{t("engine.waiting.active", { n: active })}</span>}
          </span>
          <b>{waiting.toLocaleString("en")}</b>
        </div>
      ))}
      {sendAgain.error && <p className="over s">{problem(sendAgain.error).title}</p>}
      {engine.letters.slice(0, 5).map(({ id, queue, error, diedAt }) => (
        <div key={id} className="engine-letter">
          <span>{name(queue)}</span>
          <span className="t3 s">{say(Date.parse(diedAt), now, { language, zone })}</span>
          {may("act", "settings") && (
            <Button
              size="small"
              loading={sendAgain.isPending && sendAgain.variables === id}
              onClick={() => sendAgain.mutate(id)}
            >
              {t("engine.waiting.again")}
            </Button>
          )}
          <code className="s t2">{error}</code>
        </div>
      ))}
    </section>
  )
}
