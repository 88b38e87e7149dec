import { z } from "zod"
import { legalDays } from "./calendarData.ts"
import { isWindow, isZone, Windows } from "./calendars.ts"

/** The days of a week, as calendars name them. */
export const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const

/** The working hours of a department: outside them its inner clocks stand still. Legal holidays are off and make-up days worked where `holidays` says so. */
export const hoursSchema = z.strictObject({
  timezone: z.string().refine(isZone, "expected a time zone such as Asia/Shanghai"),
  days: z.array(z.enum(weekdays)).min(1, "at least one day of the week is worked"),
  windows: z
    .array(z.string().refine(isWindow, "expected a window such as 09:00-18:00"))
    .min(1, "at least one window such as 09:00-18:00")
    .max(6),
  holidays: z.boolean(),
})
/** The working hours of a department. */
export type Hours = z.infer<typeof hoursSchema>

/** The spans of time that working hours leave. */
export const windowsOf = ({ timezone, days, windows, holidays }: Hours): Windows =>
  new Windows({
    timezone,
    week: Object.fromEntries(days.map((day) => [day, windows])),
    days: holidays ? legalDays(windows) : {},
  })
