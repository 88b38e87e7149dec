import { Button, Input } from "antd"
import { useState } from "react"
import type { CustomerErased, CustomerFile, CustomerFound } from "../../../src/api/contract/receivers.ts"
import { post } from "../../client.ts"
import { Dialog } from "../../marks/Dialog.tsx"
import { save } from "../../marks/download.ts"
import { useWho } from "../../shell/who.tsx"
import { useWords } from "../../words/words.ts"
import { Trouble } from "../Trouble.tsx"

type Asked = "export" | "erase"

/** One customer who asks for their data, or for its erasure: found by the whole phone number. */
export function Customer() {
  const { t } = useWords()
  const { me } = useWho()
  const isOwner = me.roles.some(({ role }) => role === "owner")
  const [phone, setPhone] = useState("")
  const [found, setFound] = useState<CustomerFound | null>(null)
  const [erased, setErased] = useState<CustomerErased | null>(null)
  const [asking, setAsking] = useState<Asked | null>(null)
  const [looking, setLooking] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const forget = () => {
    setFound(null)
    setErased(null)
    setError(null)
  }
  const find = () => {
    forget()
    setLooking(true)
    void post<CustomerFound>("/api/v1/customers/find", { phone })
      .then(setFound, setError)
      .finally(() => setLooking(false))
  }
  return (
    <div className="effect privacy">
      <h2>{t("settings.privacy.one")}</h2>
      <p className="s t2">{t("settings.privacy.oneMeans")}</p>
      <form
        className="row customer"
        onSubmit={(event) => {
          event.preventDefault()
          find()
        }}
      >
        <Input
          value={phone}
          inputMode="tel"
          autoComplete="off"
          placeholder={t("settings.privacy.phone")}
          aria-label={t("settings.privacy.phone")}
          onChange={({ target }) => {
            setPhone(target.value)
            forget()
          }}
        />
        <Button htmlType="submit" disabled={phone.trim() === ""} loading={looking}>
          {t("settings.privacy.find")}
        </Button>
      </form>
      <Trouble error={error} />
      {found && (
        <p role="status">
          {t("settings.privacy.found", { n: found.orders })}
          {found.open > 0 && t("settings.privacy.open", { n: found.open })}
        </p>
      )}
      {erased && <p role="status">{t("settings.privacy.erased", { n: erased.erased })}</p>}
      {erased && erased.waiting > 0 && <p>{t("settings.privacy.waiting", { n: erased.waiting })}</p>}
      {found && found.orders > 0 && (
        <div className="row acts">
          {isOwner && <Button onClick={() => setAsking("export")}>{t("settings.privacy.export")}</Button>}
          <Button danger onClick={() => setAsking("erase")}>
            {t("settings.privacy.erase")}
          </Button>
        </div>
      )}
      {asking && (
        <Ask
          what={asking}
          phone={phone}
          onClose={() => setAsking(null)}
          onErased={(told) => {
            setFound(null)
            setErased(told)
          }}
        />
      )}
    </div>
  )
}

/** Asks why, and says what happens. */
function Ask({
  what,
  phone,
  onErased,
  onClose,
}: {
  what: Asked
  phone: string
  onErased: (told: CustomerErased) => void
  onClose: () => void
}) {
  const { t } = useWords()
  const [reason, setReason] = useState("")
  const [sending, setSending] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const act = async () => {
    if (what === "erase") onErased(await post<CustomerErased>("/api/v1/customers/erase", { phone, reason }))
    else {
      const file = await post<CustomerFile>("/api/v1/customers/export", { phone, reason })
      save(`${t("settings.privacy.file")}.json`, JSON.stringify(file, null, 2), "application/json")
    }
    onClose()
  }
  const send = () => {
    setSending(true)
    void act()
      .catch(setError)
      .finally(() => setSending(false))
  }
  const label = t("settings.privacy.reason")
  return (
    <Dialog
      open
      title={t(`settings.privacy.${what}`)}
      okText={t(`settings.privacy.${what}`)}
      okButtonProps={{ disabled: reason.trim() === "", loading: sending, danger: what === "erase" }}
      onOk={send}
      onCancel={onClose}
    >
      <p className="t2">{t(`settings.privacy.${what}Means`)}</p>
      <Input.TextArea
        rows={2}
        maxLength={500}
        value={reason}
        onChange={({ target }) => setReason(target.value)}
        placeholder={label}
        aria-label={label}
        style={{ marginTop: 12 }}
      />
      <Trouble error={error} />
    </Dialog>
  )
}
