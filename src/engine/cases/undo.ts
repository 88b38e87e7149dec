import { type Actor, partiesOf } from "../../core/cases.ts"
import type { Instant } from "../../core/instants.ts"
import { Refusal } from "../../core/refusals.ts"
import { listBatch } from "../../store/cases.ts"
import { transaction } from "../../store/database.ts"
import { caseNumber } from "../../store/keys.ts"
import { takeBackDecisions } from "../proposing.ts"
import type { EngineWorld } from "../world.ts"
import { workOn } from "./desk.ts"
import { type CaseFile, enter } from "./file.ts"
import { type Done, type Kept, refusedOf } from "./perform.ts"

/** How long an act can be taken back. */
export const undoMs = 10 * 60_000

/** Acts that a later one can take back: what was said to customers, handed in or archived stays. */
export const undoable: ReadonlySet<string> = new Set([
  "assign",
  "take",
  "hand_on",
  "cause",
  "analyse",
  "plan",
  "resolve",
])

/** Until when an entry can be undone, or null: it is the last that anybody did, of an act that can be taken back. */
export function undoableUntil(log: CaseFile["log"], entry: CaseFile["log"][number]): Instant | null {
  if (entry.batch === null || entry.data.undo === undefined || !undoable.has(entry.what)) return null
  // What was done for all cases of an incident is taken back there, for all.
  if (entry.data.incident !== undefined || isMovedSince(log, entry)) return null
  return entry.at + undoMs
}

/** What the engine does that stands in the way of undoing what came before. */
const moving = ["reworked", "withdrawn", "reopened", "incident_joined", "told"]

/** Whether an entry was taken back already, or anything that still stands was done to the case after it. */
function isMovedSince(log: CaseFile["log"], entry: CaseFile["log"][number]): boolean {
  const undone = new Set(log.flatMap(({ what, data }) => (what === "undone" ? [data.of] : [])))
  const moved = (each: CaseFile["log"][number]) =>
    each.batch !== entry.batch &&
    each.what !== "undone" &&
    !undone.has(each.id) &&
    (each.who !== null || moving.includes(each.what))
  return undone.has(entry.id) || log.slice(log.indexOf(entry) + 1).some(moved)
}

/** Takes back what one act did, for every case in which nothing was done since; clocks are judged as if it had never been. */
export async function undoActs(world: EngineWorld, batch: string, actor: Actor): Promise<{ done: Done[] }> {
  const numbers = await transaction(world.db, async (tx) =>
    (await listBatch(tx, batch)).map(({ bucket, n }) => caseNumber(n, bucket)),
  )
  if (numbers.length === 0) throw new Refusal("not_undoable")
  const done: Done[] = []
  for (let i = 0; i < numbers.length; i += 100) {
    const chunk = numbers.slice(i, i + 100)
    done.push(
      ...(await workOn(
        world,
        chunk.map((number) => ({ number })),
        async (tx, desk) => {
          const round = chunk.map((number) => takeBack(desk.file(number), number, batch, actor, desk.at))
          await takeBackDecisions(
            tx,
            desk.files.map(({ own }) => own).filter(({ cause }, i) => cause !== desk.files[i]!.before.cause),
          )
          return round
        },
        { who: actor.name, what: "case.undo", after: { batch }, batch: () => batch },
      )),
    )
  }
  return { done }
}

function takeBack(file: CaseFile, number: string, batch: string, actor: Actor, at: Instant): Done {
  const own = file.log.filter((entry) => entry.batch === batch)
  const first = own.find(({ data }) => data.undo !== undefined)
  const until = first ? undoableUntil(file.log, first) : null
  if (first === undefined || until === null || until < at)
    return refusedOf(number, new Refusal("not_undoable"))
  const isTheirs = first.data.by === null ? first.who === actor.name : first.data.by === actor.id
  if (!isTheirs && !partiesOf(actor, file.own).has("operations"))
    return refusedOf(number, new Refusal("not_your_case"))
  restore(file, own, actor, at)
  return { number, ok: true, own: file.own }
}

/** Takes back what an act of its incident did to a case; refused where something was done since. */
export function takeBackAll(
  file: CaseFile,
  batch: string,
  actor: Actor,
  at: Instant,
  incident: string,
): void {
  const own = file.log.filter((entry) => entry.batch === batch)
  const first = own.find(({ data }) => data.undo !== undefined)
  if (first === undefined || isMovedSince(file.log, first)) throw new Refusal("not_undoable")
  restore(file, own, actor, at, { incident })
}

function restore(file: CaseFile, deeds: CaseFile["log"], actor: Actor, at: Instant, more: object = {}): void {
  Object.assign(file.own, deeds.find(({ data }) => data.undo !== undefined)!.data.undo as Kept)
  enter(
    file,
    deeds.map(({ id, what }) => ({
      what: "undone",
      who: actor.name,
      data: { of: id, act: what, by: actor.id, ...more },
    })),
    at,
  )
}
