import type { SplitView } from "../../src/api/contract/causes.ts"
import { saySpan } from "../../src/core/saying.ts"
import type { Words } from "../../src/core/words.ts"
import type { Language } from "../words/language.ts"

type T = (key: string, values?: Record<string, unknown>) => string

/** A name that may stand in every language. */
export const nameIn = (name: Words | string | null, language: Language): string =>
  name === null ? "–" : typeof name === "string" ? name : name[language]

/** Whose hours a part of a lateness is: a department of ours, or an outside party. */
export const whose = (part: SplitView["parts"][number], t: T, language: Language): string =>
  part.name === null ? t(`report.party.${part.party}`) : nameIn(part.name, language)

/** A split in one sentence. */
export function splitInWords(split: SplitView, t: T, language: Language): string {
  const parts = split.parts.map((part) =>
    t("report.split.part", {
      who: whose(part, t, language),
      stage: t(`report.stage.${part.stage}`),
      span: saySpan(part.ms),
      percent: percentOf(part.ms, split),
    }),
  )
  const held = split.notCounted.map(({ reason, ms }) =>
    t("report.split.held", { reason: t(`report.hold.${reason}`), span: saySpan(ms) }),
  )
  return [...parts, ...held].join(t("report.split.join"))
}

/** The share of a part in the time that counts. */
export function percentOf(ms: number, { parts }: SplitView): number {
  const total = parts.reduce((sum, part) => sum + part.ms, 0)
  return total === 0 ? 0 : Math.round((100 * ms) / total)
}

/** An amount in the smallest unit of its currency. */
export type Amount = { minor: number; currency: string }
/** How many smallest units make one of a currency. */
export const unitOf = (currency: string): number =>
  10 **
  (new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2)
/** An amount as a reader of a language writes it. */
export const sayAmount = ({ minor, currency }: Amount, language: string): string =>
  new Intl.NumberFormat(language, { style: "currency", currency }).format(minor / unitOf(currency))
