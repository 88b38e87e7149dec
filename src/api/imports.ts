import { randomUUID } from "node:crypto"
import { createWriteStream } from "node:fs"
import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { pipeline } from "node:stream/promises"
import type { FastifyInstance } from "fastify"
import type { ZodTypeProvider } from "fastify-type-provider-zod"
import { z } from "zod"
import { Check } from "../core/check.ts"
import { isoOf, isoOrNull, parseInstant } from "../core/instants.ts"
import { type ColumnKey, columnKeys, type Mapping, mappingSchema, placeColumns } from "../core/mapping.ts"
import { defaultPolicy } from "../core/policy.ts"
import { presetNamed, presets, recognise } from "../core/presets.ts"
import { Refusal } from "../core/refusals.ts"
import { cellText, shownCells } from "../core/rows.ts"
import { shopSettings } from "../core/settings.ts"
import { runImport, startImport } from "../engine/importing.ts"
import { undoImport } from "../engine/undoing.ts"
import { openPath } from "../files/node.ts"
import { openTable, peek } from "../files/reading.ts"
import { NoTable } from "../files/table.ts"
import { workbookOf } from "../files/write.ts"
import { findImport, hasNewer, listImports, listRejections, type StoredImport } from "../store/imports.ts"
import type { ImportPreview, ImportView } from "./contract.ts"
import { require } from "./who.ts"
import type { World } from "./world.ts"

const shownRows = 30
const wish = z.object({
  format: z.string().optional(),
  mapping: mappingSchema.partial({ name: true }).optional(),
  shop: z.string().trim().max(128).optional(),
  exportedAt: z.string().optional(),
})
const upload = z.uuid()

