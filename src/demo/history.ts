import type { Instant } from "../core/instants.ts"
import { record } from "../engine/record.ts"
import { act } from "../engine/tick.ts"
import type { EngineWorld } from "../engine/world.ts"
import { claimOrders } from "../store/agenda.ts"
import { transaction } from "../store/database.ts"
import { allRuns, bucketCount } from "../store/keys.ts"
import { forgetOutbox } from "../store/outbox.ts"
import { foldTallies } from "../store/rollups.ts"
import { day, hour, minute, nextHour } from "./calendar.ts"
import type { Plan, Telling } from "./plan.ts"
import { Staff } from "./staff.ts"

/**
 * Lets a plan happen until the instant that `until` answers, asked again until there is nothing more to catch up with; answers
 * the instant reached. The clock is turned by hand: what was told is recorded and what fell due takes effect by the
 * engine's own acts. Steps are hours long ago and minutes just before now; of a step the telling comes first, so that nothing breaks that was kept. With `people` (ids by name)
 * the staff work their cases meanwhile.
 */
export async function passTime(
  world: EngineWorld,
  plan: Plan,
  until: () => Promise<Instant>,
  options: { people?: ReadonlyMap<string, string>; progress?: (share: number) => void } = {},
): Promise<Instant> {
  let clock = plan.from
  const past: EngineWorld = { ...world, instant: async () => clock, changed: () => {} }
  const staff = options.people ? new Staff(past, plan, options.people) : null
  let next = 0
  let at = plan.from
  let to = await until()
  while (at < to) {
    at = Math.min(to, stepAfter(at, plan.now))
    const told: Telling[] = []
    for (; next < plan.tellings.length && plan.tellings[next]!.at <= at; next++)
      told.push(plan.tellings[next]!)
    await staff?.workUntil(at, (now) => {
      clock = now
    })
    clock = at
    if (told.length > 0) await record(past, told)
    await tickAll(past, at)
    await staff?.takeUp(at)
    options.progress?.((at - plan.from) / (to - plan.from))
    if (at < to) continue
    const later = await until()
    if (later - to > caughtUpMs) to = later
  }
  await forgetOutbox(world.db.pool, at - 10 * minute)
  await past.hearing.flush(past.db)
  await foldTallies(world.db.pool, allRuns)
  return at
}

/** So far behind the wall clock the engine goes on by itself: it fires within seconds what fell due while the past was told. */
const caughtUpMs = 5_000

/** Hours at which the past is looked at: now and then long ago, hourly in the last week, every few minutes just before now. */
const longAgo = [8, 10, 12, 14, 16, 18, 20, 21, 22, 24]
const lately = [2, 5, ...Array.from({ length: 18 }, (_, i) => i + 7)]
function stepAfter(at: Instant, now: Instant): Instant {
  const ago = now - at
  if (ago <= hour) return at + 5 * minute
  if (ago <= 4 * hour) return at + 20 * minute
  return Math.min(nextHour(at + 1, ago > 8 * day ? longAgo : lately), now - 4 * hour)
}

const atOnce = 2_000

/** Acts on all that is due, in one transaction for all buckets: nobody else is there. */
export async function tickAll(world: EngineWorld, at: Instant): Promise<void> {
  for (let claimed = atOnce; claimed >= atOnce; )
    claimed = await transaction(world.db, async (tx) => {
      const due = await claimOrders(tx, { from: 0, to: bucketCount - 1, now: at, limit: atOnce })
      return (await act(world, tx, due, at)).claimed
    })
}
