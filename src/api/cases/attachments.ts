import type { FastifyInstance } from "fastify"
import type { ZodTypeProvider } from "fastify-type-provider-zod"
import { z } from "zod"
import { type AttachmentType, attachmentBytesMax } from "../../core/attachments.ts"
import { Refusal } from "../../core/refusals.ts"
import { keepAttachment, openAttachment } from "../../engine/attachments/keep.ts"
import type { AttachmentView } from "../contract/words.ts"
import type { World } from "../world.ts"
import { abouts, subjectFor } from "./subjects.ts"

const id = z.string().min(1).max(64)
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** Files of a thread: whoever sees the case or incident adds and opens them, nobody else. */
export default async function attachments(plain: FastifyInstance, world: World): Promise<void> {
  const app = plain.withTypeProvider<ZodTypeProvider>()
  for (const about of abouts) {
    const tags = [about]
    app.post(
      `/api/v1/${about}/:id/attachments`,
      {
        config: { rateLimit: { max: 120, timeWindow: "1 minute" } },
        schema: {
          tags,
          summary: "Add a file (image or PDF, up to 10 MiB) to be said something with",
          consumes: ["multipart/form-data"],
          params: z.object({ id }),
        },
      },
      async (request): Promise<AttachmentView> => {
        const { subject, who } = await subjectFor(world, request, request.params.id)
        // A byte more than it may have says that there was more.
        const file = await request.file({ limits: { fileSize: attachmentBytesMax + 1, files: 1, fields: 4 } })
        if (!file) throw new Refusal("bad_request", "Send the file as the field `file` of a form.")
        const content = await file.toBuffer().catch(refuseLarge)
        const kept = await keepAttachment(world, subject, { name: file.filename, content }, who.name)
        return { ...kept, type: kept.type as AttachmentType }
      },
    )
    app.get(
      `/api/v1/${about}/:id/attachments/:sha256`,
      { schema: { tags, summary: "A file of a thread", params: z.object({ id, sha256 }) } },
      async (request, reply) => {
        const { subject } = await subjectFor(world, request, request.params.id)
        const etag = `"${request.params.sha256}"`
        // Whoever may no longer see it does not get here, whatever their browser kept.
        void reply.header("cache-control", "private, no-cache").header("etag", etag)
        const { name, type, content } = await openAttachment(world, subject, request.params.sha256)
        if (request.headers["if-none-match"] === etag) return reply.status(304).send()
        return reply
          .headers({
            "content-type": type,
            "content-disposition": `${type.startsWith("image/") ? "inline" : "attachment"}; filename*=UTF-8''${encoded(name)}`,
            "x-content-type-options": "nosniff",
            "content-security-policy": "default-src 'none'; sandbox",
            "cross-origin-resource-policy": "same-origin",
          })
          .send(content)
      },
    )
  }
}

function refuseLarge(error: { code?: string }): never {
  throw error.code === "FST_REQ_FILE_TOO_LARGE" ? new Refusal("file_too_large") : error
}

/** A name as RFC 5987 writes it. */
const encoded = (name: string): string =>
  encodeURIComponent(name).replace(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16)}`)
