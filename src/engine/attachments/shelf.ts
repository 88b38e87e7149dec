import { createHash, randomBytes } from "node:crypto"
import { mkdir, open, readFile, rename, rm } from "node:fs/promises"
import { dirname, join } from "node:path"
import { AwsClient } from "aws4fetch"

/** Where the bytes of files lie, each under the SHA-256 of its content. */
export type Shelf = {
  /** durable when it answers; the same name again changes nothing */
  put(sha256: string, bytes: Buffer): Promise<void>
  /** null: there is none */
  get(sha256: string): Promise<Buffer | null>
  drop(sha256: string): Promise<void>
}

/** An S3-compatible bucket: its URL, a prefix behind it where there is one, and the key. */
export type S3Place = { url: string; keyId: string; secret: string; region: string }

/** The folder of the data directory in which files lie; a backup takes it whole. */
export const attachmentsFolder = "attachments"

/** Files in the S3-compatible bucket that is named, else in the data directory. */
export const openShelf = (data: string, s3: S3Place | null): Shelf =>
  s3 === null ? folderShelf(join(data, attachmentsFolder)) : bucketShelf(s3)

/** `ab/abcdef…`, so that no folder grows too long. */
const placeOf = (sha256: string): string => `${sha256.slice(0, 2)}/${sha256}`

const isMissing = (error: unknown): boolean => (error as { code?: string }).code === "ENOENT"

function folderShelf(folder: string): Shelf {
  return {
    async put(sha256, bytes) {
      const path = join(folder, placeOf(sha256))
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      const beside = `${path}.${randomBytes(6).toString("hex")}`
      const file = await open(beside, "wx", 0o600)
      try {
        await file.writeFile(bytes)
        await file.sync()
      } finally {
        await file.close()
      }
      await rename(beside, path)
      // The new name is durable when its folder is.
      const inside = await open(dirname(path), "r")
      await inside.sync().finally(() => inside.close())
    },
    async get(sha256) {
      try {
        return await readFile(join(folder, placeOf(sha256)))
      } catch (error) {
        if (isMissing(error)) return null
        throw error
      }
    },
    drop: (sha256) => rm(join(folder, placeOf(sha256)), { force: true }),
  }
}

const answerMaxMs = 30_000

function bucketShelf({ url, keyId, secret, region }: S3Place): Shelf {
  const client = new AwsClient({
    accessKeyId: keyId,
    secretAccessKey: secret,
    region,
    service: "s3",
    retries: 3,
  })
  const ask = async (method: string, sha256: string, body?: Buffer): Promise<Response> => {
    const digest = createHash("sha256")
      .update(body ?? "")
      .digest("hex")
    const answer = await client.fetch(`${url.replace(/\/$/, "")}/${placeOf(sha256)}`, {
      method,
      headers: { "x-amz-content-sha256": digest },
      signal: AbortSignal.timeout(answerMaxMs),
      ...(body === undefined ? {} : { body: new Uint8Array(body) }),
    })
    if (!answer.ok && answer.status !== 404)
      throw new Error(`the storage of files answered ${answer.status} to ${method}`)
    return answer
  }
  return {
    async put(sha256, bytes) {
      const { status } = await ask("PUT", sha256, bytes)
      if (status === 404) throw new Error("the storage of files has no such bucket")
    },
    async get(sha256) {
      const answer = await ask("GET", sha256)
      return answer.ok ? Buffer.from(await answer.arrayBuffer()) : null
    },
    async drop(sha256) {
      await ask("DELETE", sha256)
    },
  }
}
