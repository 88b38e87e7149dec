import { harmless } from "../../src/files/formula.ts"
import { countdown } from "../time/countdown.ts"
import { exact } from "../time/dates.ts"
import type { SheetWords } from "./protocol.ts"
import type { Verdict } from "./verdicts.ts"

const sheetRowsMax = 200_000

/** A list as a workbook; above 200,000 rows as CSV, which may be of any length. */
export async function sheetOf(
  list: readonly Verdict[],
  words: SheetWords,
  zone: string,
): Promise<{ file: Blob; extension: "xlsx" | "csv" }> {
  const rows = list.map((each) => rowOf(each, words, zone))
  if (rows.length > sheetRowsMax) {
    const lines = [words.headers, ...rows].map((cells) =>
      cells.map((cell) => `"${harmless(cell).replaceAll('"', '""')}"`).join(","),
    )
    return { file: new Blob(["\ufeff", lines.join("\r\n")], { type: "text/csv" }), extension: "csv" }
  }
  const { default: exceljs } = await import("exceljs")
  const book = new exceljs.Workbook()
  const page = book.addWorksheet(words.sheet, { views: [{ state: "frozen", ySplit: 1 }] })
  page.addRow(words.headers).font = { bold: true }
  for (const cells of rows) page.addRow(cells.map(harmless))
  for (const [i, width] of [24, 36, 20, 20, 20, 14, 18, 16].entries()) page.getColumn(i + 1).width = width
  const bytes = await book.xlsx.writeBuffer()
  return {
    file: new Blob([bytes as BlobPart], {
      type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }),
    extension: "xlsx",
  }
}

function rowOf(each: Verdict, words: SheetWords, zone: string): string[] {
  const at = (instant: number | null) => (instant === null ? "" : exact(instant, zone))
  const lateBy =
    each.dueAt !== null && each.closedAt !== null && each.closedAt > each.dueAt
      ? countdown(each.closedAt - each.dueAt)
      : ""
  return [
    each.orderNo,
    each.name ?? "",
    at(each.paidAt),
    at(each.dueAt),
    at(each.closedAt),
    lateBy,
    each.clock ? (words.clock[`${each.clock.kind} ${each.clock.basis}`] ?? "") : "",
    `${words.group[each.group]}${each.stage in words.stage ? ` (${words.stage[each.stage]})` : ""}`,
  ]
}
