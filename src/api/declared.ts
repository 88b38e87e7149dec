import { randomUUID } from "node:crypto"
import { createWriteStream } from "node:fs"
import { mkdir, rm } from "node:fs/promises"
import { join } from "node:path"
import { pipeline } from "node:stream/promises"
import type { FastifyInstance } from "fastify"
import type { ZodTypeProvider } from "fastify-type-provider-zod"
import { z } from "zod"
import { isoOf, isoOrNull, parseInstant } from "../core/instants.ts"
import { Refusal } from "../core/refusals.ts"
import { cellText } from "../core/rows.ts"
import { readStockRow, stockColumns } from "../core/stock.ts"
import { WallClock } from "../core/wallTime.ts"
import { closeWindow, declareWindow, type TellStock, takeWindowBack, tellStock } from "../engine/declaring.ts"
import { openPath } from "../files/node.ts"
import {
  type DeclaredWindow,
  latestStock,
  listWindows,
  type StockLevel,
  stockFact,
} from "../store/declared.ts"
import { zoneOf } from "./causes.ts"
import type { StockFileAnswer, StockView, WindowView } from "./contract/causes.ts"
import { require } from "./who.ts"
import type { World } from "./world.ts"

const instant = z.string().transform((text, context) => {
  const at = parseInstant(text)
  if (at === null) context.addIssue({ code: "custom", message: "expected an instant with an offset" })
  return at ?? 0
})
const windowBody = z.object({
  kind: z.enum(["own_outage", "platform_outage", "weather", "control", "carrier_limit"]),
  name: z.string().trim().min(1).max(100),
  about: z.string().trim().max(100).nullish(),
  regions: z.array(z.string().trim().min(1).max(40)).max(100).default([]),
  from: instant,
  to: instant.nullish(),
  proof: z.string().trim().max(500).default(""),
})
const count = z.number().min(-1e9).max(1e9).nullish()
const stockBody = z
  .array(
    z.object({
      sku: z.string().trim().min(1).max(128),
      warehouse: z.string().trim().max(100).default(""),
      at: instant.nullish(),
      onHand: count,
      locked: count,
      blocked: count,
      counted: count,
      inbound: z
        .array(
          z.object({
            kind: z.enum(["purchase", "transfer"]).default("purchase"),
            ref: z.string().max(100).default("–"),
            expectedAt: instant.nullish(),
            receivedAt: instant.nullish(),
            quantity: count,
            supplier: z.string().max(100).nullish(),
            answeredAt: instant.nullish(),
          }),
        )
        .max(50)
        .nullish(),
    }),
  )
  .min(1)
  .max(5000)
const one = z.object({ id: z.uuid() })
const fileRowsMax = 200_000

/** What people declare so that facts can speak: outages, force majeure, carriers' limits, stock by SKU. */
export default async function declared(plain: FastifyInstance, world: World): Promise<void> {
  const app = plain.withTypeProvider<ZodTypeProvider>()
  const { pool } = world.db

  app.get(
    "/api/v1/windows",
    { schema: { tags: ["causes"], summary: "Declared outages, force majeure and carriers' limits" } },
    async (request): Promise<WindowView[]> => {
      await require(world, request, "read", "case")
      return (await listWindows(pool)).map(windowView)
    },
  )
  app.post(
    "/api/v1/windows",
    { schema: { tags: ["causes"], summary: "Declare one", body: windowBody } },
    async (request): Promise<WindowView> => {
      const who = await require(world, request, "act", "order")
      const { from, to, about, ...rest } = request.body
      // Force majeure and limits excuse nobody without a proof that can be looked up.
      if (rest.proof === "" && rest.kind !== "own_outage" && rest.kind !== "platform_outage")
        throw new Refusal("reason_needed", "Say where the notice can be found.")
      return windowView(
        await declareWindow(
          world,
          { ...rest, fromAt: from, toAt: to ?? null, about: about || null },
          who.name,
        ),
      )
    },
  )
  app.post(
    "/api/v1/windows/:id/end",
    {
      schema: {
        tags: ["causes"],
        summary: "It is over",
        params: one,
        body: z.object({ at: instant.nullish() }),
      },
    },
    async (request) => {
      const who = await require(world, request, "act", "order")
      await closeWindow(world, request.params.id, request.body.at ?? null, who.name)
      return { ended: true }
    },
  )
  app.post(
    "/api/v1/windows/:id/withdraw",
    { schema: { tags: ["causes"], summary: "It was declared by mistake", params: one } },
    async (request) => {
      const who = await require(world, request, "act", "order")
      await takeWindowBack(world, request.params.id, who.name)
      return { withdrawn: true }
    },
  )

  app.get(
    "/api/v1/stock",
    {
      schema: {
        tags: ["causes"],
        summary: "The last known stock of each SKU",
        querystring: z.object({ q: z.string().max(128).default("") }),
      },
    },
    async (request): Promise<StockView[]> => {
      await require(world, request, "read", "case")
      return (await latestStock(pool, request.query.q)).map(stockView)
    },
  )
  app.post(
    "/api/v1/stock",
    { schema: { tags: ["causes"], summary: "Tell the stock of SKUs", body: stockBody } },
    async (request) => {
      const who = await require(world, request, "act", "order")
      return { saved: await tellStock(world, request.body.map(levelOf), who.name) }
    },
  )
  plain.post(
    "/api/v1/stock/files",
    { schema: { tags: ["causes"], summary: "Take the stock of a warehouse system's export (CSV, XLSX)" } },
    async (request): Promise<StockFileAnswer> => {
      const who = await require(world, request, "act", "order")
      const file = await request.file()
      if (!file) throw new Refusal("bad_request", "The request carries no file.")
      const folder = join(world.config.data, "uploads")
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const path = join(folder, randomUUID())
      try {
        await pipeline(file.file, createWriteStream(path, { mode: 0o600 }))
        return await readFile(world, path, who.name)
      } finally {
        await rm(path, { force: true })
      }
    },
  )
}

