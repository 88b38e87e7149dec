import { useQuery } from "@tanstack/react-query"
import type { RetentionView } from "../../../src/api/contract/receivers.ts"
import { get, put } from "../../client.ts"
import { ErrorState, Skeleton } from "../../marks/Blank.tsx"
import { ChosenWord } from "../../marks/Word.tsx"
import { useWho } from "../../shell/who.tsx"
import { say } from "../../time/dates.ts"
import { useNow } from "../../time/now.ts"
import { useZone } from "../../time/zone.ts"
import { useWords } from "../../words/words.ts"
import { useAct } from "../queries.ts"
import { Trouble } from "../Trouble.tsx"
import { Customer } from "./Customer.tsx"
import "./privacy.css"

const offered = [30, 60, 90, 180, 365, 730, null]

/** How long the company keeps whom orders were sent to. */
export default function PrivacySection() {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  const { may } = useWho()
  const retention = useQuery({
    queryKey: ["settings", "retention"],
    queryFn: () => get<RetentionView>("/api/v1/retention"),
  })
  const save = useAct((days: number | null) => put("/api/v1/retention", { days }))
  if (retention.error) return <ErrorState error={retention.error} onRetry={() => void retention.refetch()} />
  if (!retention.data) return <Skeleton rows={4} />
  const { days, run, backupDays } = retention.data
  const words = (each: number | null) =>
    each === null ? t("settings.privacy.never") : t("settings.privacy.days", { n: each })
  const choices = offered.includes(days) ? offered : [days, ...offered]
  return (
    <div className="sentences">
      <p>
        {t("settings.privacy.goes")}
        <span className="nw">
          <ChosenWord
            value={String(days)}
            label={t("settings.privacy.keep")}
            disabled={!may("act", "settings")}
            options={choices.map((each) => ({ value: String(each), label: words(each) }))}
            onChange={(value) => save.mutate(value === "null" ? null : Number(value))}
          />
          {t("settings.stop")}
        </span>
      </p>
      <p className="s t3">
        {run?.endedAt
          ? t("settings.privacy.ran", {
              at: say(Date.parse(run.endedAt), now, { language, zone }),
              n: run.orders,
            })
          : t("settings.privacy.notRan")}
      </p>
      <Trouble error={save.error} />
      <div className="effect privacy">
        {["what", "waits", "stays"].map((each) => (
          <p className="s t2" key={each}>
            {t(`settings.privacy.${each}`)}
          </p>
        ))}
        <p className="s t2">{t("settings.privacy.backups", { n: backupDays })}</p>
      </div>
      {may("act", "settings") && <Customer />}
    </div>
  )
}
