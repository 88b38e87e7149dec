import type { IncidentView } from "../../../src/api/contract/incidents.ts"
import type { Column } from "../../marks/VirtualTable.tsx"
import { exact, say, sayShort } from "../../time/dates.ts"
import { useNow } from "../../time/now.ts"
import { useZone } from "../../time/zone.ts"
import { hasWords, useWords } from "../../words/words.ts"
import type { CaseLine } from "../groups.ts"

type Props = { row: CaseLine; each: IncidentView }

/** Which date a customer believes; one that holds no longer says so. */
export function Heard({ row: { believes }, each }: Props) {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  if (!believes?.etaAt) return <span className="t3 nw">{t("incident.told.nothing")}</span>
  const at = Date.parse(believes.etaAt)
  const isOld = each.etaAt !== null && at !== Date.parse(each.etaAt)
  return (
    <span className={isOld ? "t3 nw" : "m nw"} title={exact(at, zone)}>
      {say(at, now, { language, zone })} {isOld && <span className="tag">{t("incident.told.old")}</span>}
    </span>
  )
}

/** When and how the customer was told it. */
function Said({ row: { believes } }: Pick<Props, "row">) {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  if (!believes) return <span className="t3">–</span>
  const at = Date.parse(believes.at)
  const key = `case.how.${believes.by === null ? "auto" : believes.how}`
  return (
    <span className="t2 el" title={`${exact(at, zone)} ${believes.by ?? ""}`}>
      {sayShort(at, now, { language, zone })} {hasWords(key) ? t(key) : believes.how}
    </span>
  )
}

/** What the customer of each order believes, and how it was said. */
export function useHeardColumns(each: IncidentView): Column<CaseLine>[] {
  const { t } = useWords()
  return [
    {
      key: "believes",
      head: t("incident.told.date"),
      width: "minmax(110px,1fr)",
      cell: (row) => <Heard row={row} each={each} />,
    },
    {
      key: "said",
      head: t("incident.told.how"),
      width: "minmax(150px,1.4fr)",
      cell: (row) => <Said row={row} />,
    },
  ]
}
