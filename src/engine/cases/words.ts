import { attachmentsMax } from "../../core/attachments.ts"
import type { Actor } from "../../core/cases.ts"
import type { Instant } from "../../core/instants.ts"
import { Refusal } from "../../core/refusals.ts"
import { beginningOf } from "../../core/saying.ts"
import { type AttachmentRef, findAttachments, keepSaid } from "../../store/attachments.ts"
import { transaction } from "../../store/database.ts"
import { newId } from "../../store/keys.ts"
import { addMessage, reachedBy, type StoredMessage } from "../../store/messages.ts"
import type { Session } from "../../store/statement.ts"
import { pathOfSubject, type Subject } from "../../store/subjects.ts"
import { tellStaff } from "../alerts/bell.ts"
import type { EngineWorld } from "../world.ts"

/** What somebody says about a case or an incident. */
export type Words = {
  text: string
  people?: readonly string[] | undefined
  departments?: readonly string[] | undefined
  /** files of this thread, by their SHA-256 */
  attachments?: readonly string[] | undefined
  /** a proposal for a solution, which anyone may make (2.4, 4.1a) */
  proposal?: boolean | undefined
}

/** Says something in a thread, and rings the bells of those it names: people, and everybody of a department. */
export async function speak(
  world: EngineWorld,
  subject: Subject,
  words: Words,
  actor: Actor,
): Promise<StoredMessage> {
  const text = words.text.trim()
  const wanted = [...new Set(words.attachments ?? [])]
  if (text === "" && wanted.length === 0) throw new Refusal("text_needed")
  if (wanted.length > attachmentsMax)
    throw new Refusal("bad_request", `At most ${attachmentsMax} files a message.`)
  const { message, rung } = await transaction(world.db, async (tx) => {
    const at = await world.instant(tx)
    const attachments = await filesOf(tx, subject, wanted)
    const message = await wordsBy(tx, subject, { ...words, text, attachments }, actor, at)
    const rung = (await reachedBy(tx, message.mentions, at)).filter((id) => id !== actor.id)
    const data = { number: subject.number, by: actor.name, text: beginningOf(text, 120) }
    await tellStaff(tx, rung, { kind: "mentioned", data, link: pathOfSubject(subject.number) }, at)
    return { message, rung }
  })
  world.changed({ cases: [subject.number], staff: rung })
  return message
}

/** Writes words into a thread, in the transaction of their cause. */
export async function wordsBy(
  tx: Session,
  { bucket, number }: Subject,
  words: Omit<Words, "attachments"> & {
    attachments?: readonly AttachmentRef[]
    help?: string
    answers?: string
  },
  actor: Actor,
  at: Instant,
): Promise<StoredMessage> {
  const message: StoredMessage = {
    bucket,
    subject: number,
    id: newId(at),
    at,
    author: actor.id,
    authorName: actor.name,
    department: actor.departments[0] ?? null,
    visibility: "internal",
    body: words.text,
    proposal: words.proposal ?? false,
    mentions: { people: [...(words.people ?? [])], departments: [...(words.departments ?? [])] },
    attachments: [...(words.attachments ?? [])],
    help: words.help ?? null,
    answers: words.answers ?? null,
  }
  await addMessage(tx, message)
  return message
}

/** The files that words are said with; each must have been uploaded to this thread. */
async function filesOf(
  tx: Session,
  { bucket, number }: Subject,
  wanted: readonly string[],
): Promise<AttachmentRef[]> {
  if (wanted.length === 0) return []
  const thread = { bucket, subject: number }
  const found = await findAttachments(tx, thread, wanted)
  if (found.length < wanted.length) throw new Refusal("upload_gone")
  await keepSaid(tx, thread, wanted)
  return wanted.map((sha256) => {
    const { name, type, bytes } = found.find((each) => each.sha256 === sha256)!
    return { sha256, name, type, bytes }
  })
}
