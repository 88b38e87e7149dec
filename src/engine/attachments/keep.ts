import { createHash } from "node:crypto"
import { fileTypeFromBuffer } from "file-type"
import { attachmentBytesMax, attachmentTypes } from "../../core/attachments.ts"
import { fileNameOf } from "../../core/fileNames.ts"
import { Refusal } from "../../core/refusals.ts"
import {
  type AttachmentRef,
  addAttachment,
  dropAttachment,
  findAttachments,
  holdContent,
  isKept,
  listUnsaid,
  type StoredAttachment,
} from "../../store/attachments.ts"
import { note } from "../../store/audit.ts"
import { transaction } from "../../store/database.ts"
import type { Subject } from "../../store/subjects.ts"
import type { EngineWorld } from "../world.ts"

type Of = Pick<Subject, "bucket" | "number">
const placeOf = ({ bucket, number }: Of) => ({ bucket, subject: number })
/** A file opens only as the content that it was sealed as. */
const boundTo = (sha256: string): string => `attachments|${sha256}`

/** Keeps a file of a thread, encrypted, under its SHA-256. What it is says its content, not its name: images and PDF alone. */
export async function keepAttachment(
  world: EngineWorld,
  subject: Of,
  file: { name: string | undefined; content: Buffer },
  by: string,
): Promise<AttachmentRef> {
  const { content } = file
  if (content.length > attachmentBytesMax) throw new Refusal("file_too_large")
  const found = await fileTypeFromBuffer(content)
  const type = attachmentTypes.find((each) => each === found?.mime)
  if (type === undefined) throw new Refusal("file_type", found ? `It is ${found.mime}.` : undefined)
  const sha256 = createHash("sha256").update(content).digest("hex")
  const kept = { sha256, name: fileNameOf(file.name), type, bytes: content.length }
  const row: StoredAttachment = { ...placeOf(subject), ...kept }
  const isNew = await transaction(world.db, async (tx) => {
    await holdContent(tx, sha256)
    const at = await world.instant(tx)
    const added = (await addAttachment(tx, row, { who: by, at })) > 0
    if (added) await note(tx, { who: by, what: "attachment.keep", subject: subject.number, after: kept }, at)
    return added
  })
  try {
    await world.shelf.put(sha256, world.secrets.seal(content, boundTo(sha256)))
  } catch (error) {
    if (isNew) await transaction(world.db, (tx) => dropAttachment(tx, row))
    throw error
  }
  return kept
}

/** A file of a thread; refused where the thread has none of this content. */
export async function openAttachment(
  world: EngineWorld,
  subject: Of,
  sha256: string,
): Promise<AttachmentRef & { content: Buffer }> {
  const [found] = await findAttachments(world.db.pool, placeOf(subject), [sha256])
  const sealed = found ? await world.shelf.get(sha256) : null
  if (!found || sealed === null) throw new Refusal("not_found")
  const { name, type, bytes } = found
  return { sha256, name, type, bytes, content: world.secrets.open(sealed, boundTo(sha256)) }
}

const dayMs = 24 * 60 * 60_000

/** Forgets what was uploaded more than a day ago and never sent; answers how many files. */
export async function forgetUnsaid(world: EngineWorld): Promise<number> {
  const { pool } = world.db
  let forgotten = 0
  for (const each of await listUnsaid(pool, (await world.instant(pool)) - dayMs))
    forgotten += await transaction(world.db, async (tx) => {
      // Whoever keeps the same content at this moment waits, and then puts it back.
      await holdContent(tx, each.sha256)
      const gone = await dropAttachment(tx, each)
      if (gone > 0 && !(await isKept(tx, each.sha256))) await world.shelf.drop(each.sha256)
      return gone
    })
  return forgotten
}
