import { Button } from "antd"
import { ArrowLeft, Printer } from "lucide-react"
import type { ReactNode } from "react"
import { Link, useParams } from "react-router"
import type { ReportPage, ReportSection } from "../../src/api/contract/causes.ts"
import { sayDate, saySpan } from "../../src/core/saying.ts"
import { LineOfTime } from "../line/LineOfTime.tsx"
import { lanesOf, marksOf, nameOf } from "../line/of.ts"
import { ErrorState, Skeleton } from "../marks/Blank.tsx"
import { useNow } from "../time/now.ts"
import { useZone } from "../time/zone.ts"
import { useWords } from "../words/words.ts"
import { useOrderOf, useReport } from "./queries.ts"
import { Said } from "./Said.tsx"
import { nameIn, splitInWords, whose } from "./say.ts"

const numerals = ["一", "二", "三", "四", "五", "六", "七", "八", "九"]

/** The report as it is printed on A4: light, in print sizes, what is missing as a dotted line that says what. */
export function PrintSheet() {
  const { subject = "" } = useParams()
  const { t } = useWords()
  const { data: page, error, refetch } = useReport(subject)
  if (error && !page) return <ErrorState error={error} onRetry={() => void refetch()} />
  if (!page) return <Skeleton rows={12} />
  return (
    <div className="print-desk">
      <div className="row print-bar">
        <Link to={`/report/${subject}`} className="row">
          <ArrowLeft size={14} /> {t("report.back")}
        </Link>
        <span className="grow" />
        <Button type="primary" icon={<Printer size={14} />} onClick={() => window.print()}>
          {t("report.print")}
        </Button>
      </div>
      <Sheet page={page} />
    </div>
  )
}

function Sheet({ page }: { page: ReportPage }) {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  const { known } = page
  const [order] = known.orders
  const shown = page.sections.filter(({ code }) => code !== "head")
  const facts: [string, ReactNode][] = [
    [t("report.sheet.order"), order ? `${order.shop} ${order.orderNo}` : "–"],
    [
      t("report.sheet.department"),
      known.split && known.split.parts.length > 0
        ? [...new Set(known.split.parts.map((part) => whose(part, t, language)))].join(t("report.comma"))
        : nameIn(known.departmentName, language),
    ],
    [
      t("report.sheet.product"),
      [order?.product, order?.quantity && `×${order.quantity}`].filter(Boolean).join(" ") || "–",
    ],
    [t("report.sheet.author"), page.submittedBy ?? page.savedBy ?? "–"],
    [t("report.sheet.receiver"), order?.receiver ?? "–"],
    [t("report.sheet.incident"), page.incident ?? "–"],
  ]
  return (
    <article className="a4" lang={language === "en" ? "en" : language === "zh-Hant" ? "zh-Hant" : "zh-Hans"}>
      <header>
        <div>
          <p className="print-company">{page.company}</p>
          <h1>{t("report.sheet.title", { subject: page.subject })}</h1>
        </div>
        <div className="print-state">
          <b>
            {t(`report.sheet.${page.state === "archived" ? "archived" : "draft"}`, {
              done: page.progress.done,
              of: page.progress.of,
              number: page.chain?.number ?? 0,
            })}
          </b>
          <br />
          {t("report.sheet.printed", { at: sayDate(now, zone, language) })}
        </div>
      </header>
      <div className="print-facts">
        {facts.map(([label, value]) => (
          <div key={label}>
            <span>{label}</span>
            <span>{value}</span>
          </div>
        ))}
      </div>
      {shown.map((section, i) => (
        <section key={section.code}>
          <h2>
            {language !== "en" && <i>{numerals[i]}</i>}
            {section.label[language]}
          </h2>
          <div>
            <Content section={section} page={page} />
          </div>
        </section>
      ))}
      <div className="print-signs">
        {["author", "head", "archive"].map((who) => (
          <div key={who}>{t(`report.sign.${who}`)}</div>
        ))}
      </div>
      <footer>
        <span>
          {page.chain
            ? t("report.sheet.digest", { digest: shortOf(page.chain.digest), number: page.chain.number })
            : page.previous
              ? t("report.sheet.previous", {
                  subject: page.previous.subject,
                  digest: shortOf(page.previous.digest),
                })
              : t("report.sheet.first")}
          <br />
          {t("report.sheet.masked")}
        </span>
      </footer>
    </article>
  )
}

/** Twelve digits in groups of four, as people compare them. */
const shortOf = (digest: string): string => digest.slice(0, 12).replace(/(.{4})(?=.)/g, "$1 ")

function Content({ section, page }: { section: ReportSection; page: ReportPage }) {
  const { t, language } = useWords()
  const zone = useZone()
  const { known } = page
  const known_ = (code: string): ReactNode => {
    switch (code) {
      case "breaches":
        return (
          <>
            {known.breaches.map((breach) => (
              <p key={`${breach.clock} ${breach.basis} ${breach.dueAt}`}>
                {t("report.due", {
                  name: nameOf(t, { kind: breach.clock, basis: breach.basis }),
                  at: sayDate(Date.parse(breach.dueAt), zone, language),
                })}
                <b className="nw">
                  {t(breach.closedAt ? "report.was" : "report.is", { span: saySpan(breach.lateMs) })}
                </b>
              </p>
            ))}
            <Line page={page} />
          </>
        )
      case "latenessSplit":
        return known.split && known.split.parts.length > 0 ? (
          <p>{splitInWords(known.split, t, language)}</p>
        ) : null
      case "timeline":
        return (
          <div className="print-course">
            {known.course.map((entry) => (
              <div key={`${entry.at} ${entry.what} ${entry.sentence.en}`}>
                <span>{sayDate(Date.parse(entry.at), zone, language)}</span>
                <span>{entry.sentence[language]}</span>
              </div>
            ))}
          </div>
        )
      case "resolvedAt":
        return known.resolvedAt ? (
          <p>{t("report.resolvedAt", { at: sayDate(Date.parse(known.resolvedAt), zone, language) })}</p>
        ) : null
      default:
        return null
    }
  }
  const gaps = page.gaps.filter(
    ({ field, severity }) => severity === "block" && section.fields.some(({ code }) => code === field),
  )
  return (
    <>
      {section.fields.map((field) => {
        if (!field.editable) return <div key={field.code}>{known_(field.code)}</div>
        const value = page.fields[field.code]
        const isSaid =
          value !== null &&
          value !== undefined &&
          value !== "" &&
          !(Array.isArray(value) && value.length === 0)
        return isSaid ? (
          <div key={field.code} className="print-said">
            <em>{field.label[language]}</em> <Said field={field} value={value} page={page} />
          </div>
        ) : null
      })}
      {gaps.map((gap) => (
        <div key={`${gap.code} ${gap.sentence.en}`} className="print-blank">
          {t("report.sheet.toFill", { what: gap.sentence[language] })}
        </div>
      ))}
    </>
  )
}

function Line({ page }: { page: ReportPage }) {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  const { data: order } = useOrderOf(page)
  if (!order) return null
  const told = { language, zone, now }
  return <LineOfTime lanes={lanesOf(order, undefined, t, told)} marks={marksOf(order, t, told)} />
}
