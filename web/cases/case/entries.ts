import { useCallback } from "react"
import type { CaseEntryView } from "../../../src/api/contract/cases.ts"
import { nameOf } from "../../line/of.ts"
import { say } from "../../time/dates.ts"
import { useNow } from "../../time/now.ts"
import { useZone } from "../../time/zone.ts"
import { hasWords, useWords } from "../../words/words.ts"
import { useDepartmentName } from "../names.ts"
import { useCauseName } from "../queries.ts"

type Data = {
  clock?: "prepare"
  basis?: "company"
  department?: string | null
  to?: string | null
  personName?: string | null
  fromName?: string | null
  why?: string | { reason?: string; settings?: number } | null
  cause?: string | null
  text?: string | null
  note?: string | null
  reason?: string | null
  etaAt?: string | number | null
  solved?: boolean
  fact?: string
  incident?: string
  auto?: boolean
  title?: string
}

/** An entry of a case's log as a sentence, with what was said with it. */
export function useEntry(): (entry: CaseEntryView) => { what: string; said: string | null } {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  const departmentName = useDepartmentName()
  const causeName = useCauseName(language)
  return useCallback(
    (entry) => {
      const data = entry.data as Data
      const parts: string[] = []
      if (data.clock && data.basis) parts.push(nameOf(t, { kind: data.clock, basis: data.basis }))
      const department = data.to ?? data.department
      if (department) parts.push(departmentName(department))
      if (data.personName && data.personName !== entry.person?.name) parts.push(data.personName)
      if (entry.what === "hand_over" && data.fromName) parts.push(t("case.log.from", { name: data.fromName }))
      const cause = causeName(data.cause ?? null)
      if (cause) parts.push(cause)
      if (data.etaAt != null) parts.push(say(instantOf(data.etaAt), now, { language, zone }))
      if (data.solved) parts.push(t("case.solvedNow"))
      if (data.fact && hasWords(`case.fact.${data.fact}`)) parts.push(t(`case.fact.${data.fact}`))
      if (data.incident) parts.push([data.incident, data.title].filter(Boolean).join(" "))
      const why = typeof data.why === "object" ? data.why?.reason : undefined
      if (why)
        parts.push(
          t(hasWords(`cases.why.${why}`) ? `cases.why.${why}` : "cases.why.other", {
            ...(data.why as object),
          }),
        )
      const name = [
        data.auto ? `case.log.${entry.what}_auto` : "",
        `case.log.${entry.what}`,
        `cases.log.${entry.what}`,
      ].find(hasWords)
      const who = entry.person?.name ?? entry.who ?? t("cases.panel.engine")
      const what = [who, name ? t(name) : entry.what, parts.join(" · ")].filter(Boolean).join(" ")
      return { what, said: [data.text, data.note].filter(Boolean).join("\n") || null }
    },
    [t, language, zone, now, departmentName, causeName],
  )
}

const instantOf = (at: string | number): number => (typeof at === "number" ? at : Date.parse(at))
