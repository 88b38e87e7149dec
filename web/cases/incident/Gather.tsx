import { Input, Radio, Select } from "antd"
import { useState } from "react"
import { useNavigate } from "react-router"
import type { CaseRow } from "../../../src/api/contract/cases.ts"
import { useProblem } from "../../marks/Blank.tsx"
import { Dialog } from "../../marks/Dialog.tsx"
import { useWords } from "../../words/words.ts"
import { useCauseName } from "../queries.ts"
import { useGather, useIncidentAct, useIncidents } from "./queries.ts"
import "../case/case.css"

/** Gathers chosen cases into a new incident, or adds them to one that is there. */
export function Gather({ chosen, onClose }: { chosen: readonly CaseRow[]; onClose(): void }) {
  const { t, language } = useWords()
  const go = useNavigate()
  const problem = useProblem()
  const causeName = useCauseName(language)
  const { data } = useIncidents({ state: "unarchived" })
  const open = (data?.pages.flatMap(({ items }) => items) ?? []).filter(({ state }) => state !== "reported")
  const causes = new Set(chosen.map(({ cause }) => cause))
  const shared = causes.size === 1 ? ([...causes][0] ?? null) : null
  const products = new Set(chosen.map(({ product }) => product))
  const proposed = [products.size === 1 ? [...products][0] : null, causeName(shared)]
    .filter(Boolean)
    .join(" ")
  const [isNew, setNew] = useState(true)
  const [title, setTitle] = useState(proposed)
  const [into, setInto] = useState<string | null>(null)
  const gather = useGather()
  const add = useIncidentAct(into ?? "")
  const cases = chosen.map(({ id }) => id)
  const onSuccess = ({ number }: { number: string }) => void go(`/cases/incidents/${number}`)
  const send = () =>
    isNew
      ? gather.mutate({ title: title.trim(), cases, ...(shared ? { cause: shared } : {}) }, { onSuccess })
      : add.mutate({ act: "add", cases }, { onSuccess })
  const failed = gather.error ?? add.error
  return (
    <Dialog
      open
      title={t("incident.gather.title", { n: chosen.length })}
      okText={t("incident.gather.do")}
      okButtonProps={{
        disabled: isNew ? title.trim() === "" : into === null,
        loading: gather.isPending || add.isPending,
      }}
      onOk={send}
      onCancel={onClose}
      destroyOnHidden
    >
      <div className="case-form">
        <p className="t2">{t("incident.gather.means")}</p>
        <Radio.Group
          value={isNew}
          onChange={({ target }) => setNew(target.value as boolean)}
          options={[
            { value: true, label: t("incident.gather.new") },
            { value: false, label: t("incident.gather.known"), disabled: open.length === 0 },
          ]}
        />
        {isNew ? (
          <Input
            value={title}
            maxLength={80}
            aria-label={t("incident.title")}
            placeholder={t("incident.title")}
            onChange={({ target }) => setTitle(target.value)}
          />
        ) : (
          <Select
            showSearch={{ optionFilterProp: "label" }}
            aria-label={t("incident.gather.known")}
            value={into}
            onChange={setInto}
            options={open.map(({ number, title: name, cases: n }) => ({
              value: number,
              label: `${number} ${name} (${n})`,
            }))}
          />
        )}
        {failed && (
          <p className="over s" role="alert">
            {problem(failed).title} {problem(failed).mend}
          </p>
        )}
      </div>
    </Dialog>
  )
}