async function readFile(world: World, path: string, by: string): Promise<StockFileAnswer> {
  const clock = new WallClock(await zoneOf(world))
  const levels: TellStock[] = []
  const rejected: StockFileAnswer["rejected"] = []
  let columns: ReturnType<typeof stockColumns> = null
  let rows = 0
  for await (const { line, cells } of (await openPath(path)).rows) {
    if (columns === null) {
      columns = line <= 20 ? stockColumns(cells.map(cellText)) : null
      if (columns === null && line > 20) break
      continue
    }
    const row = readStockRow(cells, columns, clock)
    if (row === null) continue
    if (++rows > fileRowsMax) throw new Refusal("too_many_rows", "Bring it in parts.")
    if ("message" in row) rejected.push({ line, ...row })
    else levels.push(row)
  }
  if (columns === null) throw new Refusal("stock_columns")
  return {
    rows,
    saved: levels.length === 0 ? 0 : await tellStock(world, levels, by),
    columns: [...columns.keys()],
    rejected: rejected.slice(0, 200),
  }
}

const levelOf = ({
  at,
  onHand,
  locked,
  blocked,
  counted,
  inbound,
  ...rest
}: z.infer<typeof stockBody>[number]): TellStock => ({
  ...rest,
  at: at ?? null,
  onHand: onHand ?? null,
  locked: locked ?? null,
  blocked: blocked ?? null,
  counted: counted ?? null,
  inbound:
    inbound?.map(({ expectedAt, receivedAt, quantity, supplier, answeredAt, ...each }) => ({
      ...each,
      expectedAt: expectedAt ?? null,
      receivedAt: receivedAt ?? null,
      quantity: quantity ?? null,
      supplier: supplier ?? null,
      answeredAt: answeredAt ?? null,
    })) ?? null,
})

const windowView = (window: DeclaredWindow): WindowView => ({
  id: window.id,
  kind: window.kind,
  name: window.name,
  about: window.about,
  regions: window.regions,
  from: isoOf(window.fromAt),
  to: isoOrNull(window.toAt),
  proof: window.proof,
  declaredAt: isoOf(window.declaredAt),
  declaredBy: window.declaredBy,
  withdrawnAt: isoOrNull(window.withdrawnAt),
  withdrawnBy: window.withdrawnBy,
})

const stockView = (level: StockLevel): StockView => ({
  sku: level.sku,
  warehouse: level.warehouse || null,
  at: isoOf(level.at),
  onHand: level.onHand,
  sellable: stockFact(level).sellable,
  locked: level.locked,
  blocked: level.blocked,
  counted: level.counted,
  inbound:
    level.inbound?.map((each) => ({
      ...each,
      expectedAt: isoOrNull(each.expectedAt),
      receivedAt: isoOrNull(each.receivedAt),
      answeredAt: isoOrNull(each.answeredAt),
    })) ?? null,
  recordedBy: level.recordedBy,
})
