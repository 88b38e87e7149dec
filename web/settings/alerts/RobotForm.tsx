import { Button, Form, Input, Popconfirm, Segmented, Select, Switch } from "antd"
import type { RobotChange, RobotKindName, RobotRow } from "../../../src/api/contract/alerts.ts"
import { useProblem } from "../../marks/Blank.tsx"
import { Dialog } from "../../marks/Dialog.tsx"
import { useTrialRun } from "../../trial/queries.ts"
import { useWords } from "../../words/words.ts"
import { useRemoveRobot, useSaveRobot, useTestRobot } from "./queries.ts"
import { useDepartments } from "./RobotTable.tsx"
import { useOutcome } from "./Sent.tsx"

const kinds: RobotKindName[] = ["feishu", "dingtalk", "wecom", "mail"]
const codes = [
  "near",
  "over",
  "unconfirmed",
  "escalated",
  "inner_near",
  "inner_over",
  "incident_opened",
  "help_asked",
  "no_first_scan",
  "appeal_near",
  "morning_digest",
  "engine_down",
  "engine_up",
]

type Fields = {
  kind: RobotKindName
  name: string
  department: string
  codes: string[]
  warehouses: string[]
  address?: string
  secret?: string
  keyword?: string
  quietFrom?: string
  quietTo?: string
  active: boolean
}

/** What is sent of the form; what was left empty stays as it is. */
function changeOf({ address, secret, keyword, quietFrom, quietTo, ...rest }: Fields): RobotChange {
  return {
    ...rest,
    keyword: keyword || null,
    quiet: quietFrom && quietTo ? { from: quietFrom, to: quietTo } : null,
    ...(address ? { address } : {}),
    ...(secret ? { secret } : {}),
  }
}

/** Adds a robot and sends a test at once, or changes one; address and secret are never shown again. */
export function RobotForm({
  robot,
  focus,
  onClose,
}: {
  robot: RobotRow | null
  focus: "address" | "secret" | null
  onClose: (id: string | null) => void
}) {
  const { t } = useWords()
  const problem = useProblem()
  const departments = useDepartments()
  const [form] = Form.useForm<Fields>()
  const isTrial = useTrialRun().data?.on === true
  const department = Form.useWatch("department", form)
  const save = useSaveRobot()
  const test = useTestRobot()
  const drop = useRemoveRobot()
  const sayOutcome = useOutcome()
  const kind = Form.useWatch("kind", form) ?? robot?.kind ?? "feishu"
  const send = async (fields: Fields) => {
    const { id } = await save.mutateAsync({ id: robot?.id ?? null, ...changeOf(fields) })
    if (fields.address || fields.secret) sayOutcome(await test.mutateAsync(id))
    onClose(id)
  }
  const error = save.error ?? test.error ?? drop.error
  return (
    <Dialog
      open
      width={560}
      title={t(robot ? "alerts.form.change" : "alerts.form.add")}
      onCancel={() => onClose(null)}
      footer={
        <div className="row form-foot">
          {robot && (
            <Popconfirm
              title={t("alerts.form.remove")}
              description={t("alerts.form.removeMeans")}
              onConfirm={() => drop.mutate(robot.id, { onSuccess: () => onClose(null) })}
            >
              <Button type="text">{t("alerts.form.remove")}</Button>
            </Popconfirm>
          )}
          <span className="grow" />
          <Button type="primary" loading={save.isPending || test.isPending} onClick={() => form.submit()}>
            {t(robot ? "alerts.form.save" : "alerts.form.saveAndTest")}
          </Button>
        </div>
      }
    >
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        onFinish={(fields) => void send(fields).catch(() => {})}
        initialValues={{
          kind: robot?.kind ?? "feishu",
          name: robot?.name,
          department: robot?.department ?? (isTrial ? "operations" : "warehouse"),
          codes: robot?.codes ?? [],
          warehouses: robot?.warehouses ?? [],
          keyword: robot?.keyword ?? undefined,
          quietFrom: robot?.quiet?.from,
          quietTo: robot?.quiet?.to,
          active: robot?.active ?? true,
        }}
      >
        <Form.Item name="kind" label={t("alerts.form.kind")}>
          <Segmented
            disabled={robot !== null}
            options={kinds.map((each) => ({ value: each, label: t(`alerts.kind.${each}`) }))}
          />
        </Form.Item>
        <Form.Item
          name="name"
          label={t("alerts.form.name")}
          rules={[{ required: true, message: t("alerts.form.nameNeeded") }]}
        >
          <Input autoFocus={focus === null} maxLength={80} />
        </Form.Item>
        <Form.Item
          name="address"
          label={t(kind === "mail" ? "alerts.form.addresses" : "alerts.form.address")}
          extra={kind === "mail" ? null : t("alerts.form.addressHint")}
          rules={[{ required: robot === null, message: t("alerts.form.addressNeeded") }]}
        >
          <Input
            autoFocus={focus === "address"}
            autoComplete="off"
            placeholder={robot ? `${robot.shown} · ${t("alerts.form.addressKept")}` : ""}
          />
        </Form.Item>
        {(kind === "dingtalk" || kind === "feishu") && (
          <Form.Item name="secret" label={t("alerts.form.secret")} extra={t("alerts.form.secretHint")}>
            <Input.Password
              autoFocus={focus === "secret"}
              autoComplete="off"
              placeholder={robot?.secretAt ? t("alerts.form.addressKept") : ""}
            />
          </Form.Item>
        )}
        {(kind === "dingtalk" || kind === "feishu") && (
          <Form.Item name="keyword" label={t("alerts.form.keyword")} extra={t("alerts.form.keywordHint")}>
            <Input maxLength={40} />
          </Form.Item>
        )}
        <Form.Item
          name="department"
          label={t("alerts.form.department")}
          extra={isTrial && department !== "operations" ? t("alerts.form.departmentTrial") : null}
        >
          <Select options={departments.list.map(({ id, name }) => ({ value: id, label: name }))} />
        </Form.Item>
        <Form.Item name="codes" label={t("alerts.form.codes")}>
          <Select
            mode="multiple"
            options={codes.map((each) => ({ value: each, label: t(`alerts.code.${each}`) }))}
          />
        </Form.Item>
        <Form.Item name="warehouses" label={t("alerts.form.warehouses")}>
          <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[",", "，", "、"]} />
        </Form.Item>
        <Form.Item label={t("alerts.form.quiet")} extra={t("alerts.form.quietHint")}>
          <div className="row quiet-fields">
            <Form.Item name="quietFrom" noStyle>
              <Input type="time" aria-label={t("alerts.form.quiet")} />
            </Form.Item>
            –
            <Form.Item name="quietTo" noStyle>
              <Input type="time" aria-label={t("alerts.form.quiet")} />
            </Form.Item>
          </div>
        </Form.Item>
        <Form.Item name="active" label={t("alerts.form.active")} valuePropName="checked" layout="horizontal">
          <Switch />
        </Form.Item>
        {error && <p className="settings-error">{`${problem(error).title}. ${problem(error).mend}`}</p>}
      </Form>
    </Dialog>
  )
}
