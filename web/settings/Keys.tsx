import { useQuery } from "@tanstack/react-query"
import { Button } from "antd"
import { Check, Copy } from "lucide-react"
import { useState } from "react"
import type { KeyRow } from "../../src/api/contract/settings.ts"
import { get, post, remove } from "../client.ts"
import { EmptyState, ErrorState, Skeleton } from "../marks/Blank.tsx"
import { TypedWord } from "../marks/Word.tsx"
import { useWho } from "../shell/who.tsx"
import { exact } from "../time/dates.ts"
import { useZone } from "../time/zone.ts"
import { useWords } from "../words/words.ts"
import { useAct } from "./queries.ts"
import { Trouble } from "./Trouble.tsx"

/** API keys, and a call that can be pasted into a terminal as it stands. */
export default function KeysSection() {
  const { t } = useWords()
  const zone = useZone()
  const { may } = useWho()
  const keys = useQuery({
    queryKey: ["settings", "keys"],
    queryFn: () => get<{ items: KeyRow[] }>("/api/v1/keys"),
  })
  const make = useAct((name: string) => post<{ key: string }>("/api/v1/keys", { name }))
  const revoke = useAct((id: string) => remove(`/api/v1/keys/${id}`))
  if (keys.error) return <ErrorState error={keys.error} onRetry={() => void keys.refetch()} />
  if (!keys.data) return <Skeleton rows={3} />
  const open = keys.data.items.filter(({ revokedAt }) => revokedAt === null)
  const disabled = !may("act", "settings")
  return (
    <div className="sentences">
      {open.length === 0 && (
        <EmptyState title={t("settings.keys.none")}>{t("settings.keys.means")}</EmptyState>
      )}
      {open.map((each) => (
        <div className="shop" key={each.id}>
          <b>{each.name}</b>
          <div>
            <p>
              {t(`settings.role.${each.role}`)} · {t("settings.keys.source", { source: each.source })}
            </p>
            <p className="s t3">
              {t("settings.keys.since", { at: exact(Date.parse(each.createdAt), zone) })}
            </p>
          </div>
          {!disabled && (
            <Button size="small" type="text" onClick={() => revoke.mutate(each.id)}>
              {t("settings.keys.revoke")}
            </Button>
          )}
        </div>
      ))}
      {!disabled && (
        <div className="shop">
          <span />
          <p>
            {t("settings.keys.add")}
            <TypedWord
              value=""
              label={t("settings.keys.name")}
              placeholder={t("settings.keys.placeholder")}
              onChange={(name) => name !== "" && make.mutate(name)}
            />
          </p>
        </div>
      )}
      <Trouble error={make.error ?? revoke.error} />
      <Call apiKey={make.data?.key ?? null} />
    </div>
  )
}

/** The call, with the key that was just made in it; afterwards the key is shown never again. */
function Call({ apiKey }: { apiKey: string | null }) {
  const { t } = useWords()
  const zone = useZone()
  const now = exact(Date.now(), zone).replace(" ", "T")
  const call = [
    `curl ${window.location.origin}/api/v1/order-events \\`,
    `  -H 'x-api-key: ${apiKey ?? "zs_…"}' -H 'content-type: application/json' \\`,
    `  -d '[{"channel":"douyin","shop":"s1","orderNo":"1","type":"paid","at":"${now}${offsetOf(zone)}","eventId":"1"}]'`,
  ].join("\n")
  return (
    <div className="effect">
      <h2>{t(apiKey ? "settings.keys.ready" : "settings.keys.call")}</h2>
      {apiKey && <p className="t2">{t("settings.keys.once")}</p>}
      <Copied text={call} />
      <p className="s t3">
        <a href="/api/docs">{t("settings.keys.docs")}</a>
      </p>
    </div>
  )
}

/** A text in a frame, to be copied whole. */
export function Copied({ text }: { text: string }) {
  const { t } = useWords()
  const [copied, setCopied] = useState<string | null>(null)
  return (
    <div className="row settings-link">
      <code className="grow">{text}</code>
      <Button
        size="small"
        icon={copied === text ? <Check size={14} /> : <Copy size={14} />}
        onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(text))}
      >
        {t(copied === text ? "settings.invite.copied" : "settings.invite.copy")}
      </Button>
    </div>
  )
}

/** The offset of a zone now, as `+08:00`. */
function offsetOf(zone: string): string {
  const part = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" })
    .formatToParts()
    .find(({ type }) => type === "timeZoneName")?.value
  return part?.replace("GMT", "") || "+00:00"
}
