/** The languages of every sentence shown. */
export const languages = ["zh-Hans", "zh-Hant", "en"] as const
export type Language = (typeof languages)[number]

/** What a language is called in itself, and in one character. */
export const languageNames: Record<Language, { name: string; short: string }> = {
  "zh-Hans": { name: "简体中文", short: "中" },
  "zh-Hant": { name: "繁體中文", short: "繁" },
  en: { name: "English", short: "EN" },
}

const key = "zhunshi.language"

/** The language chosen here before, else the first of the browser's that there is. */
export function preferredLanguage(): Language {
  const kept = localStorage.getItem(key)
  if (languages.includes(kept as Language)) return kept as Language
  for (const tag of navigator.languages) {
    if (/^zh\b.*(Hant|TW|HK|MO)/i.test(tag)) return "zh-Hant"
    if (/^zh\b/i.test(tag)) return "zh-Hans"
    if (/^en\b/i.test(tag)) return "en"
  }
  return "zh-Hans"
}

/** Remembers the choice. */
export const keepLanguage = (language: Language): void => localStorage.setItem(key, language)
