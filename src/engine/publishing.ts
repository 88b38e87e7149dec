import { policyFor } from "../core/compiledPolicy.ts"
import { type Instant, isoOf } from "../core/instants.ts"
import { type JsonObject, sameJson } from "../core/json.ts"
import { type Policy, policySchema } from "../core/policy.ts"
import { contradictionsOf, type PolicyParts, partsOf, withParts } from "../core/policyParts.ts"
import { Refusal } from "../core/refusals.ts"
import { note } from "../store/audit.ts"
import { transaction } from "../store/database.ts"
import { listDepartments } from "../store/people.ts"
import { lockPolicies, newestPolicy, publishPolicy } from "../store/rules.ts"
import type { Session } from "../store/statement.ts"
import { findGateway } from "./gateway/settings.ts"
import { partOf } from "./parts.ts"
import type { EngineWorld } from "./world.ts"

/** What is to be published: the parts as they shall be, of which version they were made, from when on, and why. */
export type Publishing = { parts: PolicyParts; base: number; effectiveAt: Instant | null; reason: string }

/** From when a version that is published now holds at the earliest: not before one that is planned, which would undo it. */
export const earliestStart = ({ effectiveAt }: Policy, now: Instant): Instant =>
  Math.max(now, Date.parse(effectiveAt))

/** Publishes the newest version with other parts; it holds for rounds of clocks that begin from then on. Answers its number. */
export async function publishParts(
  world: EngineWorld,
  { parts, base, effectiveAt, reason }: Publishing,
  by: { name: string },
): Promise<number> {
  const wrong = contradictionsOf(parts)
  if (wrong.length > 0) throw new Refusal("bad_request", undefined, wrong)
  if (reason.trim() === "") throw new Refusal("reason_needed")
  return transaction(world.db, async (tx) => {
    await lockPolicies(tx)
    const at = await world.instant(tx)
    const newest = await newestPolicy(tx)
    if (newest.version !== base) throw new Refusal("stale_version")
    const earliest = earliestStart(newest, at)
    const startAt = effectiveAt ?? earliest
    if (startAt < at) throw new Refusal("starts_in_past")
    if (startAt < earliest)
      throw new Refusal("before_planned", `Version ${newest.version} takes effect at ${newest.effectiveAt}.`)
    const known = new Set((await listDepartments(tx)).map(({ id }) => id))
    const strange = Object.keys(parts.hours).find((id) => !known.has(id))
    if (strange !== undefined) throw new Refusal("unknown_department", `There is no department ${strange}.`)
    await mayLeave(tx, parts.autoNotices, newest.autoNotices ?? [])
    const causes = (await partOf(tx, "causes")).part.thresholds
    const before = partsOf(newest, causes)
    const changed = changesOf(before, parts)
    if (Object.keys(changed.after).length === 0) throw new Refusal("nothing_changed")
    const document = policySchema.parse({
      ...withParts(newest, parts, causes),
      version: newest.version + 1,
      effectiveAt: isoOf(startAt),
      revertsAt: null,
    })
    await publishPolicy(tx, document, at, { who: by.name, reason: reason.trim() })
    const after = { ...changed.after, effectiveAt: document.effectiveAt, reason: reason.trim() }
    const subject = `policy/${document.version}`
    await note(tx, { who: by.name, what: "policy.publish", subject, before: changed.before, after }, at)
    return document.version
  })
}

/** Messages can leave by themselves where there are such messages, and a gateway that takes them. */
async function mayLeave(tx: Session, wanted: readonly string[], before: readonly string[]): Promise<void> {
  const added = wanted.filter((code) => !before.includes(code))
  if (added.length === 0) return
  const { part } = await partOf(tx, "notices")
  const strange = added.find((code) => !part.notices.some((notice) => notice.code === code))
  if (strange !== undefined) throw new Refusal("not_found", `There is no message ${strange}.`)
  if ((await findGateway(tx)) === null) throw new Refusal("gateway_needed")
}

/** The causes as they hold at an instant: the thresholds of the policy in force stand over their own. */
export async function causesAt(world: EngineWorld, tx: Session, at: Instant) {
  const { version, part } = await partOf(tx, "causes")
  const book = await world.ruleBook(tx)
  const thresholds = policyFor(book.rules(book.settings).policies, at, null)?.thresholds
  return { version, part: thresholds === undefined ? part : { ...part, thresholds } }
}

/** What differs, entry by entry: `within.analyse`, `hours.warehouse`, `thresholds.apply`. */
function changesOf(before: PolicyParts, after: PolicyParts): { before: JsonObject; after: JsonObject } {
  const changes = { before: {} as JsonObject, after: {} as JsonObject }
  for (const group of ["within", "hours", "thresholds"] as const) {
    const [was, is] = [before[group] as JsonObject, after[group] as JsonObject]
    for (const key of new Set([...Object.keys(was), ...Object.keys(is)])) {
      if (sameJson(was[key] ?? null, is[key] ?? null)) continue
      changes.before[`${group}.${key}`] = was[key] ?? null
      changes.after[`${group}.${key}`] = is[key] ?? null
    }
  }
  if (!sameJson(before.autoNotices, after.autoNotices)) {
    changes.before.autoNotices = before.autoNotices
    changes.after.autoNotices = after.autoNotices
  }
  return changes
}
