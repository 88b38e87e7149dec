import { Link } from "react-router"
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
  const count = (is: (at: string | null) => boolean) =>
    each.believed.reduce((sum, { etaAt, count }) => sum + (is(etaAt) ? count : 0), 0)
  const at = Date.parse(each.etaAt)
  const rows = [
    [
      t("incident.believed.new", { at: say(at, now, { language, zone }) }),
      count((eta) => eta === each.etaAt),
      "current",
    ],
    [t("incident.believed.old"), count((eta) => eta !== null && eta !== each.etaAt), "outdated"],
    [t("incident.believed.nothing"), count((eta) => eta === null), "nothing"],
  ] as const
  const ready = each.drafts.reduce((sum, { count }) => sum + count, 0)
  return (
    <section>
      <h2>{t("incident.believed.title")}</h2>
      {rows.map(
        ([what, n, told], i) =>
          n > 0 && (
            <Link className="case-owed" key={told} to={`/cases/incidents/${each.number}?told=${told}`}>
              <span className={i > 0 ? "el t3" : "el"} title={i === 0 ? exact(at, zone) : undefined}>
                {what}
              </span>
              <b>{n.toLocaleString("en")}</b>
            </Link>
          ),
      )}
      {ready > 0 && <p className="t3 s">{t("incident.believed.ready", { n: ready.toLocaleString("en") })}</p>}
    </section>
  )
}
