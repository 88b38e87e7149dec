import { createWriteStream, type WriteStream } from "node:fs"
import { mkdir, stat } from "node:fs/promises"
import { dirname, join, normalize } from "node:path"
import { finished } from "node:stream/promises"
import type pg from "pg"
import {
  addBackup,
  copyIn,
  copyOut,
  dropTables,
  emptyTables,
  listTables,
  openCopySession,
  tellTried,
  type WholeTable,
} from "../../store/backups.ts"
import type { Database } from "../../store/database.ts"
import { newId } from "../../store/keys.ts"
import { forgetKeyId } from "../../store/masterKey.ts"
import { listMigrations, migrate } from "../../store/migrate.ts"
import { instantNow } from "../../store/orders.ts"
import { Digest } from "./digest.ts"
import { BackupRefused, type Head, type Manifest } from "./manifest.ts"
import { readBackup } from "./reading.ts"

/** Where a backup is restored into, and with which master key. */
export type RestorePlace = {
  db: Database
  /** the data directory: files that belong to the company go there */
  data: string
  /** the master key at hand (null: there is none), and whether it has to be the backup's */
  key: { id: string | null; needed: boolean }
}

/** What was restored. */
export type Restored = { head: Head; manifest: Manifest; migrated: string[] }

/**
 * Makes an empty database equal to what a backup holds. Everything is read and checked before anything is written; afterwards every
 * table is read again and its rows proven to be those of the backup; then it is brought up to this program's schema.
 */
export async function restoreBackup(path: string, place: RestorePlace): Promise<Restored> {
  const { head, manifest } = await readBackup(path, { head: (head) => refuse(head, path, place) })
  const client = await openCopySession(place.db.url)
  try {
    await migrate(place.db, migrationsOf(head, path))
    await client.query("begin")
    await fill(client, path, place.data)
    await client.query("commit")
    await proveEqual(client, head, manifest)
  } catch (error) {
    await client.query("rollback").catch(() => {})
    await dropTables(client).catch(() => {})
    throw error
  } finally {
    await client.end()
  }
  const migrated = await migrate(place.db)
  // Restored without its key it is sealed for nobody; what is sealed from now on is of the key of its next start.
  if (place.key.id !== head.keyId) await forgetKeyId(place.db.pool)
  await noteRestored(path, head, manifest, place)
  return { head, manifest, migrated }
}

async function refuse(head: Head, path: string, { db, key }: RestorePlace): Promise<void> {
  migrationsOf(head, path)
  if (key.needed && key.id !== head.keyId)
    throw new BackupRefused(
      `the personal data in ${path} is sealed with the master key ${head.keyId}, and ${key.id === null ? "there is none here" : `the key here is ${key.id}`}; put that master.key into the data directory or set ZHUNSHI_KEY, or restore with --without-key and lose names, phones and addresses for ever`,
    )
  if ((await listTables(db.pool)).length > 0)
    throw new BackupRefused(
      "the database is not empty, and a restore replaces nothing; name a folder that does not exist yet with --into, or an empty database with DATABASE_URL",
    )
}

/** The migrations that made the tables of a backup; a program that does not know one of them is too old. */
function migrationsOf(head: Head, path: string) {
  const own = listMigrations()
  return head.migrations.map(({ number, name, checksum }) => {
    const found = own.find((each) => each.number === number)
    if (!found)
      throw new BackupRefused(
        `${path} was made by zhunshi ${head.version}, which is newer than this one (it has ${name}); install that version, then restore again`,
      )
    if (found.checksum !== checksum)
      throw new BackupRefused(
        `${path} was made by another build of zhunshi ${head.version} (its ${name} differs); restore it with that build`,
      )
    return found
  })
}

/** Streams the archive's rows into its tables and its files into the data directory. */
async function fill(client: pg.Client, path: string, data: string): Promise<void> {
  let tables: WholeTable[] = []
  let open: { name: string; into: NodeJS.WritableStream } | null = null
  const next = async (name: string | null, into: () => NodeJS.WritableStream) => {
    if (open?.name === name) return
    if (open !== null) {
      const { into: last } = open
      last.end()
      await finished(last)
    }
    open = name === null ? null : { name, into: into() }
  }
  const put = async (chunk: Buffer) => {
    const { into } = open!
    if (!into.write(chunk)) await drained(into)
  }
  await readBackup(path, {
    async head(head) {
      tables = head.tables
      await emptyTables(client, tables)
    },
    async table(name, chunk) {
      await next(`table ${name}`, () => copyIn(client, tables.find((each) => each.name === name)!))
      await put(chunk)
    },
    async file(name, chunk) {
      const target = inside(data, name)
      await mkdir(dirname(target), { recursive: true, mode: 0o700 })
      await next(`file ${name}`, (): WriteStream => createWriteStream(target, { mode: 0o600 }))
      await put(chunk)
    },
  })
  await next(null, () => {
    throw new Error("nothing is opened at the end")
  })
}

/** A file's place in the data directory; a name that leads out of it is refused. */
function inside(data: string, name: string): string {
  const target = normalize(join(data, name))
  if (!target.startsWith(join(data, "/"))) throw new BackupRefused(`the backup names a file outside: ${name}`)
  return target
}

function drained(into: NodeJS.WritableStream): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      into.off("drain", onDrain)
      into.off("error", onError)
      act()
    }
    const onDrain = () => settle(resolve)
    const onError = (error: Error) => settle(() => reject(error))
    into.on("drain", onDrain)
    into.on("error", onError)
  })
}

/** Reads every table again: as many rows as in the backup, and the same ones. */
async function proveEqual(client: pg.Client, head: Head, manifest: Manifest): Promise<void> {
  for (const table of head.tables) {
    const digest = new Digest()
    for await (const chunk of copyOut(client, table) as AsyncIterable<Buffer>) digest.add(chunk)
    const stated = manifest.tables.find(({ name }) => name === table.name)!
    if (digest.sha256 !== stated.sha256 || digest.rows !== stated.rows)
      throw new BackupRefused(
        `after the restore ${table.name} holds ${digest.rows} rows where the backup has ${stated.rows}, or other ones; nothing was kept`,
      )
  }
}

/** The restored company knows of the backup that it came from, and that it was tried by that. */
async function noteRestored(
  path: string,
  head: Head,
  manifest: Manifest,
  place: RestorePlace,
): Promise<void> {
  const { pool } = place.db
  const at = await instantNow(pool)
  const id = newId(at)
  await addBackup(pool, {
    id,
    madeAt: head.madeAt,
    byWhom: "restore",
    file: path,
    bytes: (await stat(path)).size,
    rows: manifest.tables.reduce((n, { rows }) => n + rows, 0),
    tables: head.tables.length,
    version: head.version,
    tookMs: 0,
  })
  await tellTried(pool, id, { at, tried: "restored", error: null })
}
