import { Button, Checkbox, DatePicker, Input, Radio, Select } from "antd"
import dayjs from "dayjs"
import { Plus, X } from "lucide-react"
import { useState } from "react"
import type { FieldView, ReportPage, ReportSection } from "../../src/api/contract/causes.ts"
import { sayDate, saySpan } from "../../src/core/saying.ts"
import { nameOf } from "../line/of.ts"
import { OrderNo } from "../marks/OrderNo.tsx"
import { useZone } from "../time/zone.ts"
import { useWords } from "../words/words.ts"
import { useCauses } from "./queries.ts"
import { nameIn, percentOf, whose } from "./say.ts"

type Write = ((field: string, value: unknown) => void) | null
type Props = { section: ReportSection; page: ReportPage; fields: Record<string, unknown>; onWrite: Write }

/** The fields of one section: what is known is shown, what people write is asked for where something asks for it. */
export function SectionBody({ section, page, fields, onWrite }: Props) {
  return (
    <div className="report-fields">
      {section.fields.map((field) => (
        <Field
          key={field.code}
          field={field}
          page={page}
          value={fields[field.code]}
          fields={fields}
          onWrite={onWrite}
        />
      ))}
    </div>
  )
}

type FieldProps = {
  field: FieldView
  page: ReportPage
  value: unknown
  fields: Record<string, unknown>
  onWrite: Write
}

/** What a field asks for only when something in the report does. */
const asked: Record<string, (page: ReportPage, fields: Record<string, unknown>) => boolean> = {
  causeAgainst: ({ known }) => known.against.some(({ weight }) => weight === "strong"),
  causeReason: ({ gaps }, { causeReason: written }) =>
    gaps.some(({ field }) => field === "causeReason") || !!written,
  gaps: ({ gaps }, { gaps: written }) => gaps.some(({ field }) => field === "gaps") || !!written,
  notToldWhy: (_page, { told }) => told === "not_told",
  prevention: ({ form }, { repeat }) =>
    form === "long" || (repeat !== undefined && repeat !== null && repeat !== "single"),
  preventionNone: (_page, { prevention }) => !Array.isArray(prevention) || prevention.length === 0,
}

function Field(props: FieldProps) {
  const { field, page, value, fields, onWrite } = props
  const { language } = useWords()
  const known = <Known field={field} page={page} />
  if (asked[field.code] && !asked[field.code]!(page, fields)) return null
  if (!field.editable) return known
  const gap = page.gaps.find((each) => each.field === field.code && each.severity === "block")
  const control = onWrite ? (
    <Control {...props} onWrite={onWrite} />
  ) : (
    <Said field={field} value={value} page={page} />
  )
  if (control === null) return null
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control stands inside, whichever it is
    <label className={`report-field${gap ? " gap" : ""}`}>
      <span className="t2 s" title={field.help[language]}>
        {field.label[language]}
        {field.required && <em> ·</em>}
      </span>
      {control}
    </label>
  )
}

