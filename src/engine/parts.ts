import type { z } from "zod"
import { taxonomySchema } from "../core/causes.ts"
import type { Json } from "../core/json.ts"
import { noticesSchema } from "../core/notices.ts"
import { reasonsSchema } from "../core/reasons.ts"
import { Refusal } from "../core/refusals.ts"
import { reportFormSchema } from "../core/reports.ts"
import { readContent } from "../files/content.ts"
import { note } from "../store/audit.ts"
import { transaction } from "../store/database.ts"
import { addPart, findPart, partVersion } from "../store/policyParts.ts"
import type { Session } from "../store/statement.ts"
import type { EngineWorld } from "./world.ts"

/** The parts of the policy that have versions of their own, and what each must look like. */
const schemas = {
  causes: taxonomySchema,
  "report-form": reportFormSchema,
  notices: noticesSchema,
  reasons: reasonsSchema,
} as const
type Name = keyof typeof schemas
type Part<Of extends Name> = z.infer<(typeof schemas)[Of]>

/** Versions never change, so each is read once a process. */
const read = new Map<string, unknown>()

/** A part of the policy as it holds now: the company's own, else the content that is shipped (version 0). */
export async function partOf<Of extends Name>(
  session: Session,
  name: Of,
): Promise<{ version: number; part: Part<Of> }> {
  const version = await partVersion(session, name)
  const key = `${name} ${version}`
  if (!read.has(key)) {
    const document = version === 0 ? readContent<Json>(name) : (await findPart(session, name))!.document
    read.set(key, schemas[name].parse(document))
  }
  return { version, part: read.get(key) as Part<Of> }
}

/** Publishes a version of a part; one that does not fit its schema is refused with the first reason. */
export async function publishPart(
  world: EngineWorld,
  name: Name,
  document: Json,
  by: string,
): Promise<number> {
  const parsed = schemas[name].safeParse(document)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new Refusal("bad_request", `${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`)
  }
  return transaction(world.db, async (tx) => {
    const at = await world.instant(tx)
    const before = await partVersion(tx, name)
    const version = await addPart(tx, name, parsed.data as unknown as Json, { who: by, at })
    await note(
      tx,
      {
        who: by,
        what: "policy_part.publish",
        subject: name,
        before: { version: before },
        after: { version },
      },
      at,
    )
    return version
  })
}
