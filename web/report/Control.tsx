import { Button, Checkbox, DatePicker, Input, InputNumber, Radio, Select } from "antd"
import dayjs from "dayjs"
import { Plus, X } from "lucide-react"
import { useState } from "react"
import type { FieldView, ReportPage } from "../../src/api/contract/causes.ts"
import { useColleagues } from "../thread/queries.ts"
import { useWords } from "../words/words.ts"
import { useCauses, useFilesOf } from "./queries.ts"
import { type Amount, unitOf } from "./say.ts"

/** Writes what a field holds now. */
export type Write = (field: string, value: unknown) => void
type Props = { field: FieldView; page: ReportPage; value: unknown; onWrite: Write }

/** What a field is filled in with. */
export function Control({ field, page, value, onWrite }: Props) {
  const { t, language } = useWords()
  const causes = useCauses().data
  const write = (next: unknown) => onWrite(field.code, next)
  switch (field.type) {
    case "text":
    case "longtext":
      return (
        <Input.TextArea
          autoSize={{ minRows: field.type === "text" ? 1 : 2, maxRows: 10 }}
          value={(value as string | null) ?? ""}
          maxLength={field.maxLength ?? undefined}
          placeholder={field.help[language]}
          onChange={({ target }) => write(target.value)}
        />
      )
    case "choice":
      return (
        <Radio.Group
          value={value}
          onChange={({ target }) => write(target.value)}
          options={(field.choices ?? [])
            .filter(({ code }) => code !== "mixed" || page.incident !== null)
            .map(({ code, label }) => ({ value: code, label: label[language] }))}
        />
      )
    case "cause":
    case "causes":
      return (
        <Select
          showSearch
          optionFilterProp="label"
          {...(field.type === "causes" ? { mode: "multiple" as const, maxCount: 3 } : {})}
          value={value ?? (field.type === "causes" ? [] : undefined)}
          onChange={write}
          style={{ maxWidth: 420 }}
          placeholder={t("report.chooseCause")}
          options={(causes?.groups ?? []).map((group) => ({
            label: group.name[language],
            options: causes!.causes
              .filter((each) => each.group === group.code)
              .map(({ code, name }) => ({ value: code, label: name[language] })),
          }))}
        />
      )
    case "evidence":
      return <EvidenceList page={page} value={value} onWrite={write} />
    case "actions":
      return <Actions value={value} onWrite={write} />
    case "money":
      return <Money page={page} value={value} onWrite={write} />
    case "people":
      return <People value={value} onWrite={write} />
    case "attachments":
      return <Attachments page={page} value={value} onWrite={write} />
    case "cases":
      return <Many value={value} onWrite={write} options={page.known.differing.map(plain)} maxCount={500} />
    default:
      return null
  }
}

const plain = (value: string) => ({ value, label: value })

const namedMax = 20

type Listed = { value: unknown; onWrite: (next: string[]) => void }

function Many({
  value,
  onWrite,
  options,
  placeholder,
  maxCount = namedMax,
}: Listed & { options: { value: string; label: string }[]; placeholder?: string; maxCount?: number }) {
  return (
    <Select
      mode="multiple"
      optionFilterProp="label"
      maxCount={maxCount}
      value={Array.isArray(value) ? (value as string[]) : []}
      onChange={onWrite}
      options={options}
      style={{ maxWidth: 420 }}
      {...(placeholder === undefined ? {} : { placeholder })}
    />
  )
}

function People(props: Listed) {
  const { data = [] } = useColleagues()
  return <Many {...props} options={data.map(({ id, name }) => ({ value: id, label: name }))} />
}

/** Files that were said in the thread of the case or incident, named again as what the report rests on. */
function Attachments({ page, ...props }: Listed & { page: ReportPage }) {
  const { t } = useWords()
  const files = useFilesOf(page)
  return (
    <Many
      {...props}
      options={files.map(({ sha256, name }) => ({ value: sha256, label: name }))}
      placeholder={t(files.length === 0 ? "report.noFiles" : "report.chooseFiles")}
    />
  )
}

