import { z } from "zod"
import type { Language } from "./words.ts"

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, "expected a time of day such as 07:00")

/** Shifts that are put again and again: a name and hours by the wall clock; an end not after its start is on the next day. */
export const shiftTemplatesSchema = z
  .array(
    z
      .strictObject({ name: z.string().trim().min(1).max(20), from: time, to: time })
      .refine(({ from, to }) => from !== to && from !== "24:00", "a shift has a length"),
  )
  .max(9)
  .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, "each name once")
export type ShiftTemplate = z.infer<typeof shiftTemplatesSchema>[number]

const names: Record<Language, readonly [string, string, string]> = {
  "zh-Hans": ["早班", "中班", "夜班"],
  "zh-Hant": ["早班", "中班", "夜班"],
  en: ["Early", "Middle", "Late"],
}

/** The templates of a company that made none of its own. */
export const firstTemplates = (language: Language): ShiftTemplate[] => {
  const [early, middle, late] = names[language]
  return [
    { name: early, from: "07:00", to: "15:30" },
    { name: middle, from: "09:00", to: "18:00" },
    { name: late, from: "15:00", to: "00:30" },
  ]
}
