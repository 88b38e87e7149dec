import { Button, Drawer } from "antd"
import { BellIcon } from "lucide-react"
import { useState } from "react"
import { useNavigate } from "react-router"
import type { BellItem } from "../../src/api/contract/alerts.ts"
import type { Words } from "../../src/core/words.ts"
import { EmptyState, ErrorState, Skeleton } from "../marks/Blank.tsx"
import { StateIcon } from "../marks/StateIcon.tsx"
import { exact, say } from "../time/dates.ts"
import { useNow } from "../time/now.ts"
import { useZone } from "../time/zone.ts"
import { hasWords, useWords } from "../words/words.ts"
import { useNotices, useRead, useUnread } from "./queries.ts"
import "./bell.css"

/** The bell of whoever is signed in: how much is unread, and a drawer with what they were told. */
export function Bell() {
  const { t } = useWords()
  const [open, setOpen] = useState(false)
  const unread = useUnread()
  const label = unread > 0 ? `${t("bell.title")}, ${t("bell.unread", { n: unread })}` : t("bell.title")
  return (
    <>
      <button type="button" className="icon-button bell" aria-label={label} onClick={() => setOpen(true)}>
        <span className="bell-icon">
          <BellIcon size={17} strokeWidth={1.75} />
          {unread > 0 && <sup aria-hidden="true">{unread > 99 ? "99+" : unread}</sup>}
        </span>
      </button>
      <Drawer
        open={open}
        onClose={() => setOpen(false)}
        size={420}
        title={t("bell.title")}
        extra={<ReadAll unread={unread} />}
        styles={{ body: { padding: 0 } }}
      >
        <Notices shown={open} onGo={() => setOpen(false)} />
      </Drawer>
    </>
  )
}

function ReadAll({ unread }: { unread: number }) {
  const { t } = useWords()
  const read = useRead()
  return (
    <Button size="small" disabled={unread === 0} onClick={() => read.mutate(null)}>
      {t("bell.readAll")}
    </Button>
  )
}

function Notices({ shown, onGo }: { shown: boolean; onGo: () => void }) {
  const { t } = useWords()
  const navigate = useNavigate()
  const notices = useNotices(shown)
  const read = useRead()
  if (notices.isPending) return <Skeleton height={64} widths={[240]} />
  if (notices.error && !notices.data)
    return <ErrorState error={notices.error} onRetry={() => void notices.refetch()} />
  const items = notices.data.pages.flatMap((page) => page.items)
  if (items.length === 0) return <EmptyState title={t("bell.none")}>{t("bell.noneMeans")}</EmptyState>
  const open = (item: BellItem) => {
    if (item.readAt === null) read.mutate([item.id])
    if (item.link === null) return
    onGo()
    void navigate(item.link)
  }
  return (
    <ul className="notices">
      {items.map((item) => (
        <li key={item.id}>
          <button
            type="button"
            className={`plain${item.readAt === null ? " unread" : ""}`}
            onClick={() => open(item)}
          >
            <Notice item={item} />
          </button>
        </li>
      ))}
      {notices.hasNextPage && (
        <li>
          <button type="button" className="link s more" onClick={() => void notices.fetchNextPage()}>
            {t("bell.more")}
          </button>
        </li>
      )}
    </ul>
  )
}

const levels: Partial<Record<string, "near" | "over" | "unconfirmed">> = {
  near: "near",
  over: "over",
  unconfirmed: "unconfirmed",
}

function Notice({ item: { kind, data, at } }: { item: BellItem }) {
  const { t, language, read } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  const key = `bell.kind.${kind}`
  const why = typeof data.why === "string" ? `alerts.why.${data.why}.title` : ""
  // The platform is not known to a notice; its place in the sentence stays empty.
  const reason = why !== "" && hasWords(why) ? t(why, { platform: "" }) : ""
  const text = data.text ? read(data.text as string | Words) : ""
  const level = levels[String(data.level)]
  return (
    <>
      <span className="mark">{level && <StateIcon state={level} size={14} />}</span>
      <span className="grow">
        <span className="text">
          {hasWords(key) ? t(key, { ...data, text, reason }) : text || t("bell.kind.other")}
        </span>
        <time className="t3 s" dateTime={at} title={exact(Date.parse(at), zone)}>
          {say(Date.parse(at), now, { language, zone })}
        </time>
      </span>
      <span className="dot" />
    </>
  )
}
