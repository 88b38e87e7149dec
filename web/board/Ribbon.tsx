import { Link } from "react-router"
import type { Board, RibbonSection } from "../../src/api/contract.ts"
import { address } from "../client.ts"
import { StateIcon } from "../marks/StateIcon.tsx"
import type { MarkState } from "../marks/states.ts"
import { countdown } from "../time/countdown.ts"
import { sayShort, sayTime } from "../time/dates.ts"
import { useNow } from "../time/now.ts"
import { useZone } from "../time/zone.ts"
import { useWords } from "../words/words.ts"
import type { Scope } from "./queries.ts"

const hourMs = 3_600_000
const kinds = ["prepare", "ship"] as const
const basisOrder = ["company", "platform", "agreed"] as const
/** How wide the bars of a section are, in milliseconds of due instants. */
const barMs: Record<RibbonSection["key"], number> = {
  overdue: hourMs,
  "1h": hourMs / 4,
  "4h": hourMs / 4,
  "12h": hourMs / 2,
  "24h": hourMs / 2,
  later: hourMs,
}
const stateOf: Record<RibbonSection["key"], MarkState> = {
  overdue: "over",
  "1h": "near",
  "4h": "near",
  "12h": "calm",
  "24h": "calm",
  later: "calm",
}

/** The time-to-due ribbon: bars are orders due an hour, on one scale; prepare grows up, ship grows down, the hours stand between. */
export function Ribbon({ board, scope }: { board: Board; scope: Scope }) {
  const { t } = useWords()
  const now = useNow(60_000)
  const zone = useZone()
  const tops = kinds.flatMap((kind) =>
    board.ribbon[kind]
      .filter(({ key }) => key !== "overdue")
      .flatMap((each) => barsOf(each).map(([, rate]) => rate)),
  )
  const scale = Math.max(1, ...tops)
  const open = (kind: (typeof kinds)[number]) => board.ribbon[kind].reduce((n, { count }) => n + count, 0)
  return (
    <section className="ribbon" aria-label={t("board.ribbon.title")}>
      <header className="row">
        <h2>{t("board.ribbon.title")}</h2>
        <span className="t3 s el">
          {t("board.ribbon.says", {
            ship: open("ship").toLocaleString("en"),
            prepare: open("prepare").toLocaleString("en"),
          })}
        </span>
      </header>
      <div className="ribbon-grid">
        {kinds.map((kind) => (
          <div key={kind} className={`ribbon-label ${kind}`}>
            <b>{t(`marks.kind.${kind}`)}</b>
            <span className="t3 s">{open(kind).toLocaleString("en")}</span>
          </div>
        ))}
        {board.ribbon.prepare.map((section, i) => (
          <div key={section.key} className={`ribbon-section ${section.key}`}>
            <Half kind="prepare" section={section} scale={scale} scope={scope} now={now} />
            <div className="ribbon-hours row">
              <span className={section.key === "overdue" ? "over" : ""}>
                {t(`board.ribbon.${section.key}`)}
              </span>
              {section.key === "overdue" ? (
                <span className="ribbon-now">{sayTime(now, { language: "en", zone })}</span>
              ) : (
                <Cut at={section.to} now={now} />
              )}
            </div>
            <Half kind="ship" section={board.ribbon.ship[i]!} scale={scale} scope={scope} now={now} />
          </div>
        ))}
      </div>
    </section>
  )
}

function Cut({ at, now }: { at: string | null; now: number }) {
  const { language } = useWords()
  const zone = useZone()
  return at === null ? null : (
    <span className="t3 xs">{sayShort(Date.parse(at), now, { language, zone })}</span>
  )
}

function Half({
  kind,
  section,
  scale,
  scope,
  now,
}: {
  kind: (typeof kinds)[number]
  section: RibbonSection
  scale: number
  scope: Scope
  now: number
}) {
  const { t } = useWords()
  const { key, count, byBasis, oldestDueAt, from, to } = section
  const query =
    key === "overdue"
      ? { clock: kind, state: "over", ...scope }
      : { clock: kind, dueFrom: from, dueTo: to, ...scope }
  const bases = basisOrder
    .filter((basis) => byBasis[basis])
    .map((basis) => `${t(`marks.basis.${basis}`)} ${byBasis[basis]!.toLocaleString("en")}`)
  const state = stateOf[key]
  const loud = count > 0 && state !== "calm"
  return (
    <Link to={address("/orders", query)} className={`ribbon-half ${kind} ${loud ? state : ""}`}>
      <span className="ribbon-figure row">
        {loud && key !== "4h" && <StateIcon state={state} size={18} />}
        <b>{count.toLocaleString("en")}</b>
        <span className="ribbon-kind t3 xs">{t(`marks.kind.${kind}`)}</span>
      </span>
      <span className={key === "later" ? "xs t3" : "xs t3 el"}>
        {key === "overdue" && oldestDueAt !== null
          ? t("board.ribbon.oldest", { left: countdown(Date.parse(oldestDueAt) - now) })
          : bases.join(" · ")}
      </span>
      <span className="grow" />
      {key !== "overdue" && key !== "later" && (
        <span className="ribbon-bars">
          {barsOf(section).map(([at, rate]) => (
            <i
              key={at}
              className={state === "near" ? (key === "1h" ? "near" : "near pale") : "calm"}
              style={{ height: `${(rate / scale) * 100}%`, minHeight: rate === 0 ? 0 : 2 }}
            />
          ))}
        </span>
      )}
    </Link>
  )
}

/** Orders due an hour in each bar of a section. */
function barsOf({ key, from, to, slots }: RibbonSection): [number, number][] {
  if (from === null || to === null) return []
  const step = barMs[key]
  const start = Math.floor(Date.parse(from) / step) * step
  const count = Math.max(1, Math.round((Date.parse(to) - start) / step))
  const bars = Array.from({ length: count }, (_, i): [number, number] => [start + i * step, 0])
  for (const [at, n] of slots) {
    const bar = bars[Math.max(0, Math.min(count - 1, Math.floor((Date.parse(at) - start) / step)))]!
    bar[1] += (n * hourMs) / step
  }
  return bars
}
