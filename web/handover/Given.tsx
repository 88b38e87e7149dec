import { Button } from "antd"
import { Link } from "react-router"
import type { HandoverItemView, HandoverView } from "../../src/api/contract/handovers.ts"
import { useDepartmentName } from "../cases/names.ts"
import { useProblem } from "../marks/Blank.tsx"
import { Countdown } from "../marks/Countdown.tsx"
import { StateTag } from "../marks/StateTag.tsx"
import { msOf } from "../marks/states.ts"
import { sayShort } from "../time/dates.ts"
import { useNow } from "../time/now.ts"
import { useZone } from "../time/zone.ts"
import { hasWords, useWords } from "../words/words.ts"
import { useHandoverActs } from "./queries.ts"

/** A handover with its items: each is taken by a press, or all that wait at once; what nobody takes says until when the head hears of it. */
export function Given({ handover, primary }: { handover: HandoverView; primary: boolean }) {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  const problem = useProblem()
  const departmentName = useDepartmentName()
  const { take } = useHandoverActs()
  const { id, from, department, note, givenAt, escalatedAt, closedAt, waiting, items, mine, confirmMinutes } =
    handover
  const told = { language, zone }
  const dueAt = Date.parse(givenAt) + confirmMinutes * 60_000
  const failed = take.error ? problem(take.error) : null
  const answer = take.data
  return (
    <section className="given" aria-label={t("handover.from", { name: from.name })}>
      <header className="row">
        <span className="grow">
          <h2>{t("handover.from", { name: from.name })}</h2>
          <span className="t3 s">
            {[
              departmentName(department),
              t("handover.givenAt", { at: sayShort(Date.parse(givenAt), now, told) }),
              closedAt
                ? t("handover.closed")
                : escalatedAt
                  ? t("handover.escalated")
                  : t("handover.until", { at: sayShort(dueAt, now, told) }),
            ].join(" · ")}
          </span>
        </span>
        {mine && waiting > 0 && (
          <Button
            type={primary ? "primary" : "default"}
            loading={take.isPending}
            onClick={() => take.mutate({ id })}
          >
            {t("handover.takeAll", { n: waiting })}
          </Button>
        )}
      </header>
      {note && <p className="handover-note">{note}</p>}
      {failed && (
        <p className="over s" role="alert">
          {failed.title} {failed.mend}
        </p>
      )}
      {answer && (
        <p className="t2 s" role="status">
          {t("handover.tookN", { n: answer.taken })}
          {answer.gone > 0 && ` · ${t("handover.goneN", { n: answer.gone })}`}
          {answer.refused.length > 0 && ` · ${t("handover.refusedN", { n: answer.refused.length })}`}
        </p>
      )}
      <ul className="handover-items">
        {items.map((item) => (
          <Item
            key={`${item.kind} ${item.subject}`}
            item={item}
            may={mine}
            busy={take.isPending}
            onTake={() => take.mutate({ id, items: [{ kind: item.kind, subject: item.subject }] })}
          />
        ))}
      </ul>
      {items.length === 0 && <p className="t3">{t("handover.nothing")}</p>}
    </section>
  )
}

type ItemProps = { item: HandoverItemView; may: boolean; busy: boolean; onTake(): void }

function Item({ item, may, busy, onTake }: ItemProps) {
  const { t, language, read } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  const dueAt = msOf(item.dueAt)
  const kind = `handover.kind.${item.kind}`
  return (
    <li className={item.state}>
      <span className="left">
        {item.state === "waiting" ? (
          <Countdown state={dueAt !== null && dueAt < now ? "over" : "calm"} dueAt={dueAt} />
        ) : (
          <StateTag state={item.state === "taken" ? "met" : "cancelled"}>
            {t(`handover.state.${item.state}`)}
          </StateTag>
        )}
      </span>
      <span className="grow">
        <Link to={item.link}>{item.number || t(hasWords(kind) ? kind : "handover.kind.other")}</Link>{" "}
        <span className="text">{read(item.title)}</span>
        {item.note && <span className="handover-note s">{item.note}</span>}
      </span>
      {item.state === "taken" && item.takenBy && (
        <span className="t3 s nw">
          {item.takenBy.name}{" "}
          {item.takenAt ? sayShort(Date.parse(item.takenAt), now, { language, zone }) : ""}
        </span>
      )}
      {may && item.state === "waiting" && (
        <Button size="small" disabled={busy} onClick={onTake}>
          {t("handover.take")}
        </Button>
      )}
    </li>
  )
}
