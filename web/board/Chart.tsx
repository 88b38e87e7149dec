import { BarChart, LineChart } from "echarts/charts"
import { GridComponent, MarkLineComponent, TooltipComponent } from "echarts/components"
import * as echarts from "echarts/core"
import { CanvasRenderer } from "echarts/renderers"
import { useEffect, useRef } from "react"
import { useMode } from "../theme/mode.ts"

echarts.use([BarChart, LineChart, GridComponent, MarkLineComponent, TooltipComponent, CanvasRenderer])

/** Colours of the page as a chart can use them. */
export type Ink = {
  grid: string
  axis: string
  today: string
  usual: string
  calm: string
  text: string
  band: string
}

function inkOf(element: Element): Ink {
  const style = getComputedStyle(element)
  const value = (name: string) => style.getPropertyValue(name).trim()
  return {
    grid: value("--c-grid"),
    axis: value("--c-axis"),
    today: value("--c-today"),
    usual: value("--c-usual"),
    calm: value("--calm-fill"),
    text: value("--text2"),
    band: value("--c-band"),
  }
}

/** A chart that fills its box and follows the theme; `label` says it to who does not see it. */
export function Chart({
  option,
  label,
  height = 150,
}: {
  option: (ink: Ink) => echarts.EChartsCoreOption
  label: string
  height?: number
}) {
  const box = useRef<HTMLDivElement>(null)
  const chart = useRef<echarts.ECharts | null>(null)
  const { mode } = useMode()
  useEffect(() => {
    const made = echarts.init(box.current!)
    chart.current = made
    const watch = new ResizeObserver(() => made.resize())
    watch.observe(box.current!)
    return () => {
      watch.disconnect()
      made.dispose()
    }
  }, [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours change with the mode, which the option reads from the page
  useEffect(() => {
    if (box.current) chart.current?.setOption(option(inkOf(box.current)), { notMerge: true })
  }, [option, mode])
  return <div ref={box} role="img" aria-label={label} style={{ height }} />
}

/** What every chart here shares: no axis line, 11-px labels, three or four lines behind. */
export const plainAxes = (ink: Ink) => ({
  grid: { left: 34, right: 8, top: 10, bottom: 20 },
  textStyle: { fontFamily: "inherit" },
  animation: false,
  yAxis: {
    type: "value" as const,
    splitNumber: 3,
    minInterval: 1,
    axisLabel: { color: ink.axis, fontSize: 11 },
    splitLine: { lineStyle: { color: ink.grid } },
  },
})
