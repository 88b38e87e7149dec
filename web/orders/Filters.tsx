import { useQuery } from "@tanstack/react-query"
import { Select } from "antd"
import { X } from "lucide-react"
import type { OrderCounts } from "../../src/api/contract.ts"
import { useChannelName } from "../board/names.ts"
import { StateTag } from "../marks/StateTag.tsx"
import { boardQuery } from "../shell/counts.ts"
import { nextMidnight, say } from "../time/dates.ts"
import { serverNow, useNow } from "../time/now.ts"
import { useZone } from "../time/zone.ts"
import { hasWords, useWords } from "../words/words.ts"
import type { Filter, FilterKey } from "./filters.ts"

type Change = (changes: Partial<Record<FilterKey, string | null>>) => void
const cleared = Object.fromEntries(
  ["stage", "clock", "basis", "state", "dueFrom", "dueTo", "anomaly", "watched", "q"].map((key) => [
    key,
    null,
  ]),
) as Record<FilterKey, null>

/** The views that everybody needs, as tabs above the list. */
export function Views({ filter, onChange }: { filter: Filter; onChange: Change }) {
  const { t } = useWords()
  const zone = useZone()
  const views: [string, Filter][] = [
    ["all", {}],
    ["today", { dueTo: new Date(nextMidnight(serverNow(), zone)).toISOString() }],
    ["prepareOver", { clock: "prepare", state: "over" }],
    ["shipOver", { clock: "ship", state: "over" }],
    ["paused", { state: "paused" }],
    ["unwatched", { watched: "false" }],
  ]
  const same = (own: Filter) => {
    const keys = ["clock", "state", "dueTo", "dueFrom", "watched", "stage", "anomaly"] as const
    return keys.every((key) => (filter[key] ?? "") === (own[key] ?? ""))
  }
  return (
    <nav className="views" aria-label={t("orders.views")}>
      {views.map(([name, own]) => (
        <button
          key={name}
          type="button"
          aria-current={same(own)}
          onClick={() => onChange({ ...cleared, ...own })}
        >
          {t(`orders.view.${name}`)}
        </button>
      ))}
    </nav>
  )
}

/** What narrows the list, as chips to remove, and the states with their counts; each count opens its rows. */
export function Filters({
  filter,
  counts,
  onChange,
}: {
  filter: Filter
  counts: OrderCounts | undefined
  onChange: Change
}) {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  const channelName = useChannelName()
  const board = useQuery({ ...boardQuery, staleTime: 60_000 }).data
  const channels = [...new Set(board?.channels.map(({ channel }) => channel) ?? [])]
  const shown = (Object.entries(filter) as [FilterKey, string][]).filter(
    ([key]) => key !== "state" && key !== "alert",
  )
  const word = (key: FilterKey, value: string): string => {
    if (key === "clock") return t(`marks.kind.${value}`)
    if (key === "basis") return t(`marks.basis.${value}`)
    if (key === "stage") return t(`marks.stage.${value}`)
    if (key === "channel") return channelName(value)
    if (key === "anomaly" && hasWords(`board.anomaly.${value}`)) return t(`board.anomaly.${value}`)
    if (key === "watched") return t(`orders.watched.${value}`)
    if (/From$|To$/.test(key)) return say(Date.parse(value), now, { language, zone })
    return value
  }
  const states = ["over", "near", "running", "paused"] as const
  return (
    <div className="filters row">
      {channels.length > 1 && !filter.channel && (
        <Select
          size="small"
          variant="filled"
          placeholder={t("orders.filter.channel")}
          style={{ minWidth: 92 }}
          value={null}
          onChange={(channel: string) => onChange({ channel })}
          options={channels.map((each) => ({ value: each, label: channelName(each) }))}
        />
      )}
      {!filter.stage && (
        <Select
          size="small"
          variant="filled"
          placeholder={t("orders.filter.stage")}
          style={{ minWidth: 92 }}
          value={null}
          onChange={(stage: string) => onChange({ stage })}
          options={["paid", "prepared", "shipped", "collected", "delivered", "cancelled", "refunded"].map(
            (each) => ({ value: each, label: t(`marks.stage.${each}`) }),
          )}
        />
      )}
      {shown.map(([key, value]) => (
        <span key={key} className="chip">
          <span className="t3">{t(`orders.filter.${key}`)}</span> {word(key, value)}
          <button
            type="button"
            className="icon-button"
            aria-label={t("orders.filter.remove", { name: t(`orders.filter.${key}`) })}
            onClick={() => onChange({ [key]: null })}
          >
            <X size={12} />
          </button>
        </span>
      ))}
      <span className="grow" />
      {states.map((state) => (
        <StateTag
          key={state}
          state={state === "running" ? "calm" : state}
          count={counts && (counts[state] ?? 0)}
          pressed={filter.state === state}
          onPress={() => onChange({ state: filter.state === state ? null : state })}
        />
      ))}
    </div>
  )
}
