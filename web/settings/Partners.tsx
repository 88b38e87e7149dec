import { Button, Form, Input, Select } from "antd"
import { Plus, X } from "lucide-react"
import { useState } from "react"
import type { ContactView, PartnerKind, PartnerView } from "../../src/api/contract/settings.ts"
import { post, put } from "../client.ts"
import { EmptyState, ErrorState, Skeleton } from "../marks/Blank.tsx"
import { Dialog } from "../marks/Dialog.tsx"
import { useWho } from "../shell/who.tsx"
import { useWords } from "../words/words.ts"
import { useAct, usePartners } from "./queries.ts"
import { Trouble } from "./Trouble.tsx"

const kinds: PartnerKind[] = ["carrier", "supplier", "dropshipper", "cloud_warehouse", "platform"]
type Wish = Omit<PartnerView, "id" | "closedAt"> & { id: string | null; closed?: boolean }

/** Partners by kind, each with whom to call. */
export default function PartnersSection() {
  const { t } = useWords()
  const { may } = useWho()
  const partners = usePartners()
  const [edited, setEdited] = useState<Wish | null>(null)
  const disabled = !may("act", "settings")
  if (partners.error) return <ErrorState error={partners.error} onRetry={() => void partners.refetch()} />
  if (!partners.data) return <Skeleton rows={4} />
  const open = partners.data.items.filter(({ closedAt }) => closedAt === null)
  const blank = (kind: PartnerKind): Wish => ({ id: null, kind, name: "", contacts: [], note: "" })
  return (
    <div className="sentences">
      {open.length === 0 && (
        <EmptyState title={t("settings.partners.none")}>{t("settings.partners.means")}</EmptyState>
      )}
      {kinds
        .map((kind) => ({ kind, own: open.filter((each) => each.kind === kind) }))
        .filter(({ own }) => own.length > 0)
        .map(({ kind, own }) => (
          <section key={kind} className="kind">
            <h2>{t(`settings.partners.kind.${kind}`)}</h2>
            {own.map((each) => (
              <button
                key={each.id}
                type="button"
                className="plain line-row"
                disabled={disabled}
                onClick={() => setEdited(each)}
              >
                <b>{each.name}</b>
                <span className="t2 el">
                  {each.contacts
                    .map(({ name, role, phone }) => [name, role, phone].filter(Boolean).join(" "))
                    .join(t("line.apart")) || t("settings.partners.noContact")}
                </span>
                <span className="t3 s el">{each.note}</span>
              </button>
            ))}
          </section>
        ))}
      {!disabled && (
        <div className="chips">
          {kinds.map((kind) => (
            <button key={kind} type="button" className="chip" onClick={() => setEdited(blank(kind))}>
              <Plus size={13} />
              {t(`settings.partners.kind.${kind}`)}
            </button>
          ))}
        </div>
      )}
      {edited && <Editor partner={edited} onClose={() => setEdited(null)} />}
    </div>
  )
}

type Fields = { kind: PartnerKind; name: string; note?: string; contacts?: Partial<ContactView>[] }

function Editor({ partner, onClose }: { partner: Wish; onClose: () => void }) {
  const { t } = useWords()
  const [form] = Form.useForm<Fields>()
  const save = useAct((wish: Wish) => {
    const { id, ...body } = wish
    return id === null ? post("/api/v1/partners", body) : put(`/api/v1/partners/${id}`, body)
  })
  const send = (fields: Fields, closed = false) =>
    save.mutate(
      {
        id: partner.id,
        kind: fields.kind,
        name: fields.name,
        note: fields.note ?? "",
        contacts: (fields.contacts ?? []).map((each) => ({
          name: each.name ?? "",
          role: each.role ?? "",
          phone: each.phone ?? "",
          email: each.email ?? "",
          hours: each.hours ?? "",
        })),
        closed,
      },
      { onSuccess: onClose },
    )
  return (
    <Dialog
      open
      width={760}
      title={partner.id === null ? t("settings.partners.add") : partner.name}
      okText={t("settings.partners.save")}
      onOk={() => form.submit()}
      onCancel={onClose}
      confirmLoading={save.isPending}
      footer={(_, { OkBtn, CancelBtn }) => (
        <div className="row" style={{ gap: 8 }}>
          {partner.id !== null && (
            <Button type="text" onClick={() => send(form.getFieldsValue(), true)}>
              {t("settings.partners.end")}
            </Button>
          )}
          <span className="grow" />
          <CancelBtn />
          <OkBtn />
        </div>
      )}
    >
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ ...partner, contacts: partner.contacts.length > 0 ? partner.contacts : [{}] }}
        onFinish={(fields) => send(fields)}
      >
        <div className="fields">
          <Form.Item name="kind" label={t("settings.partners.what")}>
            <Select
              options={kinds.map((value) => ({ value, label: t(`settings.partners.kind.${value}`) }))}
            />
          </Form.Item>
          <Form.Item
            name="name"
            label={t("settings.partners.name")}
            rules={[{ required: true, message: t("settings.partners.nameNeeded") }]}
          >
            <Input autoFocus />
          </Form.Item>
        </div>
        <Form.List name="contacts">
          {(fields, { add, remove }) => (
            <>
              {fields.map(({ key, name }) => (
                <div className="contact" key={key}>
                  {(["name", "role", "phone", "email", "hours"] as const).map((field) => (
                    <Form.Item key={field} name={[name, field]}>
                      <Input
                        placeholder={t(`settings.partners.contact.${field}`)}
                        aria-label={t(`settings.partners.contact.${field}`)}
                      />
                    </Form.Item>
                  ))}
                  <button
                    type="button"
                    className="icon-button"
                    aria-label={t("settings.remove")}
                    onClick={() => remove(name)}
                  >
                    <X size={15} />
                  </button>
                </div>
              ))}
              <button type="button" className="link" onClick={() => add()}>
                {t("settings.partners.moreContact")}
              </button>
            </>
          )}
        </Form.List>
        <Form.Item name="note" label={t("settings.partners.note")} style={{ marginTop: 14 }}>
          <Input.TextArea rows={2} maxLength={1000} />
        </Form.Item>
        <Trouble error={save.error} />
      </Form>
    </Dialog>
  )
}
