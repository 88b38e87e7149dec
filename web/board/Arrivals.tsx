import { Segmented } from "antd"
import { useCallback, useState } from "react"
import type { Board, Flow } from "../../src/api/contract.ts"
import { sayTime } from "../time/dates.ts"
import { useNow } from "../time/now.ts"
import { useZone } from "../time/zone.ts"
import { useWords } from "../words/words.ts"
import { Chart, type Ink, plainAxes } from "./Chart.tsx"
import { useChannelName } from "./names.ts"

const minuteMs = 60_000
const by = ["channel", "shop", "session"] as const

/** Orders a minute of today against the usual, and who they come from. */
export function Arrivals({ board }: { board: Board }) {
  const { t } = useWords()
  const now = useNow(60_000)
  const zone = useZone()
  const [group, setGroup] = useState<(typeof by)[number]>("channel")
  const { paid, minutes, usual } = board.arrivals
  const today = Date.parse(board.today.since)
  const usualNow = usual.find(([minute]) => Math.abs(minute * minuteMs - (now - today)) < 10 * minuteMs)?.[1]
  const option = useCallback(
    (ink: Ink) => chartOf(ink, { minutes, usual, today, now, zone }),
    [minutes, usual, today, now, zone],
  )
  const rate = paid.lastMinute
  return (
    <section className="pane">
      <header className="row">
        <h2>{t("board.arrivals.title")}</h2>
        <span className="grow" />
        <span className="t3 s">{t("board.arrivals.today", { n: paid.today.toLocaleString("en") })}</span>
      </header>
      <div className="row figure-line">
        <b className="figure">{rate.toLocaleString("en")}</b>
        <span className="t3 s">
          {usualNow === undefined || usualNow === 0
            ? t("board.arrivals.noUsual")
            : t("board.arrivals.usual", { usual: usualNow.toFixed(1), times: (rate / usualNow).toFixed(1) })}
        </span>
      </div>
      <Chart option={option} label={t("board.arrivals.title")} height={132} />
      <div className="row" style={{ margin: "6px 0 2px" }}>
        <Segmented
          size="small"
          value={group}
          onChange={setGroup}
          options={by.map((each) => ({ value: each, label: t(`board.arrivals.by.${each}`) }))}
        />
      </div>
      <Flows board={board} group={group} />
    </section>
  )
}

function Flows({ board, group }: { board: Board; group: (typeof by)[number] }) {
  const { t } = useWords()
  const channelName = useChannelName()
  const { byChannel, byShop, bySession, created, paid } = board.arrivals
  const rows: { name: string; created: Flow; paid: Flow }[] =
    group === "channel"
      ? byChannel.map((each) => ({ ...each, name: channelName(each.channel) }))
      : group === "shop"
        ? byShop.map((each) => ({ ...each, name: `${channelName(each.channel)} ${each.shop}` }))
        : bySession.map((each) => ({ ...each, name: each.liveSession }))
  return (
    <table className="flows">
      <thead>
        <tr>
          <th />
          {(["created", "paid"] as const).map((fact) => (
            <th key={fact} colSpan={3}>
              {t(`board.arrivals.${fact}`)}
            </th>
          ))}
        </tr>
        <tr>
          <th>{t(`board.arrivals.by.${group}`)}</th>
          {[0, 1].flatMap((i) =>
            (["minute", "hour", "day"] as const).map((span) => (
              <th key={`${span}${i}`}>{t(`board.arrivals.span.${span}`)}</th>
            )),
          )}
        </tr>
      </thead>
      <tbody>
        {rows.slice(0, 6).map((row) => (
          <FlowRow key={row.name} {...row} />
        ))}
        <FlowRow name={t("board.arrivals.all")} created={created} paid={paid} strong />
      </tbody>
    </table>
  )
}

function FlowRow({
  name,
  created,
  paid,
  strong = false,
}: {
  name: string
  created: Flow
  paid: Flow
  strong?: boolean
}) {
  const cells = [
    created.lastMinute,
    created.lastHour,
    created.today,
    paid.lastMinute,
    paid.lastHour,
    paid.today,
  ]
  return (
    <tr className={strong ? "strong" : ""}>
      <td className="el" title={name}>
        {name}
      </td>
      {cells.map((n, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the columns never change their places
        <td key={i}>{n.toLocaleString("en")}</td>
      ))}
    </tr>
  )
}

function chartOf(
  ink: Ink,
  {
    minutes,
    usual,
    today,
    now,
    zone,
  }: {
    minutes: [string, number, number][]
    usual: [number, number][]
    today: number
    now: number
    zone: string
  },
) {
  const bars = new Map<number, number>()
  // Five minutes a point: calmer than one, and still shows the minute in which a stream begins.
  for (const [at, , paid] of minutes) {
    const point = Math.floor((Date.parse(at) - today) / (5 * minuteMs))
    bars.set(point, (bars.get(point) ?? 0) + paid / 5)
  }
  const last = Math.floor((now - today) / (5 * minuteMs))
  const line = Array.from({ length: Math.max(0, last) }, (_, i) => [
    today + i * 5 * minuteMs,
    bars.get(i) ?? 0,
  ])
  return {
    ...plainAxes(ink),
    xAxis: {
      type: "time",
      min: today,
      max: today + 24 * 60 * minuteMs,
      splitNumber: 4,
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: {
        color: ink.axis,
        fontSize: 11,
        formatter: (at: number) => sayTime(at, { language: "en", zone }),
      },
    },
    tooltip: { trigger: "axis", valueFormatter: (n: number) => Number(n).toFixed(1) },
    series: [
      {
        type: "line",
        data: usual.map(([minute, n]) => [today + minute * minuteMs, n]),
        showSymbol: false,
        lineStyle: { color: ink.usual, width: 1, type: "dashed" },
        itemStyle: { color: ink.usual },
      },
      {
        type: "line",
        data: line,
        showSymbol: false,
        lineStyle: { color: ink.today, width: 1.5 },
        itemStyle: { color: ink.today },
      },
    ],
  }
}
