import { Modal, type ModalProps } from "antd"
import { useEffect, useRef } from "react"
import { useWords } from "../words/words.ts"

/** A dialog; what it offers beside its act is to cancel, unless it says otherwise. When it goes the keyboard is where it was before, also where whoever opened it takes it away at once. */
export function Dialog(props: ModalProps) {
  const { t } = useWords()
  const before = useRef(document.activeElement)
  useEffect(() => {
    const from = before.current
    return () => {
      if (document.activeElement === document.body && from instanceof HTMLElement) from.focus()
    }
  }, [])
  return <Modal cancelText={t("marks.cancel")} {...props} />
}