/** Imports: upload and preview, carry out, history, download of what was not taken, undo. */
export default async function imports(plain: FastifyInstance, world: World): Promise<void> {
  const app = plain.withTypeProvider<ZodTypeProvider>()
  const folder = join(world.config.data, "uploads")

  plain.post(
    "/api/v1/imports/uploads",
    { schema: { tags: ["imports"], summary: "Upload an export" } },
    async (request) => {
      await require(world, request, "act", "order")
      const file = await request.file()
      if (!file) throw new Refusal("bad_request", "The request carries no file.")
      await mkdir(folder, { recursive: true, mode: 0o700 })
      await forgetOld(folder)
      const id = randomUUID()
      await pipeline(file.file, createWriteStream(join(folder, id), { mode: 0o600 }))
      const changed = Number((file.fields.changedAt as { value?: string } | undefined)?.value)
      if (Number.isFinite(changed) && changed > 0)
        await utimes(join(folder, id), changed / 1000, changed / 1000)
      await writeFile(join(folder, `${id}.json`), JSON.stringify({ file: file.filename }), { mode: 0o600 })
      return preview(world, folder, id, {})
    },
  )

  app.post(
    "/api/v1/imports/uploads/:id/preview",
    { schema: { tags: ["imports"], params: z.object({ id: upload }), body: wish } },
    async (request) => {
      await require(world, request, "act", "order")
      return preview(world, folder, request.params.id, request.body)
    },
  )

  app.post(
    "/api/v1/imports",
    {
      schema: {
        tags: ["imports"],
        summary: "Carry an upload out",
        body: wish.extend({
          upload,
          casesFrom: z.string().optional(),
          withReceiver: z.boolean().default(false),
        }),
      },
    },
    async (request): Promise<{ number: number }> => {
      const who = await require(world, request, "act", "order")
      const { upload, shop, casesFrom, withReceiver, exportedAt } = request.body
      const { path, file } = await uploaded(folder, upload)
      const table = await openPath(path)
      const opened = await openTable(table, { ...formatOf(request.body), withReceiver, shop }).catch(
        refuseTable,
      )
      const order = {
        file,
        opened,
        by: who.name,
        shop: shop ?? null,
        exportedAt: instantOf(exportedAt),
        changedAt: Math.min(table.changedAt, await world.now()),
        casesFrom: casesFrom === "open" ? ("open" as const) : instantOf(casesFrom),
      }
      const stored = await startImport(world, order)
      void runImport(world, stored, order)
        .catch((error) => request.log.error({ err: error }, "an import failed"))
        // The file holds receivers in the clear: it goes as soon as it has been read.
        .finally(() => forgetUpload(path))
      return { number: stored.number }
    },
  )

  app.get(
    "/api/v1/imports",
    { schema: { tags: ["imports"], summary: "Imports, newest first" } },
    async (request) => {
      await require(world, request, "read", "order")
      const all = await listImports(world.db.pool)
      return { items: await Promise.all(all.map((each) => importView(world, each))), next: null }
    },
  )

  const numbered = z.object({ number: z.coerce.number().int().positive() })
  app.get(
    "/api/v1/imports/:number",
    { schema: { tags: ["imports"], params: numbered } },
    async (request): Promise<ImportView> => {
      await require(world, request, "read", "order")
      return importView(world, await found(world, request.params.number))
    },
  )

  app.get(
    "/api/v1/imports/:number/rejected.xlsx",
    { schema: { hide: true, params: numbered } },
    async (request, reply) => {
      await require(world, request, "read", "order")
      const rejected = await listRejections(world.db.pool, (await found(world, request.params.number)).number)
      const rows = rejected.map(({ line, col, message, cells }) => [
        String(line),
        col,
        message,
        ...(cells as string[]),
      ])
      return reply
        .header("content-disposition", `attachment; filename="import-${request.params.number}-rejected.xlsx"`)
        .type("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        .send(await workbookOf("rejected", ["行 line", "列 column", "原因 reason"], rows))
    },
  )

  app.post(
    "/api/v1/imports/:number/undo",
    { schema: { tags: ["imports"], summary: "Take an import back", params: numbered } },
    async (request): Promise<ImportView> => {
      const who = await require(world, request, "act", "order")
      return importView(world, await undoImport(world, request.params.number, who.name))
    },
  )
}

async function found(world: World, number: number): Promise<StoredImport> {
  const stored = await findImport(world.db.pool, number)
  if (!stored) throw new Refusal("not_found")
  return stored
}

function instantOf(text: string | undefined): number | null {
  if (text === undefined || text === "") return null
  const at = parseInstant(text)
  if (at === null) throw new Refusal("bad_instant")
  return at
}

function refuseTable(error: unknown): never {
  if (error instanceof NoTable)
    throw new Refusal(error.message.includes("recognised") ? "unknown_format" : "not_a_table", error.message)
  throw error
}

async function uploaded(folder: string, id: string): Promise<{ path: string; file: string }> {
  const path = join(folder, id)
  try {
    await stat(path)
    return { path, file: (JSON.parse(await readFile(`${path}.json`, "utf8")) as { file: string }).file }
  } catch {
    throw new Refusal("upload_gone")
  }
}

const forgetUpload = (path: string): Promise<unknown> =>
  Promise.all([rm(path, { force: true }), rm(`${path}.json`, { force: true })])

/** Uploads that nobody carried out within a day are gone. */
async function forgetOld(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    if ((await stat(path)).ctimeMs < Date.now() - 24 * 60 * 60_000) await rm(path, { force: true })
  }
}

