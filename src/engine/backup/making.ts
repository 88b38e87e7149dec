import { createHash } from "node:crypto"
import { createReadStream, existsSync } from "node:fs"
import { mkdir, readdir, rm, stat } from "node:fs/promises"
import { join } from "node:path"
import { Transform } from "node:stream"
import type pg from "pg"
import { type Instant, isoOf } from "../../core/instants.ts"
import { Refusal } from "../../core/refusals.ts"
import { type Add, writeArchive } from "../../files/archive.ts"
import { note } from "../../store/audit.ts"
import {
  addBackup,
  copyOut,
  listTables,
  lockBackups,
  openCopySession,
  type StoredBackup,
  type WholeTable,
} from "../../store/backups.ts"
import { transaction } from "../../store/database.ts"
import { newId } from "../../store/keys.ts"
import type { EngineWorld } from "../world.ts"
import { Digest } from "./digest.ts"
import { folders, format, type Head, type Manifest } from "./manifest.ts"

/** Of what a backup is made and where it goes. */
export type BackupPlace = { folder: string; data: string; version: string }

/** An entry of a table holds about this much: what is in memory at once. */
const partBytes = 8 * 2 ** 20

/**
 * Makes a backup: every table in one snapshot, so that it is the company at one instant however long it takes, and the folders that
 * belong to it. The master key is not in it. One at a time; `backup_running` otherwise.
 */
export async function makeBackup(world: EngineWorld, place: BackupPlace, by: string): Promise<StoredBackup> {
  await mkdir(place.folder, { recursive: true, mode: 0o700 })
  const client = await openCopySession(world.db.url)
  try {
    if (!(await lockBackups(client))) throw new Refusal("backup_running")
    await client.query("begin isolation level repeatable read read only")
    const startedAt = await world.instant(client)
    await forgetHalf(place.folder, startedAt)
    const file = join(place.folder, `zhunshi-${isoOf(startedAt).slice(0, 19).replaceAll(":", "")}Z.tar.gz`)
    const tables = await listTables(client)
    const manifest: Manifest = { tables: [], files: [] }
    const bytes = await writeArchive(file, async (add) => {
      const head = await headOf(world, client, tables, { version: place.version, madeAt: startedAt })
      await add("zhunshi.json", asText(head))
      for (const table of tables) manifest.tables.push(await addTable(add, client, table))
      for (const folder of folders) await addFolder(add, place.data, folder, manifest.files)
      await add("manifest.json", asText(manifest))
    })
    await client.query("commit")
    const made = {
      id: newId(startedAt),
      madeAt: startedAt,
      byWhom: by,
      file,
      bytes,
      rows: manifest.tables.reduce((n, { rows }) => n + rows, 0),
      tables: tables.length,
      version: place.version,
      tookMs: Math.max(0, (await world.instant(world.db.pool)) - startedAt),
    }
    await transaction(world.db, async (tx) => {
      await addBackup(tx, made)
      await note(
        tx,
        { who: by, what: "backup.make", subject: `backup/${made.id}`, after: { file, bytes } },
        await world.instant(tx),
      )
    })
    return { ...made, triedAt: null, tried: null, error: null, goneAt: null }
  } finally {
    await client.end()
  }
}

const halfHours = 24

/** Removes what backups whose process was killed left half written; one that is being written was touched a moment ago, also where another company keeps its own here. */
async function forgetHalf(folder: string, now: Instant): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!/^zhunshi-.*\.tar\.gz\.part$/.test(name)) continue
    const path = join(folder, name)
    // Another that was just finished is gone under this name.
    const oldMs = await stat(path).then(
      ({ mtimeMs }) => now - mtimeMs,
      () => 0,
    )
    if (oldMs > halfHours * 3_600_000) await rm(path, { force: true })
  }
}

const asText = (value: object): Buffer => Buffer.from(JSON.stringify(value, null, 1))

async function headOf(
  world: EngineWorld,
  client: pg.Client,
  tables: WholeTable[],
  { version, madeAt }: { version: string; madeAt: number },
): Promise<Head> {
  const { rows: migrations } = await client.query<Head["migrations"][number]>(
    "select number, name, checksum from migrations order by number",
  )
  return { format, version, madeAt, keyId: world.secrets.keyId, migrations, tables }
}

/** Adds a table in parts that end with a row. */
async function addTable(add: Add, client: pg.Client, table: WholeTable) {
  const digest = new Digest()
  let part = 0
  let chunks: Buffer[] = []
  let size = 0
  const flush = async () => {
    if (size === 0) return
    part += 1
    await add(`tables/${table.name}/${String(part).padStart(6, "0")}.copy`, Buffer.concat(chunks))
    chunks = []
    size = 0
  }
  for await (const chunk of copyOut(client, table) as AsyncIterable<Buffer>) {
    digest.add(chunk)
    chunks.push(chunk)
    size += chunk.length
    if (size >= partBytes && chunk.at(-1) === 10) await flush()
  }
  await flush()
  return { name: table.name, sha256: digest.sha256, rows: digest.rows }
}

/** Adds a folder's files, those in folders within it too. */
async function addFolder(add: Add, data: string, folder: string, files: Manifest["files"]): Promise<void> {
  if (!existsSync(join(data, folder))) return
  for (const entry of await readdir(join(data, folder), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const name = path.slice(data.length + 1).replaceAll("\\", "/")
    const { size } = await stat(path)
    const hash = createHash("sha256")
    const counted = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        hash.update(chunk)
        done(null, chunk)
      },
    })
    // What is written to a file meanwhile belongs to the next backup.
    const stream = createReadStream(path, { end: Math.max(0, size - 1) })
    await add(`files/${name}`, size === 0 ? Buffer.alloc(0) : { size, stream: stream.pipe(counted) })
    files.push({ name, bytes: size, sha256: hash.digest("hex") })
  }
}
