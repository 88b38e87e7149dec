import { Modal } from "antd"
import { useWords } from "../words/words.ts"
import { useAllKeys } from "./keys.ts"

const names: Record<string, string> = {
  Enter: "enter",
  Escape: "esc",
  ArrowUp: "↑",
  ArrowDown: "↓",
  " ": "space",
}

/** Every key that does something on this page. */
export function KeyHelp({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useWords()
  const all = useAllKeys()
  return (
    <Modal open={open} onCancel={onClose} footer={null} title={t("shell.keys.all")} width={420}>
      {all
        .filter(({ keys }) => keys.length > 0)
        .map(({ title, keys }) => (
          <section key={title} style={{ marginTop: 12 }}>
            <h3>{t(title)}</h3>
            {keys.map(([key, does]) => (
              <div key={key} className="row" style={{ height: 28, borderBottom: "1px solid var(--line2)" }}>
                <span className="grow">{t(does)}</span>
                <kbd>{names[key] ?? key}</kbd>
              </div>
            ))}
          </section>
        ))}
    </Modal>
  )
}
