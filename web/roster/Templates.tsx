import { Button, Input, TimePicker } from "antd"
import dayjs from "dayjs"
import { Pencil, Plus, X } from "lucide-react"
import { useState } from "react"
import type { ShiftTemplateView } from "../../src/api/contract/rosters.ts"
import { Dialog } from "../marks/Dialog.tsx"
import { useWords } from "../words/words.ts"

type BarProps = {
  templates: readonly ShiftTemplateView[]
  chosen: number
  onChoose(index: number): void
  onEdit(): void
}

/** The shifts that are put again and again; the chosen one is put where a cell is pressed. */
export function TemplateBar({ templates, chosen, onChoose, onEdit }: BarProps) {
  const { t } = useWords()
  return (
    <div className="row template-bar">
      <span className="t3 s">{t("roster.brush")}</span>
      {templates.map(({ name, from, to }, i) => (
        <button
          key={name}
          type="button"
          className={`shift-chip kind-${i % 3}`}
          aria-pressed={i === chosen}
          onClick={() => onChoose(i)}
        >
          <b>{name}</b>
          <span className="hours">
            {from}–{to}
          </span>
          <kbd>{i + 1}</kbd>
        </button>
      ))}
      <button type="button" className="icon-button" aria-label={t("roster.templates.title")} onClick={onEdit}>
        <Pencil size={14} />
      </button>
    </div>
  )
}

type FormProps = {
  templates: readonly ShiftTemplateView[]
  disabled: boolean
  onSave(templates: ShiftTemplateView[]): void
  onClose(): void
}
const clock = (text: string) => dayjs(`2026-01-01T${text.replace("24:00", "00:00")}`)

/** The company's templates: names and hours. */
export function TemplateForm({ templates, disabled, onSave, onClose }: FormProps) {
  const { t } = useWords()
  const [rows, setRows] = useState<{ key: number; own: ShiftTemplateView }[]>(
    templates.map((own, key) => ({ key, own })),
  )
  const change = (key: number, some: Partial<ShiftTemplateView>) =>
    setRows((before) =>
      before.map((each) => (each.key === key ? { key, own: { ...each.own, ...some } } : each)),
    )
  const able =
    !disabled &&
    rows.every(({ own }) => own.name.trim() !== "" && own.from !== own.to) &&
    new Set(rows.map(({ own }) => own.name.trim())).size === rows.length
  return (
    <Dialog
      open
      width={460}
      title={t("roster.templates.title")}
      okText={t("roster.save")}
      okButtonProps={{ disabled: !able }}
      onOk={() => {
        onSave(rows.map(({ own }) => own))
        onClose()
      }}
      onCancel={onClose}
    >
      <p className="t2 s">{t(disabled ? "roster.templates.notYours" : "roster.templates.means")}</p>
      <div className="shift-form">
        {rows.map(({ key, own }) => (
          <span key={key} className="row" style={{ gap: 8 }}>
            <Input
              aria-label={t("roster.templates.name")}
              maxLength={20}
              disabled={disabled}
              value={own.name}
              onChange={({ target }) => change(key, { name: target.value })}
            />
            {(["from", "to"] as const).map((end) => (
              <TimePicker
                key={end}
                format="HH:mm"
                minuteStep={15}
                needConfirm={false}
                allowClear={false}
                disabled={disabled}
                aria-label={t(`roster.${end}`)}
                value={clock(own[end])}
                onChange={(at) => at && change(key, { [end]: at.format("HH:mm") })}
              />
            ))}
            <button
              type="button"
              className="icon-button"
              disabled={disabled}
              aria-label={t("settings.remove")}
              onClick={() => setRows((before) => before.filter((each) => each.key !== key))}
            >
              <X size={15} />
            </button>
          </span>
        ))}
        {rows.length < 9 && !disabled && (
          <Button
            size="small"
            icon={<Plus size={13} />}
            onClick={() =>
              setRows((before) => [
                ...before,
                {
                  key: Math.max(-1, ...before.map(({ key }) => key)) + 1,
                  own: { name: "", from: "09:00", to: "18:00" },
                },
              ])
            }
          >
            {t("roster.templates.add")}
          </Button>
        )}
      </div>
    </Dialog>
  )
}
