import { createReadStream, existsSync } from "node:fs"
import { access, constants, mkdir } from "node:fs/promises"
import { basename, isAbsolute } from "node:path"
import type { FastifyInstance } from "fastify"
import type { ZodTypeProvider } from "fastify-type-provider-zod"
import { z } from "zod"
import { isoOf, isoOrNull } from "../core/instants.ts"
import { Refusal } from "../core/refusals.ts"
import {
  findBackupFailure,
  findBackupSettings,
  keepBackup,
  placeOf,
  saveBackupSettings,
} from "../engine/backup/nightly.ts"
import { tryBackup } from "../engine/backup/reading.ts"
import { note } from "../store/audit.ts"
import { findBackup, isBackupRunning, listBackups, type StoredBackup } from "../store/backups.ts"
import { transaction } from "../store/database.ts"
import type { BackupsView, BackupView } from "./contract/backups.ts"
import { require, type Who } from "./who.ts"
import type { World } from "./world.ts"

/** Backups: how they are kept, those there are, one now, one read back, and the file for the owner. */
export default async function backups(plain: FastifyInstance, world: World): Promise<void> {
  const app = plain.withTypeProvider<ZodTypeProvider>()
  const about = { tags: ["operation"] }
  const named = z.object({ id: z.uuid() })

  app.get(
    "/api/v1/backups",
    { schema: { ...about, summary: "Backups, newest first" } },
    async (request): Promise<BackupsView> => {
      await require(world, request, "read", "settings")
      return view(world)
    },
  )

  app.post(
    "/api/v1/backups",
    { schema: { ...about, summary: "Make a backup now and read it back" } },
    async (request, reply): Promise<BackupsView> => {
      const who = await require(world, request, "act", "settings")
      if (await isBackupRunning(world.db.pool)) throw new Refusal("backup_running")
      // A large company takes minutes: the answer does not wait for it.
      void keepBackup(world, world.config, who.name).catch((error) =>
        request.log.error({ err: error }, "a backup failed"),
      )
      return reply.status(202).send(await view(world)) as never
    },
  )

  app.post(
    "/api/v1/backups/:id/try",
    { schema: { ...about, summary: "Read a backup back whole", params: named } },
    async (request): Promise<BackupView> => {
      await require(world, request, "act", "settings")
      return viewOf(await tryBackup(world, await onThisMachine(world, request.params.id)))
    },
  )

  app.get("/api/v1/backups/:id/file", { schema: { hide: true, params: named } }, async (request, reply) => {
    const who = owner(await require(world, request, "act", "settings"))
    const backup = await onThisMachine(world, request.params.id)
    await transaction(world.db, async (tx) =>
      note(
        tx,
        {
          who: who.name,
          what: "backup.download",
          subject: `backup/${backup.id}`,
          after: { file: backup.file },
        },
        await world.instant(tx),
      ),
    )
    return reply
      .header("content-disposition", `attachment; filename="${basename(backup.file)}"`)
      .header("content-length", backup.bytes)
      .type("application/gzip")
      .send(createReadStream(backup.file))
  })

  app.put(
    "/api/v1/backups/settings",
    {
      schema: {
        ...about,
        summary: "How backups are kept",
        body: z.object({
          folder: z.string().trim().max(1_000).nullable(),
          hour: z.number().int().min(0).max(23),
          keepDays: z.number().int().min(1).max(400),
        }),
      },
    },
    async (request): Promise<BackupsView> => {
      const who = owner(await require(world, request, "act", "settings"))
      const settings = { ...request.body, folder: request.body.folder || null }
      if (settings.folder !== null) await proveFolder(settings.folder)
      await transaction(world.db, async (tx) => {
        const at = await world.instant(tx)
        const before = await findBackupSettings(tx)
        await saveBackupSettings(tx, settings, at)
        await note(
          tx,
          { who: who.name, what: "backup.settle", subject: "company", before, after: settings },
          at,
        )
      })
      return view(world)
    },
  )
}

/** A backup holds everything: its file, and where files go, are the owner's alone. */
function owner(who: Who): Who {
  if (!who.person?.roles.some(({ role }) => role === "owner") && who.key?.role !== "owner")
    throw new Refusal("forbidden")
  return who
}

async function onThisMachine(world: World, id: string): Promise<StoredBackup> {
  const backup = await findBackup(world.db.pool, id)
  if (!backup) throw new Refusal("not_found")
  if (!existsSync(backup.file)) throw new Refusal("backup_gone")
  return backup
}

async function proveFolder(folder: string): Promise<void> {
  if (!isAbsolute(folder)) throw new Refusal("bad_folder")
  try {
    // Not its parents too: a typing error would make a tree somewhere.
    if (!existsSync(folder)) await mkdir(folder, { mode: 0o700 })
    await access(folder, constants.W_OK)
  } catch (error) {
    throw new Refusal("bad_folder", (error as Error).message)
  }
}

async function view(world: World): Promise<BackupsView> {
  const { pool } = world.db
  const settings = await findBackupSettings(pool)
  const failure = await findBackupFailure(pool)
  return {
    folder: placeOf(settings, world.config).folder,
    own: settings.folder === null,
    hour: settings.hour,
    keepDays: settings.keepDays,
    keyId: world.secrets.keyId,
    running: await isBackupRunning(pool),
    failure: failure && { ...failure, at: isoOf(failure.at) },
    items: (await listBackups(pool)).filter(({ goneAt }) => goneAt === null).map(viewOf),
  }
}

function viewOf(each: StoredBackup): BackupView {
  const { id, file, bytes, rows, tables, tookMs, tried, error } = each
  const told = { madeAt: isoOf(each.madeAt), triedAt: isoOrNull(each.triedAt), by: each.byWhom }
  return { id, file, bytes, rows, tables, tookMs, tried, error, ...told, here: existsSync(file) }
}
