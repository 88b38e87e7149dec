import { DatePicker, type DatePickerProps } from "antd"
import dayjs, { type Dayjs } from "dayjs"
import timezone from "dayjs/plugin/timezone"
import utc from "dayjs/plugin/utc"
import { useEffect } from "react"
import { instantPicked, pickable } from "./picked.ts"
import { useZone } from "./zone.ts"

// The picker asks for a zone where it marks today and says now.
dayjs.extend(utc)
dayjs.extend(timezone)

type Kept =
  | "size"
  | "disabled"
  | "placeholder"
  | "showTime"
  | "format"
  | "allowClear"
  | "style"
  | "aria-label"
type Props = Pick<DatePickerProps<Dayjs>, Kept> & {
  /** of a form's field */
  id?: string
  /** milliseconds */
  value?: number | null
  onChange?: (at: number | null) => void
  /** days that end before this instant cannot be picked */
  earliest?: number
}

/** Picks an instant as the company's zone tells it, wherever the browser is; without `showTime` the end of a day. */
export function InstantPicker({ value = null, onChange, earliest, ...rest }: Props) {
  const zone = useZone()
  useEffect(() => dayjs.tz.setDefault(zone), [zone])
  const picked = (day: Dayjs) => instantPicked(rest.showTime ? day : day.endOf("day"), zone)
  return (
    <DatePicker
      {...rest}
      value={value === null ? null : pickable(value, zone)}
      onChange={(day: Dayjs | null) => onChange?.(day && picked(day))}
      {...(earliest === undefined
        ? {}
        : { disabledDate: (day: Dayjs) => instantPicked(day.endOf("day"), zone) < earliest })}
    />
  )
}
