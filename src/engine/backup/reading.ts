import { createHash } from "node:crypto"
import { existsSync } from "node:fs"
import { readArchive } from "../../files/archive.ts"
import { type StoredBackup, tellTried } from "../../store/backups.ts"
import type { EngineWorld } from "../world.ts"
import { Digest } from "./digest.ts"
import { BackupRefused, format, type Head, headSchema, type Manifest, manifestSchema } from "./manifest.ts"

/** What hears of an archive while it is read. */
export type Hearer = {
  head?(head: Head): Promise<void>
  table?(name: string, chunk: Buffer): Promise<void>
  file?(name: string, chunk: Buffer): Promise<void>
}

/**
 * Reads an archive from its beginning to its end and holds every table and file against the manifest; answers both. Throws
 * BackupRefused where it is no backup, of a newer form, cut off or damaged. Keeps one chunk in memory.
 */
export async function readBackup(
  path: string,
  hearer: Hearer = {},
): Promise<{ head: Head; manifest: Manifest }> {
  if (!existsSync(path)) throw new BackupRefused(`there is no file ${path}`)
  const tables = new Map<string, Digest>()
  const files = new Map<string, ReturnType<typeof createHash>>()
  let head: Head | null = null
  let manifest: Manifest | null = null
  const visit = async (name: string, body: AsyncIterable<Buffer>) => {
    if (head === null) {
      head = readHead(name, await whole(body), path)
      for (const table of head.tables) tables.set(table.name, new Digest())
      await hearer.head?.(head)
      return
    }
    const [kind, ...rest] = name.split("/")
    if (kind === "tables" && tables.has(rest[0]!)) {
      for await (const chunk of body) {
        tables.get(rest[0]!)!.add(chunk)
        await hearer.table?.(rest[0]!, chunk)
      }
    } else if (kind === "files") {
      const hash = createHash("sha256")
      files.set(rest.join("/"), hash)
      // An empty file is heard of too.
      await hearer.file?.(rest.join("/"), Buffer.alloc(0))
      for await (const chunk of body) {
        hash.update(chunk)
        await hearer.file?.(rest.join("/"), chunk)
      }
    } else if (name === "manifest.json")
      manifest = manifestSchema.parse(JSON.parse((await whole(body)).toString("utf8")))
    else throw damaged(path, `it holds ${name}, which does not belong there`)
  }
  try {
    await readArchive(path, visit)
  } catch (error) {
    if (error instanceof BackupRefused || isElsewhere(error)) throw error
    throw damaged(path, (error as Error).message)
  }
  return prove(path, head, manifest, { tables, files })
}

/** What the database or the disk says is not the archive's fault. */
const isElsewhere = (error: unknown): boolean => {
  const { severity, syscall } = error as { severity?: string; syscall?: string }
  return severity !== undefined || syscall !== undefined
}

const damaged = (path: string, why: string): BackupRefused =>
  new BackupRefused(
    `${path} is damaged (${why}); take the backup of another day, or copy the file again from where it was kept`,
  )

async function whole(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of body) chunks.push(chunk)
  return Buffer.concat(chunks)
}

function readHead(name: string, text: Buffer, path: string): Head {
  const isBackup = name === "zhunshi.json"
  const stated = isBackup ? (JSON.parse(text.toString("utf8")) as { format?: number; version?: string }) : {}
  if (!isBackup || typeof stated.format !== "number")
    throw new BackupRefused(`${path} is no backup of zhunshi`)
  if (stated.format > format)
    throw new BackupRefused(
      `${path} was made by zhunshi ${stated.version}, which is newer than this one; install that version, then restore again`,
    )
  return headSchema.parse(stated)
}

function prove(
  path: string,
  head: Head | null,
  manifest: Manifest | null,
  read: { tables: Map<string, Digest>; files: Map<string, ReturnType<typeof createHash>> },
): { head: Head; manifest: Manifest } {
  if (head === null) throw new BackupRefused(`${path} is no backup of zhunshi`)
  if (manifest === null) throw damaged(path, "its end is missing")
  for (const [name, digest] of read.tables) {
    const stated = manifest.tables.find((each) => each.name === name)
    if (stated?.sha256 !== digest.sha256 || stated.rows !== digest.rows)
      throw damaged(path, `the rows of ${name} do not match their checksum`)
  }
  for (const { name, sha256 } of manifest.files)
    if (read.files.get(name)?.digest("hex") !== sha256)
      throw damaged(path, `${name} does not match its checksum`)
  return { head, manifest }
}

/** Tries a backup: reads it back whole and notes how it was found. */
export async function tryBackup(world: EngineWorld, backup: StoredBackup): Promise<StoredBackup> {
  const error = await readBackup(backup.file).then(
    () => null,
    (broken: Error) => broken.message,
  )
  const at = await world.instant(world.db.pool)
  const tried = error === null ? "read" : "broken"
  await tellTried(world.db.pool, backup.id, { at, tried, error })
  return { ...backup, triedAt: at, tried, error }
}
