import { Check, Copy } from "lucide-react"
import { useState } from "react"
import { useWords } from "../words/words.ts"

const tail = 6
const head = 4

/** An order number, its last six dark since people read those aloud: `6931…743125`; whole and with a copy button in panels. */
export function OrderNo({ no, whole = false }: { no: string; whole?: boolean }) {
  const { t } = useWords()
  const [copied, setCopied] = useState(false)
  const last = no.slice(-tail)
  const rest = no.slice(0, -tail)
  const first = whole || rest.length <= head + 2 ? rest : `${rest.slice(0, head)}…`
  const text = (
    <span className="orderno" title={whole ? undefined : no}>
      {first}
      <b>{last}</b>
    </span>
  )
  if (!whole) return text
  return (
    <span className="row" style={{ gap: 6 }}>
      {text}
      <button
        type="button"
        className="icon-button"
        aria-label={t("marks.copy", { no })}
        title={t(copied ? "marks.copied" : "marks.copy", { no })}
        onClick={() => void navigator.clipboard.writeText(no).then(() => setCopied(true))}
      >
        {copied ? <Check size={14} /> : <Copy size={14} />}
      </button>
    </span>
  )
}
