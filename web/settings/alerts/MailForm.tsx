import { Form, Input, InputNumber, Switch } from "antd"
import { useProblem } from "../../marks/Blank.tsx"
import { Dialog } from "../../marks/Dialog.tsx"
import { useWords } from "../../words/words.ts"
import { useAlertSettings, useSaveMail } from "./queries.ts"

type Fields = {
  host: string
  port: number
  secure: boolean
  user?: string
  password?: string
  from: string
}

/** The company's mail server; its password is never shown again. */
export function MailForm({ onClose }: { onClose: () => void }) {
  const { t } = useWords()
  const problem = useProblem()
  const [form] = Form.useForm<Fields>()
  const settings = useAlertSettings()
  const save = useSaveMail()
  if (!settings.data) return null
  const { mail } = settings.data
  const needed = [{ required: true, message: t("alerts.mail.needed") }]
  const send = ({ user, password, ...fields }: Fields) =>
    save.mutate({ ...fields, user: user || null, ...(password ? { password } : {}) }, { onSuccess: onClose })
  return (
    <Dialog
      open
      title={t("alerts.mail.title")}
      okText={t("alerts.form.save")}
      confirmLoading={save.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        onFinish={send}
        initialValues={{
          host: mail?.host,
          port: mail?.port ?? 465,
          secure: mail?.secure ?? true,
          user: mail?.user ?? undefined,
          from: mail?.from,
        }}
      >
        <Form.Item name="host" label={t("alerts.mail.host")} rules={needed}>
          <Input autoFocus placeholder="smtp.exmail.qq.com" />
        </Form.Item>
        <Form.Item name="port" label={t("alerts.mail.port")} rules={needed}>
          <InputNumber min={1} max={65_535} />
        </Form.Item>
        <Form.Item name="secure" label={t("alerts.mail.secure")} valuePropName="checked" layout="horizontal">
          <Switch />
        </Form.Item>
        <Form.Item name="user" label={t("alerts.mail.user")}>
          <Input autoComplete="off" />
        </Form.Item>
        <Form.Item name="password" label={t("alerts.mail.password")}>
          <Input.Password
            autoComplete="new-password"
            placeholder={mail?.hasPassword ? t("alerts.mail.passwordKept") : ""}
          />
        </Form.Item>
        <Form.Item name="from" label={t("alerts.mail.from")} rules={needed}>
          <Input placeholder="准时 <zs@example.com>" />
        </Form.Item>
        {save.error && <p className="settings-error">{problem(save.error).title}</p>}
      </Form>
    </Dialog>
  )
}
