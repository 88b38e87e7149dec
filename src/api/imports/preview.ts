import { z } from "zod"
import { isoOf, parseInstant } from "../../core/instants.ts"
import { type ColumnKey, columnKeys, type Mapping, mappingSchema, placeColumns } from "../../core/mapping.ts"
import { presetNamed, presets, recognise } from "../../core/presets.ts"
import { Refusal } from "../../core/refusals.ts"
import { cellText, shownCells } from "../../core/rows.ts"
import { type Foreseen, foreseeImport } from "../../engine/imports/foreseeing.ts"
import type { ImportOrder } from "../../engine/imports/order.ts"
import { openPath } from "../../files/node.ts"
import { openTable, peek } from "../../files/reading.ts"
import { NoTable, type TableFault } from "../../files/table.ts"
import { listNamedShops } from "../../store/rules.ts"
import type { ImportPreview } from "../contract/imports.ts"
import type { World } from "../world.ts"
import type { Uploads } from "./uploads.ts"

const shownRows = 30

/** What a person settled about a file before it is written. */
export const wish = z.object({
  format: z.string().optional(),
  mapping: mappingSchema.partial({ name: true }).optional(),
  shop: z.string().trim().max(128).optional(),
  exportedAt: z.string().optional(),
  casesFrom: z.string().optional(),
  withReceiver: z.boolean().default(false),
})
export type Wish = z.infer<typeof wish>

/** An instant that was sent; null for none, `bad_instant` for what is no instant. */
export function instantOf(text: string | undefined): number | null {
  if (text === undefined || text === "") return null
  const at = parseInstant(text)
  if (at === null) throw new Refusal("bad_instant")
  return at
}

/** The mapping that is asked for: a preset, columns by hand, or a preset with columns changed by hand. */
function formatOf({ format, mapping }: Wish): { mapping?: Mapping } {
  const preset = format ? presetNamed(format) : undefined
  if (!mapping) return preset ? { mapping: preset.mapping } : {}
  const columns = mapping.columns
  return {
    mapping: preset
      ? { ...preset.mapping, columns }
      : ({
          ...mappingSchema.parse({
            ...mapping,
            name: mapping.name ?? "by-hand",
            constants: { channel: "own", ...mapping.constants },
          }),
        } as Mapping),
  }
}

/** An upload as an import that could be carried out. Throws a NoTable where it cannot be read as is asked. */
export async function orderOf(
  world: World,
  { path, file }: { path: string; file: string },
  wanted: Wish & { mapping?: Wish["mapping"] | Mapping },
  by: string,
): Promise<ImportOrder> {
  const table = await openPath(path)
  const { shop, casesFrom, withReceiver } = wanted
  return {
    file,
    opened: await openTable(table, { ...formatOf(wanted as Wish), withReceiver, shop }),
    by,
    shop: shop || null,
    exportedAt: instantOf(wanted.exportedAt),
    changedAt: Math.min(table.changedAt, await world.now()),
    casesFrom: casesFrom === "open" ? "open" : instantOf(casesFrom),
  }
}

/** What a file would come to: recognised columns, its first rows, and what writing it would change. */
export async function previewOf(
  world: World,
  uploads: Uploads,
  id: string,
  wanted: Wish,
): Promise<ImportPreview> {
  const upload = await uploads.find(id)
  const table = await openPath(upload.path)
  const { first } = await peek(table, 20 + shownRows)
  const texts = first.map(({ cells }) => cells.map(cellText))
  const { mapping = recognise(texts)?.preset.mapping } = formatOf(wanted)
  const row = mapping
    ? headerOf(mapping, texts)
    : texts.findIndex((cells) => cells.filter(Boolean).length > 1)
  if (row < 0)
    throw new NoTable(
      "not_a_table",
      "no row of the file's beginning has two cells; export the orders as CSV or XLSX",
    )
  const headers = texts[row]!
  const placed = mapping ? placeColumns(mapping, headers).at : {}
  const keys = new Map<number, ColumnKey>()
  for (const [key, at] of Object.entries(placed))
    if ((columnKeys as readonly string[]).includes(key)) keys.set(at, key as ColumnKey)
  const seen = mapping ? await lookAhead(world, upload, wanted) : null
  const channel = mapping?.constants.channel ?? mapping?.name
  const shops = (await listNamedShops(world.db.pool)).filter((each) => each.channel === channel)
  return {
    upload: id,
    file: upload.file,
    encoding: table.encoding ?? "XLSX",
    delimiter: table.delimiter,
    headerLine: first[row]!.line,
    format: presets.find((each) => each.mapping.name === mapping?.name)?.mapping.name ?? null,
    columns: headers.map((header, index) => ({ header, index, key: keys.get(index) ?? null })),
    rows: first
      .slice(row + 1, row + 1 + shownRows)
      .map(({ line, cells }) => ({ line, cells: shownCells(cells, placed, headers) })),
    exportedAt: isoOf(
      seen && seen !== "shop" ? seen.exportedAt : (instantOf(wanted.exportedAt) ?? table.changedAt),
    ),
    estimate: seen === "shop" ? null : (seen satisfies ImportPreview["estimate"]),
    shops: shops.map(({ shop }) => shop),
    shopNeeded: seen === "shop",
  }
}

const headerOf = (mapping: Mapping, texts: string[][]): number =>
  texts.findIndex(
    (cells) => placeColumns({ ...mapping, platformStop: "shipped" }, cells).at.orderNo !== undefined,
  )

/** What a file lacks that a person can still settle. */
const unsettled: ReadonlySet<TableFault> = new Set(["unknown_format", "other_platform", "columns_missing"])

/** What would come of it; `shop` where it has to be said first of which shop it is, null where it cannot be read yet. */
async function lookAhead(
  world: World,
  upload: { path: string; file: string },
  wanted: Wish,
): Promise<Foreseen | "shop" | null> {
  try {
    return await foreseeImport(world, await orderOf(world, upload, wanted, ""))
  } catch (error) {
    if (error instanceof NoTable && unsettled.has(error.code)) return null
    if (error instanceof Refusal && error.code === "shop_needed") return "shop"
    throw error
  }
}
