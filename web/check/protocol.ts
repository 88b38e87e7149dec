import type { RowRefusal } from "../../src/core/rows.ts"
import type { TableFault } from "../../src/files/table.ts"
import type { Filter, Group, Verdict } from "./verdicts.ts"

/** What the page may change of the regulation's standards, in hours. */
export type Standards = { prepareHours: number; shipHours: number; asOf: number | null }
export const regulation: Standards = { prepareHours: 24, shipHours: 48, asOf: null }

/** Columns chosen by hand: headers as they stand in the file. */
export type HandMapping = {
  orderNo: string
  paidAt: string
  shippedAt: string | null
  preparedAt: string | null
  promisedShipAt: string | null
  name: string | null
  timezone: string
}

/** How the file is to be read: recognised, a platform by name, or columns by hand. */
export type Choice =
  | { how: "recognise" }
  | { how: "preset"; name: string }
  | { how: "hand"; mapping: HandMapping }

export type Ask =
  | { ask: "read"; file: File; choice: Choice; standards: Standards }
  | { ask: "judge"; standards: Standards }
  | { ask: "rows"; id: number; filter: Filter; from: number; count: number }
  | { ask: "download"; id: number; filter: Filter; zone: string; words: SheetWords }

/** Words of the downloaded sheet, in the page's language. */
export type SheetWords = {
  sheet: string
  headers: string[]
  group: Record<Group, string>
  stage: Record<string, string>
  clock: Record<string, string>
}

export type FailureCode = TableFault | "no_orders"

/** A file that was read and judged. */
export type Result = {
  file: string
  bytes: number
  /** the platform by which it was read; null: by columns of one's own */
  channel: string | null
  encoding: string | null
  zone: string
  rows: number
  orders: number
  tookMs: number
  exportedAt: number
  asOf: number
  facts: string[]
  counts: Record<Group, number>
  unobserved: Partial<Record<string, number>>
  rejectedCount: number
  rejected: RowRefusal[]
  incomplete: number
  inFuture: number
  unknownStatuses: { word: string; count: number }[]
  dots: Uint8Array
  paidAt: Float64Array
}

export type Tell =
  | { tell: "progress"; read: number; size: number; rows: number }
  | { tell: "judging" }
  | { tell: "unknown"; headers: string[]; samples: string[][]; presets: { name: string; channel: string }[] }
  | { tell: "failed"; code: FailureCode }
  | { tell: "done"; result: Result }
  | { tell: "rows"; id: number; from: number; total: number; rows: Verdict[] }
  | { tell: "file"; id: number; file: Blob; name: string }
