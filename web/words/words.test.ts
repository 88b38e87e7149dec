import { expect, test } from "vitest"
import content from "../../content/departments.json" with { type: "json" }
import { deeds } from "../../src/core/deeds.ts"
import { refusals } from "../../src/core/refusals.ts"
import { languages } from "./language.ts"

const files = import.meta.glob<Record<string, unknown>>("./*/*.json", { eager: true, import: "default" })
const sources = Object.entries(
  import.meta.glob<string>(["../**/*.{ts,tsx}", "!../**/*.test.{ts,tsx}"], {
    eager: true,
    query: "?raw",
    import: "default",
  }),
)

/** `page.key` of every sentence of a language, with its text. */
function wordsOf(language: string): Map<string, string> {
  const words = new Map<string, string>()
  const walk = (value: unknown, path: string): void => {
    if (typeof value === "string") words.set(path, value)
    else for (const [key, own] of Object.entries(value as object)) walk(own, `${path}.${key}`)
  }
  for (const [path, file] of Object.entries(files)) {
    const [, own, page] = /^\.\/([\w-]+)\/([\w-]+)\.json$/.exec(path)!
    if (own === language) walk(file, page!)
  }
  return words
}

const departments = content.departments as { code: string; name: Record<string, string> }[]
const all = new Map(languages.map((language) => [language, wordsOf(language)]))
const keys = [...all.get("zh-Hans")!.keys()]
const pages = new Set(keys.map((key) => key.split(".")[0]!))

/** Literal keys, and the fixed beginnings of those made of a template, that a file asks words for. */
function askedBy(text: string): { whole: string[]; begun: string[] } {
  const named = new RegExp(`["'\`]((?:${[...pages].join("|")})\\.[\\w.]+)(["'\`]|\\$\\{)`, "g")
  const whole: string[] = []
  const begun: string[] = []
  for (const [, key, end] of text.matchAll(named)) (end === "${" ? begun : whole).push(key!)
  return { whole, begun }
}

/** A plural is asked for without its ending. */
const exists = (key: string): boolean =>
  keys.includes(key) || keys.includes(`${key}_one`) || keys.includes(`${key}_other`)

const withoutPlural = (key: string): string => key.replace(/_(one|other)$/, "")

test.each(languages)("%s has every sentence that the others have", (language) => {
  const own = new Set([...all.get(language)!.keys()].map(withoutPlural))
  const others = languages.flatMap((each) => [...all.get(each)!.keys()].map((key) => withoutPlural(key)))
  expect(others.filter((key) => !own.has(key))).toEqual([])
})

test.each(languages)("%s fills in the same names as 简体", (language) => {
  const names = (text: string | undefined) => [...new Set((text ?? "").match(/\{\{\w+\}\}/g) ?? [])].sort()
  const own = all.get(language)!
  const differing = keys.filter(
    (key) => own.has(key) && String(names(own.get(key))) !== String(names(all.get("zh-Hans")!.get(key))),
  )
  expect(differing).toEqual([])
})

test("every key that the code asks for exists", () => {
  const missing = sources.flatMap(([path, text]) => {
    const { whole, begun } = askedBy(text)
    const unknown = whole.filter((key) => !exists(key) && !keys.some((each) => each.startsWith(`${key}.`)))
    return [...unknown, ...begun.filter((start) => !keys.some((key) => key.startsWith(start)))].map(
      (key) => `${path}: ${key}`,
    )
  })
  expect(missing).toEqual([])
})

test("saving is one word, and a department is called on pages as the company is proposed to call it", () => {
  for (const language of languages) {
    const own = all.get(language)!
    expect([...own].filter(([, text]) => /存好|存下/.test(text)).map(([key]) => key)).toEqual([])
    const names = departments.map(({ code, name }) => [`board.department.${code}`, name[language]] as const)
    expect(names.filter(([key, name]) => (own.get(key) ?? name) !== name)).toEqual([])
  }
})

test("no sentence to staff says 请, 温馨提示 or shouts", () => {
  const shouting = languages.flatMap((language) =>
    [...all.get(language)!]
      .filter(([, text]) =>
        /请(?!求)|請(?!求)|温馨提示|溫馨提示|!$|！/.test(text.replaceAll("邀请", "").replaceAll("邀請", "")),
      )
      .map(([key]) => `${language} ${key}`),
  )
  expect(shouting).toEqual([])
})

/** The characters of Big5, which has none that is only 简体. */
function traditional(): Set<string> {
  const decoder = new TextDecoder("big5")
  const found = new Set<string>()
  for (let lead = 0xa1; lead <= 0xf9; lead++)
    for (let trail = 0x40; trail <= 0xfe; trail++)
      // Between and behind its two levels stand Hong Kong's own, 简体 among them.
      if (lead < 0xc6 || (lead > 0xc8 && (lead < 0xf9 || trail <= 0xd5)) || (lead === 0xc6 && trail <= 0x7e))
        found.add(decoder.decode(new Uint8Array([lead, trail])))
  return found
}

test("繁體 has no 简体 among its characters", () => {
  const known = traditional()
  const strange = [...all.get("zh-Hant")!]
    .map(([key, text]) => [
      key,
      text
        .match(/\p{Script=Han}/gu)
        ?.filter((each) => !known.has(each))
        .join("") ?? "",
    ])
    .filter(([, each]) => each !== "")
  expect(strange).toEqual([])
})

test.each(languages)("%s has words for every expected no", (language) => {
  const own = all.get(language)!
  const silent = Object.keys(refusals).filter((code) => !own.has(`problems.${code}.title`))
  expect(silent).toEqual([])
})

test.each(languages)("%s has words for every deed that the audit trail can hold", (language) => {
  const own = all.get(language)!
  const silent = deeds.filter((deed) => !own.has(`settings.audit.what.${deed.replaceAll(".", "_")}`))
  expect(silent).toEqual([])
})
