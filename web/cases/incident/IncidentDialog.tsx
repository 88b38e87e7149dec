import { DatePicker, Input, Modal, Select } from "antd"
import type { Dayjs } from "dayjs"
import { useState } from "react"
import { useNavigate } from "react-router"
import type { CaseRow, IncidentActInput, IncidentView } from "../../../src/api/contract/cases.ts"
import { useProblem } from "../../marks/Blank.tsx"
import { useCauses } from "../../report/queries.ts"
import { useWords } from "../../words/words.ts"
import { useIncidentAct, useIncidents } from "./queries.ts"

type Act = IncidentActInput["act"]
type Props = { each: IncidentView; act: Act; chosen: readonly CaseRow[]; onClose(): void }

const withText: readonly Act[] = ["analyse", "plan", "told", "leave", "exempt", "report"]

/** An act for every case of an incident, or for the chosen ones; it says for how many. */
export function IncidentDialog({ each, act, chosen, onClose }: Props) {
  const { t, language } = useWords()
  const go = useNavigate()
  const problem = useProblem()
  const doing = useIncidentAct(each.number)
  const { data: causes } = useCauses()
  const { data: incidents } = useIncidents()
  const [text, setText] = useState("")
  const [title, setTitle] = useState(act === "rename" ? each.title : "")
  const [cause, setCause] = useState(each.cause)
  const [eta, setEta] = useState<Dayjs | null>(null)
  const [into, setInto] = useState<string | null>(null)
  const input = inputOf()
  const some = act === "leave" || act === "exempt" || act === "split"
  function inputOf(): IncidentActInput | null {
    const words = text.trim()
    const cases = chosen.map(({ id }) => id)
    switch (act) {
      case "analyse":
        return cause && words ? { act, cause, text: words } : null
      case "plan":
        return eta && words ? { act, etaAt: eta.toISOString(), reason: words, text: words } : null
      case "told":
        return words ? { act, how: "chat", text: words } : null
      case "leave":
      case "exempt":
        return words && cases.length > 0 ? { act, cases, reason: words } : null
      case "split":
        return title.trim() && cases.length > 0 ? { act, cases, title: title.trim() } : null
      case "rename":
        return title.trim() ? { act, title: title.trim() } : null
      case "merge":
        return into ? { act, into } : null
      case "report":
        return words ? { act, form: "short", fields: { what_happened: words } } : null
      case "resolve":
      case "archive":
        return { act }
      default:
        return null
    }
  }
  const send = () =>
    input &&
    doing.mutate(
      { ...input, version: each.version },
      {
        onSuccess: (view) => {
          onClose()
          if (view.number !== each.number) void go(`/cases/incidents/${view.number}`)
        },
      },
    )
  return (
    <Modal
      open
      title={t(`incident.act.${act}`)}
      okText={t(`incident.act.${act}`)}
      cancelText={t("marks.close")}
      okButtonProps={{ disabled: input === null, loading: doing.isPending }}
      onOk={send}
      onCancel={onClose}
      destroyOnHidden
    >
      <div className="case-form">
        <p className="t2">
          {some
            ? t("incident.forChosen", { n: chosen.length })
            : t("incident.forAll", { n: (each.cases - each.exempt).toLocaleString("en") })}
        </p>
        {act === "analyse" && (
          <Select
            showSearch={{ optionFilterProp: "label" }}
            aria-label={t("case.field.cause")}
            placeholder={t("case.field.cause")}
            value={cause}
            onChange={setCause}
            options={(causes?.causes ?? []).map(({ code, name }) => ({ value: code, label: name[language] }))}
          />
        )}
        {act === "plan" && (
          <DatePicker
            showTime={{ format: "HH:mm", minuteStep: 5 }}
            format="YYYY-MM-DD HH:mm"
            placeholder={t("case.plan.when")}
            value={eta}
            onChange={setEta}
          />
        )}
        {act === "merge" && (
          <Select
            aria-label={t("incident.act.merge")}
            value={into}
            onChange={setInto}
            options={(incidents?.items ?? [])
              .filter(({ id }) => id !== each.id)
              .map(({ id, number, title }) => ({ value: id, label: `${number} ${title}` }))}
          />
        )}
        {(act === "split" || act === "rename") && (
          <Input
            value={title}
            maxLength={80}
            placeholder={t("incident.title")}
            aria-label={t("incident.title")}
            onChange={({ target }) => setTitle(target.value)}
          />
        )}
        {withText.includes(act) && (
          <Input.TextArea
            autoSize={{ minRows: 3, maxRows: 10 }}
            aria-label={t(`incident.text.${act}`)}
            placeholder={t(`incident.text.${act}`)}
            value={text}
            onChange={({ target }) => setText(target.value)}
          />
        )}
        {doing.error && (
          <p className="over s" role="alert">
            {problem(doing.error).title} {problem(doing.error).mend}
          </p>
        )}
      </div>
    </Modal>
  )
}
