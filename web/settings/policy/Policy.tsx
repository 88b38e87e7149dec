import { useState } from "react"
import type { PolicyView } from "../../../src/api/contract/settings.ts"
import { sameJson } from "../../../src/core/json.ts"
import type { PolicyParts } from "../../../src/core/policyParts.ts"
import { ErrorState, Skeleton } from "../../marks/Blank.tsx"
import { useWho } from "../../shell/who.tsx"
import { say } from "../../time/dates.ts"
import { useNow } from "../../time/now.ts"
import { useZone } from "../../time/zone.ts"
import { useWords } from "../../words/words.ts"
import { usePolicy } from "../queries.ts"
import { AutoNoticesRow } from "./AutoNotices.tsx"
import { HoursRows } from "./Hours.tsx"
import { LimitRows } from "./Limits.tsx"
import { Publish } from "./Publish.tsx"
import { Deviates } from "./Rule.tsx"
import { ThresholdRows } from "./Thresholds.tsx"
import { Versions } from "./Versions.tsx"
import "./policy.css"

/** What the rows of a part need: what stands, what is to stand, and how to change it. */
export type PartProps = {
  stored: PolicyParts
  parts: PolicyParts
  disabled: boolean
  onChange(parts: PolicyParts): void
}

/** The policy by clauses: the clause on the left, its rule as a sentence with words to change on the right; publishing makes a new version. */
export default function PolicySection() {
  const policy = usePolicy()
  if (policy.error) return <ErrorState error={policy.error} onRetry={() => void policy.refetch()} />
  if (!policy.data) return <Skeleton rows={6} />
  return <PolicyParted key={policy.data.version} view={policy.data} />
}

function PolicyParted({ view }: { view: PolicyView }) {
  const { t, language } = useWords()
  const { may } = useWho()
  const zone = useZone()
  const now = useNow(60_000)
  const [draft, setDraft] = useState<PolicyParts | null>(null)
  const disabled = !may("act", "policy")
  const parts = draft ?? view.parts
  const set = (next: PolicyParts) => setDraft(sameJson(next, view.parts) ? null : next)
  const row = { stored: view.parts, parts, disabled, onChange: set }
  return (
    <div className="sentences policy">
      {view.earliest && (
        <Deviates>
          {t("policy.planned", {
            version: view.version,
            at: say(Date.parse(view.earliest), now, { language, zone }),
            held: view.inForce.version,
          })}
        </Deviates>
      )}
      <LimitRows {...row} />
      <HoursRows {...row} />
      <ThresholdRows {...row}>
        <AutoNoticesRow {...row} gateway={view.gateway} />
      </ThresholdRows>
      {disabled ? (
        <p className="s t3">{t("policy.mayNot")}</p>
      ) : (
        <Publish view={view} draft={draft} onDrop={() => setDraft(null)} />
      )}
      <Versions view={view} />
    </div>
  )
}
