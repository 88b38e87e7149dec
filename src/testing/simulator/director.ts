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
      await alone({ db, chance }, actors, actor, () => actor.giveUp(givenUp[why]))
    } else {
      const actor = chance.one(ready)
      await alone({ db, chance }, actors, actor, () => {
        course.note(`${actors.indexOf(actor)} ${actor.go()}`)
      })
    }
    // One after the other, so that what they share is touched in the same order whoever was answered first.
    for (const [i, actor] of actors.entries()) {
      const outcome = await actor.hear()
      if (outcome !== null) course.note(`${i} was answered ${outcome}`)
    }
  }
}

/**
 * Lets an actor take a step and waits until all is quiet. When its step gives locks to several, which of them goes on first would be
 * the system's to decide: those who wait are held still, and go on one by one as chance has it.
 */
async function alone(
  { db, chance }: Pick<Stage, "db" | "chance">,
  actors: readonly Actor<unknown>[],
  moved: Actor<unknown>,
  step: () => void | Promise<void>,
): Promise<void> {
  const still = new Set(actors.filter((actor) => actor !== moved && actor.underWay !== null))
  for (const { pid } of still) process.kill(pid, "SIGSTOP")
  try {
    await step()
    await settled(db, moved)
    for (;;) {
      const waiting = await waitingForLocks(db, [...still])
      const given = [...still].filter(({ pid }) => !waiting.has(pid))
      if (given.length === 0) break
      const next = chance.one(given)
      process.kill(next.pid, "SIGCONT")
      await settled(db, next)
      if (next.underWay === null) still.delete(next)
      else process.kill(next.pid, "SIGSTOP")
    }
  } finally {
    for (const { pid } of still) process.kill(pid, "SIGCONT")
  }
}

/** Milliseconds between two questions whether somebody waits; nothing is decided by it. */
const askEvery = 1

/** Waits until an actor's statement was answered or waits for a lock. */
async function settled(db: Database, actor: Actor<unknown>): Promise<void> {
  while (actor.underWay !== null) {
    await Promise.race([actor.underWay, pause(askEvery)])
    if (actor.underWay !== null && (await waitingForLocks(db, [actor])).has(actor.pid)) return
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
