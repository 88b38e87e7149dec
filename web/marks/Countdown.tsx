import type { ClockView } from "../../src/api/contract.ts"
import { countdown, spoken, stopped } from "../time/countdown.ts"
import { exact, say } from "../time/dates.ts"
import { serverNow, useTick } from "../time/now.ts"
import { useZone } from "../time/zone.ts"
import { useWords } from "../words/words.ts"
import { StateIcon } from "./StateIcon.tsx"
import { type MarkState, markOf, msOf } from "./states.ts"

type Props = {
  state: MarkState
  dueAt: number | null
  /** when the clock stopped; its figure then stands still */
  closedAt?: number | null
  /** what was left when a pause began, if it is known */
  frozenMs?: number | null
  size?: "row" | "hero"
  /** the figure alone, where the icon stands elsewhere */
  bare?: boolean
}

/** The time left of a clock with its mark; only figures under an hour change each second, and nothing is drawn that did not change. */
export function Countdown({
  state,
  dueAt,
  closedAt = null,
  frozenMs = null,
  size = "row",
  bare = false,
}: Props) {
  const { t, language } = useWords()
  const zone = useZone()
  const figure = useTick((now) => {
    if (state === "cancelled") return t("marks.state.cancelled")
    if (dueAt === null) return state === "paused" && frozenMs !== null ? countdown(frozenMs) : "–"
    if (closedAt !== null) return stopped(dueAt - closedAt, language)
    if (state === "paused") return countdown(frozenMs ?? dueAt - now)
    return countdown(dueAt - now)
  })
  const word = t(`marks.state.${state}`)
  const title = dueAt === null ? word : `${word}, ${t("marks.dueAt", { at: exact(dueAt, zone) })}`
  const label =
    dueAt === null
      ? word
      : `${word}, ${closedAt === null ? spoken(dueAt - serverNow(), language) : figure}, ${say(dueAt, serverNow(), { language, zone })}`
  return (
    <span className={`countdown ${state} ${size}`} title={title}>
      {!bare && <StateIcon state={state} size={size === "hero" ? 26 : 14} />}
      <b aria-hidden="true">{figure}</b>
      <span className="spoken">{label}</span>
    </span>
  )
}

/** The countdown of a clock as the API tells it. */
export function ClockCountdown({ clock, size = "row" }: { clock: ClockView; size?: "row" | "hero" }) {
  return (
    <Countdown state={markOf(clock)} dueAt={msOf(clock.dueAt)} closedAt={msOf(clock.closedAt)} size={size} />
  )
}
