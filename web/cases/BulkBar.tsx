import { Button, Select } from "antd"
import { Boxes, Check, Undo2 } from "lucide-react"
import { useState } from "react"
import type { BulkAnswer, CaseRow } from "../../src/api/contract/cases.ts"
import { mayDo } from "../../src/core/cases.ts"
import { useDecide } from "../evidence/queries.ts"
import { useProblem } from "../marks/Blank.tsx"
import { useCauses } from "../report/queries.ts"
import { useKeys } from "../shell/keys.ts"
import { useWho } from "../shell/who.tsx"
import { useWords } from "../words/words.ts"
import { Gather } from "./incident/Gather.tsx"
import { useDepartmentName } from "./names.ts"
import { useBulk, useCauseName, useDepartments, useUndo } from "./queries.ts"

/** What will happen to the chosen cases stands before the button, and the button carries the number that really moves; what was done can be undone. */
export function BulkBar({ chosen, onDone }: { chosen: readonly CaseRow[]; onDone(): void }) {
  const { t, language } = useWords()
  const problem = useProblem()
  const departmentName = useDepartmentName()
  const causeName = useCauseName(language)
  const { data: causes } = useCauses()
  const { data: departments = [] } = useDepartments()
  const bulk = useBulk()
  const undo = useUndo()
  const decide = useDecide()
  const [department, setDepartment] = useState<string | null>(null)
  const [done, setDone] = useState<BulkAnswer | null>(null)
  const [gathering, setGathering] = useState(false)
  const { me, may } = useWho()

  const assignable = chosen.filter(({ state }) => state === "open")
  const byDepartment = new Map<string, CaseRow[]>()
  const actor = { ...me.person, roles: me.roles, departments: [] }
  const agreeable = chosen.filter(
    ({ proposed, state, department: own, assignee }) =>
      proposed !== null &&
      state !== "withdrawn" &&
      mayDo(
        "cause",
        { state, withdrawn: false, contested: false, department: own, assignee: assignee?.id ?? null },
        actor,
      ),
  )
  const undecided: CaseRow[] = []
  for (const row of assignable) {
    const own = causes?.causes.find(({ code }) => code === row.cause)?.department ?? null
    if (own === null) undecided.push(row)
    else byDepartment.set(own, [...(byDepartment.get(own) ?? []), row])
  }
  const moving = department === null ? assignable.length - undecided.length : assignable.length
  const assign = () => {
    const ids = (department === null ? assignable.filter((row) => !undecided.includes(row)) : assignable).map(
      ({ id }) => id,
    )
    if (ids.length === 0) return
    bulk.mutate(
      { ids, input: { act: "assign", ...(department === null ? {} : { department }) } },
      { onSuccess: setDone },
    )
  }
  useKeys("case.keys", { e: { does: "case.key.assign", act: assign } })
  const failed = bulk.error ?? decide.error ?? undo.error
  if (done)
    return (
      <footer className="case-bulk row" role="status">
        <b>{t("cases.bulk.done", { n: done.done })}</b>
        {done.refused > 0 && <span className="near s">{t("cases.bulk.refused", { n: done.refused })}</span>}
        <span className="grow" />
        {done.undoableUntil && (
          <Button
            icon={<Undo2 size={14} />}
            loading={undo.isPending}
            onClick={() => undo.mutate({ batch: done.batch }, { onSuccess: onDone })}
          >
            {t("case.undo")}
          </Button>
        )}
        <Button type="primary" onClick={onDone}>
          {t("cases.bulk.close")}
        </Button>
      </footer>
    )
  return (
    <footer className="case-bulk row">
      <b className="nw">{t("cases.bulk.chosen", { n: chosen.length })}</b>
      <kbd>esc</kbd>
      <span className="row case-bulk-parts grow">
        {[...byDepartment].map(([id, rows]) => (
          <span key={id} className="case-bulk-part">
            <b>
              {departmentName(id)} {rows.length}
            </b>{" "}
            <span className="t3">
              {[...new Set(rows.map(({ cause }) => causeName(cause)))].slice(0, 2).join(t("line.and"))}
            </span>
          </span>
        ))}
        {undecided.length > 0 && (
          <span className="case-bulk-part undecided">
            {t("cases.bulk.undecided", { n: undecided.length })}
          </span>
        )}
        <Select
          size="small"
          variant="filled"
          allowClear
          style={{ minWidth: 120 }}
          placeholder={t("cases.bulk.department")}
          value={department}
          onChange={(value: string | undefined) => setDepartment(value ?? null)}
          options={departments.map(({ id, name }) => ({ value: id, label: name }))}
        />
        {failed && <span className="over s">{problem(failed).title}</span>}
      </span>
      {may("act", "case") && (
        <Button icon={<Boxes size={14} />} onClick={() => setGathering(true)}>
          {t("incident.gather.do")}
        </Button>
      )}
      {gathering && <Gather chosen={chosen} onClose={() => setGathering(false)} />}
      {agreeable.length > 0 && (
        <Button
          icon={<Check size={14} />}
          loading={decide.isPending}
          onClick={() => decide.mutate({ cases: agreeable.map(({ id }) => id) }, { onSuccess: onDone })}
        >
          {t("cases.bulk.agree", { n: agreeable.length })}
        </Button>
      )}
      <Button type="primary" disabled={moving === 0} loading={bulk.isPending} onClick={assign}>
        {t("cases.bulk.assign", { n: moving })} <kbd>e</kbd>
      </Button>
    </footer>
  )
}
