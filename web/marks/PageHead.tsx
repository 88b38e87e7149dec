import { type ReactNode, useEffect } from "react"
import { useWords } from "../words/words.ts"

/** The 52-px head of a page: its title, what is said of it, and its acts at the right end. */
export function PageHead({
  title,
  aside,
  children,
}: {
  title: string
  aside?: ReactNode
  children?: ReactNode
}) {
  const { t } = useWords()
  useEffect(() => {
    document.title = `${title} · ${t("shell.product")}`
  }, [title, t])
  return (
    <header className="page-head">
      <h1 className="nw">{title}</h1>
      {aside && <span className="t3 s el">{aside}</span>}
      <span className="grow" />
      {children}
    </header>
  )
}
