import { z } from "zod"
import { type Language, type Words, wordsSchema } from "./words.ts"

const channelCodes = ["chat", "sms", "email", "portal"] as const
/** The ways by which a customer is told. */
export type NoticeChannel = (typeof channelCodes)[number]

/** The messages to customers, a part of the policy: each for every channel, with the greatest length of every variable. */
export const noticesSchema = z.strictObject({
  version: z.int(),
  clauses: z.array(z.string()),
  channels: z.array(
    z.strictObject({
      code: z.enum(channelCodes),
      name: wordsSchema,
      maxLength: z.int().nullable(),
      note: wordsSchema,
    }),
  ),
  lengthRule: wordsSchema,
  tone: wordsSchema,
  variables: z.array(
    z.strictObject({ code: z.string(), meaning: wordsSchema, example: wordsSchema, maxLength: z.int() }),
  ),
  notices: z.array(
    z.strictObject({
      code: z.string(),
      name: wordsSchema,
      trigger: wordsSchema,
      customerActs: z.boolean(),
      respectsQuietHours: z.boolean(),
      supersedes: z.array(z.string()),
      chat: wordsSchema,
      sms: wordsSchema,
      email: z.strictObject({ subject: wordsSchema, body: wordsSchema }),
      portal: wordsSchema,
      caution: wordsSchema.nullable(),
    }),
  ),
})
/** The company's messages. */
export type Notices = z.infer<typeof noticesSchema>

/** One message as each channel carries it. */
export type NoticeTexts = {
  chat: string
  sms: string
  email: { subject: string; body: string }
  portal: string
}
/** A message made, with what it lacks: variables without a value, and texts that are too long for their channel. */
export type Rendered = {
  texts: NoticeTexts
  missing: string[]
  tooLong: NoticeChannel[]
  caution: Words | null
}

/** What may be cut: names of goods; a date or a number never. */
const cuttable = new Set(["goods", "sent", "remaining"])
/** What is left out with the sentence or paragraph around it rather than asked for. */
const droppable = new Set(["link", "sign"])

const lengthOf = (text: string): number => [...text].length
const cut = (text: string, most: number): string =>
  lengthOf(text) <= most ? text : `${[...text].slice(0, most - 1).join("")}…`

/** Whether a message has a blank that nothing filled, such as {newDate}. */
export const hasBlanks = (text: string): boolean => /\{[a-zA-Z]+\}/.test(text)

/** Makes a message in a customer's language; values come formatted in that language. Throws for a message that there is not. */
export function renderNotice(
  content: Notices,
  code: string,
  values: Record<string, string | null | undefined>,
  language: Language,
): Rendered {
  const notice = content.notices.find((each) => each.code === code)
  if (!notice) throw new Error(`there is no message ${code}`)
  const missing = new Set<string>()
  const fill = (text: string): string =>
    text.replace(/\{([a-zA-Z]+)\}/g, (written, name: string) => {
      const value = values[name]
      if (value === null || value === undefined || value === "") {
        if (droppable.has(name)) return ""
        missing.add(name)
        return written
      }
      const most = content.variables.find((each) => each.code === name)?.maxLength ?? Infinity
      return cuttable.has(name) ? cut(value, most) : value
    })
  // Without its link a paragraph that is there for the link says nothing.
  const hasLink = !!values.link
  const paragraphs = (text: string): string =>
    text
      .split("\n\n")
      .filter((each) => hasLink || !each.includes("{link}"))
      .join("\n\n")
  const texts: NoticeTexts = {
    chat: fill(notice.chat[language]),
    sms: fill(notice.sms[language]).trim(),
    email: {
      subject: fill(notice.email.subject[language]),
      body: fill(paragraphs(notice.email.body[language])).trim(),
    },
    portal: fill(notice.portal[language]),
  }
  const most = (channel: NoticeChannel): number =>
    content.channels.find((each) => each.code === channel)?.maxLength ?? Infinity
  const tooLong = (["chat", "sms", "portal"] as const).filter(
    (channel) => lengthOf(texts[channel]) > most(channel),
  )
  return { texts, missing: [...missing], tooLong, caution: notice.caution }
}
