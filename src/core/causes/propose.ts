import type { Values } from "../saying.ts"
import type { CaseFacts } from "./facts.ts"
import { isStale } from "./signals/order.ts"
import { detectors } from "./signals.ts"
import type { Signal, Taxonomy } from "./taxonomy.ts"

/** A signal that holds, with the values of its sentence. */
export type Finding = { signal: string; values: Values }
/** A finding as it speaks for or against a cause. */
export type Evidence = Finding & { weight: "decisive" | "strong" | "medium" | "weak"; points: number }

/** A cause that facts speak for. */
export type Proposal = {
  cause: string
  points: number
  /** 0 to 95: the points, kept within the policy's bounds */
  confidence: number
  for: Evidence[]
  against: Evidence[]
}

/** Below this a cause is not worth naming: hints alone, such as that nothing was done, fit everything. */
const pointsMin = 20

/** What the facts of one case come to. */
export type Proposed = {
  /** best first; empty when nothing speaks for any cause */
  proposals: Proposal[]
  /** the cause that is applied without a person; null: operations confirms */
  applied: string | null
  /** why no cause is applied by itself */
  asks: null | "no_evidence" | "below_threshold" | "tie" | "scans_alone" | "strong_against"
  /** nobody has spoken since the deadline: what is missing was not taken as evidence */
  stale: boolean
}

/** The signals that hold. Where data are older than the deadline, those that rest on something missing prove nothing and are left out. */
export function findingsOf(
  taxonomy: Taxonomy,
  facts: CaseFacts,
): { findings: Map<string, Values>; stale: boolean } {
  const stale = isStale(facts)
  const findings = new Map<string, Values>()
  for (const { code, absence } of taxonomy.signals) {
    if (stale && absence) continue
    const values = detectors[code]?.(facts)
    if (values) findings.set(code, values)
  }
  return { findings, stale }
}

/** Likely causes with their evidence (clause 3.2; content/README: points are added, one missing scan is never strong by itself, a cause resting on scans alone goes to a person). */
export function propose(taxonomy: Taxonomy, facts: CaseFacts): Proposed {
  const { findings, stale } = findingsOf(taxonomy, facts)
  const signals = new Map(taxonomy.signals.map((each) => [each.code, each]))
  const proposals = taxonomy.causes
    .map((cause) => weigh(taxonomy, cause, findings, signals))
    .filter((each) => each.for.length > 0 && each.points >= pointsMin)
    .sort((one, other) => other.confidence - one.confidence || other.points - one.points)
  return { proposals, stale, ...decide(taxonomy, proposals, signals) }
}

function weigh(
  { weights }: Taxonomy,
  cause: Taxonomy["causes"][number],
  findings: ReadonlyMap<string, Values>,
  signals: ReadonlyMap<string, Signal>,
): Proposal {
  const pick = <Weight extends Evidence["weight"]>(
    named: readonly { signal: string; weight: Weight }[],
    points: Record<Weight, number>,
  ): Evidence[] =>
    named.flatMap(({ signal, weight }) => {
      const values = findings.get(signal)
      return values ? [{ signal, weight, points: points[weight], values }] : []
    })
  const speaksFor = pick(cause.evidenceFor, weights.for)
  const against = pick(cause.evidenceAgainst, weights.against)
  const points = [...speaksFor, ...against].reduce((sum, each) => sum + each.points, 0)
  const most = hasStrong(speaksFor, signals) ? weights.max : weights.maxWithoutStrong
  return {
    cause: cause.code,
    points,
    confidence: Math.max(0, Math.min(points, most)),
    for: speaksFor,
    against,
  }
}

/** Whether a signal is a scan that is missing. */
const isMissingScan = (signal: Signal | undefined): boolean =>
  signal?.absence === true && ["tracking", "stages", "ingest"].includes(signal.source)

/** Whether something strong speaks for a cause; one missing scan is not, unless something else that was seen stands beside it. */
function hasStrong(speaksFor: readonly Evidence[], signals: ReadonlyMap<string, Signal>): boolean {
  const strong = speaksFor.filter(({ weight }) => weight === "strong" || weight === "decisive")
  if (strong.some(({ signal }) => !isMissingScan(signals.get(signal)))) return true
  return (
    strong.length > 0 &&
    speaksFor.some((each) => each.weight !== "weak" && !isMissingScan(signals.get(each.signal)))
  )
}

function decide(
  { thresholds }: Taxonomy,
  proposals: readonly Proposal[],
  signals: ReadonlyMap<string, Signal>,
): Pick<Proposed, "applied" | "asks"> {
  const [best, second] = proposals
  if (!best) return { applied: null, asks: "no_evidence" }
  if (best.confidence < thresholds.apply) return { applied: null, asks: "below_threshold" }
  if (second && second.confidence === best.confidence) return { applied: null, asks: "tie" }
  if (best.for.every(({ signal }) => isScan(signals.get(signal))))
    return { applied: null, asks: "scans_alone" }
  if (best.against.some(({ weight }) => weight === "strong")) return { applied: null, asks: "strong_against" }
  return { applied: best.cause, asks: null }
}

const isScan = (signal: Signal | undefined): boolean => signal?.source === "tracking" || isMissingScan(signal)
