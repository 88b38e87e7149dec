import { Button, Input, Radio } from "antd"
import { Eye, EyeOff } from "lucide-react"
import { useEffect, useState } from "react"
import reasons from "../../content/reasons.json"
import type { RevealBody, RevealedView } from "../../src/api/contract/receivers.ts"
import { post } from "../client.ts"
import { useProblem } from "../marks/Blank.tsx"
import { Dialog } from "../marks/Dialog.tsx"
import { useWho } from "../shell/who.tsx"
import { exact } from "../time/dates.ts"
import { useNow } from "../time/now.ts"
import { useZone } from "../time/zone.ts"
import { useWords } from "../words/words.ts"
import { pathOf } from "./queries.ts"

/** Whom an order is sent to: masked; whole for a minute, for those who may and who say why. */
export function Receiver({
  orderKey,
  masked,
  erasedAt,
}: {
  orderKey: string
  masked: string
  erasedAt: string | null
}) {
  const { t } = useWords()
  const zone = useZone()
  const { may } = useWho()
  const [asking, setAsking] = useState(false)
  // Kept here alone: what is kept among the answers outlives the panel.
  const [whole, setWhole] = useState<RevealedView | null>(null)
  if (whole) return <Whole receiver={whole} onHide={() => setWhole(null)} />
  return (
    <>
      <span className="el" title={masked}>
        {masked}
      </span>
      {erasedAt && (
        <span className="t3 s">{t("orders.receiver.erased", { at: exact(Date.parse(erasedAt), zone) })}</span>
      )}
      {!erasedAt && may("read", "receiver") && (
        <Button size="small" icon={<Eye size={13} />} onClick={() => setAsking(true)}>
          {t("orders.receiver.open")}
        </Button>
      )}
      {asking && (
        <Ask
          orderKey={orderKey}
          onClose={() => setAsking(false)}
          onShown={(told) => {
            setAsking(false)
            setWhole(told)
          }}
        />
      )}
    </>
  )
}

/** The receiver whole, until its time is over. */
function Whole({ receiver, onHide }: { receiver: RevealedView; onHide: () => void }) {
  const { t } = useWords()
  const now = useNow()
  const [until] = useState(now + receiver.seconds * 1_000)
  const left = Math.ceil((until - now) / 1_000)
  useEffect(() => {
    if (left <= 0) onHide()
  }, [left, onHide])
  const { name, phone, province, city, address } = receiver
  return (
    <div className="order-receiver">
      <b>{[name, phone].filter(Boolean).join(" ")}</b>
      <span>{[province, city, address].filter(Boolean).join(" ")}</span>
      <span className="row">
        <Button size="small" icon={<EyeOff size={13} />} onClick={onHide}>
          {t("orders.receiver.hide")}
        </Button>
        <span className="t3 s">{t("orders.receiver.left", { n: left })}</span>
      </span>
    </div>
  )
}

const offered = reasons.lists.find(({ code }) => code === "reveal_receiver")?.reasons ?? []

function Ask({
  orderKey,
  onShown,
  onClose,
}: {
  orderKey: string
  onShown: (told: RevealedView) => void
  onClose: () => void
}) {
  const { t, language } = useWords()
  const problem = useProblem()
  const [code, setCode] = useState("")
  const [note, setNote] = useState("")
  const [sending, setSending] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const reason = offered.find((each) => each.code === code)
  const asks = reason?.needsNote ?? false
  const isReady = note.trim() !== "" || (reason !== undefined && !asks)
  const send = () => {
    setSending(true)
    const said = [reason?.label[language], note.trim()].filter(Boolean).join("：")
    void post<RevealedView>(`${pathOf(orderKey)}/receiver`, { reason: said } satisfies RevealBody)
      .then(onShown, setError)
      .finally(() => setSending(false))
  }
  const words = t(asks ? "orders.receiver.noteNeeded" : "orders.receiver.note")
  return (
    <Dialog
      open
      title={t("orders.receiver.title")}
      okText={t("orders.receiver.ok")}
      okButtonProps={{ disabled: !isReady, loading: sending }}
      onOk={send}
      onCancel={onClose}
    >
      <p className="t2">{t("orders.receiver.means")}</p>
      <Radio.Group
        className="order-reasons"
        value={code}
        onChange={({ target }) => setCode(target.value as string)}
        options={offered.map((each) => ({ value: each.code, label: each.label[language] }))}
      />
      {reason && <p className="t3 s">{reason.help[language]}</p>}
      <Input.TextArea
        rows={2}
        maxLength={400}
        value={note}
        onChange={({ target }) => setNote(target.value)}
        placeholder={words}
        aria-label={words}
      />
      {error !== null && (
        <p className="over s" role="alert">
          {problem(error).title} {problem(error).mend}
        </p>
      )}
    </Dialog>
  )
}
