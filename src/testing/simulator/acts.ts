import type { OrderKey } from "../../core/events.ts"
import type { Instant } from "../../core/instants.ts"
import type { Verdict1 } from "../../core/ledger.ts"
import { Refusal } from "../../core/refusals.ts"
import { tickHalving } from "../../engine/loop.ts"
import { record } from "../../engine/record.ts"
import { spansOf } from "../../engine/runs.ts"
import { setWatched } from "../../engine/watch.ts"
import type { Database } from "../../store/database.ts"
import { listDueRuns } from "../../store/engines.ts"
import { allRuns, orderPlace } from "../../store/keys.ts"
import type { Ending, Fault } from "./actor.ts"
import { byOrder } from "./books.ts"
import type { Deed, Telling as Tells } from "./branches.ts"
import type { Company } from "./company.ts"
import type { HelpDeed } from "./helpBook.ts"
import type { IncidentDeed } from "./incidentBook.ts"
import type { Arrival } from "./life.ts"
import type { Telling } from "./stories.ts"

/** An act on its way: what it does with a world, and how it bears on orders once its ending is known. */
export type Act = {
  fault: Fault | null
  run(db: Database): Promise<unknown>
  deed(ending: Ending<unknown>): Deed | null
  /** what it asks of an incident */
  common?(ending: Ending<unknown>): IncidentDeed
  /** what it does about help */
  help?(ending: Ending<unknown>): HelpDeed
  /** what it answered each order, where that is to be held against the books */
  answers?(done: unknown): ReadonlyMap<string, readonly string[]> | null
  ended?(ending: Ending<unknown>): void | Promise<void>
}

/** A batch of events on its way in. */
export function writing(
  company: Company,
  tellings: readonly Telling[],
  number: number | null = null,
  casesFrom: Instant | null = null,
): Act {
  const world = { skew: company.skew(), ats: [] as Instant[] }
  const settings = company.settings.length - 1
  const tells = new Map<string, Tells>()
  const places = tellings.map(({ key, event }) => {
    const place = orderPlace(key)
    const arrival: Arrival = { event, import: number }
    const own = tells.get(place.id) ?? { fresh: { ...place, key, settings, casesFrom }, arrivals: [] }
    tells.set(place.id, { ...own, arrivals: [...own.arrivals, arrival] })
    return place.id
  })
  const earliest = company.now + world.skew
  const fault = company.fault()
  return {
    fault,
    run: (db) =>
      record(company.world(db, world.skew), tellings, {
        ...(number === null ? {} : { import: number, casesFrom }),
        also: async (_, at) => void world.ats.push(at),
      }),
    deed: (ending) => {
      if (world.ats.some((at) => at < earliest))
        company.books.disagree(["a write took an instant before its own"])
      return {
        kind: "write",
        tells,
        ats: [...new Set(world.ats)],
        certain: "done" in ending,
      } as Deed
    },
    // After an answer that got lost it was told again, and is a duplicate.
    answers: (done) =>
      fault?.how === "lost" ? null : byOrder(places, (done as { answers: Verdict1[] }).answers),
    ended: (ending) => {
      company.books.note("writes")
      // Who hears nothing tells again.
      if (!("done" in ending) && company.chance.happens(0.9))
        company.queue.unshift(...tellings.map((each) => ({ ...each, at: company.now })))
    },
  }
}

/** Somebody who takes an order out of the watch, or back. */
export function watching(company: Company, { id, key }: { id: string; key: OrderKey }, isSo: boolean): Act {
  const skew = company.skew()
  const at = company.now + skew
  return {
    fault: company.fault(12),
    run: (db) => setWatched(company.world(db, skew), key, { watched: isSo, reason: "so", by: "owner" }),
    deed: (ending) => {
      if ("failed" in ending && ending.failed instanceof Refusal)
        company.books.disagree([`watching ${key.orderNo} was refused: ${ending.failed.code}`])
      return { kind: "watch", id, watched: isSo, at, certain: "done" in ending }
    },
    ended: () => company.books.note("watched or not"),
  }
}

/** An engine that takes all that is due. */
export function ticking(company: Company, skew = company.skew(), fault = company.fault(40)): Act {
  const limit = company.chance.one([1, 3, 500])
  const at = company.now + skew
  return {
    fault,
    run: async (db) => {
      const world = company.world(db, skew)
      for (const span of spansOf(await listDueRuns(db.pool, at), allRuns, limit))
        for (;;) {
          const done = await tickHalving(world, span, limit)
          if (done.claimed === 0) break
        }
    },
    deed: () => ({ kind: "tick", at, certain: false }),
    ended: () => company.books.note("engines at work"),
  }
}