/** An amount in the currency of the order, kept in its smallest unit. */
function Money({
  page,
  value,
  onWrite,
}: {
  page: ReportPage
  value: unknown
  onWrite: (next: Amount | null) => void
}) {
  const known = value as Amount | null | undefined
  const currency = known?.currency ?? page.known.orders[0]?.currency ?? "CNY"
  const unit = unitOf(currency)
  return (
    <InputNumber
      min={0}
      precision={Math.log10(unit)}
      prefix={currency}
      value={known ? known.minor / unit : null}
      onChange={(amount) =>
        onWrite(amount === null ? null : { minor: Math.round(Number(amount) * unit), currency })
      }
      style={{ maxWidth: 220 }}
    />
  )
}

/** A fact that was agreed with or not, or words of one's own. */
export type Agreed = { signal?: string | null; text?: string | null; agreed: boolean }

/** The facts for the cause to tick, and words for what the product cannot see. */
function EvidenceList({
  page,
  value,
  onWrite,
}: {
  page: ReportPage
  value: unknown
  onWrite: (next: Agreed[]) => void
}) {
  const { t, language } = useWords()
  const [text, setText] = useState("")
  const all = Array.isArray(value) ? (value as Agreed[]) : []
  const agree = (signal: string, agreed: boolean) =>
    onWrite([...all.filter((each) => each.signal !== signal), { signal, agreed }])
  const add = () => {
    if (text.trim() !== "") onWrite([...all, { text: text.trim(), agreed: true }])
    setText("")
  }
  return (
    <div className="col" style={{ gap: 4 }}>
      {page.known.evidence.map((fact) => (
        <Checkbox
          key={fact.signal}
          checked={all.some(({ signal, agreed }) => signal === fact.signal && agreed)}
          onChange={({ target }) => agree(fact.signal, target.checked)}
        >
          {fact.sentence[language]} <span className="t3 s">{fact.source[language]}</span>
        </Checkbox>
      ))}
      {page.known.against.map((fact) => (
        <p key={fact.signal} className="t2 s">
          {t("report.against", { fact: fact.sentence[language] })}
        </p>
      ))}
      {all
        .filter((each) => each.text)
        .map((each) => (
          <p key={each.text} className="row">
            <span className="grow">{each.text}</span>
            <button
              type="button"
              className="icon-button"
              aria-label={t("report.remove")}
              onClick={() => onWrite(all.filter((other) => other !== each))}
            >
              <X size={14} />
            </button>
          </p>
        ))}
      <Input
        value={text}
        onChange={({ target }) => setText(target.value)}
        onPressEnter={add}
        onBlur={add}
        placeholder={t("report.addEvidence")}
      />
    </div>
  )
}

/** An action against a repetition. */
export type Action = { what: string; owner?: string | null; by?: string | null; measure?: string | null }

/** Actions against a repetition: what changes, who, by when, how one sees that it works. */
function Actions({ value, onWrite }: { value: unknown; onWrite: (next: Action[]) => void }) {
  const { t } = useWords()
  const all = Array.isArray(value) ? (value as Action[]) : []
  const change = (i: number, more: Partial<Action>) =>
    onWrite(all.map((each, at) => (at === i ? { ...each, ...more } : each)))
  return (
    <div className="col" style={{ gap: 8 }}>
      {all.map((action, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an action has no name but its place
        <div key={i} className="report-action">
          <Input.TextArea
            autoSize={{ minRows: 1, maxRows: 4 }}
            value={action.what}
            placeholder={t("report.action.what")}
            onChange={({ target }) => change(i, { what: target.value })}
          />
          <div className="row" style={{ gap: 8 }}>
            <Input
              value={action.owner ?? ""}
              placeholder={t("report.action.owner")}
              onChange={({ target }) => change(i, { owner: target.value })}
            />
            <DatePicker
              value={action.by ? dayjs(action.by) : null}
              placeholder={t("report.action.by")}
              onChange={(date) => change(i, { by: date ? date.format("YYYY-MM-DD") : null })}
            />
            <Input
              value={action.measure ?? ""}
              placeholder={t("report.action.measure")}
              onChange={({ target }) => change(i, { measure: target.value })}
            />
            <button
              type="button"
              className="icon-button"
              aria-label={t("report.remove")}
              onClick={() => onWrite(all.filter((_, at) => at !== i))}
            >
              <X size={14} />
            </button>
          </div>
        </div>
      ))}
      <Button
        size="small"
        icon={<Plus size={14} />}
        style={{ alignSelf: "start" }}
        onClick={() => onWrite([...all, { what: "" }])}
      >
        {t("report.action.add")}
      </Button>
    </div>
  )
}
