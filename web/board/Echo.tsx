import { useCallback } from "react"
import type { Board } from "../../src/api/contract.ts"
import { say, sayDay, sayTime, wallOf } from "../time/dates.ts"
import { useNow } from "../time/now.ts"
import { useZone } from "../time/zone.ts"
import { useWords } from "../words/words.ts"
import { Chart, type Ink, plainAxes } from "./Chart.tsx"

/** What falls due in each of the next 48 hours: a stream's peak comes back 24 and 48 hours after it. */
export function Echo({ board }: { board: Board }) {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  const { echo } = board
  const peak = echo.reduce(
    (best, each) => (each.prepare + each.ship > best.prepare + best.ship ? each : best),
    echo[0]!,
  )
  const height = peak.prepare + peak.ship
  const option = useCallback(
    (ink: Ink) => ({
      ...plainAxes(ink),
      xAxis: {
        type: "category",
        data: echo.map(({ hour }) => hour),
        axisLine: { show: false },
        axisTick: { show: false },
        axisLabel: {
          color: ink.axis,
          fontSize: 11,
          interval: (_: number, hour: string) => wallOf(Date.parse(hour), zone).hour % 12 === 0,
          formatter: (hour: string) => {
            const at = Date.parse(hour)
            return wallOf(at, zone).hour === 0
              ? sayDay(at, now, { language, zone })
              : sayTime(at, { language, zone })
          },
        },
      },
      tooltip: { trigger: "axis" },
      series: [
        {
          name: t("marks.kind.prepare"),
          type: "bar",
          data: echo.map(({ prepare }) => prepare),
          itemStyle: { color: ink.calm },
          barCategoryGap: "20%",
        },
        {
          name: t("marks.kind.ship"),
          type: "line",
          step: "middle",
          data: echo.map(({ ship }) => ship),
          showSymbol: false,
          lineStyle: { color: ink.text, width: 1 },
          itemStyle: { color: ink.text },
        },
      ],
    }),
    [echo, language, now, t, zone],
  )
  return (
    <section className="pane">
      <header className="row">
        <h2>{t("board.echo.title")}</h2>
        <span className="grow" />
        <span className="t3 s">{t("board.echo.legend")}</span>
      </header>
      <div className="row figure-line">
        <b className="figure">{height.toLocaleString("en")}</b>
        <span className="t3 s">
          {height === 0
            ? t("board.echo.none")
            : t("board.echo.peak", { at: say(Date.parse(peak.hour), now, { language, zone }) })}
        </span>
      </div>
      <Chart option={option} label={t("board.echo.title")} height={176} />
    </section>
  )
}
