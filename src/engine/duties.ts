import type { Instant } from "../core/instants.ts"
import { isHiccup, transaction } from "../store/database.ts"
import { appointDuty, claimDuties, isDutyDue, type StoredDuty } from "../store/duties.ts"
import { bucketsOf, type Span } from "../store/keys.ts"
import { appendOutbox } from "../store/outbox.ts"
import type { Session } from "../store/statement.ts"
import { settleHelp } from "./help/settle.ts"
import { stuckAt } from "./record.ts"
import type { EngineWorld } from "./world.ts"

/** What one tick did to the duties of a span of runs. */
export type DutiesTicked = { claimed: number; warned: number; breached: number; lagsMs: number[] }

const nothing: DutiesTicked = { claimed: 0, warned: 0, breached: 0, lagsMs: [] }

/** How long it waits for a lock: others can do its work. */
const lockSeconds = 2

/**
 * Takes the duties of a span of runs whose next instant has come (what has a clock but no order, ENGINE §2), in a transaction of their own:
 * warnings and breaches take effect once each, as those of orders do. One that fails stops no other: it is taken alone, and set
 * aside as stuck when it fails again.
 */
export async function tickDuties(world: EngineWorld, span: Span, limit: number): Promise<DutiesTicked> {
  const { from, to } = bucketsOf(span)
  if (!(await isDutyDue(world.db.pool, from, to, await world.instant(world.db.pool)))) return nothing
  try {
    return await take(world, { from, to, limit })
  } catch (error) {
    if (isHiccup(error)) throw error
    if (limit > 1) return tickDuties(world, span, 1)
    return setAside(world, { from, to }, error)
  }
}

async function take(
  world: EngineWorld,
  { from, to, limit }: { from: number; to: number; limit: number },
): Promise<DutiesTicked> {
  const { ticked, subjects, staff } = await transaction(
    world.db,
    async (tx) => {
      const now = await world.instant(tx)
      return settleDuties(world, tx, await claimDuties(tx, { from, to, now, limit }), now)
    },
    lockSeconds,
  )
  if (ticked.claimed > 0) world.changed({ cases: subjects, staff })
  return ticked
}

async function settleDuties(
  world: EngineWorld,
  tx: Session,
  duties: readonly StoredDuty[],
  at: Instant,
): Promise<{ ticked: DutiesTicked; subjects: string[]; staff: string[] }> {
  if (duties.length === 0) return { ticked: nothing, subjects: [], staff: [] }
  const { effects, subjects, staff } = await settleHelp(
    world,
    tx,
    duties.filter(({ kind }) => kind === "help"),
    at,
  )
  await appendOutbox(tx, [...effects.outbox.values()], duties[0]!.bucket)
  const { warned, breaches } = effects
  const lagsMs = breaches.map(({ breachDueAt, dueSince }) => at - Math.max(breachDueAt!, dueSince))
  return {
    ticked: { claimed: duties.length, warned, breached: breaches.length, lagsMs },
    subjects,
    staff,
  }
}

/** Marks the duty of a span that is due first and failed alone as stuck; it is looked at again later and later. */
async function setAside(
  world: EngineWorld,
  { from, to }: { from: number; to: number },
  error: unknown,
): Promise<DutiesTicked> {
  return transaction(world.db, async (tx) => {
    const now = await world.instant(tx)
    const [duty] = await claimDuties(tx, { from, to, now, limit: 1 })
    if (duty === undefined) return nothing
    const { stuck, nextAt } = stuckAt(duty.stuck, error, now)
    await appointDuty(tx, duty, nextAt, stuck)
    return { ...nothing, claimed: 1 }
  })
}
