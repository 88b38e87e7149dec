import type { Words } from "../words.ts"

const kinds: [kind: Words, form: RegExp][] = [
  [
    { "zh-Hans": "手机号", "zh-Hant": "手機號碼", en: "phone number" },
    /(?<!\d)(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d){8}(?!\d)/,
  ],
  [{ "zh-Hans": "身份证号", "zh-Hant": "身分證號", en: "ID number" }, /(?<!\d)\d{17}[\dXx](?![\dXx])/],
  [
    { "zh-Hans": "详细地址", "zh-Hant": "詳細地址", en: "full address" },
    /[\p{Script=Han}]{2,}(?:路|街|道|巷|弄|村|小区|社区|大道)[\p{Script=Han}\d]{0,20}?\s*\d+\s*(?:号|號|栋|棟|幢|单元|單元|室|弄)/u,
  ],
]

/** What kind of a customer's personal data stands in a text; null: none that is recognised (clause 4.2c). */
export function personalIn(text: string): Words | null {
  return kinds.find(([, form]) => form.test(text))?.[0] ?? null
}

/** The words of a text for search and comparison: Chinese by character and pair of characters, others whole, lower case; numbers also by their last six digits. */
export function wordsOf(text: string): string[] {
  const words = new Set<string>()
  for (const [run] of text
    .normalize("NFKC")
    .toLowerCase()
    .matchAll(/\p{Script=Han}+|[\p{L}\p{N}]+/gu)) {
    if (/^\p{Script=Han}/u.test(run)) {
      const characters = [...run]
      characters.forEach((character, i) => {
        words.add(character)
        if (i > 0) words.add(characters[i - 1]! + character)
      })
    } else {
      words.add(run)
      if (/^\d{7,}$/.test(run)) words.add(run.slice(-6))
    }
  }
  return [...words]
}

/** The words that must all stand in what is searched for: of Chinese the pairs, a single character where there is no more. */
export function wantedWords(text: string): string[] {
  const all = wordsOf(text)
  return all.filter((word) => {
    if (!/^\p{Script=Han}$/u.test(word)) return true
    return !all.some((other) => other !== word && other.includes(word) && /^\p{Script=Han}{2}$/u.test(other))
  })
}

/** How alike two texts are in percent: the share of their words that both have (Jaccard). */
export function alikeness(one: string, other: string): number {
  const pairs = (text: string) => new Set(wordsOf(text).filter((word) => [...word].length > 1))
  const left = pairs(one)
  const right = pairs(other)
  if (left.size === 0 || right.size === 0) return 0
  let both = 0
  for (const word of left) if (right.has(word)) both++
  return Math.round((100 * both) / (left.size + right.size - both))
}
