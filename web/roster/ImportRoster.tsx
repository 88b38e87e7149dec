import type { RosterView } from "../../src/api/contract/rosters.ts"
import { TableDialog } from "../marks/TableDialog.tsx"
import { sayDayInWeek } from "../time/dates.ts"
import { useNow } from "../time/now.ts"
import { useZone } from "../time/zone.ts"
import { useWords } from "../words/words.ts"
import { useRosterTable } from "./queries.ts"
import { timeOf } from "./week.ts"

/** A week from a table: a template to fill in, then what was read and which cells could not be, and only then the button that puts it. */
export function ImportRoster({
  roster,
  template,
  onClose,
}: {
  roster: RosterView
  template(): void
  onClose(): void
}) {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  const read = useRosterTable()
  const found = read.data
  const good = found?.shifts.length ?? 0
  const people = new Map(roster.people.map(({ id, name }) => [id, name]))
  const departments = new Map(roster.departments.map(({ id, name }) => [id, name]))
  return (
    <TableDialog
      width={640}
      title={t("roster.import.title")}
      means={t("roster.import.means")}
      template={{ label: t("roster.import.template"), onPress: template }}
      read={read}
      take={{ label: t("roster.import.put", { n: good }), n: good }}
      done={t("roster.import.done", { n: found?.done?.added ?? 0 })}
      problemOf={({ problem, text }) => t(`roster.problem.${problem}`, { text })}
      onClose={onClose}
    >
      {found && good > 0 && (
        <div className="table-read">
          <table>
            <tbody>
              {found.shifts.slice(0, 200).map(({ row, column, staff, department, from, to }) => (
                <tr key={`${row} ${column} ${from}`}>
                  <td>{people.get(staff)}</td>
                  <td>{departments.get(department)}</td>
                  <td>{sayDayInWeek(Date.parse(from), now, { language, zone })}</td>
                  <td>
                    {timeOf(from, zone)}–{timeOf(to, zone)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </TableDialog>
  )
}
