import { useQuery } from "@tanstack/react-query"
import { Button } from "antd"
import { Check } from "lucide-react"
import content from "../../content/doctor.json"
import type { DoctorView } from "../../src/api/contract/doctor.ts"
import { type Finding, type FindingWords, inWords } from "../../src/core/findings.ts"
import { get } from "../client.ts"
import { ErrorState, Skeleton } from "../marks/Blank.tsx"
import { StateIcon } from "../marks/StateIcon.tsx"
import { useWho } from "../shell/who.tsx"
import { exact, sayTime } from "../time/dates.ts"
import { useZone } from "../time/zone.ts"
import { useWords } from "../words/words.ts"
import "./doctor.css"

const words = content as unknown as FindingWords
const rank = { bad: 0, warn: 1, ok: 2 }

/** The doctor: what is wrong first, each with how to mend it; what is well in a line. */
export function Doctor() {
  const { t, language } = useWords()
  const zone = useZone()
  const { may } = useWho()
  const doctor = useQuery({
    queryKey: ["doctor"],
    queryFn: () => get<DoctorView>("/api/v1/doctor"),
    enabled: may("read", "settings"),
    refetchInterval: 60_000,
  })
  if (!may("read", "settings")) return null
  const findings = [...(doctor.data?.findings ?? [])].sort(
    (one, other) => rank[one.state] - rank[other.state],
  )
  return (
    <section className="doctor">
      <header className="row">
        <h2>{t("doctor.title")}</h2>
        <span className="t3 s grow">
          {doctor.data && sayTime(Date.parse(doctor.data.at), { language, zone })}
        </span>
        <Button size="small" loading={doctor.isFetching} onClick={() => void doctor.refetch()}>
          {t("doctor.again")}
        </Button>
      </header>
      {doctor.isPending ? (
        <Skeleton rows={6} />
      ) : doctor.data === undefined ? (
        <ErrorState error={doctor.error} onRetry={() => void doctor.refetch()} />
      ) : (
        findings.map((finding) => <Line key={finding.id} finding={finding} />)
      )}
    </section>
  )
}

function Line({ finding }: { finding: Finding }) {
  const { t, language } = useWords()
  const zone = useZone()
  const { name, text, mend } = inWords(words, finding, language, (iso) => exact(Date.parse(iso), zone))
  const { state } = finding
  return (
    <div className={`doctor-line ${state}`}>
      <span className="t3">{name}</span>
      <span>
        {text}
        {mend && <em className="t2 s">{mend}</em>}
      </span>
      <span title={t(`doctor.state.${state}`)}>
        {state === "ok" ? (
          <Check size={14} strokeWidth={1.75} />
        ) : (
          <StateIcon state={state === "bad" ? "over" : "near"} size={14} />
        )}
      </span>
    </div>
  )
}
