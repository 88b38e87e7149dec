import { TriangleAlert } from "lucide-react"
import type { RosterDepartment } from "../../src/api/contract/rosters.ts"
import { sayShort } from "../time/dates.ts"
import { useNow } from "../time/now.ts"
import { useZone } from "../time/zone.ts"
import { useWords } from "../words/words.ts"

/** Who is on duty now, a department each; where nobody is, whom work falls to, or that it falls to nobody. */
export function OnDuty({ departments }: { departments: readonly RosterDepartment[] }) {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  return (
    <ul className="on-duty" aria-label={t("roster.now")}>
      {departments.map(({ id, name, head, onDuty }) => (
        <li key={id} className={onDuty.length > 0 ? "" : head ? "falls" : "near"}>
          <span className="t3">{name}</span>
          {onDuty.length > 0 ? (
            <b className="m" title={onDuty.map((each) => `${each.name} ${untilOf(each.until)}`).join("\n")}>
              {onDuty.map((each) => each.name).join(t("line.and"))}
            </b>
          ) : (
            <span className="row">
              {!head && <TriangleAlert size={13} />}
              {head ? t("roster.toHead", { name: head.name }) : t("roster.toNobody")}
            </span>
          )}
        </li>
      ))}
    </ul>
  )
  function untilOf(until: string) {
    return t("roster.until", { at: sayShort(Date.parse(until), now, { language, zone }) })
  }
}
