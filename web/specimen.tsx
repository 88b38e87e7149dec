import { ConfigProvider } from "antd"
import { useState } from "react"
import { createRoot } from "react-dom/client"
import { LineOfTime } from "./line/LineOfTime.tsx"
import { EmptyState, ErrorState, ForbiddenState } from "./marks/Blank.tsx"
import { Countdown } from "./marks/Countdown.tsx"
import { NotchBar } from "./marks/NotchBar.tsx"
import { OrderNo } from "./marks/OrderNo.tsx"
import { StateTag } from "./marks/StateTag.tsx"
import { VirtualTable } from "./marks/VirtualTable.tsx"
import { openKeys } from "./shell/keys.ts"
import { openTheme, useMode } from "./theme/mode.ts"
import { antdTheme } from "./theme/tokens.ts"
import { pinNow } from "./time/now.ts"
import { Zone } from "./time/zone.ts"
import { openWords } from "./words/words.ts"
import "./theme/base.css"
import "./marks/marks.css"

openTheme()
openKeys()
await openWords()
const T = (s: string) => Date.parse(`2026-03-${s}+08:00`)
const now = T("11T14:32:08")
pinNow(now)
const h = 3600e3
const pause = [{ from: T("10T10:05:12"), to: T("10T13:40:12"), why: "改地址" }]
const base = {
  note: null as string | null,
  closedAt: null as number | null,
  warnAt: [] as number[],
  pauses: [] as typeof pause,
  binding: false,
  proposed: false,
  askBy: null,
  movedFrom: null,
  movedWhy: null,
  figure: null,
}
const paid = T("09T20:14:36")
const lanes: any[] = [
  {
    ...base,
    key: "a",
    name: "备货 · 公司",
    note: "超时单 C-3127",
    state: "over",
    startAt: paid,
    dueAt: T("10T23:49:36"),
    warnAt: [T("10T08:14"), T("10T21:49")],
    pauses: pause,
    word: "超时",
  },
  {
    ...base,
    key: "b",
    name: "发货 · 平台",
    note: "快递首次扫描停表",
    state: "near",
    startAt: paid,
    dueAt: T("11T20:14:36"),
    warnAt: [T("10T20:14"), T("11T14:14"), T("11T18:14")],
    binding: true,
    word: "临近",
  },
  {
    ...base,
    key: "c",
    name: "发货 · 公司",
    note: "含挂起顺延 3 h 35",
    state: "calm",
    startAt: paid,
    dueAt: T("11T23:49:36"),
    warnAt: [T("10T23:49"), T("11T21:49")],
    pauses: pause,
    word: "进行中",
  },
  {
    ...base,
    key: "d",
    name: "发货 · 协商",
    note: "16:14 前须送达客户",
    state: "calm",
    startAt: now,
    dueAt: T("12T18:00:00"),
    proposed: true,
    askBy: T("11T16:14"),
    figure: "待发出",
    word: "等客户接受",
  },
  {
    ...base,
    key: "e",
    name: "发货 · 公司",
    note: "按时停表的样子",
    state: "met",
    startAt: paid,
    dueAt: T("11T12:00:00"),
    closedAt: T("11T04:30"),
    warnAt: [T("10T16:00")],
    word: "按时",
  },
  {
    ...base,
    key: "f",
    name: "揽收 · 平台",
    note: "迟停的样子",
    state: "over",
    startAt: T("10T02:00"),
    dueAt: T("10T20:00:00"),
    closedAt: T("11T03:00"),
    warnAt: [T("10T11:00")],
    word: "已停",
  },
  {
    ...base,
    key: "g",
    name: "发货 · 平台",
    note: "取消的样子",
    state: "cancelled",
    startAt: paid,
    dueAt: T("11T20:14:36"),
    closedAt: T("10T18:00"),
    figure: "取消",
    word: "退款",
  },
  {
    ...base,
    key: "h",
    name: "发货 · 公司",
    note: "改过期",
    state: "calm",
    startAt: paid,
    dueAt: T("12T08:00:00"),
    movedFrom: T("11T20:00"),
    movedWhy: "平台改期",
    word: "进行中",
  },
]
const marks: any[] = [
  { key: "1", at: paid, icon: "paid", label: "付款", detail: "抖店推送", weight: 2, tone: "ink" },
  {
    key: "2",
    at: T("10T10:05:12"),
    until: T("10T13:40:12"),
    icon: "hold",
    label: "改地址 3 h 35",
    detail: "",
    weight: 3,
    tone: "paused",
  },
  { key: "3", at: T("10T23:49:36"), icon: "breach", label: "备货超时", detail: "", weight: 5, tone: "over" },
  { key: "4", at: T("11T09:00"), icon: "note", label: "分析", detail: "", weight: 1, tone: "plain" },
  { key: "5", at: T("11T09:30"), icon: "note", label: "方案", detail: "", weight: 1.1, tone: "plain" },
  { key: "6", at: T("11T14:06"), icon: "moved", label: "改期 14:06", detail: "", weight: 4, tone: "plain" },
]
const states = ["calm", "near", "over", "paused", "met", "cancelled", "unconfirmed"] as const
const rows = Array.from({ length: 100000 }, (_, i) => ({
  id: `69310488201577${String(43125 + i).padStart(5, "0")}`,
  due: now + ((i - 6) * 3 * h) / 2,
}))
function Page() {
  const { mode } = useMode()
  const [open, setOpen] = useState<string | null>(null)
  const [span, setSpan] = useState<any>(new URLSearchParams(location.search).get("span") ?? "all")
  return (
    <ConfigProvider theme={antdTheme(mode)}>
      <Zone value="Asia/Shanghai">
        <div style={{ padding: window.innerWidth < 500 ? 16 : "28px 40px", maxWidth: 1040 }}>
          <LineOfTime lanes={lanes} marks={marks} span={span} />
          <div style={{ width: 616, maxWidth: "100%", marginTop: 30 }}>
            <LineOfTime lanes={lanes.slice(0, 4)} marks={marks} span={span} />
          </div>
          <div className="row" style={{ gap: 8, flexWrap: "wrap", marginTop: 20 }}>
            {states.map((s) => (
              <StateTag key={s} state={s} count={6} onPress={() => setSpan("today")} />
            ))}
          </div>
          <div className="row" style={{ gap: 20, flexWrap: "wrap", marginTop: 20 }}>
            <Countdown state="calm" dueAt={now + 52 * h} />
            <Countdown state="near" dueAt={now + 43 * 60e3 + 12e3} />
            <Countdown state="over" dueAt={now - 26 * 60e3 - 10e3} />
            <Countdown state="met" dueAt={now} closedAt={now - 519e3} />
            <Countdown state="over" dueAt={now} closedAt={now + 7 * h} />
            <Countdown state="near" dueAt={now + 5.7 * h} size="hero" />
          </div>
          <div className="row" style={{ alignItems: "flex-start" }}>
            <EmptyState title="这里没有超时的订单" act={{ label: "看 1 小时内 64 单", onPress() {} }}>
              最近的一单还有 03:51 到期
            </EmptyState>
            <ErrorState error={new Error("x")} />
            <ForbiddenState />
          </div>
          <div style={{ height: 300, display: "flex", flexDirection: "column", marginTop: 20 }}>
            <VirtualTable
              label="订单"
              count={rows.length}
              row={(i) => rows[i]}
              rowKey={(r) => r.id}
              selected={open}
              onOpen={(r) => setOpen(r.id)}
              columns={[
                {
                  key: "left",
                  head: "剩余",
                  width: "164px",
                  sorted: "up",
                  cell: (r) => (
                    <span className="between">
                      <Countdown
                        state={r.due < now ? "over" : r.due < now + 6 * h ? "near" : "calm"}
                        dueAt={r.due}
                      />
                      <NotchBar
                        state={r.due < now ? "over" : r.due < now + 6 * h ? "near" : "calm"}
                        dueAt={r.due}
                      />
                    </span>
                  ),
                },
                { key: "no", head: "订单号", width: "130px", cell: (r) => <OrderNo no={r.id} /> },
                { key: "x", head: "商品", width: "minmax(100px,1fr)", cell: () => "奶油风四件套 1.8 m 燕麦" },
              ]}
            />
          </div>
        </div>
      </Zone>
    </ConfigProvider>
  )
}
createRoot(document.getElementById("root")!).render(<Page />)
