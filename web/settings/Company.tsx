import { useQuery } from "@tanstack/react-query"
import type { CompanyView } from "../../src/api/contract/settings.ts"
import { get, put } from "../client.ts"
import { ErrorState, Skeleton } from "../marks/Blank.tsx"
import { ChosenWord, TypedWord } from "../marks/Word.tsx"
import { useWho } from "../shell/who.tsx"
import { exact } from "../time/dates.ts"
import { useNow } from "../time/now.ts"
import { languages } from "../words/language.ts"
import { useWords } from "../words/words.ts"
import { useAct } from "./queries.ts"
import { Trouble } from "./Trouble.tsx"

const regions = ["cn", "hk", "mo", "tw", "sg", "my", "other"]
const zones = [
  "Asia/Shanghai",
  "Asia/Urumqi",
  "Asia/Hong_Kong",
  "Asia/Macau",
  "Asia/Taipei",
  "Asia/Singapore",
  "Asia/Kuala_Lumpur",
  "Asia/Tokyo",
  "Asia/Bangkok",
  "Asia/Jakarta",
  "Europe/London",
  "Europe/Berlin",
  "America/New_York",
  "America/Los_Angeles",
]

/** The company in two sentences: its name and region, and whose midnight ends today. */
export default function CompanySection() {
  const { t } = useWords()
  const { may } = useWho()
  const company = useQuery({
    queryKey: ["settings", "company"],
    queryFn: () => get<CompanyView>("/api/v1/company"),
  })
  const save = useAct((next: CompanyView) => put("/api/v1/company", next), [["me"]])
  if (company.error) return <ErrorState error={company.error} onRetry={() => void company.refetch()} />
  if (!company.data) return <Skeleton rows={2} />
  const own = { region: "cn", ...company.data }
  const change = (some: Partial<CompanyView>) => save.mutate({ ...own, ...some })
  const disabled = !may("act", "settings")
  const offered = zones.includes(own.timezone) ? zones : [own.timezone, ...zones]
  return (
    <div className="sentences">
      <p>
        {t("settings.company.named")}
        <TypedWord
          value={own.name}
          label={t("settings.company.name")}
          disabled={disabled}
          onChange={(name) => name !== "" && change({ name })}
        />
        {t("settings.company.in")}
        <ChosenWord
          value={own.region}
          label={t("settings.company.region")}
          disabled={disabled}
          options={regions.map((value) => ({ value, label: t(`settings.region.${value}`) }))}
          onChange={(region) => change({ region })}
        />
        {t("settings.company.speaks")}
        <ChosenWord
          value={own.language}
          label={t("settings.company.language")}
          disabled={disabled}
          options={languages.map((value) => ({ value, label: t(`settings.language.${value}`) }))}
          onChange={(language) => change({ language })}
        />
        {t("settings.stop")}
      </p>
      <p>
        {t("settings.company.today")}
        <ChosenWord
          value={own.timezone}
          label={t("settings.company.zone")}
          disabled={disabled}
          options={offered.map((value) => ({ value, label: zoneName(value, t) }))}
          onChange={(timezone) => change({ timezone })}
        />
        {t("settings.company.midnight")}
      </p>
      <Clock zone={own.timezone} />
      <Trouble error={save.error} />
      <div className="effect">
        <h2>{t("settings.company.guards")}</h2>
        <p className="t2">{t(`settings.guard.${own.region}`)}</p>
      </div>
    </div>
  )
}

/** What time it is there. It ticks alone, so that no open menu is placed anew each second. */
function Clock({ zone }: { zone: string }) {
  const { t } = useWords()
  return <p className="s t3">{t("settings.company.now", { at: exact(useNow(), zone) })}</p>
}

/** A zone by its city, in words where we have them. */
function zoneName(zone: string, t: (key: string) => string): string {
  const key = zone.split("/")[1]!.toLowerCase()
  const named = t(`settings.zone.${key}`)
  return named.startsWith("settings.") ? zone : named
}
