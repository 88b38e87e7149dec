import { Checkbox, Dropdown, Popover } from "antd"
import { ChevronDown } from "lucide-react"
import { useState } from "react"
import { useWords } from "../words/words.ts"
import "./word.css"

type Option = { value: string; label: string }

/** A word of a sentence that is chosen from a few: settings are sentences with words to change, never label and field. */
export function ChosenWord({
  value,
  options,
  label,
  disabled = false,
  onChange,
}: {
  value: string
  options: readonly Option[]
  label: string
  disabled?: boolean
  onChange: (value: string) => void
}) {
  const shown = options.find((each) => each.value === value)?.label ?? value
  if (disabled) return <span className="slot fixed">{shown}</span>
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        items: options.map((each) => ({ key: each.value, label: each.label })),
        selectedKeys: [value],
        onClick: ({ key }) => onChange(key),
        style: { maxHeight: 320, overflow: "auto" },
      }}
    >
      <button type="button" className="slot" aria-label={`${label}: ${shown}`}>
        {shown}
        <ChevronDown size={13} />
      </button>
    </Dropdown>
  )
}

/** A word of a sentence that is typed; it is as wide as what stands in it, and is told when it is left or entered. */
export function TypedWord({
  value,
  label,
  placeholder,
  disabled = false,
  onChange,
}: {
  value: string
  label: string
  placeholder?: string
  disabled?: boolean
  onChange: (value: string) => void
}) {
  const [text, setText] = useState<string | null>(null)
  const tell = () => {
    if (text !== null && text.trim() !== value) onChange(text.trim())
    setText(null)
  }
  if (disabled) return <span className="slot fixed">{value}</span>
  return (
    <input
      className="slot typed"
      aria-label={label}
      placeholder={placeholder}
      value={text ?? value}
      size={Math.max(4, (text ?? value).length * 2 || (placeholder ?? "").length * 2)}
      onChange={(event) => setText(event.target.value)}
      onBlur={tell}
      onKeyDown={(event) => {
        if (event.key === "Enter") event.currentTarget.blur()
      }}
    />
  )
}

/** Words of a sentence of which several hold. */
export function PickedWords({
  values,
  options,
  label,
  none,
  disabled = false,
  onChange,
}: {
  values: readonly string[]
  options: readonly Option[]
  label: string
  none: string
  disabled?: boolean
  onChange: (values: string[]) => void
}) {
  const { t } = useWords()
  const shown = options.filter(({ value }) => values.includes(value)).map((each) => each.label)
  const text = shown.length > 0 ? shown.join(t("line.and")) : none
  if (disabled) return <span className="slot fixed">{text}</span>
  return (
    <Popover
      trigger="click"
      placement="bottomLeft"
      content={
        <Checkbox.Group
          className="slot-picks"
          options={options.map(({ value, label }) => ({ value, label }))}
          value={[...values]}
          onChange={(now) => onChange(options.map(({ value }) => value).filter((each) => now.includes(each)))}
        />
      }
    >
      <button type="button" className="slot" aria-label={`${label}: ${text}`}>
        {text}
        <ChevronDown size={13} />
      </button>
    </Popover>
  )
}
