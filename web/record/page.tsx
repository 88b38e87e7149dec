import { Segmented } from "antd"
import { useState } from "react"
import { Link, useLocation, useSearchParams } from "react-router"
import type { HandOnRowView, RecordView, StepView } from "../../src/api/contract/record.ts"
import { useDepartmentName } from "../cases/names.ts"
import { ErrorState, Skeleton } from "../marks/Blank.tsx"
import { PageHead } from "../marks/PageHead.tsx"
import { StateTag } from "../marks/StateTag.tsx"
import { useReasons } from "../report/queries.ts"
import { say, sayDay } from "../time/dates.ts"
import { serverNow, useNow } from "../time/now.ts"
import { useZone } from "../time/zone.ts"
import { useWords } from "../words/words.ts"
import { useRecord } from "./queries.ts"
import "../orders/orders.css"
import "./record.css"

const weekMs = 7 * 24 * 3_600_000
const parts = ["met", "late", "handedOn", "contested", "received"] as const
type Part = (typeof parts)[number]

/** A person's record from facts: every figure opens its rows, for themselves, their head and the administration. */
export default function RecordPage() {
  const { t } = useWords()
  const [, , id = "me"] = useLocation().pathname.split("/")
  const [search, setSearch] = useSearchParams()
  const [weeks, setWeeks] = useState(4)
  // A span that moves with each second would be asked for again and again.
  const [from] = useState(() => serverNow())
  const record = useRecord(
    id || "me",
    weeks === 4 ? undefined : new Date(from - weeks * weekMs).toISOString(),
  )
  const part = parts.find((each) => each === search.get("show")) ?? "late"
  const show = (wanted: Part) => setSearch({ show: wanted }, { replace: true })
  return (
    <div className="record">
      <PageHead title={record.data ? t("record.of", { name: record.data.person.name }) : t("record.title")}>
        <Segmented
          size="small"
          value={weeks}
          onChange={setWeeks}
          options={[4, 8, 12].map((n) => ({ value: n, label: t("record.weeks", { n }) }))}
        />
      </PageHead>
      {record.isPending && <Skeleton rows={6} />}
      {record.error && !record.data && (
        <ErrorState error={record.error} onRetry={() => void record.refetch()} />
      )}
      {record.data && (
        <div className="record-body">
          <Figures record={record.data} part={part} onShow={show} />
          <Weeks record={record.data} />
          <Rows record={record.data} part={part} />
        </div>
      )}
    </div>
  )
}

function countOf({ met, late, handedOn, received }: RecordView): Record<Part, number> {
  return {
    met: met.length,
    late: late.length,
    handedOn: handedOn.length,
    contested: handedOn.filter((each) => each.contested).length,
    received: received.length,
  }
}

function Figures({ record, part, onShow }: { record: RecordView; part: Part; onShow(part: Part): void }) {
  const { t } = useWords()
  const counts = countOf(record)
  return (
    <div className="record-figures">
      <Link to={`/cases?assignee=${record.person.id}&state=unarchived`}>
        <b>{record.open}</b>
        <span>{t("record.open")}</span>
      </Link>
      {parts.map((each) => (
        <button
          key={each}
          type="button"
          className="plain"
          aria-pressed={each === part}
          onClick={() => onShow(each)}
        >
          <b>{counts[each]}</b>
          <span>{t(`record.part.${each}`)}</span>
        </button>
      ))}
    </div>
  )
}

/** Steps in time and late, a week a row: grey is in time, red is late. */
function Weeks({ record: { weeks } }: { record: RecordView }) {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  if (weeks.length === 0) return null
  const most = Math.max(...weeks.map(({ met, late }) => met + late))
  return (
    <table className="record-weeks">
      <caption className="t3 s">{t("record.byWeek")}</caption>
      <tbody>
        {weeks.map(({ week, met, late }) => (
          <tr key={week}>
            <th scope="row">
              {t("record.week", { day: sayDay(Date.parse(week), now, { language, zone }) })}
            </th>
            <td className="bar">
              <span className="met-bar" style={{ width: `${(met / most) * 100}%` }} />
              <span className="late-bar" style={{ width: `${(late / most) * 100}%` }} />
            </td>
            <td className="r s t2 nw">{t("record.weekSays", { met, late })}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Rows({ record, part }: { record: RecordView; part: Part }) {
  const { t } = useWords()
  const rows = part === "contested" ? record.handedOn.filter((each) => each.contested) : record[part]
  return (
    <section>
      <h2>
        {t(`record.part.${part}`)} <span className="t3">{rows.length}</span>
      </h2>
      <p className="t3 s">{t(`record.means.${part}`)}</p>
      {rows.length === 0 && <p className="t3 record-none">{t("record.none")}</p>}
      <ul className="record-rows">
        {rows.map((row) =>
          "kind" in row ? (
            <Step key={`${row.number} ${row.kind} ${row.dueAt}`} step={row} late={part === "late"} />
          ) : (
            <HandOn key={`${row.number} ${row.at}`} row={row} />
          ),
        )}
      </ul>
      {record.cut && <p className="t3 s">{t("record.cut")}</p>}
    </section>
  )
}

function Step({ step: { number, kind, dueAt, closedAt }, late }: { step: StepView; late: boolean }) {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  const told = { language, zone }
  return (
    <li>
      <Link to={`/cases/${number}`}>{number}</Link>
      <span className="grow">{t(`record.clock.${kind}`)}</span>
      {dueAt && <span className="t3 s">{t("record.due", { at: say(Date.parse(dueAt), now, told) })}</span>}
      <StateTag state={late ? "over" : "met"}>
        {closedAt ? t("record.done", { at: say(Date.parse(closedAt), now, told) }) : t("record.stillOpen")}
      </StateTag>
    </li>
  )
}

function HandOn({ row }: { row: HandOnRowView }) {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  const departmentName = useDepartmentName()
  const { data: reasons = [] } = useReasons("hand_on")
  const side = ({ department, person }: HandOnRowView["from"]) =>
    [department === null ? null : departmentName(department), person?.name].filter(Boolean).join(" ")
  const reason = reasons.find(({ code }) => code === row.reason)?.label[language] ?? row.reason
  return (
    <li>
      <Link to={`/cases/${row.number}`}>{row.number}</Link>
      <span className="grow">
        {side(row.from)} → {side(row.to)} <span className="t2">{reason}</span>
        {row.note && <span className="t3"> {row.note}</span>}
      </span>
      {row.contested && <span className="tag near">{t("record.contested")}</span>}
      <span className="t3 s nw">
        {row.by} {say(Date.parse(row.at), now, { language, zone })}
      </span>
    </li>
  )
}
