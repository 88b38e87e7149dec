import { Button, Select } from "antd"
import { useState } from "react"
import { Link } from "react-router"
import type { PersonView } from "../../../src/api/contract/people.ts"
import { useDepartmentName } from "../../cases/names.ts"
import { useAssignees } from "../../cases/queries.ts"
import { ErrorState, Skeleton } from "../../marks/Blank.tsx"
import { useHandOver, useInHand } from "../../record/queries.ts"
import { say } from "../../time/dates.ts"
import { useNow } from "../../time/now.ts"
import { useZone } from "../../time/zone.ts"
import { useWords } from "../../words/words.ts"
import { Trouble } from "../Trouble.tsx"

const shownMax = 12

/** What a person has in hand; of somebody who leaves, who takes each of it, and one press that hands it over. */
export function InHand({ person }: { person: PersonView }) {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  const inHand = useInHand(person.id)
  const handOver = useHandOver(person.id)
  const [choices, setChoices] = useState<Record<string, string>>({})
  const leaves = person.state === "leaving" || person.state === "gone" || person.state === "temporary"
  if (inHand.error) return <ErrorState error={inHand.error} onRetry={() => void inHand.refetch()} />
  if (!inHand.data) return <Skeleton rows={2} />
  const { items, others, goesAt } = inHand.data
  return (
    <section className="in-hand">
      <div className="section-head">
        <h2>
          {t("record.inHand")} <span className="t3">{items.length + others}</span>
        </h2>
        <span className="grow" />
        <Link className="s" to={`/record/${person.id}`}>
          {t("record.title")}
        </Link>
      </div>
      {items.length === 0 && others === 0 && <p className="t3 s">{t("record.nothingInHand")}</p>}
      {leaves && items.length > 0 && (
        <p className="t2 s">
          {goesAt
            ? t("record.goesBySelf", { at: say(Date.parse(goesAt), now, { language, zone }) })
            : t("record.proposed")}
        </p>
      )}
      <ul>
        {items.slice(0, shownMax).map(({ number, title, department, to }) => (
          <li key={number} className="row">
            <Link to={`/cases/${number}`}>{number}</Link>
            <span className="grow el t2">{title}</span>
            {leaves && person.mine && (
              <Taker
                department={department}
                leaver={person.id}
                value={choices[number] ?? to?.id ?? null}
                onChange={(id) => setChoices((before) => ({ ...before, [number]: id }))}
              />
            )}
          </li>
        ))}
      </ul>
      {items.length > shownMax && (
        <Link className="s" to={`/cases?assignee=${person.id}&state=unarchived`}>
          {t("record.moreInHand", { n: items.length - shownMax })}
        </Link>
      )}
      {others > 0 && <p className="t3 s">{t("record.others", { n: others })}</p>}
      {leaves && person.mine && items.length + others > 0 && (
        <div className="acts">
          <Button
            loading={handOver.isPending}
            onClick={() =>
              handOver.mutate(Object.entries(choices).map(([number, id]) => ({ number, person: id })))
            }
          >
            {t("record.handOver", { n: items.length + others })}
          </Button>
        </div>
      )}
      {handOver.data && (
        <p className="t2 s" role="status">
          {t("record.moved", { n: handOver.data.moved })}
        </p>
      )}
      <Trouble error={handOver.error} />
    </section>
  )
}

type TakerProps = {
  department: string | null
  leaver: string
  value: string | null
  onChange(id: string): void
}

function Taker({ department, leaver, value, onChange }: TakerProps) {
  const { t } = useWords()
  const departmentName = useDepartmentName()
  const { data = [] } = useAssignees(department ?? undefined)
  return (
    <Select
      size="small"
      variant="borderless"
      popupMatchSelectWidth={false}
      aria-label={t("record.taker")}
      placeholder={departmentName(department)}
      value={value}
      onChange={onChange}
      options={data
        .filter(({ id }) => id !== leaver)
        .map(({ id, name, onDuty, open }) => ({
          value: id,
          label: t(onDuty ? "case.field.loadOnDuty" : "case.field.load", { name, n: open }),
        }))}
    />
  )
}
