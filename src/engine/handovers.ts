import type { Actor } from "../core/cases.ts"
import { departmentsOf } from "../core/cases.ts"
import { confirmMinutes, nextShiftMinutes, remindMinutes } from "../core/handovers.ts"
import { incidentNumber } from "../core/incidents.ts"
import type { Instant } from "../core/instants.ts"
import { Refusal } from "../core/refusals.ts"
import { note } from "../store/audit.ts"
import { readCases } from "../store/cases.ts"
import { transaction } from "../store/database.ts"
import {
  closeHandover,
  escalateHandover,
  findHandover,
  giveDraft,
  type Handover,
  type HandoverItem,
  holdHandover,
  listItems,
  listUnconfirmed,
  moveHelpRequest,
  moveIncidentTo,
  moveWarning,
  type NewItem,
  saveDraft,
  settleItems,
  takeEndingShifts,
  whoComes,
} from "../store/handovers.ts"
import { caseNumber, newId, readCaseNumber } from "../store/keys.ts"
import { listHeld } from "../store/leaving.ts"
import { lockPerson } from "../store/memberships.ts"
import { headOf } from "../store/rosters.ts"
import { findName } from "../store/staffNames.ts"
import type { Session } from "../store/statement.ts"
import { tellStaff } from "./alerts/bell.ts"
import { performActs } from "./cases/perform.ts"
import type { EngineWorld } from "./world.ts"

const minuteMs = 60_000
type Draft = { department: string; note: string; notes: Record<string, string> }
type Key = Pick<HandoverItem, "kind" | "subject">
const keyOf = ({ kind, subject }: Key): string => `${kind} ${subject}`
const isWaiting = ({ state }: HandoverItem): boolean => state === "waiting"

/** Keeps what somebody begins to hand over, so that they can go on later. */
export const keepDraft = (world: EngineWorld, staff: string, draft: Draft): Promise<string> =>
  transaction(world.db, async (tx) =>
    saveDraft(tx, { ...draft, id: newId(await world.instant(tx)), fromStaff: staff }),
  )

/** Hands open work to the next shift of a department, whose bells ring; nothing moves until somebody confirms it. Giving the same draft again changes nothing. */
export async function giveHandover(
  world: EngineWorld,
  {
    id,
    department,
    staff,
    note: words,
    items,
  }: { id: string | null; department: string; staff: string; note: string; items: readonly NewItem[] },
  by: { name: string },
): Promise<string> {
  const { handover, rung } = await transaction(world.db, async (tx) => {
    // The same handover given twice at once is not there yet to be held.
    await lockPerson(tx, staff)
    const at = await world.instant(tx)
    const before = id === null ? undefined : await holdHandover(tx, id)
    if (before && before.fromStaff !== staff) throw new Refusal("forbidden")
    if (before?.givenAt != null) return { handover: before.id, rung: [] }
    const handover = await saveDraft(tx, {
      id: id ?? newId(at),
      department,
      fromStaff: staff,
      note: words,
      notes: {},
    })
    await giveDraft(tx, { id: handover, department, note: words }, items, at)
    const coming = (await whoComes(tx, department, at, at + nextShiftMinutes * minuteMs))
      .map((each) => each.id)
      .filter((each) => each !== staff)
    const data = { by: (await findName(tx, staff)) ?? "", n: items.length }
    if (items.length > 0)
      await tellStaff(tx, coming, { kind: "handover_given", data, link: `/handover/${handover}` }, at)
    await note(
      tx,
      {
        who: by.name,
        what: "handover.give",
        subject: `handover/${handover}`,
        after: { from: staff, department, items: items.map(keyOf) },
      },
      at,
    )
    return { handover, rung: coming }
  })
  world.changed({ staff: rung })
  return handover
}

/** What became of a confirmation: items taken, those that were no longer theirs to give, and those that could not be. */
export type Taken = {
  taken: number
  gone: number
  refused: { kind: string; subject: string; code: string }[]
}

/**
 * Confirms items of a handover, or all that wait: each moves to whoever confirms. Cases move by an act of their own, with the
 * handover as its id, so that a confirmation sent twice or broken off half-way moves each once.
 */
