import type { FastifyInstance } from "fastify"
import type { ZodTypeProvider } from "fastify-type-provider-zod"
import { z } from "zod"
import { isoOf, isoOrNull } from "../core/instants.ts"
import { Refusal } from "../core/refusals.ts"
import { runImport, startImport } from "../engine/importing.ts"
import { foreseeUndo } from "../engine/imports/undoForecast.ts"
import { undoImport } from "../engine/undoing.ts"
import { workbookStream } from "../files/writeStream.ts"
import { findImport, hasNewer, listImports, listRejections, type StoredImport } from "../store/imports.ts"
import type { ImportView, UndoForecast } from "./contract/imports.ts"
import { orderOf, previewOf, wish } from "./imports/preview.ts"
import { forgetUpload, Uploads } from "./imports/uploads.ts"
import { counted } from "./places.ts"
import { require } from "./who.ts"
import type { World } from "./world.ts"

const upload = z.uuid()

/** Imports: upload and preview, carry out, history, download of what was not taken, undo. */
export default async function imports(plain: FastifyInstance, world: World): Promise<void> {
  const app = plain.withTypeProvider<ZodTypeProvider>()
  const uploads = new Uploads(world.config.data)

  plain.post(
    "/api/v1/imports/uploads",
    { schema: { tags: ["imports"], summary: "Upload an export" } },
    async (request) => {
      await require(world, request, "act", "order")
      const file = await request.file()
      if (!file) throw new Refusal("bad_request", "The request carries no file.")
      return previewOf(world, uploads, await uploads.keep(file), wish.parse({}))
    },
  )

  app.post(
    "/api/v1/imports/uploads/:id/preview",
    { schema: { tags: ["imports"], params: z.object({ id: upload }), body: wish } },
    async (request) => {
      await require(world, request, "act", "order")
      return previewOf(world, uploads, request.params.id, request.body)
    },
  )

  app.post(
    "/api/v1/imports",
    {
      schema: {
        tags: ["imports"],
        summary: "Carry an upload out",
        body: wish.extend({ upload }),
      },
    },
    async (request): Promise<{ number: number }> => {
      const who = await require(world, request, "act", "order")
      const kept = await uploads.find(request.body.upload)
      const order = await orderOf(world, kept, request.body, who.name)
      const stored = await startImport(world, order)
      void runImport(world, stored, order)
        .catch((error) => request.log.error({ err: error }, "an import failed"))
        // The file holds receivers in the clear: it goes as soon as it has been read.
        .finally(() => forgetUpload(kept.path))
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

  const numbered = z.object({ number: counted })
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
        .send(workbookStream("rejected", ["行 line", "列 column", "原因 reason"], rows))
    },
  )

  app.get(
    "/api/v1/imports/:number/undo",
    { schema: { tags: ["imports"], summary: "What taking an import back would change", params: numbered } },
    async (request): Promise<UndoForecast> => {
      await require(world, request, "act", "order")
      return foreseeUndo(world, request.params.number)
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
