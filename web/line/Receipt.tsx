import type { ClockView, ExplainStep } from "../../src/api/contract.ts"
import { ClockCountdown } from "../marks/Countdown.tsx"
import { length } from "../time/countdown.ts"
import { sayExactly, type Told } from "../time/dates.ts"
import { useNow } from "../time/now.ts"
import { useZone } from "../time/zone.ts"
import { useWords } from "../words/words.ts"
import { eventName, holdName, nameOf, standardName } from "./of.ts"

type Explained = ClockView & { steps: ExplainStep[] }

/** Why this deadline: sentences left, quantities right, a rule above the sum, what stops the clock beneath. */
export function Receipt({ clock }: { clock: Explained }) {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  const told: Told & { now: number } = { language, zone, now }
  const rows = clock.steps
    .map((step, i) => ({ key: `${step.what} ${i}`, step, ...rowOf(step, clock, t, told) }))
    .filter(({ sentence }) => sentence !== null)
  const stop = clock.steps.find(({ what }) => what === "stop" || what === "unobserved")
  return (
    <div className="receipt">
      <div className="row" style={{ gap: 6, marginBottom: 8 }}>
        <b>{nameOf(t, clock)}</b>
        <span className="grow" />
        <ClockCountdown clock={clock} />
      </div>
      {rows.map(({ key, step, sentence, quantity }) => (
        <div key={key} className={`step${step.what === "due" || step.what === "no_due" ? " sum" : ""}`}>
          <span>{sentence}</span>
          <b>{quantity}</b>
        </div>
      ))}
      {stop && (
        <p className="s t3" style={{ marginTop: 6 }}>
          {stop.words[language]}
        </p>
      )}
    </div>
  )
}

type Words = (key: string, values?: Record<string, unknown>) => string

/** A step as a sentence and a quantity; steps that have neither are left to the foot of the receipt. */
function rowOf(
  step: ExplainStep,
  clock: ClockView,
  t: Words,
  told: Told & { now: number },
): { sentence: string | null; quantity: string } {
  const at = step.at === null ? "" : sayExactly(Date.parse(step.at), told.now, told)
  const { data } = step
  switch (step.what) {
    case "start":
      return { sentence: t("line.step.start", { fact: eventName(t, String(data.fact)) }), quantity: at }
    case "rule":
      return {
        sentence: ruleSentence(data, t),
        quantity: step.ms === null ? String(data.until ?? "") : `+ ${length(step.ms, told.language)}`,
      }
    case "promise":
      return { sentence: t("line.step.promise"), quantity: spanSince(clock, step, t, told) }
    case "agreed":
      return { sentence: t("line.step.agreed", { round: data.round }), quantity: "" }
    case "calendar":
      return { sentence: t("line.step.calendar", { calendar: data.calendar }), quantity: "" }
    case "pause":
      return {
        sentence: t("line.step.pause", { why: holdName(t, [data.reasons].flat().join(",")), from: at }),
        quantity: step.ms === null ? "…" : `+ ${length(step.ms, told.language)}`,
      }
    case "moved":
    case "not_moved":
      return { sentence: step.words[told.language], quantity: step.what === "moved" ? "" : "+ 0" }
    case "due":
      return { sentence: t("line.step.due"), quantity: at }
    case "no_due":
      return { sentence: t("line.step.due"), quantity: "–" }
    default:
      return { sentence: null, quantity: "" }
  }
}

function ruleSentence(data: Record<string, unknown>, t: Words): string {
  const rule = t("line.step.rule", {
    standard: standardName(t, String(data.standard)),
    version: data.version,
  })
  return data.clause ? `${rule} ${t("line.step.clause", { clause: data.clause })}` : rule
}

function spanSince(clock: ClockView, step: ExplainStep, t: Words, told: Told): string {
  if (step.at === null) return ""
  return t("line.step.later", {
    much: length(Date.parse(step.at) - Date.parse(clock.startAt), told.language),
  })
}
