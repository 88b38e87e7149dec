import { randomUUID } from "node:crypto"
import { createWriteStream } from "node:fs"
import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { pipeline } from "node:stream/promises"
import type { MultipartFile } from "@fastify/multipart"
import { fileNameOf } from "../../core/fileNames.ts"
import { Refusal } from "../../core/refusals.ts"

/** Files on their way in, for a day at most: they hold receivers in the clear. */
export class Uploads {
  readonly #folder: string

  constructor(data: string) {
    this.#folder = join(data, "uploads")
  }

  /** Keeps a file with the instant of its last change; answers its id. */
  async keep(file: MultipartFile): Promise<string> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    await this.forgetOld()
    const id = randomUUID()
    const path = join(this.#folder, id)
    await pipeline(file.file, createWriteStream(path, { mode: 0o600 }))
    const changed = Number((file.fields.changedAt as { value?: string } | undefined)?.value)
    if (Number.isFinite(changed) && changed > 0) await utimes(path, changed / 1000, changed / 1000)
    await writeFile(`${path}.json`, JSON.stringify({ file: fileNameOf(file.filename) }), { mode: 0o600 })
    return id
  }

  /** Where a file lies and what it was called; `upload_gone` when it does no more. */
  async find(id: string): Promise<{ path: string; file: string }> {
    const path = join(this.#folder, id)
    try {
      await stat(path)
      return { path, file: (JSON.parse(await readFile(`${path}.json`, "utf8")) as { file: string }).file }
    } catch {
      throw new Refusal("upload_gone")
    }
  }

  /** Removes what nobody carried out. */
  async forgetOld(): Promise<void> {
    for (const name of await readdir(this.#folder).catch(() => [])) {
      const path = join(this.#folder, name)
      if ((await stat(path)).ctimeMs < Date.now() - 24 * 60 * 60_000) await rm(path, { force: true })
    }
  }
}

/** Removes a file as soon as it has been read. */
export const forgetUpload = (path: string): Promise<unknown> =>
  Promise.all([rm(path, { force: true }), rm(`${path}.json`, { force: true })])
