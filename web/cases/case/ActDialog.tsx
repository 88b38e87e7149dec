import { Checkbox, Input, Radio, Select } from "antd"
import { useState } from "react"
import { Navigate } from "react-router"
import type { ActInput, CaseAct, CaseView } from "../../../src/api/contract/cases.ts"
import { isoOf } from "../../../src/core/instants.ts"
import { useEvidence } from "../../evidence/queries.ts"
import { useProblem } from "../../marks/Blank.tsx"
import { Dialog } from "../../marks/Dialog.tsx"
import { useCauses, useReasons } from "../../report/queries.ts"
import { InstantPicker } from "../../time/InstantPicker.tsx"
import { serverNow } from "../../time/now.ts"
import { inHours } from "../../time/picked.ts"
import { useWords } from "../../words/words.ts"
import { useAct, useAssignees, useDepartments, useNotices } from "../queries.ts"
import "./case.css"

type Props = { each: CaseView; act: CaseAct; onClose(): void }

/** What people fill in for any act; each act takes its own part of it. */
type Form = {
  department: string | null
  person: string | null
  cause: string | null
  reason: string | null
  text: string
  solved: boolean
  eta: number | null
  how: "chat" | "notice" | "phone"
  gaps: string[]
  evidence: string[]
}

/** Which parts of the form an act shows. */
const parts: Partial<Record<CaseAct, readonly string[]>> = {
  assign: ["cause", "department", "person"],
  hand_on: ["department", "person", "hand_on", "text"],
  analyse: ["cause", "evidence", "text"],
  plan: ["plan", "text"],
  told: ["how", "text"],
  resolve: ["fact"],
  return: ["gaps", "text"],
  reopen: ["text"],
  archive: ["means"],
  take: ["means"],
}

/** One act of a case with what it needs; it says beforehand what will happen. */
export function ActDialog({ each, act, onClose }: Props) {
  const { t } = useWords()
  const problem = useProblem()
  const doing = useAct(each.number)
  const { data: notices = [] } = useNotices(each.number)
  const ready = notices.findLast(({ state }) => state === "drafted" || state === "failed")
  const known: Partial<Record<CaseAct, string | undefined>> = {
    analyse: each.analysis?.text,
    told: ready?.texts.chat,
  }
  const [typed, setTyped] = useState<Omit<Form, "text"> & { text: string | null }>({
    department: null,
    person: null,
    cause: each.cause,
    reason: null,
    text: null,
    solved: false,
    eta: null,
    how: "chat",
    gaps: [],
    evidence: [],
  })
  const form: Form = { ...typed, text: typed.text ?? known[act] ?? "" }
  const change = (some: Partial<Form>) => setTyped((before) => ({ ...before, ...some }))
  const shown = parts[act] ?? []
  const input = inputOf(act, form)
  if (act === "report" || act === "draft") return <Navigate to={`/report/${each.number}`} />
  const send = () => input && doing.mutate({ ...input, version: each.version }, { onSuccess: onClose })
  const failed = doing.error ? problem(doing.error) : null
  return (
    <Dialog
      open
      title={t(`case.act.${act}`)}
      okText={t(`case.act.${act}`)}
      okButtonProps={{ disabled: input === null, loading: doing.isPending }}
      onOk={send}
      onCancel={onClose}
      destroyOnHidden
    >
      <form
        className="case-form"
        onSubmit={(event) => {
          event.preventDefault()
          send()
        }}
      >
        {shown.includes("means") && <p className="t2">{t(`case.means.${act}`)}</p>}
        {shown.includes("cause") && <CauseField form={form} onChange={change} />}
        {shown.includes("evidence") && <EvidenceField number={each.number} form={form} onChange={change} />}
        {shown.includes("department") && (
          <WhoField form={form} onChange={change} optional={act === "assign"} />
        )}
        {shown.includes("hand_on") && <ReasonField list="hand_on" form={form} onChange={change} />}
        {shown.includes("plan") && <PlanField form={form} onChange={change} />}
        {shown.includes("how") && (
          <Radio.Group
            value={form.how}
            onChange={({ target }) => change({ how: target.value as Form["how"] })}
            options={(["chat", "phone"] as const).map((value) => ({ value, label: t(`case.how.${value}`) }))}
          />
        )}
        {shown.includes("fact") && (
          <p className="t2">
            {each.resolvable
              ? t("case.resolveBy", { fact: t(`case.fact.${each.resolvable.fact}`) })
              : t("case.resolveNeeds")}
          </p>
        )}
        {shown.includes("gaps") && <GapsField form={form} onChange={change} />}
        {shown.includes("text") && (
          // biome-ignore lint/a11y/noLabelWithoutControl: the library's text area is the control
          <label>
            <span>{t(`case.text.${act}`)}</span>
            <Input.TextArea
              autoSize={{ minRows: 3, maxRows: 10 }}
              value={form.text}
              onChange={({ target }) => change({ text: target.value })}
            />
          </label>
        )}
        {failed && (
          <p className="over s" role="alert">
            {failed.title} {failed.mend}
          </p>
        )}
      </form>
    </Dialog>
  )
}

