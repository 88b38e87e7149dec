import { useQuery } from "@tanstack/react-query"
import { Dropdown } from "antd"
import { LogOut, Search, UserRound } from "lucide-react"
import { type RefObject, useState } from "react"
import { Link, useNavigate } from "react-router"
import { Bell } from "../bell/Bell.tsx"
import { address } from "../client.ts"
import { useWords } from "../words/words.ts"
import { boardQuery } from "./counts.ts"
import { LanguageSwitch, ThemeSwitch } from "./Switches.tsx"
import { useSignOut, useWho } from "./who.tsx"

/** Search over everything, the live session that runs, language, light, person. */
export function TopBar({ search }: { search: RefObject<HTMLInputElement | null> }) {
  const { t } = useWords()
  return (
    <header className="top">
      <SearchBox input={search} />
      <span className="grow" />
      <LiveChip />
      <Bell />
      <span className="row" style={{ gap: 2 }}>
        <LanguageSwitch />
        <ThemeSwitch />
      </span>
      <PersonMenu label={t("shell.person")} />
    </header>
  )
}

function SearchBox({ input }: { input: RefObject<HTMLInputElement | null> }) {
  const { t } = useWords()
  const navigate = useNavigate()
  const [text, setText] = useState("")
  return (
    <search className="search">
      <Search size={15} strokeWidth={1.75} />
      <input
        ref={input}
        value={text}
        aria-label={t("shell.search")}
        placeholder={t("shell.search")}
        onChange={({ target }) => setText(target.value)}
        onKeyDown={({ key, nativeEvent }) => {
          // Enter that ends the choice of a Chinese word is not yet a search.
          if (key !== "Enter" || nativeEvent.isComposing || text.trim() === "") return
          const query = text.trim()
          void navigate(
            /^c-[0-9a-z]{4,12}$/i.test(query)
              ? address("/cases", { q: query })
              : address("/orders", { q: query }),
          )
        }}
      />
      <kbd>/</kbd>
    </search>
  )
}

/** The live session with the most orders in the last hour, and its rate. */
function LiveChip() {
  const { t } = useWords()
  const { data } = useQuery(boardQuery)
  const running = data?.arrivals.bySession
    .filter(({ paid }) => paid.lastMinute > 0)
    .sort((one, other) => other.paid.lastHour - one.paid.lastHour)[0]
  if (!running) return null
  return (
    <Link className="live-chip" to={address("/orders", { liveSession: running.liveSession })}>
      <span className="dot" />
      <span className="m el">{running.liveSession}</span>
      <span className="part" />
      <b>{running.paid.lastMinute}</b>
      <span className="t3">{t("shell.perMinute")}</span>
    </Link>
  )
}

function PersonMenu({ label }: { label: string }) {
  const { t } = useWords()
  const { me } = useWho()
  const signOut = useSignOut()
  const go = useNavigate()
  const { name, email } = me.person
  const items = [
    {
      key: "who",
      type: "group" as const,
      label: <span className="s">{[me.company?.name, email].filter(Boolean).join(" · ")}</span>,
    },
    { key: "record", icon: <UserRound size={14} />, label: t("record.mine") },
    { key: "out", icon: <LogOut size={14} />, label: t("shell.signOut") },
  ]
  return (
    <Dropdown
      trigger={["click"]}
      menu={{ items, onClick: ({ key }) => void (key === "out" ? signOut() : go("/record/me")) }}
    >
      <button type="button" className="plain row person" style={{ gap: 8 }} aria-label={label}>
        <span className="avatar">{initials(name)}</span>
        <span className="word">{name}</span>
      </button>
    </Dropdown>
  )
}

/** One Chinese character, or the first letters of two words. */
export function initials(name: string): string {
  const trimmed = name.trim()
  if (/^[\u2e80-\u9fff]/.test(trimmed)) return trimmed.charAt(0)
  const words = trimmed.split(/\s+/)
  return words
    .slice(0, 2)
    .map((word) => word.charAt(0).toUpperCase())
    .join("")
}
