import { Button, Modal, Upload } from "antd"
import { Download, FileUp } from "lucide-react"
import type { RosterView } from "../../src/api/contract/rosters.ts"
import { useProblem } from "../marks/Blank.tsx"
import { readTable } from "../marks/readTable.ts"
import { sayDay, sayWeekday } from "../time/dates.ts"
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
  const problem = useProblem()
  const read = useRosterTable()
  const found = read.data
  const good = found?.shifts.length ?? 0
  const failed = read.error ? problem(read.error) : null
  const people = new Map(roster.people.map(({ id, name }) => [id, name]))
  const departments = new Map(roster.departments.map(({ id, name }) => [id, name]))
  return (
    <Modal
      open
      width={640}
      title={t("roster.import.title")}
      onCancel={onClose}
      footer={
        found?.done ? (
          <Button type="primary" onClick={onClose}>
            {t("roster.import.done", { n: found.done.added })}
          </Button>
        ) : (
          <Button
            type="primary"
            disabled={!found || good === 0 || found.problems.length > 0}
            loading={read.isPending}
            onClick={() => read.variables && read.mutate({ ...read.variables, carryOut: true })}
          >
            {t("roster.import.put", { n: good })}
          </Button>
        )
      }
    >
      <p className="t2">{t("roster.import.means")}</p>
      <div className="row" style={{ gap: 8, marginTop: 10 }}>
        <Upload
          accept=".xlsx,.csv"
          showUploadList={false}
          beforeUpload={(file) => {
            read.mutate({ table: readTable(file), carryOut: false })
            return false
          }}
        >
          <Button size="small" icon={<FileUp size={14} />}>
            {t("roster.import.choose")}
          </Button>
        </Upload>
        <Button size="small" icon={<Download size={14} />} onClick={template}>
          {t("roster.import.template")}
        </Button>
      </div>
      {failed && (
        <p className="over s" role="alert">
          {failed.title} {failed.mend}
        </p>
      )}
      {found && found.problems.length > 0 && (
        <ul className="roster-problems">
          {found.problems.slice(0, 12).map(({ row, column, problem, text }) => (
            <li key={`${row} ${column} ${problem}`}>
              {t("roster.import.at", { row: row + 1, column: column + 1 })}{" "}
              {t(`roster.problem.${problem}`, { text })}
            </li>
          ))}
          {found.problems.length > 12 && (
            <li>{t("roster.import.more", { n: found.problems.length - 12 })}</li>
          )}
        </ul>
      )}
      {found && good > 0 && (
        <div className="roster-preview">
          <table>
            <tbody>
              {found.shifts.slice(0, 200).map(({ row, column, staff, department, from, to }) => (
                <tr key={`${row} ${column} ${from}`}>
                  <td>{people.get(staff)}</td>
                  <td>{departments.get(department)}</td>
                  <td>
                    {sayDay(Date.parse(from), now, { language, zone })}{" "}
                    {sayWeekday(Date.parse(from), { language, zone })}
                  </td>
                  <td>
                    {timeOf(from, zone)}–{timeOf(to, zone)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Modal>
  )
}
