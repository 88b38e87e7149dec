import type { Actor } from "../../core/cases.ts"
import { Refusal } from "../../core/refusals.ts"
import { transaction } from "../../store/database.ts"
import { newId } from "../../store/keys.ts"
import { addMessage, reachedBy, type StoredMessage } from "../../store/messages.ts"
import { tellStaff } from "../alerts/bell.ts"
import type { EngineWorld } from "../world.ts"

/** What somebody says about a case. */
export type Words = {
  text: string
  people?: readonly string[] | undefined
  departments?: readonly string[] | undefined
  /** a proposal for a solution, which anyone may make (2.4, 4.1a) */
  proposal?: boolean | undefined
}

/** Says something in the thread of a case, and rings the bells of those it names: people, and everybody of a department. */
export async function speak(
  world: EngineWorld,
  { bucket, subject, link }: { bucket: number; subject: string; link: string },
  words: Words,
  actor: Actor,
): Promise<StoredMessage> {
  const body = words.text.trim()
  if (body === "") throw new Refusal("text_needed")
  const { message, rung } = await transaction(world.db, async (tx) => {
    const at = await world.instant(tx)
    const mentions = { people: [...(words.people ?? [])], departments: [...(words.departments ?? [])] }
    const message: StoredMessage = {
      bucket,
      subject,
      id: newId(at),
      at,
      author: actor.id,
      authorName: actor.name,
      department: actor.departments[0] ?? null,
      visibility: "internal",
      body,
      proposal: words.proposal ?? false,
      mentions,
    }
    await addMessage(tx, message)
    const rung = (await reachedBy(tx, mentions, at)).filter((id) => id !== actor.id)
    const data = { number: subject, by: actor.name, text: body.slice(0, 120) }
    await tellStaff(tx, rung, { kind: "mentioned", data, link }, at)
    return { message, rung }
  })
  world.changed({ cases: [subject], staff: rung })
  return message
}
