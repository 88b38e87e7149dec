import i18next from "i18next"
import { useMemo } from "react"
import { initReactI18next, useTranslation } from "react-i18next"
import type { Words } from "../../src/core/words.ts"
import { keepLanguage, type Language, preferredLanguage } from "./language.ts"

const load: Record<Language, () => Promise<{ words: Record<string, Record<string, unknown>> }>> = {
  "zh-Hans": () => import("./zh-Hans.ts"),
  "zh-Hant": () => import("./zh-Hant.ts"),
  en: () => import("./en.ts"),
}

async function fetchWords(language: Language): Promise<void> {
  if (i18next.hasResourceBundle(language, "words")) return
  const { words } = await load[language]()
  const pages = Object.entries(words).map(([path, own]) => [/([\w-]+)\.json$/.exec(path)![1]!, own] as const)
  i18next.addResourceBundle(language, "words", Object.fromEntries(pages))
}

/** Makes the words ready; keys are `page.key`, a file of web/words/<language>/ being a page. */
export async function openWords(): Promise<void> {
  const language = preferredLanguage()
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    ns: ["words"],
    defaultNS: "words",
    resources: {},
    interpolation: { escapeValue: false },
    returnNull: false,
  })
  await fetchWords(language)
  document.documentElement.lang = language
}

/** Changes the language of the page at once and remembers it. */
export async function speak(language: Language): Promise<void> {
  await fetchWords(language)
  keepLanguage(language)
  document.documentElement.lang = language
  await i18next.changeLanguage(language)
}

type Values = Record<string, unknown>

/** A number `n`, its thousands parted or not, is the count that chooses between `key_one` and `key`. */
const counted = (values?: Values): Values | undefined =>
  values?.n === undefined ? values : { count: Number(String(values.n).replaceAll(",", "")), ...values }

/** The words of the page: `t("page.key", { n })`, the language in use, and `read` for what comes in every language. */
export function useWords(): {
  t: (key: string, values?: Values) => string
  language: Language
  read: (text: string | Words) => string
} {
  const { t: say, i18n } = useTranslation("words")
  const language = i18n.language as Language
  const t = useMemo(() => {
    const sentence = say as unknown as (key: string, values?: Values) => string
    return (key: string, values?: Values) => sentence(key, counted(values))
  }, [say])
  return {
    t,
    language,
    read: (text) => (typeof text === "string" ? text : text[language]),
  }
}

/** Whether there are words under a key in the language in use. */
export const hasWords = (key: string): boolean => i18next.exists(key, { ns: "words" })
