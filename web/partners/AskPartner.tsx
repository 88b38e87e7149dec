import { Input, Radio, Select } from "antd"
import { useState } from "react"
import type { RequestKind } from "../../src/api/contract/partners.ts"
import type { ContactView } from "../../src/api/contract/settings.ts"
import { isoOf } from "../../src/core/instants.ts"
import { useProblem } from "../marks/Blank.tsx"
import { Dialog } from "../marks/Dialog.tsx"
import { InstantPicker } from "../time/InstantPicker.tsx"
import { useWords } from "../words/words.ts"
import { useAsk, usePartnerRows } from "./queries.ts"
import "../cases/case/case.css"

const kinds: RequestKind[] = ["chase", "restock", "ship", "other"]
type Via = "mail" | "call"

/** Asks a partner for something: whom, what, by mail or noted from a call, and until when. */
export function AskPartner({
  subject,
  proposed = "",
  partner: fixed,
  onClose,
}: {
  subject: string
  /** what the request could say */
  proposed?: string
  partner?: string
  onClose(): void
}) {
  const { t } = useWords()
  const problem = useProblem()
  const { data: partners = [] } = usePartnerRows()
  const ask = useAsk()
  const [partner, setPartner] = useState<string | null>(fixed ?? null)
  const [kind, setKind] = useState<RequestKind>("chase")
  const [via, setVia] = useState<Via>("mail")
  const [contact, setContact] = useState<string | null>(null)
  const [text, setText] = useState(proposed)
  const [due, setDue] = useState<number | null>(null)
  const chosen = partners.find(({ id }) => id === partner)
  const reach = (each: ContactView) => (via === "mail" ? each.email : each.phone)
  const contacts = (chosen?.contacts ?? []).filter((each) => reach(each) !== "")
  const to = contact ?? (contacts[0] ? reach(contacts[0]) : null)
  const words = text.trim()
  const failed = ask.error ? problem(ask.error) : null
  const send = () =>
    partner !== null &&
    ask.mutate(
      {
        partner,
        kind,
        subject,
        text: words,
        via,
        ...(to ? { contact: to } : {}),
        ...(due ? { dueAt: isoOf(due) } : {}),
      },
      { onSuccess: onClose },
    )
  return (
    <Dialog
      open
      title={t("partners.request.ask")}
      okText={t(via === "mail" ? "partners.request.send" : "partners.request.noteCall")}
      okButtonProps={{ disabled: partner === null || words.length < 2, loading: ask.isPending }}
      onOk={() => void send()}
      onCancel={onClose}
      destroyOnHidden
    >
      <div className="case-form">
        {fixed === undefined && (
          // biome-ignore lint/a11y/noLabelWithoutControl: the library's select is the control
          <label>
            <span>{t("partners.request.whom")}</span>
            <Select
              showSearch={{ optionFilterProp: "label" }}
              value={partner}
              onChange={(id: string) => {
                setPartner(id)
                setContact(null)
              }}
              options={partners.map(({ id, name, kind: of }) => ({
                value: id,
                label: `${name} · ${t(`settings.partners.kind.${of}`)}`,
              }))}
            />
          </label>
        )}
        <Radio.Group
          value={kind}
          onChange={({ target }) => setKind(target.value as RequestKind)}
          options={kinds.map((value) => ({ value, label: t(`partners.request.kind.${value}`) }))}
        />
        {/* biome-ignore lint/a11y/noLabelWithoutControl: the library's text area is the control */}
        <label>
          <span>{t("partners.request.what")}</span>
          <Input.TextArea
            autoSize={{ minRows: 3, maxRows: 10 }}
            maxLength={1000}
            value={text}
            onChange={({ target }) => setText(target.value)}
          />
        </label>
        <Radio.Group
          value={via}
          onChange={({ target }) => {
            setVia(target.value as Via)
            setContact(null)
          }}
          options={(["mail", "call"] as const).map((value) => ({
            value,
            label: t(`partners.request.via.${value}`),
          }))}
        />
        {chosen && contacts.length === 0 && (
          <p className="near s">{t(`partners.request.noContact.${via}`, { name: chosen.name })}</p>
        )}
        {contacts.length > 0 && (
          // biome-ignore lint/a11y/noLabelWithoutControl: the library's select is the control
          <label>
            <span>{t("partners.request.contact")}</span>
            <Select
              value={to}
              onChange={(value: string) => setContact(value)}
              options={contacts.map((each) => ({
                value: reach(each),
                label: [each.name, each.role, reach(each)].filter(Boolean).join(" "),
              }))}
            />
          </label>
        )}
        {/* biome-ignore lint/a11y/noLabelWithoutControl: the library's picker is the control */}
        <label>
          <span>{t("partners.request.due")}</span>
          <InstantPicker
            showTime={{ format: "HH:mm" }}
            value={due}
            placeholder={t(`partners.request.usual.${kind}`)}
            onChange={(at) => setDue(at)}
          />
        </label>
        {failed && (
          <p className="over s" role="alert">
            {failed.title} {failed.mend}
          </p>
        )}
      </div>
    </Dialog>
  )
}
