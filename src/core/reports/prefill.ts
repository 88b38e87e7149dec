import type { Taxonomy } from "../causes/taxonomy.ts"
import { causeOf } from "../causes/taxonomy.ts"
import type { Instant } from "../instants.ts"
import type { Language } from "../words.ts"
import type { ReportAbout } from "./about.ts"
import { inASentence } from "./course.ts"
import type { ReportFields } from "./form.ts"

/** What the product writes into a report by itself, where nobody wrote anything: people correct it. */
export function prefill(
  about: ReportAbout,
  taxonomy: Taxonomy,
  language: Language,
  timezone: string,
): ReportFields {
  const cause = about.cause.code ?? about.proposed?.applied ?? null
  const proposal = about.proposed?.proposals.find((each) => each.cause === cause)
  const name = causeOf(taxonomy, cause)?.name ?? null
  const result = resultOf(about)
  const { fired, taken, inTime } = about.warnings
  return {
    cause,
    causeEvidence: (proposal?.for ?? []).map(({ signal }) => ({ signal, agreed: about.cause.agreed })),
    warned: !fired ? "none" : !inTime ? "late" : taken ? "taken" : "not_taken",
    whatHappened: inASentence(about, name, timezone)?.[language] ?? null,
    result,
    told: about.tellings.length > 0 ? "before_asking" : null,
    prevention: [],
  }
}

/** What the facts say about how it ended: the fact that came first after the oldest breach; that it was prepared, where nothing else is known. */
function resultOf({ facts, breaches }: ReportAbout): ReportFields["result"] {
  const from = Math.min(...breaches.map(({ dueAt }) => dueAt))
  const found = (Object.entries(facts) as [keyof typeof facts, Instant | null][])
    .filter((each): each is [keyof typeof facts, Instant] => each[1] !== null && each[1] >= from)
    .sort(([one, at], [other, otherAt]) =>
      one === "prepared" ? 1 : other === "prepared" ? -1 : at - otherAt,
    )
  return found[0]?.[0] ?? null
}

/** The instant of the fact that a result names. */
export const resolvedAtOf = (about: ReportAbout, result: ReportFields["result"]): Instant | null =>
  result == null || result === "mixed"
    ? (Object.values(about.facts).find((at): at is Instant => at !== null) ?? null)
    : about.facts[result]

/** What people wrote over what the product fills in; a field that a person emptied stays empty. */
export const withWritten = (filled: ReportFields, written: ReportFields): ReportFields => ({
  ...filled,
  ...(Object.fromEntries(Object.entries(written).filter(([, value]) => value !== undefined)) as ReportFields),
})