type FieldProps = { form: Form; onChange(some: Partial<Form>): void }

function CauseField({ form, onChange }: FieldProps) {
  const { t, language } = useWords()
  const { data } = useCauses()
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the library's select is the control
    <label>
      <span>{t("case.field.cause")}</span>
      <Select
        showSearch={{ optionFilterProp: "label" }}
        value={form.cause}
        onChange={(cause: string) => onChange({ cause })}
        options={(data?.classes ?? []).map(({ code, name }) => ({
          label: name[language],
          options: data!.causes
            .filter((each) => each.class === code)
            .map((each) => ({
              value: each.code,
              label: each.name[language],
              title: each.definition[language],
            })),
        }))}
      />
    </label>
  )
}

/** The facts proposed for the cause, to be agreed with one by one. */
function EvidenceField({ number, form, onChange }: FieldProps & { number: string }) {
  const { t, language } = useWords()
  const { data } = useEvidence(number)
  const { data: causes } = useCauses()
  const facts = data?.proposals.find(({ cause }) => cause === form.cause)?.for ?? []
  const questions = causes?.causes.find(({ code }) => code === form.cause)?.firstQuestions ?? []
  return (
    <>
      {facts.length > 0 && (
        <Checkbox.Group
          className="case-checks"
          value={form.evidence}
          onChange={(evidence) => onChange({ evidence: evidence as string[] })}
          options={facts.map(({ signal, sentence }) => ({ value: signal, label: sentence[language] }))}
        />
      )}
      {questions.length > 0 && (
        <p className="t3 s">
          {t("case.questions")} {questions.map((each) => each[language]).join(" ")}
        </p>
      )}
    </>
  )
}

function WhoField({ form, onChange, optional }: FieldProps & { optional: boolean }) {
  const { t } = useWords()
  const { data: departments = [] } = useDepartments()
  const { data: people = [] } = useAssignees(form.department ?? undefined)
  return (
    <>
      {/* biome-ignore lint/a11y/noLabelWithoutControl: the library's select is the control */}
      <label>
        <span>{t("case.field.department")}</span>
        <Select
          allowClear={optional}
          placeholder={optional ? t("case.field.byCause") : undefined}
          value={form.department}
          onChange={(department: string | undefined) =>
            onChange({ department: department ?? null, person: null })
          }
          options={departments.map(({ id, name }) => ({ value: id, label: name }))}
        />
      </label>
      {form.department && (
        // biome-ignore lint/a11y/noLabelWithoutControl: the library's select is the control
        <label>
          <span>{t("case.field.person")}</span>
          <Select
            allowClear
            placeholder={t("case.field.onDuty")}
            value={form.person}
            onChange={(person: string | undefined) => onChange({ person: person ?? null })}
            options={people.map(({ id, name, onDuty, open }) => ({
              value: id,
              label: t(onDuty ? "case.field.loadOnDuty" : "case.field.load", { name, n: open }),
            }))}
          />
        </label>
      )}
    </>
  )
}