function Known({ field, page }: { field: FieldView; page: ReportPage }) {
  const { t, language } = useWords()
  const zone = useZone()
  const { known } = page
  const at = (iso: string) => sayDate(Date.parse(iso), zone, language)
  switch (field.code) {
    case "orders":
      return (
        <div>
          {known.orders.slice(0, 5).map((order) => (
            <p key={`${order.channel} ${order.shop} ${order.orderNo}`}>
              <OrderNo no={order.orderNo} whole />{" "}
              {[order.shop, order.product, order.quantity && `×${order.quantity}`]
                .filter(Boolean)
                .join(t("report.comma"))}
            </p>
          ))}
          {known.orders.length > 5 && (
            <p className="t3 s">{t("report.moreOrders", { count: known.orders.length - 5 })}</p>
          )}
        </div>
      )
    case "department":
      if (known.department === null) return null
      return (
        <p className="t2">
          {nameIn(known.departmentName, language)}
          {known.handOns > 0 && (
            <span className="t3 s"> {t("report.handOns", { count: known.handOns })}</span>
          )}
        </p>
      )
    case "breaches":
      return (
        <div>
          {known.breaches.map((breach) => (
            <p key={`${breach.clock} ${breach.basis} ${breach.dueAt}`}>
              {t("report.due", {
                name: nameOf(t, { kind: breach.clock, basis: breach.basis }),
                at: at(breach.dueAt),
              })}
              <b className="report-late">
                {t(breach.closedAt ? "report.was" : "report.is", { span: saySpan(breach.lateMs) })}
              </b>
            </p>
          ))}
        </div>
      )
    case "latenessSplit":
      return known.split ? <Split page={page} /> : null
    case "timeline":
      return (
        <div className="report-course">
          {known.course.map((entry) => (
            <p key={`${entry.at} ${entry.what} ${entry.sentence.en}`}>
              <span className="t3 nw">{at(entry.at)}</span>
              <span>{entry.sentence[language]}</span>
            </p>
          ))}
        </div>
      )
    case "resolvedAt":
      return (
        <p className="t2">
          {known.resolvedAt ? t("report.resolvedAt", { at: at(known.resolvedAt) }) : t("report.unresolved")}
        </p>
      )
    case "companyCompensation":
    case "platformDeduction":
      return <p className="t3 s">{t("report.noMoney", { what: field.label[language] })}</p>
    default:
      return null
  }
}

function Split({ page }: { page: ReportPage }) {
  const { t, language } = useWords()
  const split = page.known.split!
  return (
    <div>
      <div className="row report-split" aria-hidden>
        {split.parts.map((part) => (
          <i key={`${part.stage} ${part.department}`} style={{ flex: part.ms }} />
        ))}
        {split.notCounted.map((each) => (
          <i key={`${each.hold} ${each.from}`} className="held" style={{ flex: each.ms }} />
        ))}
      </div>
      <div className="row s report-split-words">
        {split.parts.map((part) => (
          <span key={`${part.stage} ${part.department}`}>
            {whose(part, t, language)} {t(`report.stage.${part.stage}`)} <b>{saySpan(part.ms)}</b>{" "}
            <span className="t3">{percentOf(part.ms, split)}%</span>
          </span>
        ))}
        {split.notCounted.map((each) => (
          <span key={`${each.hold} ${each.from}`} className="t2">
            {t("report.split.held", { reason: t(`report.hold.${each.reason}`), span: saySpan(each.ms) })}
          </span>
        ))}
      </div>
    </div>
  )
}

type ControlProps = FieldProps & { onWrite: NonNullable<Write> }

function Control({ field, page, value, onWrite }: ControlProps) {
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
    default:
      return null
  }
}

type Agreed = { signal?: string | null; text?: string | null; agreed: boolean }

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

type Action = { what: string; owner?: string | null; by?: string | null; measure?: string | null }

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

/** What was written, as it is read and printed; null where nothing was. */
export function Said({ field, value, page }: { field: FieldView; value: unknown; page: ReportPage }) {
  const { t, language } = useWords()
  if (value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0))
    return null
  if (field.type === "choice")
    return <span>{field.choices?.find(({ code }) => code === value)?.label[language] ?? String(value)}</span>
  if (field.type === "cause") return <span>{page.known.causeName[language]}</span>
  if (field.type === "evidence")
    return (
      <span>
        {(value as Agreed[])
          .filter(({ agreed }) => agreed)
          .map(
            ({ signal, text }) =>
              text ?? page.known.evidence.find((fact) => fact.signal === signal)?.sentence[language],
          )
          .filter(Boolean)
          .join(t("report.semicolon"))}
      </span>
    )
  if (field.type === "actions")
    return (
      <ol className="report-actions">
        {(value as Action[]).map((action) => (
          <li key={action.what}>
            {[
              action.what,
              action.owner,
              action.by && t("report.action.until", { by: action.by }),
              action.measure,
            ]
              .filter(Boolean)
              .join(t("report.comma"))}
          </li>
        ))}
      </ol>
    )
  if (typeof value === "string") return <span className="report-said">{value}</span>
  return null
}
