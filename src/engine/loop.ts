import { randomUUID } from "node:crypto"
import type { Instant } from "../core/instants.ts"
import { nextInstant } from "../store/agenda.ts"
import { isHiccup } from "../store/database.ts"
import { beatEngine, leaveEngine, listDueRuns, type StoredEngine } from "../store/engines.ts"
import { runSize, runStart, type Span } from "../store/keys.ts"
import { instantNow } from "../store/orders.ts"
import { foldTallies, sweepTallies } from "../store/rollups.ts"
import { Lags } from "./lags.ts"
import { runsOf, spansOf } from "./runs.ts"
import { setAside, type Ticked, tick, tickLimit } from "./tick.ts"
import type { EngineWorld } from "./world.ts"

/** How long an engine sleeps at most: a longer timer may fire at once, and a wake-up may be lost. */
const sleepMaxMs = 60_000
const beatEveryMs = 2_000
const foldEveryMs = 1_000
/** How many spans of runs are ticked side by side. */
const lanes = 2
/** Runs are joined up to so many orders: what a tick does is seen once all of it is committed. */
const joinedMost = 1_000
const emptyWaitMs = { first: 50, most: 1_000 }

/** A running engine. */
export type Engine = {
  id: string
  /** says that something may be due at `at`, earlier than the engine thinks */
  wake(at: Instant | null): void
  /** beats now, since another engine came or went */
  beat(): void
  /** ends after the tick at hand and hands its runs over at once */
  stop(): Promise<void>
  lags: Lags
  runs(): readonly number[]
}

/** Where errors of a round go; the loop goes on. */
export type EngineLog = {
  error(about: { error: unknown; [more: string]: unknown }, message: string): void
  info(about: object, message: string): void
}

/** Starts the loop that ticks the runs of this engine until it is stopped (ENGINE §4). */
export function startEngine(world: EngineWorld, log: EngineLog, id: string = randomUUID()): Engine {
  let runs: number[] = []
  let stopping = false
  let wakeAt: Instant | null = null
  let rouse: () => void = () => {}
  const lags = new Lags()
  const db = world.db

  const beat = async () => {
    if (stopping) return
    const engines: StoredEngine[] = await beatEngine(db.beats, id, lags.told())
    const living = engines.filter((each) => each.alive).map((each) => each.id)
    const now = runsOf(id, living)
    if (now.join() !== runs.join()) {
      runs = now
      wake()
    }
  }
  let beats: Promise<unknown> = Promise.resolve()
  const beatSafely = () => {
    beats = Promise.all([beats, beat().catch((error) => log.error({ error }, "a beat failed"))])
  }
  const timer = setInterval(beatSafely, beatEveryMs)

  let woken = false
  const wake = () => {
    woken = true
    rouse()
  }
  const sleep = (ms: number) =>
    new Promise<void>((resolve) => {
      // A wake-up that came while it was looking is not slept over.
      if (woken || stopping) return resolve()
      const alarm = setTimeout(resolve, Math.max(0, Math.min(ms, sleepMaxMs)))
      rouse = () => {
        clearTimeout(alarm)
        resolve()
      }
    })

  let foldedAt = 0
  let rounds = 0
  const fold = async (now: Instant) => {
    if (now - foldedAt < foldEveryMs) return
    foldedAt = now
    await foldTallies(db.pool, runs)
    if (++rounds % 600 === 0) await sweepTallies(db.pool, runs)
  }

  /** Ticks a span until nothing more of it is due; answers how many orders were claimed. */
  const exhaust = async (span: Span): Promise<number> => {
    let claimed = 0
    let limit = tickLimit
    while (!stopping) {
      const done = await tickHalving(world, span, limit)
      claimed += done.claimed
      limit = done.limit
      for (const lag of done.lagsMs) lags.add(lag)
      if (done.claimed < limit) break
    }
    return claimed
  }

  /** Ticks every due run, some side by side, since a transaction waits for the database half of its time. */
  const round = async (now: Instant): Promise<{ claimed: number; due: number }> => {
    const due = spansOf(await listDueRuns(db.pool, now), runs, joinedMost)
    const waiting = [...due]
    const lane = async () => {
      let claimed = 0
      for (let span = waiting.pop(); span !== undefined; span = waiting.pop()) claimed += await exhaust(span)
      return claimed
    }
    const claimed = await Promise.all(Array.from({ length: lanes }, lane))
    return { claimed: claimed.reduce((n, each) => n + each, 0), due: due.length }
  }

  const loop = async () => {
    let empty = emptyWaitMs.first
    await beat().catch((error) => log.error({ error }, "the first beat failed"))
    world.changed({ engines: true })
    while (!stopping) {
      woken = false
      try {
        const now = await instantNow(db.pool)
        const { claimed, due } = await round(now)
        await fold(now)
        if (due > 0 && claimed === 0) {
          woken = false
          await sleep(empty)
          empty = Math.min(empty * 2, emptyWaitMs.most)
          continue
        }
        empty = emptyWaitMs.first
        if (claimed > 0) continue
        wakeAt = await nextInstant(
          db.pool,
          runs.flatMap((run) => Array.from({ length: runSize }, (_, i) => runStart(run) + i)),
        )
        const wait = wakeAt === null ? sleepMaxMs : wakeAt - (await instantNow(db.pool))
        if (wait > 0) await sleep(Math.min(wait, foldEveryMs))
      } catch (error) {
        log.error({ error }, "a round of the engine failed")
        woken = false
        await sleep(emptyWaitMs.most)
      }
    }
  }
  const running = loop()

  return {
    id,
    lags,
    runs: () => runs,
    wake(at) {
      if (at !== null && (wakeAt === null || at < wakeAt)) wake()
    },
    beat: beatSafely,
    async stop() {
      stopping = true
      clearInterval(timer)
      rouse()
      await running
      // A beat on its way would bring this engine back to life for six seconds, and nobody would take its runs.
      await beats
      await leaveEngine(db.pool, id).catch(() => {})
      world.changed({ engines: true })
    },
  }
}

/** A tick that fails is tried again with half as many orders, so that one bad order stops nothing; the one that fails alone is marked stuck. */
export async function tickHalving(
  world: EngineWorld,
  span: Span,
  limit: number,
): Promise<Ticked & { limit: number }> {
  let most = limit
  for (;;) {
    try {
      return { ...(await tick(world, span, most)), limit: most }
    } catch (error) {
      if (isHiccup(error)) throw error
      if (most === 1) return { ...(await setAside(world, span, error)), limit: most }
      most = Math.max(1, Math.floor(most / 2))
    }
  }
}
