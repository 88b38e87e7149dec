import type { Proposal } from "../../core/causes.ts"
import { type Instant, isoOf } from "../../core/instants.ts"
import type { ReportAbout, ReportFields } from "../../core/reports.ts"
import type { Words } from "../../core/words.ts"
import type { ArchivedReport } from "../../store/reports.ts"
import type { ArchivedRow } from "../contract/causes.ts"

/** What an archived report keeps. */
export type Document = {
  fields: ReportFields
  about: Omit<ReportAbout, "staff" | "alike" | "proposed">
  proposal: Proposal | null
  causeName: Words
  departmentName: Words | string | null
  submittedAt: Instant | null
  submittedBy: string | null
}
/** What an archived report keeps, as it was written down. */
export const documentOf = ({ document }: ArchivedReport): Document => document as unknown as Document

/** An archived report as a line of the archive. */
export function rowOf(each: ArchivedReport): ArchivedRow {
  const { fields, about, causeName, departmentName } = documentOf(each)
  const [order] = about.orders
  return {
    number: each.number,
    subject: each.subject,
    archivedAt: isoOf(each.archivedAt),
    archivedBy: each.archivedBy,
    form: each.form,
    cause: each.cause,
    causeName,
    department: each.department,
    departmentName,
    whatHappened: fields.whatHappened ?? null,
    order: order
      ? { channel: order.channel, shop: order.shop, orderNo: order.orderNo, product: order.product }
      : null,
    orders: about.orders.length,
    latenessMs: about.split?.latenessMs ?? null,
    digest: digestText(each),
  }
}
const digestText = ({ digest }: Pick<ArchivedReport, "digest">): string => Buffer.from(digest).toString("hex")
/** Where an archived report stands in the chain. */
export const linkOf = (each: ArchivedReport | null) =>
  each ? { number: each.number, subject: each.subject, digest: digestText(each) } : null