export async function takeItems(
  world: EngineWorld,
  id: string,
  keys: readonly Key[] | null,
  actor: Actor,
): Promise<Taken> {
  if (actor.id === null) throw new Refusal("forbidden", "Only a person can take work over.")
  const handover = await findHandover(world.db.pool, id)
  if (!handover || handover.givenAt === null) throw new Refusal("not_found")
  if (!mayConfirm(handover, actor)) throw new Refusal("forbidden")
  const wanted = keys && new Set(keys.map(keyOf))
  const waiting = (await listItems(world.db.pool, [id])).filter(
    (each) => isWaiting(each) && (wanted === null || wanted.has(keyOf(each))),
  )
  const cases = waiting.filter(({ kind }) => kind === "case")
  const parts = await casesOf(world.db.pool, handover.fromStaff, waiting)
  const { done } = await performActs(
    world,
    [...cases, ...parts].map(({ subject, note }) => ({
      number: subject,
      input: { act: "hand_over", from: handover.fromStaff, person: actor.id!, why: "shift", note },
    })),
    { actor, actId: `handover ${id} ${actor.id}` },
  )
  const takenCases: Key[] = []
  const goneCases: Key[] = []
  const refused: Taken["refused"] = []
  for (const [i, each] of done.slice(0, cases.length).entries()) {
    const item = cases[i]!
    if (each.ok) takenCases.push(item)
    else if (each.code === "not_theirs_now" || each.code === "illegal_move") goneCases.push(item)
    else refused.push({ kind: item.kind, subject: item.subject, code: each.code })
  }
  const { taken, gone, closed } = await transaction(world.db, async (tx) => {
    await holdHandover(tx, id)
    const at = await world.instant(tx)
    // Of the same confirmation sent twice the one that comes first settles everything.
    const left = new Set((await listItems(tx, [id])).filter(isWaiting).map(keyOf))
    const isLeft = (each: Key) => left.has(keyOf(each))
    const taken = takenCases.filter(isLeft)
    const gone = goneCases.filter(isLeft)
    for (const item of waiting.filter((each) => each.kind !== "case" && isLeft(each))) {
      const isMoved = await moved(tx, item, handover.fromStaff, actor.id!, at)
      isMoved || parts.some(({ of }) => of === item.subject) ? taken.push(item) : gone.push(item)
    }
    await settleItems(tx, id, taken, { state: "taken", by: actor.id, at })
    await settleItems(tx, id, gone, { state: "gone", by: null, at })
    const closed = await closeHandover(tx, id, at)
    if (closed && actor.id !== handover.fromStaff) {
      const data = { by: actor.name }
      await tellStaff(tx, [handover.fromStaff], { kind: "handover_taken", data, link: `/handover/${id}` }, at)
    }
    if (taken.length + gone.length > 0)
      await note(
        tx,
        {
          who: actor.name,
          what: "handover.take",
          subject: `handover/${id}`,
          after: { taken: taken.map(keyOf), gone: gone.map(keyOf) },
        },
        at,
      )
    return { taken, gone, closed }
  })
  world.changed({ alerts: true, staff: closed ? [handover.fromStaff, actor.id] : [actor.id] })
  return { taken: taken.length, gone: gone.length, refused }
}

/** The cases of incidents that are handed over: their work is one thing, and each of them is somebody's. */
async function casesOf(session: Session, staff: string, waiting: readonly HandoverItem[]) {
  const incidents = waiting.filter(({ kind }) => kind === "incident")
  if (incidents.length === 0) return []
  return (await listHeld(session, staff)).flatMap(({ bucket, n, incident }) => {
    const item = incidents.find(({ subject }) => incident !== null && subject === incidentNumber(incident))
    return item ? [{ subject: caseNumber(n, bucket), note: item.note, of: item.subject }] : []
  })
}

/** Whoever works in the department may confirm, its head and operations too; not whoever hands over. */
export const mayConfirm = ({ department, fromStaff }: Handover, actor: Actor): boolean =>
  actor.id !== fromStaff &&
  (departmentsOf(actor).has(department) ||
    actor.roles.some((each) => each.role === "owner" || each.role === "operations"))

/** Brings what is no case from one person to another; false when it is theirs no longer. A reply moves by the item itself. */
function moved(tx: Session, { kind, subject }: Key, from: string, to: string, at: Instant): Promise<boolean> {
  if (kind === "warning") return moveWarning(tx, subject, from, to, at)
  if (kind === "help") return moveHelpRequest(tx, subject, from, to)
  if (kind === "incident") return moveIncidentTo(tx, Number(subject.replace(/^I-/, "")), from, to, at)
  return Promise.resolve(true)
}

/** Marks the cases of a handover that whoever gave it has no longer. */
async function forgetGone(tx: Session, { id, fromStaff }: Handover, at: Instant): Promise<HandoverItem[]> {
  const waiting = (await listItems(tx, [id])).filter(isWaiting)
  const keys = waiting.flatMap(({ kind, subject }) =>
    kind === "case" ? (readCaseNumber(subject) ?? []) : [],
  )
  const theirs = new Set(
    (await readCases(tx, keys))
      .filter(({ assignee, archivedAt }) => assignee === fromStaff && archivedAt === null)
      .map(({ n, bucket }) => caseNumber(n, bucket)),
  )
  const gone = waiting.filter(({ kind, subject }) => kind === "case" && !theirs.has(subject))
  await settleItems(tx, id, gone, { state: "gone", by: null, at })
  await closeHandover(tx, id, at)
  return waiting.filter((each) => !gone.includes(each))
}

/** Tells the head of each department what the next shift has not confirmed in time; it stays with whoever handed it over. Answers how many handovers. */
export async function escalateHandovers(world: EngineWorld): Promise<number> {
  const now = await world.instant(world.db.pool)
  let told = 0
  for (const { id } of await listUnconfirmed(world.db.pool, now - confirmMinutes * minuteMs)) {
    const rung = await transaction(world.db, async (tx) => {
      const at = await world.instant(tx)
      const handover = await holdHandover(tx, id)
      if (!handover) return []
      const waiting = await forgetGone(tx, handover, at)
      if (waiting.length === 0 || !(await escalateHandover(tx, id, at))) return []
      const head = await headOf(tx, handover.department, at)
      const people = [...new Set([head?.id ?? handover.fromStaff, handover.fromStaff])]
      const data = { by: (await findName(tx, handover.fromStaff)) ?? "", n: waiting.length }
      await tellStaff(tx, people, { kind: "handover_waiting", data, link: `/handover/${id}` }, at)
      told += 1
      return people
    })
    if (rung.length > 0) world.changed({ staff: rung })
  }
  return told
}

/** Reminds whoever has open work shortly before their shift ends, once a shift; answers how many. */
export async function remindOfHandovers(world: EngineWorld): Promise<number> {
  const ending = await transaction(world.db, async (tx) => {
    const at = await world.instant(tx)
    const ending = await takeEndingShifts(tx, at, at + remindMinutes * minuteMs)
    for (const { staff, open } of ending)
      await tellStaff(tx, [staff], { kind: "handover_due", data: { n: open }, link: "/handover" }, at)
    return ending
  })
  if (ending.length > 0) world.changed({ staff: ending.map(({ staff }) => staff) })
  return ending.length
}
