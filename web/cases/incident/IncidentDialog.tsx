import { Input, Radio, Select } from "antd"
import { useState } from "react"
import { useNavigate } from "react-router"
import type { CaseRow } from "../../../src/api/contract/cases.ts"
import type { IncidentActInput, IncidentView } from "../../../src/api/contract/incidents.ts"
import { isoOf } from "../../../src/core/instants.ts"
import { useProblem } from "../../marks/Blank.tsx"
import { Dialog } from "../../marks/Dialog.tsx"
import { useCauses } from "../../report/queries.ts"
import { InstantPicker } from "../../time/InstantPicker.tsx"
import { serverNow } from "../../time/now.ts"
import { inHours } from "../../time/picked.ts"
import { useWords } from "../../words/words.ts"
import { useAssignees, useDepartments } from "../queries.ts"
import { CasePicker } from "./CasePicker.tsx"
import { useIncidentAct, useIncidents } from "./queries.ts"
import type { Act } from "./turn.ts"

type Props = { each: IncidentView; act: Act; chosen: readonly CaseRow[]; onClose(): void }

/** What people fill in for any act; each act takes its own part of it. */
type Form = {
  text: string
  title: string
  cause: string | null
  department: string | null
  person: string | null
  eta: number | null
  into: string | null
  how: "chat" | "phone"
  own: boolean
  /** numbers of cases to take in */
  cases: ReadonlySet<string>
}
type FieldProps = { form: Form; each: IncidentView; onChange(some: Partial<Form>): void }

const withText: readonly Act[] = ["analyse", "plan", "leave", "exempt"]
const ofSome: readonly Act[] = ["leave", "exempt", "split"]

/** An act for every case of an incident, or for the chosen ones; it says for how many before it is done. */
export function IncidentDialog({ each, act, chosen, onClose }: Props) {
  const { t } = useWords()
  const go = useNavigate()
  const problem = useProblem()
  const doing = useIncidentAct(each.number)
  const [form, setForm] = useState<Form>({
    text: "",
    title: act === "rename" ? each.title : "",
    cause: each.cause,
    department: null,
    person: null,
    eta: null,
    into: null,
    how: "chat",
    own: each.drafts.length > 0,
    cases: new Set(),
  })
  const input = inputOf(act, form, chosen)
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
  const field = {
    form,
    each,
    onChange: (some: Partial<Form>) => setForm((before) => ({ ...before, ...some })),
  }
  return (
    <Dialog
      open
      title={t(`incident.act.${act}`)}
      okText={t(`incident.act.${act}`)}
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
        <p className="t2">{useMeans(each, act, chosen.length)}</p>
        {(act === "analyse" || act === "assign") && <CauseField {...field} />}
        {act === "assign" && <WhoField {...field} />}
        {act === "plan" && <DateField {...field} />}
        {act === "told" && <WordsField {...field} />}
        {act === "merge" && <IntoField {...field} />}
        {(act === "split" || act === "rename") && <TitleField {...field} />}
        {act === "add" && (
          <CasePicker each={each} chosen={form.cases} onChange={(cases) => field.onChange({ cases })} />
        )}
        {withText.includes(act) && (
          // biome-ignore lint/a11y/noLabelWithoutControl: the library's text area is the control
          <label>
            <span>{t(`incident.text.${act}`)}</span>
            <Input.TextArea
              autoSize={{ minRows: 3, maxRows: 10 }}
              value={form.text}
              onChange={({ target }) => field.onChange({ text: target.value })}
            />
          </label>
        )}
        {doing.error && (
          <p className="over s" role="alert">
            {problem(doing.error).title} {problem(doing.error).mend}
          </p>
        )}
      </form>
    </Dialog>
  )
}

/** What will happen, and to how many. */
function useMeans(each: IncidentView, act: Act, chosen: number): string {
  const { t } = useWords()
  const n = (each.cases - each.exempt).toLocaleString("en")
  if (ofSome.includes(act)) return `${t("incident.forChosen", { n: chosen })} ${t(`incident.means.${act}`)}`
  if (["add", "merge", "rename"].includes(act)) return t(`incident.means.${act}`, { n })
  return ["resolve", "archive", "told"].includes(act)
    ? `${t("incident.forAll", { n })} ${t(`incident.means.${act}`)}`
    : t("incident.forAll", { n })
}

function CauseField({ form, onChange }: FieldProps) {
  const { t, language } = useWords()
  const { data: causes } = useCauses()
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the library's select is the control
    <label>
      <span>{t("case.field.cause")}</span>
      <Select
        showSearch={{ optionFilterProp: "label" }}
        value={form.cause}
        onChange={(cause: string) => onChange({ cause })}
        options={(causes?.classes ?? []).map(({ code, name }) => ({
          label: name[language],
          options: causes!.causes
            .filter((each) => each.class === code)
            .map((each) => ({ value: each.code, label: each.name[language] })),
        }))}
      />
    </label>
  )
}