function ReasonField({ list, form, onChange }: FieldProps & { list: string }) {
  const { t, language } = useWords()
  const { data = [] } = useReasons(list)
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the library's select is the control
    <label>
      <span>{t("case.field.reason")}</span>
      <Select
        value={form.reason}
        onChange={(reason: string) => onChange({ reason })}
        options={data.map(({ code, label, help }) => ({
          value: code,
          label: label[language],
          title: help[language],
        }))}
      />
    </label>
  )
}

function GapsField({ form, onChange }: FieldProps) {
  const { language } = useWords()
  const { data = [] } = useReasons("return_report")
  return (
    <Checkbox.Group
      className="case-checks"
      value={form.gaps}
      onChange={(gaps) => onChange({ gaps: gaps as string[] })}
      options={data.map(({ code, label }) => ({ value: code, label: label[language] }))}
    />
  )
}

function PlanField({ form, onChange }: FieldProps) {
  const { t } = useWords()
  const soon = [2, 4, 24] as const
  return (
    <>
      <Radio.Group
        value={form.solved}
        onChange={({ target }) => onChange({ solved: target.value as boolean })}
        options={[
          { value: false, label: t("case.plan.later") },
          { value: true, label: t("case.plan.now") },
        ]}
      />
      {!form.solved && (
        // biome-ignore lint/a11y/noLabelWithoutControl: the library's picker is the control
        <label>
          <span>{t("case.plan.when")}</span>
          <span className="row">
            <InstantPicker
              showTime={{ format: "HH:mm", minuteStep: 5 }}
              format="YYYY-MM-DD HH:mm"
              value={form.eta}
              onChange={(eta) => onChange({ eta })}
              earliest={serverNow()}
            />
            {soon.map((hours) => (
              <button
                key={hours}
                type="button"
                className="link s"
                onClick={() => onChange({ eta: inHours(serverNow(), hours) })}
              >
                {t("case.plan.in", { n: hours })}
              </button>
            ))}
          </span>
          <span className="t3 s">{t("case.plan.means")}</span>
        </label>
      )}
    </>
  )
}

/** What the form says as the API takes it; null while something is missing. */
function inputOf(act: CaseAct, form: Form): ActInput | null {
  const text = form.text.trim()
  const { department, person, cause, reason } = form
  const note = text === "" ? {} : { note: text }
  switch (act) {
    case "assign":
      return department || person || cause
        ? {
            act,
            ...(department ? { department } : {}),
            ...(person ? { person } : {}),
            ...(cause ? { cause } : {}),
          }
        : null
    case "take":
    case "archive":
    case "resolve":
      return { act }
    case "hand_on":
      return reason && (department || person)
        ? { act, reason, ...(department ? { department } : {}), ...(person ? { person } : {}), ...note }
        : null
    case "cause":
      return cause ? { act, cause, ...(reason ? { reason } : {}), ...note } : null
    case "analyse":
      return cause && text
        ? {
            act,
            cause,
            text,
            evidence: form.evidence.map((signal) => ({ signal, text: null, agreed: true })),
          }
        : null
    case "plan":
      if (form.solved) return { act, solved: true, ...(text ? { text } : {}) }
      return form.eta && text ? { act, etaAt: isoOf(form.eta), reason: text, text } : null
    case "told":
      return text ? { act, how: form.how, text } : null
    case "return":
      return form.gaps.length > 0 ? { act, gaps: form.gaps, ...note } : null
    case "reopen":
      return text ? { act, reason: text } : null
    default:
      return null
  }
}
