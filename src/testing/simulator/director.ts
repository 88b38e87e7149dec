import { setTimeout as pause } from "node:timers/promises"
import type { Database } from "../../store/database.ts"
import { Actor, type Ending, givenUp, type Part } from "./actor.ts"
import type { Chance } from "./chance.ts"
import type { Course } from "./course.ts"

/** Where acts go on: their database, the chance that orders them, and who writes down how it went. */
export type Stage = { db: Database; chance: Chance; course: Course; note(what: string): void }

/** How often somebody who waits for a lock is told, at a step, that it took too long. */
const tooLongChance = 0.01

/**
 * Lets several acts go on one database, a statement at a time: which of them goes next is chance, so a seed repeats the
 * course exactly, whatever anything took. A statement that waits for a lock stands aside until the lock is given; the
 * database ends no wait by its own clocks: some take too long by chance, and when all that is left waits, that is a deadlock.
 */
export async function direct<Result>(
  { db, chance, course, note }: Stage,
  parts: readonly Part<Result>[],
): Promise<Ending<Result>[]> {
  const actors: Actor<Result>[] = []
  for (const part of parts) {
    const actor = new Actor(db, part)
    actors.push(actor)
    await actor.quiet()
  }
  for (;;) {
    const ready = actors.filter((actor) => actor.isReady)
    const waiting = actors.filter((actor) => actor.underWay !== null)
    if (ready.length === 0 && waiting.length === 0) return actors.map((actor) => actor.ending!)
    const isDeadlock = ready.length === 0
    const patient = waiting.filter((actor) => isDeadlock || actor.isInTransaction)
    if (isDeadlock || (patient.length > 0 && chance.happens(tooLongChance))) {
      const actor = chance.one(patient)
      const why = isDeadlock ? "deadlock" : "tooLong"
      note(isDeadlock ? "deadlocks" : "waits that took too long")
      course.note(`${actors.indexOf(actor)} ${why}`)
      await actor.giveUp(givenUp[why])
      await settled(db, actors, actor)
    } else {
      const actor = chance.one(ready)
      course.note(`${actors.indexOf(actor)} ${actor.go()}`)
      await settled(db, actors, actor)
    }
    // One after the other, so that what they share is touched in the same order whoever was answered first.
    for (const [i, actor] of actors.entries()) {
      const outcome = await actor.hear()
      if (outcome !== null) course.note(`${i} was answered ${outcome}`)
    }
  }
}

/** Milliseconds between two questions whether somebody waits; nothing is decided by it. */
const askEvery = 1

/** Waits until every statement was answered or waits for a lock. `moved`: the actor whose statement may let others go on. */
async function settled(
  db: Database,
  actors: readonly Actor<unknown>[],
  moved: Actor<unknown>,
): Promise<void> {
  let going: readonly Actor<unknown>[] = [moved]
  while (going.length > 0) {
    await Promise.race([Promise.all(going.map((actor) => actor.underWay)), pause(askEvery)])
    // Only who was under way before the question can be known to wait by its answer.
    const underWay = actors.filter((actor) => actor.underWay !== null)
    const waiting = await waitingForLocks(db, underWay)
    going = underWay.filter((actor) => !waiting.has(actor.pid))
  }
}

/** Those who wait for a lock, all seen at one instant: nobody is between two waits. */
async function waitingForLocks(db: Database, actors: readonly Actor<unknown>[]): Promise<Set<number>> {
  if (actors.length === 0) return new Set()
  const { rows } = await db.beats.query<{ pid: number }>(
    "select pid from pg_locks where not granted and pid = any($1::int4[])",
    [actors.map((actor) => actor.pid)],
  )
  return new Set(rows.map(({ pid }) => pid))
}
