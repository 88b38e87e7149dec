import type { Writable } from "node:stream"
import exceljs from "exceljs"
import { sayChannel } from "../../core/alerts/values.ts"
import { exact } from "../../core/dates.ts"
import type { ReportForm } from "../../core/reports.ts"
import { saySpan } from "../../core/saying.ts"
import type { Language } from "../../core/words.ts"
import { harmless } from "../../files/formula.ts"
import type { ArchivedReport } from "../../store/reports.ts"
import { documentOf } from "./archived.ts"

/** The workbook's name and heads. */
export const heads: Record<Language, { file: string; columns: string[] }> = {
  "zh-Hans": {
    file: "超时报告",
    columns: [
      "编号",
      "超时单",
      "归档时间",
      "归档人",
      "渠道",
      "店铺",
      "订单",
      "商品",
      "责任部门",
      "原因",
      "迟到",
      "经过",
      "根本原因",
      "结果",
      "对客户的影响",
      "防范",
      "校验值",
    ],
  },
  "zh-Hant": {
    file: "逾時報告",
    columns: [
      "編號",
      "逾時單",
      "歸檔時間",
      "歸檔人",
      "渠道",
      "店鋪",
      "訂單",
      "商品",
      "責任部門",
      "原因",
      "遲到",
      "經過",
      "根本原因",
      "結果",
      "對客戶的影響",
      "防範",
      "校驗值",
    ],
  },
  en: {
    file: "Timeout reports",
    columns: [
      "No.",
      "Case",
      "Archived",
      "By",
      "Channel",
      "Shop",
      "Order",
      "Product",
      "Department",
      "Cause",
      "Late",
      "What happened",
      "Root cause",
      "Result",
      "Effect on customers",
      "Prevention",
      "Digest",
    ],
  },
}

/** In which words a workbook is written, and in which zone its times are. */
type Reading = { form: ReportForm; language: Language; zone: string }

/** Writes pages of reports as a workbook: a row is written as it is read, so that ten thousand do not stand in memory. */
export async function writeWorkbook(
  stream: Writable,
  pages: AsyncIterable<ArchivedReport[]>,
  reading: Reading,
): Promise<void> {
  const { language } = reading
  const book = new exceljs.stream.xlsx.WorkbookWriter({ stream })
  const sheet = book.addWorksheet(heads[language].file, { views: [{ state: "frozen", ySplit: 1 }] })
  sheet.columns = heads[language].columns.map((header) => ({ header, width: 20 }))
  sheet.getRow(1).font = { bold: true }
  for await (const page of pages)
    for (const each of page) sheet.addRow(cellsOf(each, reading).map(harmless)).commit()
  await book.commit()
}

function cellsOf(each: ArchivedReport, { form, language, zone }: Reading): string[] {
  const { fields, about, causeName, departmentName } = documentOf(each)
  const results = form.fields.find(({ code }) => code === "result")?.choices
  const [order] = about.orders
  return [
    String(each.number),
    each.subject,
    exact(each.archivedAt, zone),
    each.archivedBy,
    order ? sayChannel(order.channel, language) : "",
    order?.shop ?? "",
    order?.orderNo ?? "",
    order?.product ?? "",
    typeof departmentName === "string" ? departmentName : (departmentName?.[language] ?? ""),
    causeName[language],
    about.split ? saySpan(about.split.latenessMs) : "",
    fields.whatHappened ?? "",
    fields.rootCause ?? "",
    results?.find(({ code }) => code === fields.result)?.label[language] ?? fields.result ?? "",
    fields.customerEffect ?? "",
    (fields.prevention ?? [])
      .map(({ what, owner, by }) => [what, owner, by].filter(Boolean).join(" · "))
      .join("\n"),
    each.digest.toString("hex").slice(0, 24),
  ]
}
