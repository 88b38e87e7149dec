import { z } from "zod"

/** The languages in which the company speaks to its staff and customers. */
export const languages = ["zh-Hans", "zh-Hant", "en"] as const
/** One of them. */
export type Language = (typeof languages)[number]

/** A text in every language, as the content of a company has it. */
export const wordsSchema = z.strictObject({
  "zh-Hans": z.string().min(1),
  "zh-Hant": z.string().min(1),
  en: z.string().min(1),
})
/** A text in every language. */
export type Words = z.infer<typeof wordsSchema>

/** Makes a text of every language by one rule. */
export const inEvery = (say: (language: Language) => string): Words => ({
  "zh-Hans": say("zh-Hans"),
  "zh-Hant": say("zh-Hant"),
  en: say("en"),
})
