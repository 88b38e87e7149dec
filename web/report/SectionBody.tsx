import type { FieldView, ReportPage, ReportSection } from "../../src/api/contract/causes.ts"
import { sayDate, saySpan } from "../../src/core/saying.ts"
import { nameOf } from "../line/of.ts"
import { OrderNo } from "../marks/OrderNo.tsx"
import { useZone } from "../time/zone.ts"
import { useWords } from "../words/words.ts"
import { Control, type Write } from "./Control.tsx"
import { Said } from "./Said.tsx"
import { nameIn, percentOf, whose } from "./say.ts"

type Props = {
  section: ReportSection
  page: ReportPage
  fields: Record<string, unknown>
  onWrite: Write | null
}

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
  onWrite: Write | null
}

/** What a field asks for only when something in the report does. */
const asked: Record<string, (page: ReportPage, fields: Record<string, unknown>) => boolean> = {
  causeAgainst: ({ known }) => known.against.some(({ weight }) => weight === "strong"),
  causeReason: ({ gaps }, { causeReason: written }) =>
    gaps.some(({ field }) => field === "causeReason") || !!written,
  exceptions: ({ known }, { exceptions: written }) => known.differing.length > 0 || !!written,
  gaps: ({ gaps }, { gaps: written }) => gaps.some(({ field }) => field === "gaps") || !!written,
  notToldWhy: (_page, { told }) => told === "not_told",
  prevention: ({ form }, { repeat }) =>
    form === "long" || (repeat !== undefined && repeat !== null && repeat !== "single"),
  preventionNone: (_page, { prevention }) => !Array.isArray(prevention) || prevention.length === 0,
}

function Field(props: FieldProps) {
  const { field, page, value, fields, onWrite } = props
  const { t, language } = useWords()
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
        {field.required && onWrite && <span className="t3"> {t("report.required")}</span>}
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
              {[order.shop, order.product].filter(Boolean).join(t("report.comma"))}
              {order.quantity && ` ×${order.quantity}`}
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
