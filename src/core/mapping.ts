import { z } from "zod"

/** The facts whose instants a file may bring, by the key of their column. */
export const factColumns = {
  createdAt: "created",
  depositPaidAt: "deposit_paid",
  paidAt: "paid",
  preparedAt: "prepared",
  shippedAt: "shipped",
  collectedAt: "collected",
  deliveredAt: "delivered",
  cancelledAt: "cancelled",
  refundedAt: "refunded",
} as const
/** A type of event that a file may tell. */
export type FileFact = (typeof factColumns)[keyof typeof factColumns]

/** Every key of `columns` in a mapping (DESIGN §3). */
export const columnKeys = [
  "orderNo",
  "parentNo",
  "line",
  "channel",
  "shop",
  ...(Object.keys(factColumns) as (keyof typeof factColumns)[]),
  "promisedShipAt",
  "presaleShipBy",
  "type",
  "warehouse",
  "fulfilment",
  "liveSession",
  "host",
  "carrier",
  "trackingNo",
  "amount",
  "currency",
  "sku",
  "name",
  "quantity",
  "itemAmount",
  "kind",
  "buyerId",
  "receiverName",
  "receiverPhone",
  "province",
  "city",
  "address",
] as const
export type ColumnKey = (typeof columnKeys)[number]

const header = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]).nullable()
const facts = [
  "created",
  "deposit_paid",
  "paid",
  "prepared",
  "shipped",
  "collected",
  "delivered",
  "cancelled",
  "refunded",
] as const

/** A mapping file: which header says what, and how its cells are to be read. */
export const mappingSchema = z.strictObject({
  name: z.string().regex(/^[\w.-]{1,60}$/, "letters, digits, - and _"),
  timezone: z.string().default("Asia/Shanghai").refine(isZone, "expected a time zone such as Asia/Shanghai"),
  datetime: z
    .array(z.string().min(1))
    .min(1)
    .default([
      "yyyy-MM-dd HH:mm:ss",
      "yyyy/MM/dd HH:mm:ss",
      "yyyy-M-d H:m:s",
      "yyyy/M/d H:m:s",
      "yyyy-M-d H:m",
      "yyyy/M/d H:m",
      "iso",
    ]),
  constants: z.partialRecord(z.enum(columnKeys), z.string()).default({}),
  columns: z.partialRecord(z.enum(columnKeys), header),
  status: z
    .strictObject({ column: header, values: z.record(z.string(), z.enum(facts).nullable()) })
    .optional(),
  types: z.strictObject({ column: header, values: z.record(z.string(), z.string()) }).optional(),
})
/** A mapping as it is stored and told. */
export type MappingFile = z.infer<typeof mappingSchema>

/** A mapping with what only our presets have. */
export type Mapping = MappingFile & {
  /** a column whose instant is that of the status: delivered if finished, cancelled if closed */
  completedAt?: string[]
  /** the platform's clock stops at the carrier's first scan, where that is known */
  platformStop?: "shipped" | "collected"
  /** a column that makes an order a presale when it is filled; its promise is the date of the presale unless a column of its own says that */
  presaleMark?: string[]
  /** one row is a whole order of its own; the same number twice is one row, the last */
  subOrders?: boolean
  /** rows behind the header that describe the columns */
  skipRows?: number
}

function isZone(text: string): boolean {
  return /^[A-Za-z_]+(\/[A-Za-z0-9_+-]+)*$/.test(text)
}

/** Headers as they are compared: full-width brackets and spaces made plain, padding cut. */
export const plainHeader = (text: string): string =>
  text
    .replaceAll("（", "(")
    .replaceAll("）", ")")
    .replaceAll("帐", "账")
    .replace(/[\s\u00a0\ufeff]+/g, "")
    .toLowerCase()

/** Where each key's column stands in a header row; of aliases the first that is there. `missing` names what a mapping asks for in vain. */
export function placeColumns(
  mapping: Mapping,
  headers: readonly string[],
): {
  at: Partial<Record<ColumnKey | "status" | "typeWord" | "completedAt" | "presaleMark", number>>
  missing: string[]
} {
  const places = new Map(headers.map((each, i) => [plainHeader(each), i]))
  const at: ReturnType<typeof placeColumns>["at"] = {}
  const missing: string[] = []
  const place = (
    key: keyof typeof at,
    wanted: string | readonly string[] | null | undefined,
    needed: boolean,
  ) => {
    if (wanted === null || wanted === undefined) return
    const names = typeof wanted === "string" ? [wanted] : wanted
    const found = names.map((name) => places.get(plainHeader(name))).find((i) => i !== undefined)
    if (found !== undefined) at[key] = found
    else if (needed) missing.push(names.join(" / "))
  }
  const isPreset = mapping.platformStop !== undefined
  for (const key of columnKeys) place(key, mapping.columns[key], !isPreset)
  place("status", mapping.status?.column, !isPreset)
  place("typeWord", mapping.types?.column, !isPreset)
  place("completedAt", mapping.completedAt, false)
  place("presaleMark", mapping.presaleMark, false)
  return { at, missing }
}

/** The types of events that a file with these columns can bring: the `facts` of a channel first heard of by it. */
export function factsBrought(mapping: Mapping, at: ReturnType<typeof placeColumns>["at"]): FileFact[] {
  const brought = new Set<FileFact>()
  for (const [key, fact] of Object.entries(factColumns))
    if (at[key as ColumnKey] !== undefined) brought.add(fact)
  if (at.status !== undefined)
    for (const fact of Object.values(mapping.status!.values)) if (fact) brought.add(fact)
  return facts.filter((each) => brought.has(each))
}
