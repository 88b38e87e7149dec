import { useQuery } from "@tanstack/react-query"
import type { RobotKindName, RobotRow } from "../../../src/api/contract/alerts.ts"
import { departmentName } from "../../cases/names.ts"
import { get } from "../../client.ts"
import { StateIcon } from "../../marks/StateIcon.tsx"
import { sayShort } from "../../time/dates.ts"
import { useNow } from "../../time/now.ts"
import { useZone } from "../../time/zone.ts"
import { useWords } from "../../words/words.ts"

/** The departments of the company and a way to name them. */
export function useDepartments(): { list: { id: string; name: string }[]; name: (id: string) => string } {
  const { t } = useWords()
  const list =
    useQuery({
      queryKey: ["departments"],
      queryFn: () => get<{ items: { id: string; name: string }[] }>("/api/v1/departments"),
    }).data?.items ?? []
  return { list, name: (id) => list.find((each) => each.id === id)?.name ?? departmentName(id, t) }
}

/** The name of a platform in a small frame. */
export function Platform({ kind }: { kind: RobotKindName }) {
  const { t } = useWords()
  return <span className="platform">{t(`alerts.kind.${kind}`)}</span>
}

/** The robots: for whom, how much of the minute is used, when they are quiet, what came of the last. */
export function RobotTable({
  rows,
  chosen,
  onChoose,
}: {
  rows: readonly RobotRow[]
  chosen: string | null
  onChoose: (id: string) => void
}) {
  const { t } = useWords()
  const { name } = useDepartments()
  return (
    <table className="robots">
      <thead>
        <tr>
          {["robot", "to", "minute", "quiet", "last"].map((each) => (
            <th key={each} className={each} scope="col">
              {t(`alerts.column.${each}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id} className={row.id === chosen ? "selected" : ""} onClick={() => onChoose(row.id)}>
            <td className="robot">
              <button
                type="button"
                className="plain row"
                aria-current={row.id === chosen}
                onClick={() => onChoose(row.id)}
              >
                <Platform kind={row.kind} />
                <span className="m el">{row.name}</span>
              </button>
            </td>
            <td className="to el">
              {name(row.department)} <span className="t3">{saysWhat(row, t)}</span>
            </td>
            <td className="minute">
              <Used row={row} />
            </td>
            <td className="quiet t2">{row.quiet ? `${row.quiet.from}–${row.quiet.to}` : t("alerts.none")}</td>
            <td className="last">
              <Last row={row} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** Which cards a robot gets, in a word each. */
export const saysWhat = ({ codes }: Pick<RobotRow, "codes">, t: (key: string) => string): string =>
  codes.length === 0 ? t("alerts.all") : codes.map((code) => t(`alerts.code.${code}`)).join(" ")

/** How much of the platform's minute is used: grey is what is spent. */
function Used({ row: { minute } }: { row: RobotRow }) {
  return (
    <span className="used">
      <i aria-hidden="true">
        <u style={{ width: `${Math.min(100, (minute.posted / minute.most) * 100)}%` }} />
      </i>
      <span>
        <b>{minute.posted}</b>
        <span className="t3">/{minute.most}</span>
      </span>
    </span>
  )
}

function Last({ row: { dead, active, blockedUntil, lastSentAt } }: { row: RobotRow }) {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  const at = (iso: string) => sayShort(Date.parse(iso), now, { language, zone })
  if (!active) return <span className="t3">{t("alerts.off")}</span>
  if (dead > 0)
    return (
      <span className="row failing">
        <StateIcon state="over" size={13} />
        <b>{t("alerts.deadCount", { n: dead })}</b>
      </span>
    )
  if (blockedUntil) return <span className="t2">{t("alerts.resting", { at: at(blockedUntil) })}</span>
  return (
    <span className={lastSentAt ? "t2" : "t3"}>
      {lastSentAt ? t("alerts.delivered", { at: at(lastSentAt) }) : t("alerts.never")}
    </span>
  )
}
