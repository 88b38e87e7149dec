import { createReadStream, createWriteStream } from "node:fs"
import { open, rename, rm, stat } from "node:fs/promises"
import type { Readable } from "node:stream"
import { finished, pipeline } from "node:stream/promises"
import { createGunzip, createGzip } from "node:zlib"
import { extract, pack } from "tar-stream"

/** Adds an entry: bytes, or a stream of a size known before. */
export type Add = (name: string, body: Buffer | { size: number; stream: Readable }) => Promise<void>

/**
 * Writes a .tar.gz of whatever `fill` adds, streaming: nothing but the entry at hand is in memory. The file appears under its
 * name only when it is whole and on disk, readable by its owner alone. Answers its size in bytes.
 */
export async function writeArchive(path: string, fill: (add: Add) => Promise<void>): Promise<number> {
  const part = `${path}.part`
  const tar = pack()
  // Fast rather than small: the night is short on a machine that also serves.
  const written = pipeline(tar, createGzip({ level: 4 }), createWriteStream(part, { mode: 0o600 }))
  written.catch(() => {})
  try {
    await fill(async (name, body) => {
      const size = Buffer.isBuffer(body) ? body.length : body.size
      const entry = tar.entry({ name, size })
      if (Buffer.isBuffer(body)) {
        entry.end(body)
        // The disk may fail while the entry waits for it.
        await Promise.race([finished(entry as unknown as NodeJS.WritableStream), written])
      } else await pipeline(body.stream, entry as unknown as NodeJS.WritableStream)
    })
    tar.finalize()
    await written
    const handle = await open(part)
    await handle.sync()
    await handle.close()
    await rename(part, path)
    return (await stat(path)).size
  } catch (error) {
    tar.destroy()
    await written.catch(() => {})
    await rm(part, { force: true })
    throw error
  }
}

/** Reads a .tar.gz from its beginning, entry by entry; `visit` must read each to its end. Throws where the file is cut off or damaged. */
export async function readArchive(
  path: string,
  visit: (name: string, body: AsyncIterable<Buffer>) => Promise<void>,
): Promise<void> {
  const entries = extract()
  const read = pipeline(createReadStream(path), createGunzip(), entries as unknown as NodeJS.WritableStream)
  read.catch(() => {})
  try {
    for await (const entry of entries) await visit(entry.header.name, entry as AsyncIterable<Buffer>)
    await read
  } catch (error) {
    entries.destroy()
    // What broke the stream says more than the entry that it broke.
    await read.catch((cause: Error) => {
      if (!/premature|destroyed|aborted/i.test(cause.message)) throw cause
    })
    throw error
  }
}
