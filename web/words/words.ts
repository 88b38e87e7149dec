import i18next from "i18next"
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

/** The words of the page: `t("page.key", { count })`, the language in use, and `read` for what comes in every language. */
export function useWords(): {
  t: (key: string, values?: Record<string, unknown>) => string
  language: Language
  read: (text: string | Words) => string
} {
  const { t, i18n } = useTranslation("words")
  const language = i18n.language as Language
  return {
    t: t as unknown as (key: string, values?: Record<string, unknown>) => string,
    language,
    read: (text) => (typeof text === "string" ? text : text[language]),
  }
}

/** Whether there are words under a key in the language in use. */
export const hasWords = (key: string): boolean => i18next.exists(key, { ns: "words" })
