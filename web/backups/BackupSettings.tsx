import { Form, Input, InputNumber } from "antd"
import type { BackupsView } from "../../src/api/contract/backups.ts"
import { useProblem } from "../marks/Blank.tsx"
import { Dialog } from "../marks/Dialog.tsx"
import { useWords } from "../words/words.ts"
import { useBackupActs } from "./queries.ts"

type Fields = { folder: string; hour: number; keepDays: number }

/** Where backups go, at which hour and for how long they are kept. */
export function BackupSettings({ view, onClose }: { view: BackupsView; onClose: () => void }) {
  const { t } = useWords()
  const problem = useProblem()
  const [form] = Form.useForm<Fields>()
  const { settle } = useBackupActs()
  return (
    <Dialog
      open
      title={t("backups.settings.title")}
      okText={t("backups.settings.save")}
      confirmLoading={settle.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ folder: view.own ? "" : view.folder, hour: view.hour, keepDays: view.keepDays }}
        onFinish={({ folder, hour, keepDays }) =>
          settle.mutate({ folder: folder.trim() || null, hour, keepDays }, { onSuccess: onClose })
        }
      >
        <Form.Item
          name="folder"
          label={t("backups.settings.folder")}
          extra={t("backups.settings.folderMeans")}
        >
          <Input placeholder={view.folder} />
        </Form.Item>
        <Form.Item name="hour" label={t("backups.settings.hour")}>
          <InputNumber min={0} max={23} precision={0} />
        </Form.Item>
        <Form.Item name="keepDays" label={t("backups.settings.keepDays")}>
          <InputNumber min={1} max={400} precision={0} />
        </Form.Item>
        {settle.error && (
          <p className="over" role="alert">
            {problem(settle.error).title}。{problem(settle.error).mend}
          </p>
        )}
      </Form>
    </Dialog>
  )
}
