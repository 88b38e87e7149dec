import { App, Button } from "antd"
import type { WarningRow } from "../../src/api/contract/alerts.ts"
import { useProblem } from "../marks/Blank.tsx"
import { useWho } from "../shell/who.tsx"
import { countdown } from "../time/countdown.ts"
import { sayShort } from "../time/dates.ts"
import { useNow, useTick } from "../time/now.ts"
import { useZone } from "../time/zone.ts"
import { useWords } from "../words/words.ts"
import { useTake } from "./queries.ts"

/** Who has a warning, how long until it goes to the head, and the one button that takes it or lets it go. */
export function Taking({ warning, primary = false }: { warning: WarningRow; primary?: boolean }) {
  const { message } = App.useApp()
  const { t } = useWords()
  const { me } = useWho()
  const problem = useProblem()
  const take = useTake()
  const send = (act: "take" | "release") =>
    take.mutate({ id: warning.id, act }, { onError: (error) => void message.warning(problem(error).title) })
  const isOwn = warning.takenBy?.id === me.person.id
  return (
    <span className="taking">
      <Holder warning={warning} />
      {warning.endedAt === null && warning.takenBy === null && (
        <Button
          size={primary ? "middle" : "small"}
          type={primary ? "primary" : "default"}
          loading={take.isPending}
          onClick={() => send("take")}
        >
          {t("warnings.take")}
        </Button>
      )}
      {warning.endedAt === null && isOwn && (
        <Button size="small" loading={take.isPending} onClick={() => send("release")}>
          {t("warnings.release")}
        </Button>
      )}
    </span>
  )
}

function Holder({
  warning: { takenBy, takenAt, escalatesAt, escalatedAt, endedAt },
}: {
  warning: WarningRow
}) {
  const { t, language } = useWords()
  const { me } = useWho()
  const zone = useZone()
  const now = useNow(60_000)
  const left = useTick((at) =>
    escalatesAt === null ? "" : countdown(Math.max(0, Date.parse(escalatesAt) - at)),
  )
  if (takenBy)
    return (
      <span className="t2 s">
        {takenBy.id === me.person.id
          ? t("warnings.mine")
          : t("warnings.taken", {
              name: takenBy.name,
              at: takenAt ? sayShort(Date.parse(takenAt), now, { language, zone }) : "",
            })}
      </span>
    )
  if (endedAt) return <span className="t3 s">{t("warnings.nobody")}</span>
  if (escalatedAt) return <span className="t2 s">{t("warnings.escalated")}</span>
  return (
    <span className="t3 s">{escalatesAt ? t("warnings.escalates", { left }) : t("warnings.nobody")}</span>
  )
}

/** How a warning's orders stand: what is left, was saved and was lost. */
export function Standing({ warning: { open, saved, lost } }: { warning: WarningRow }) {
  const { t } = useWords()
  return (
    <span className="row s standing">
      {open > 0 && <span className="t2">{t("warnings.open", { n: open.toLocaleString("en") })}</span>}
      {saved > 0 && <span className="met">{t("warnings.saved", { n: saved.toLocaleString("en") })}</span>}
      {lost > 0 && <span className="over">{t("warnings.lost", { n: lost.toLocaleString("en") })}</span>}
    </span>
  )
}
