import { Button } from "antd"
import { FileSpreadsheet, X } from "lucide-react"
import { type DragEvent, useEffect, useState } from "react"
import { Link } from "react-router"
import { Brand } from "../shell/Brand.tsx"
import { openKeys } from "../shell/keys.ts"
import { LanguageSwitch, ThemeSwitch } from "../shell/Switches.tsx"
import { say } from "../time/dates.ts"
import { pinNow } from "../time/now.ts"
import { Zone } from "../time/zone.ts"
import { useWords } from "../words/words.ts"
import { Drop, Failed, Reading } from "./Drop.tsx"
import { FormatChoice } from "./FormatChoice.tsx"
import { Judged } from "./Judged.tsx"
import type { Result } from "./protocol.ts"
import { useCheck } from "./useCheck.ts"
import "./check.css"

/** The first minute of every new user: a platform's export, read and judged in this browser. */
export default function Check() {
  const { t } = useWords()
  const run = useCheck()
  const { phase } = run
  const [over, setOver] = useState(false)
  const result = phase.is === "done" ? phase.result : null
  useEffect(() => openKeys(), [])
  useEffect(() => {
    document.title = `${t("check.title")} · ${t("shell.product")}`
  }, [t])
  // The figures are those of the file's instant, and stand still.
  useEffect(() => {
    pinNow(result?.asOf ?? null)
    return () => pinNow(null)
  }, [result])
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    const file = event.dataTransfer.files[0]
    if (file) run.open(file)
  }
  const drag = (event: DragEvent) => {
    event.preventDefault()
    setOver(true)
  }
  return (
    <Zone value={result?.zone ?? "Asia/Shanghai"}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a file may be dropped anywhere; the button beside does the same by keyboard */}
      <div
        className={`check${over ? " over-page" : ""}`}
        onDragOver={drag}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <header className="check-top">
          <Link to="/check" className="row home" aria-label={t("shell.product")} onClick={run.close}>
            <Brand size={24} />
            <b>{t("shell.product")}</b>
          </Link>
          {phase.is !== "empty" && (
            <>
              <span className="part" />
              <FileChip
                name={result?.file ?? ("file" in phase ? phase.file : "")}
                result={result}
                onClose={run.close}
              />
              <FilePicker onFile={run.open} look="link" label={t("check.another")} />
            </>
          )}
          <span className="grow" />
          <LanguageSwitch />
          <ThemeSwitch />
          <Link to="/sign-in" className="m nw">
            {t("check.signIn")}
          </Link>
        </header>
        {phase.is === "empty" && <Drop onFile={run.open} over={over} />}
        {(phase.is === "reading" || phase.is === "judging") && <Reading phase={phase} />}
        {phase.is === "failed" && <Failed code={phase.code} onFile={run.open} />}
        {phase.is === "unknown" && <FormatChoice key={phase.file} unknown={phase} onChoose={run.choose} />}
        {result && <Judged run={run} result={result} />}
      </div>
    </Zone>
  )
}

function FileChip({ name, result, onClose }: { name: string; result: Result | null; onClose: () => void }) {
  const { t, language } = useWords()
  return (
    <div className="file-chip">
      <FileSpreadsheet size={16} strokeWidth={1.75} />
      <span className="m el">{name}</span>
      {result && (
        <span className="t3 s nw about">
          {t("check.about", {
            n: result.orders.toLocaleString("en"),
            count: result.orders,
            at: say(result.exportedAt, Date.now(), { language, zone: result.zone }),
          })}
        </span>
      )}
      <button type="button" className="icon-button" aria-label={t("check.closeFile")} onClick={onClose}>
        <X size={14} />
      </button>
    </div>
  )
}

/** Opens the system's dialog for files. */
export function FilePicker({
  onFile,
  look,
  label,
}: {
  onFile: (file: File) => void
  look: "link" | "button"
  label: string
}) {
  const pick = () => {
    const input = document.createElement("input")
    input.type = "file"
    input.accept = ".csv,.tsv,.txt,.xlsx,.xls"
    input.onchange = () => input.files?.[0] && onFile(input.files[0])
    input.click()
  }
  if (look === "link")
    return (
      <button type="button" className="link s nw" onClick={pick}>
        {label}
      </button>
    )
  return (
    <Button type="primary" size="large" onClick={pick}>
      {label}
    </Button>
  )
}
