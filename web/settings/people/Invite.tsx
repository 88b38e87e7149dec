import { Button, Form, Input, InputNumber, Select } from "antd"
import { toDataURL } from "qrcode"
import { useEffect, useState } from "react"
import { isoOf } from "../../../src/core/instants.ts"
import { roles as allRoles, type Role } from "../../../src/core/permissions.ts"
import { post } from "../../client.ts"
import { Dialog } from "../../marks/Dialog.tsx"
import { InstantPicker } from "../../time/InstantPicker.tsx"
import { useWords } from "../../words/words.ts"
import { Copied } from "../Keys.tsx"
import { useAct } from "../queries.ts"
import { Trouble } from "../Trouble.tsx"

/** Roles that a person may hold; keys alone are integrations. */
export const personRoles = allRoles.filter((role) => role !== "integration")
/** Roles that are held for a department; the others hold for the whole company unless one is named. */
const ofDepartment: readonly Role[] = ["head", "service", "warehouse"]

/** A role with the department that it reaches. */
export const heldFor = (role: Role, department: string | null) => ({
  role,
  department: ofDepartment.includes(role) ? department : null,
})

type Fields = {
  name?: string
  roles: Role[]
  department?: string
  until?: number | null
  uses?: number
  days: number
}
type Props = { departments: readonly { id: string; name: string }[]; many: boolean; onClose: () => void }

/** Somebody is invited by a link that works once, or several people by one that works as often as is said; no mail server is needed. */
export function Invite({ departments, many, onClose }: Props) {
  const { t } = useWords()
  const [form] = Form.useForm<Fields>()
  const invite = useAct(({ name, roles, department, until, uses, days }: Fields) =>
    post<{ token: string }>("/api/v1/invitations", {
      name: name ?? "",
      department: department ?? null,
      roles: roles.map((role) => heldFor(role, department ?? null)),
      ...(until ? { expiresAt: isoOf(until) } : {}),
      uses: many ? (uses ?? 10) : 1,
      days,
    }),
  )
  const link = invite.data ? `${window.location.origin}/join/${invite.data.token}` : null
  return (
    <Dialog
      open
      title={t(many ? "settings.invite.titleMany" : "settings.invite.title")}
      onCancel={onClose}
      {...(link
        ? { footer: <Button onClick={onClose}>{t("settings.invite.done")}</Button> }
        : {
            okText: t("settings.invite.make"),
            cancelText: t("marks.cancel"),
            onOk: () => form.submit(),
            confirmLoading: invite.isPending,
          })}
    >
      {link ? (
        <LinkToSend link={link} says={t(many ? "settings.invite.sendMany" : "settings.invite.send")} />
      ) : (
        <Form
          form={form}
          layout="vertical"
          requiredMark={false}
          onFinish={(fields) => invite.mutate(fields)}
          initialValues={{ roles: ["viewer"], uses: 10, days: 7 }}
        >
          {!many && (
            <Form.Item
              name="name"
              label={t("settings.column.name")}
              rules={[{ required: true, message: t("settings.invite.nameNeeded") }]}
            >
              <Input autoFocus />
            </Form.Item>
          )}
          <Form.Item name="department" label={t("settings.invite.department")}>
            <Select allowClear options={departments.map(({ id, name }) => ({ value: id, label: name }))} />
          </Form.Item>
          <Form.Item
            name="roles"
            label={t("settings.column.roles")}
            rules={[{ required: true, message: t("settings.invite.roleNeeded") }]}
          >
            <Select
              mode="multiple"
              options={personRoles.map((role) => ({ value: role, label: t(`settings.role.${role}`) }))}
            />
          </Form.Item>
          <div className="fields">
            <Form.Item name="until" label={t("settings.invite.until")}>
              <InstantPicker style={{ width: "100%" }} placeholder={t("settings.open")} />
            </Form.Item>
            <Form.Item name="days" label={t("settings.invite.days")}>
              <Select options={[1, 3, 7, 30].map((n) => ({ value: n, label: n }))} />
            </Form.Item>
            {many && (
              <Form.Item name="uses" label={t("settings.invite.uses")}>
                <InputNumber min={2} max={200} style={{ width: "100%" }} />
              </Form.Item>
            )}
          </div>
          <Trouble error={invite.error} />
        </Form>
      )}
    </Dialog>
  )
}

/** A link to be sent, with its code for a phone's camera. It is shown this once. */
export function LinkToSend({ link, says }: { link: string; says: string }) {
  const [code, setCode] = useState<string | null>(null)
  useEffect(() => {
    void toDataURL(link, { margin: 1, width: 232 }).then(setCode)
  }, [link])
  return (
    <>
      <p className="t2">{says}</p>
      <Copied text={link} />
      {code && (
        <div className="invite-code">
          <img src={code} width={116} height={116} alt="" />
        </div>
      )}
    </>
  )
}
