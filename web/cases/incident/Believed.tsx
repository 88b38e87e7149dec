import type { IncidentView } from "../../../src/api/contract/incidents.ts"
import { exact, say } from "../../time/dates.ts"
import { useNow } from "../../time/now.ts"
import { useZone } from "../../time/zone.ts"
import { useWords } from "../../words/words.ts"

/** What the customers believe: which date they were told last, and what lies ready for them. */
export function Believed({ each }: { each: IncidentView }) {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  if (each.etaAt === null || each.state === "archived" || each.believed.length === 0) return null
  const ready = each.drafts.reduce((sum, { count }) => sum + count, 0)
  return (
    <section>
      <h2>{t("incident.believed.title")}</h2>
      {each.believed.map(({ etaAt, count }) => {
        const at = etaAt === null ? null : Date.parse(etaAt)
        const outdated = etaAt !== each.etaAt
        return (
          <div className="case-owed" key={etaAt ?? "none"}>
            <span className={outdated ? "el t3" : "el"} title={at === null ? undefined : exact(at, zone)}>
              {at === null
                ? t("incident.believed.nothing")
                : t(outdated ? "incident.believed.old" : "incident.believed.new", {
                    at: say(at, now, { language, zone }),
                  })}
            </span>
            <b>{count.toLocaleString("en")}</b>
          </div>
        )
      })}
      {ready > 0 && <p className="t3 s">{t("incident.believed.ready", { n: ready.toLocaleString("en") })}</p>}
    </section>
  )
}