function WhoField({ form, onChange }: FieldProps) {
  const { t } = useWords()
  const { data: departments = [] } = useDepartments()
  const { data: people = [] } = useAssignees(form.department ?? undefined)
  return (
    <>
      {/* biome-ignore lint/a11y/noLabelWithoutControl: the library's select is the control */}
      <label>
        <span>{t("case.field.department")}</span>
        <Select
          allowClear
          placeholder={t("case.field.byCause")}
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

function DateField({ form, onChange }: FieldProps) {
  const { t } = useWords()
  return (
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
        {[4, 24, 48].map((hours) => (
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
      <span className="t3 s">{t("incident.means.plan")}</span>
    </label>
  )
}

/** Each customer their own message, in their language with their goods, or one text for all. */
function WordsField({ form, each, onChange }: FieldProps) {
  const { t } = useWords()
  return (
    <>
      <Radio.Group
        value={form.how}
        onChange={({ target }) => onChange({ how: target.value as Form["how"] })}
        options={(["chat", "phone"] as const).map((value) => ({ value, label: t(`case.how.${value}`) }))}
      />
      <Radio.Group
        value={form.own}
        onChange={({ target }) => onChange({ own: target.value as boolean })}
        options={[
          { value: true, label: t("incident.told.own"), disabled: each.drafts.length === 0 },
          { value: false, label: t("incident.told.one") },
        ]}
      />
      {form.own ? (
        each.drafts.map(({ language, count, text }) => (
          <div key={language}>
            <span className="t3 s">
              {t(`incident.language.${language}`)} {t("incident.cases", { n: count.toLocaleString("en") })}
            </span>
            <p className="case-bubble">{text}</p>
          </div>
        ))
      ) : (
        // biome-ignore lint/a11y/noLabelWithoutControl: the library's text area is the control
        <label>
          <span>{t("incident.text.told")}</span>
          <Input.TextArea
            autoSize={{ minRows: 3, maxRows: 10 }}
            value={form.text}
            onChange={({ target }) => onChange({ text: target.value })}
          />
        </label>
      )}
    </>
  )
}

function IntoField({ form, each, onChange }: FieldProps) {
  const { t } = useWords()
  const { data } = useIncidents({ state: "unarchived" })
  const others = (data?.pages.flatMap(({ items }) => items) ?? []).filter(({ id }) => id !== each.id)
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the library's select is the control
    <label>
      <span>{t("incident.into")}</span>
      <Select
        showSearch={{ optionFilterProp: "label" }}
        value={form.into}
        onChange={(into: string) => onChange({ into })}
        notFoundContent={t("incident.noOther")}
        options={others.map(({ number, title, cases }) => ({
          value: number,
          label: `${number} ${title} (${cases})`,
        }))}
      />
    </label>
  )
}

function TitleField({ form, onChange }: FieldProps) {
  const { t } = useWords()
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the library's input is the control
    <label>
      <span>{t("incident.title")}</span>
      <Input value={form.title} maxLength={80} onChange={({ target }) => onChange({ title: target.value })} />
    </label>
  )
}

/** What the form says as the API takes it; null while something is missing. */
function inputOf(act: Act, form: Form, chosen: readonly CaseRow[]): IncidentActInput | null {
  const text = form.text.trim()
  const title = form.title.trim()
  const cases = chosen.map(({ id }) => id)
  switch (act) {
    case "assign":
      return form.cause || form.department || form.person
        ? {
            act,
            ...(form.cause ? { cause: form.cause } : {}),
            ...(form.department ? { department: form.department } : {}),
            ...(form.person ? { person: form.person } : {}),
          }
        : null
    case "analyse":
      return form.cause && text ? { act, cause: form.cause, text } : null
    case "plan":
      return form.eta && text ? { act, etaAt: isoOf(form.eta), reason: text, text } : null
    case "told":
      if (form.own) return { act, how: form.how }
      return text ? { act, how: form.how, text } : null
    case "leave":
    case "exempt":
      return text && cases.length > 0 ? { act, cases, reason: text } : null
    case "split":
      return title && cases.length > 0 ? { act, cases, title } : null
    case "rename":
      return title ? { act, title } : null
    case "merge":
      return form.into ? { act, into: form.into } : null
    case "add": {
      const numbers = [...form.cases]
      return numbers.length > 0 ? { act, cases: numbers } : null
    }
    case "resolve":
    case "archive":
      return { act }
    default:
      return null
  }
}
