import { Modal, type ModalProps } from "antd"
import { useEffect, useId, useRef } from "react"
import { useWords } from "../words/words.ts"

/** A dialog; what it offers beside its act is to cancel, unless it says otherwise. The keyboard begins in its first field, or on its act where there is none; when it goes the keyboard is where it was before, also where whoever opened it takes it away at once. */
export function Dialog({ children, afterOpenChange, ...props }: ModalProps) {
  const { t } = useWords()
  const id = useId()
  const before = useRef(document.activeElement)
  useEffect(() => {
    const from = before.current
    return () => {
      if (document.activeElement === document.body && from instanceof HTMLElement) from.focus()
    }
  }, [])
  return (
    <Modal
      cancelText={t("marks.cancel")}
      {...props}
      wrapProps={{ id }}
      afterOpenChange={(open) => {
        // One that is opened again is still hidden when its content hears of it.
        if (open) begin(id)
        afterOpenChange?.(open)
      }}
    >
      {children}
      <Beginning id={id} />
    </Modal>
  )
}

/** Within the dialog, so that it comes before the dialog itself looks for the first thing that can be pressed, which is its ✕. */
function Beginning({ id }: { id: string }) {
  useEffect(() => begin(id), [id])
  return null
}

const fields = "input:not([type=file]), textarea, select, [contenteditable=true]"
// What cannot be taken back is not what a key that is held too long presses.
const acts = [
  ".ant-btn-primary:not(.ant-btn-dangerous)",
  ".ant-modal-footer button",
  ".ant-modal-body button",
]

/** Leads the keyboard into a dialog, unless it is in there already. */
function begin(id: string): void {
  const dialog = document.getElementById(id)?.querySelector<HTMLElement>("[role=dialog]")
  const at = document.activeElement
  if (!dialog || (at !== dialog && dialog.contains(at) && !at?.matches(".ant-modal-close"))) return
  // Where fingers type, a field that has the keyboard would cover what has to be read first.
  if (window.matchMedia("(pointer: coarse)").matches) return
  const body = dialog.querySelector(".ant-modal-body")
  const field = [...(body?.querySelectorAll<HTMLElement>(fields) ?? [])].find(isUsable)
  const group = field instanceof HTMLInputElement && field.type === "radio" ? field.name : ""
  const checked = group && body?.querySelector<HTMLElement>(`input[name="${CSS.escape(group)}"]:checked`)
  const act = acts.flatMap((each) => [...dialog.querySelectorAll<HTMLElement>(each)]).find(isUsable)
  ;(checked || field || act)?.focus({ preventScroll: true })
}

const isUsable = (each: HTMLElement): boolean =>
  !each.matches(":disabled") && each.tabIndex >= 0 && each.getClientRects().length > 0
