import { FileSpreadsheet, Lock, TriangleAlert } from "lucide-react"
import { presets } from "../../src/core/presets.ts"
import { useChannelName } from "../board/names.ts"
import { useWords } from "../words/words.ts"
import { FilePicker } from "./Check.tsx"
import type { FailureCode } from "./protocol.ts"
import type { Phase } from "./useCheck.ts"

/** Before a file is here: what this is, where to drop it, and that nothing leaves the machine. */
export function Drop({ onFile, over }: { onFile: (file: File) => void; over: boolean }) {
  const { t } = useWords()
  const channelName = useChannelName()
  return (
    <main className="check-body">
      <h1 className="headline">{t("check.drop.headline")}</h1>
      <p className="t2 lead">{t("check.drop.lead")}</p>
      <div className={`drop-box${over ? " over-box" : ""}`}>
        <FileSpreadsheet size={28} strokeWidth={1.5} />
        <b>{t(over ? "check.drop.now" : "check.drop.here")}</b>
        <span className="t3 s">{t("check.drop.kinds")}</span>
        <FilePicker onFile={onFile} look="button" label={t("check.drop.pick")} />
      </div>
      <ul className="platforms">
        {presets.map(({ channel }) => (
          <li key={channel}>{channelName(channel)}</li>
        ))}
        <li className="t3">{t("check.drop.others")}</li>
      </ul>
      <Safe />
    </main>
  )
}

/** Nothing leaves the machine; said wherever a file is. */
export function Safe() {
  const { t } = useWords()
  return (
    <p className="safe">
      <Lock size={15} strokeWidth={1.75} />
      <span>{t("check.safe")}</span>
    </p>
  )
}

/** While a file is read: how far it is, and how many rows so far. */
export function Reading({ phase }: { phase: Extract<Phase, { is: "reading" | "judging" }> }) {
  const { t } = useWords()
  const share = phase.is === "judging" ? 1 : phase.size > 0 ? phase.read / phase.size : 0
  return (
    <main className="check-body" aria-busy="true">
      <p className="t3 kicker">
        {phase.is === "reading" ? t("check.reading.rows", { n: phase.rows.toLocaleString("en") }) : ""}
      </p>
      <h1 className="headline">
        {t(phase.is === "judging" ? "check.reading.judging" : "check.reading.title")}
      </h1>
      <progress className="reading-bar" value={share} max={1} aria-label={t("check.reading.title")} />
      <Safe />
    </main>
  )
}

/** Why a file could not be read, and what to do about it. */
export function Failed({ code, onFile }: { code: FailureCode; onFile: (file: File) => void }) {
  const { t } = useWords()
  return (
    <main className="check-body failed" role="alert">
      <TriangleAlert size={24} strokeWidth={1.75} />
      <h1 className="headline">{t(`problems.${code}.title`)}</h1>
      <p className="t2 lead">{t(`problems.${code}.mend`)}</p>
      <FilePicker onFile={onFile} look="button" label={t("check.another")} />
    </main>
  )
}
