import type { Language, Words } from "../words.ts"

/** How a card looks at first sight; the word stands in its title. */
export type CardLevel = "near" | "over" | "unconfirmed" | "info"

/** A kind of card as the company's content has it: its lines, and the one line for a phone. */
export type CardTemplate = {
  code: string
  name: Words
  level: CardLevel
  card: Record<Language, string[]>
  phone: Words
}

/** The values of a card, already in the company's language; what is missing or empty takes its part of the line away. */
export type CardValues = Partial<Record<string, string>>

/** A button of a card: what it says and where it leads. */
export type CardLink = { says: string; url: string }

/** A card in one language, ready for any platform. No value in it is a receiver's. */
export type Card = {
  code: string
  level: CardLevel
  title: string
  lines: string[]
  /** the whole of it in one line */
  phone: string
  open: CardLink | null
  take: CardLink | null
}

const variable = /\{([a-zA-Z]+)\}/g
/** Where a sentence can be cut when a part of it has nothing to say. */
const joints = / · |，|, /

const namesIn = (text: string): string[] => [...text.matchAll(variable)].map(([, name]) => name!)

/** A line with its values; null when none of its variables has one. A part without a value is left out, the others stay. */
export function fillLine(line: string, values: CardValues): string | null {
  const has = (name: string): boolean => (values[name] ?? "") !== ""
  const put = (text: string) => text.replace(variable, (_, name: string) => values[name] ?? "")
  const names = namesIn(line)
  if (names.length > 0 && !names.some(has)) return null
  if (names.every(has)) return put(line)
  const joint = joints.exec(line)?.[0]
  if (joint === undefined) return null
  const parts = line.split(joint).filter((part) => namesIn(part).every(has))
  return parts.length === 0 ? null : put(parts.join(joint))
}

const linesMax = 12

/** Makes a card of its template. The line that holds the link becomes its button; `take` is the second one. */
export function makeCard(
  template: CardTemplate,
  values: CardValues,
  links: { open: string | null; take?: string | null },
  language: Language,
): Card {
  const written = template.card[language]
  const button = written.find((line) => line.includes("{link}"))
  const [title = "", ...lines] = written
    .filter((line) => line !== button)
    .flatMap((line) => fillLine(line, values)?.split("\n") ?? [])
  return {
    code: template.code,
    level: template.level,
    title,
    lines: lines.slice(0, linesMax),
    phone: fillLine(template.phone[language], values) ?? title,
    open: links.open && button ? { says: button.replace(/[：:]?\s*\{link\}/, ""), url: links.open } : null,
    take: links.take ? { says: takeWords[language], url: links.take } : null,
  }
}

const takeWords: Words = { "zh-Hans": "我来处理", "zh-Hant": "我來處理", en: "I take it" }
