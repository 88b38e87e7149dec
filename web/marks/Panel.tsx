import { ArrowDown, ArrowUp, X } from "lucide-react"
import type { ReactNode } from "react"
import { useKeys } from "../shell/keys.ts"
import { useWords } from "../words/words.ts"

type Props = {
  head: ReactNode
  label: string
  foot?: ReactNode
  /** where this one stands in the list: [place, of] */
  place?: [number, number] | null
  onPrevious?: (() => void) | undefined
  onNext?: (() => void) | undefined
  onClose: () => void
  children: ReactNode
}

/** The 656-px panel beside a list; below 1280 it covers the list, on a phone the page. Escape closes it. */
export function Panel({ head, label, foot, place, onPrevious, onNext, onClose, children }: Props) {
  const { t } = useWords()
  useKeys("shell.keys.panel", { Escape: { does: "marks.close", act: onClose } })
  return (
    <aside className="panel" aria-label={label}>
      <div className="head">
        {head}
        <span className="grow" />
        {place && (
          <span className="xs t3 nw">{`${place[0].toLocaleString("en")} / ${place[1].toLocaleString("en")}`}</span>
        )}
        {(onPrevious || onNext) && (
          <span className="row">
            <button
              type="button"
              className="icon-button"
              aria-label={t("marks.previous")}
              disabled={!onPrevious}
              onClick={onPrevious}
            >
              <ArrowUp size={15} />
            </button>
            <button
              type="button"
              className="icon-button"
              aria-label={t("marks.next")}
              disabled={!onNext}
              onClick={onNext}
            >
              <ArrowDown size={15} />
            </button>
          </span>
        )}
        <button type="button" className="icon-button" aria-label={t("marks.close")} onClick={onClose}>
          <X size={16} />
        </button>
      </div>
      <div className="body">{children}</div>
      {foot && <div className="foot">{foot}</div>}
    </aside>
  )
}
