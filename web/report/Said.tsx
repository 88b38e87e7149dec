import type { FieldView, ReportPage } from "../../src/api/contract/causes.ts"
import { addressOfFile, useColleagues } from "../thread/queries.ts"
import { useWords } from "../words/words.ts"
import type { Action, Agreed } from "./Control.tsx"
import { aboutOf, useCauses, useFilesOf } from "./queries.ts"
import { type Amount, sayAmount } from "./say.ts"

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
  if (field.type === "money") return <span>{sayAmount(value as Amount, language)}</span>
  if (field.type === "people") return <Names ids={value as string[]} />
  if (field.type === "attachments") return <Files page={page} sums={value as string[]} />
  if (field.type === "cases") return <span>{(value as string[]).join(" ")}</span>
  if (field.type === "causes") return <Causes codes={value as string[]} />
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

function Causes({ codes }: { codes: readonly string[] }) {
  const { t, language } = useWords()
  const all = useCauses().data?.causes ?? []
  const names = codes.map((code) => all.find((each) => each.code === code)?.name[language] ?? code)
  return <span>{names.join(t("report.comma"))}</span>
}

function Names({ ids }: { ids: readonly string[] }) {
  const { t } = useWords()
  const { data = [] } = useColleagues()
  return (
    <span>{ids.map((id) => data.find((each) => each.id === id)?.name ?? "–").join(t("report.comma"))}</span>
  )
}

function Files({ page, sums }: { page: ReportPage; sums: readonly string[] }) {
  const files = useFilesOf(page)
  return (
    <span>
      {sums.map((sum) => (
        <a key={sum} href={addressOfFile(aboutOf(page.subject), sum)} target="_blank" rel="noreferrer">
          {files.find(({ sha256 }) => sha256 === sum)?.name ?? sum.slice(0, 8)}{" "}
        </a>
      ))}
    </span>
  )
}
