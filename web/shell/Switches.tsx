import { Dropdown } from "antd"
import { Moon, Sun } from "lucide-react"
import { useMode } from "../theme/mode.ts"
import { type Language, languageNames, languages } from "../words/language.ts"
import { speak, useWords } from "../words/words.ts"

/** The language of the page. */
export function LanguageSwitch() {
  const { t, language } = useWords()
  const items = languages.map((each) => ({ key: each, label: languageNames[each].name }))
  return (
    <Dropdown
      trigger={["click"]}
      menu={{ items, selectedKeys: [language], onClick: ({ key }) => void speak(key as Language) }}
    >
      <button type="button" className="icon-button m" aria-label={t("shell.language")}>
        {languageNames[language].short}
      </button>
    </Dropdown>
  )
}

/** Light or dark. */
export function ThemeSwitch() {
  const { t } = useWords()
  const { mode, toggle } = useMode()
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={t(mode === "dark" ? "shell.light" : "shell.dark")}
      onClick={toggle}
    >
      {mode === "dark" ? <Sun size={16} /> : <Moon size={16} />}
    </button>
  )
}
