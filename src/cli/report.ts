import type { CheckedOrder, CheckReport } from "../core/check.ts"
import { spanOf } from "../core/explain.ts"
import { parseInstant } from "../core/instants.ts"
import type { KindCounts } from "../core/summary.ts"

const chinese = /^zh/i.test(process.env.LC_ALL ?? process.env.LANG ?? "")
const words = chinese
  ? {
      kinds: { prepare: "备货", ship: "发货", collect: "揽收", deliver: "签收" },
      columns: ["时钟", "按时", "迟了", "超时未完", "进行中", "取消", "替换"],
      head: (orders: number, asOf: string) => `${number(orders)} 单，截至 ${asOf}`,
      over: (n: number, what: string) => `${number(n)} 单${what}已经超时还没完成`,
      late: (n: number, what: string) => `${number(n)} 单${what}完成了但迟了`,
      good: "没有超时",
      untold: (n: number, hours: string, what: string) =>
        `${number(n)} 单已过 ${hours} 且没有发货；这份文件没有${what}的信息，不知道是否已完成`,
      untoldMark: "（文件不提供，只显示）",
      urgent: "先处理这些",
      rejected: (n: number) => `${number(n)} 行读不了`,
      line: "行",
      anomalies: "异常",
      policy: "按",
    }
  : {
      kinds: { prepare: "prepare", ship: "ship", collect: "collect", deliver: "deliver" },
      columns: ["clock", "met", "late", "overdue", "running", "cancelled", "replaced"],
      head: (orders: number, asOf: string) => `${number(orders)} orders as of ${asOf}`,
      over: (n: number, what: string) => `${number(n)} are past their ${what} standard and not done`,
      late: (n: number, what: string) => `${number(n)} kept it late (${what})`,
      good: "nothing is late",
      untold: (n: number, hours: string, what: string) =>
        `${number(n)} are past ${hours} and not shipped; this file does not say whether they are ${what === "prepare" ? "prepared" : `past ${what}`}`,
      untoldMark: "(not in this file: shown only)",
      urgent: "Look at these first",
      rejected: (n: number) => `${number(n)} rows could not be read`,
      line: "line",
      anomalies: "Odd",
      policy: "by",
    }

function number(n: number): string {
  return n.toLocaleString("en-US")
}

/** Prints a report for people: a headline of observed clocks, what the file cannot tell, the counts and the ten to look at first. */
export function printReport(
  report: CheckReport,
  urgent: readonly CheckedOrder[],
  out: NodeJS.WritableStream,
): void {
  const lines = [words.head(report.orders, report.asOf), ...headline(report), "", ...table(report), ""]
  if (urgent.length > 0)
    lines.push(words.urgent, ...urgent.map((order) => urgentLine(order, report.asOf)), "")
  if (report.rejectedCount > 0) {
    lines.push(words.rejected(report.rejectedCount))
    for (const { line, column, message } of report.rejected.slice(0, 5))
      lines.push(`  ${words.line} ${line} · ${column} · ${message}`)
    lines.push("")
  }
  const odd = Object.entries(report.anomalies)
  if (odd.length > 0)
    lines.push(`${words.anomalies}: ${odd.map(([word, n]) => `${word} ${number(n)}`).join(" · ")}`)
  for (const { word, count } of report.unknownStatuses.slice(0, 5))
    lines.push(`「${word}」 ? ${number(count)}`)
  lines.push(`${words.policy} ${report.policy}`)
  out.write(`${lines.join("\n")}\n`)
}

function headline(report: CheckReport): string[] {
  const lines: string[] = []
  for (const [kind, counts] of Object.entries(report.clocks) as [keyof typeof words.kinds, KindCounts][]) {
    const what = words.kinds[kind]
    if (!counts.observed) {
      if (counts.overdue > 0)
        lines.push(words.untold(counts.overdue, kind === "prepare" ? "24 h" : "48 h", what))
      continue
    }
    if (counts.overdue > 0) lines.unshift(words.over(counts.overdue, what))
    if (counts.late > 0) lines.push(words.late(counts.late, what))
  }
  return lines.length > 0 ? lines : [words.good]
}

function table(report: CheckReport): string[] {
  const rows = [words.columns]
  for (const [kind, counts] of Object.entries(report.clocks) as [keyof typeof words.kinds, KindCounts][]) {
    const cells = [
      counts.met,
      counts.late,
      counts.overdue,
      counts.running,
      counts.cancelled,
      counts.replaced,
    ].map(number)
    rows.push([`${words.kinds[kind]} ${counts.observed ? "" : words.untoldMark}`.trim(), ...cells])
  }
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => width(row[i]!))))
  return rows.map((row) =>
    row
      .map((cell, i) =>
        i === 0 ? cell + " ".repeat(widths[i]! - width(cell)) : " ".repeat(widths[i]! - width(cell)) + cell,
      )
      .join("   "),
  )
}

/** Columns of a terminal that a text takes: Chinese characters take two. */
const width = (text: string): number =>
  [...text].reduce((n, each) => n + (each.codePointAt(0)! > 0x2e7f ? 2 : 1), 0)

function urgentLine({ orderNo, name, answer }: CheckedOrder, asOf: string): string {
  const at = parseInstant(asOf)!
  const clock = answer.clocks
    .filter((each) => each.state !== "closed" && each.observed && each.dueAt !== null)
    .sort((one, other) => one.dueAt! - other.dueAt!)[0]!
  const left = clock.dueAt! - at
  return `  ${left < 0 ? "–" : " "}${spanOf(left).padEnd(10)} ${orderNo}  ${words.kinds[clock.kind as keyof typeof words.kinds]} · ${clock.basis}${name ? `  ${name}` : ""}`
}