/** The mapping that is asked for: a preset, columns by hand, or a preset with columns changed by hand. */
function formatOf({ format, mapping }: z.infer<typeof wish>): { mapping?: Mapping } {
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

/** What a file would come to: recognised columns, its first rows, and every row judged once. */
async function preview(
  world: World,
  folder: string,
  id: string,
  wanted: z.infer<typeof wish>,
): Promise<ImportPreview> {
  const { path, file } = await uploaded(folder, id)
  const table = await openPath(path).catch(refuseTable)
  const { first } = await peek(table, 20 + shownRows)
  const texts = first.map(({ cells }) => cells.map(cellText))
  const { mapping = recognise(texts)?.preset.mapping } = formatOf(wanted)
  const row = mapping
    ? headerOf(mapping, texts)
    : texts.findIndex((cells) => cells.filter(Boolean).length > 1)
  if (row < 0)
    throw new Refusal(
      "not_a_table",
      "No row of the file's beginning has two cells; export the orders as CSV or XLSX.",
    )
  const headers = texts[row]!
  const keys = new Map<number, string>()
  const placed = mapping ? placeColumns(mapping, headers).at : {}
  if (mapping)
    for (const [key, at] of Object.entries(placed))
      if ((columnKeys as readonly string[]).includes(key)) keys.set(at, key)
  const exported = instantOf(wanted.exportedAt)
  const judged = mapping ? await estimate(world, path, mapping, wanted.shop, exported) : null
  return {
    upload: id,
    file,
    encoding: table.encoding ?? "XLSX",
    delimiter: table.delimiter,
    headerLine: first[row]!.line,
    format: mapping
      ? (presets.find((each) => each.mapping.name === mapping.name)?.mapping.name ?? null)
      : null,
    columns: headers.map((header, index) => ({
      header,
      index,
      key: (keys.get(index) as ColumnKey | undefined) ?? null,
    })),
    rows: first
      .slice(row + 1, row + 1 + shownRows)
      .map(({ line, cells }) => ({ line, cells: shownCells(cells, placed, headers) })),
    exportedAt: isoOf(judged?.exportedAt ?? exported ?? table.changedAt),
    estimate: judged?.estimate ?? null,
  }
}

const headerOf = (mapping: Mapping, texts: string[][]): number =>
  texts.findIndex(
    (cells) => placeColumns({ ...mapping, platformStop: "shipped" }, cells).at.orderNo !== undefined,
  )

async function estimate(
  world: World,
  path: string,
  mapping: Mapping,
  shop: string | undefined,
  exported: number | null,
) {
  const now = await world.now()
  const table = await openPath(path)
  let opened: Awaited<ReturnType<typeof openTable>>
  try {
    opened = await openTable(table, { mapping, shop })
  } catch (error) {
    if (error instanceof NoTable) return null
    throw error
  }
  const check = new Check({ now, subOrders: mapping.subOrders ?? false })
  const codes = new Map<string, { code: string; count: number; lines: number[]; message: string }>()
  for await (const read of opened.rows()) {
    if ("row" in read) check.add(read.row)
    else {
      check.refuse(read.refused, null)
      const { code, line, message } = read.refused
      const own = codes.get(code) ?? { code, count: 0, lines: [], message }
      own.count += 1
      if (own.lines.length < 20) own.lines.push(line)
      codes.set(code, own)
    }
  }
  const exportedAt = exported ?? check.instantOf(Math.min(table.changedAt, now))
  let near = 0
  let overdue = 0
  const settings = {
    ...shopSettings({}, "", ""),
    mode: "batch" as const,
    facts: opened.facts,
    platformStop: mapping.platformStop ?? ("shipped" as const),
  }
  const report = check.finish(
    {
      asOf: now,
      exportedAt,
      source: `import:${mapping.name}`,
      policy: { name: "", policies: [defaultPolicy], calendars: {} },
      settings,
      unknownWords: opened.reader.unknownWords,
    },
    ({ answer }) => {
      const open = answer.clocks.filter((each) => each.observed && each.state !== "closed")
      if (open.some((each) => each.state === "over")) overdue += 1
      else if (open.some((each) => each.state === "near")) near += 1
    },
  )
  const { rows, orders, rejectedCount } = report
  return {
    exportedAt,
    estimate: {
      rows,
      orders,
      rejectedCount,
      byCode: [...codes.values()],
      near,
      overdue,
      newOrders: orders,
      changedOrders: 0,
      sameOrders: 0,
    },
  }
}

async function importView(world: World, each: StoredImport): Promise<ImportView> {
  const { number, file, format, channel, shop, state, error } = each
  return {
    number,
    file,
    format,
    channel,
    shop,
    state,
    error,
    by: each.byWhom,
    startedAt: isoOf(each.startedAt),
    finishedAt: isoOrNull(each.finishedAt),
    exportedAt: isoOf(each.exportedAt),
    progress: { rows: each.rows, orders: each.orders, ofRows: each.ofRows },
    result: each.result as ImportView["result"],
    undoable:
      (state === "done" || state === "failed" || state === "undoing") &&
      !(await hasNewer(world.db.pool, each)),
  }
}
