import { typeBy } from "../core/compiledPolicy.ts"
import type { Instant } from "../core/instants.ts"
import { isSet, sameJson } from "../core/json.ts"
import type { Policy } from "../core/policy.ts"
import { note } from "../store/audit.ts"
import { transaction } from "../store/database.ts"
import { listUnshipped, type Unshipped } from "../store/orderLists.ts"
import { newestPolicy } from "../store/rules.ts"
import type { Session } from "../store/statement.ts"
import { queue } from "./jobs.ts"
import { record } from "./record.ts"
import type { EngineWorld } from "./world.ts"

const pageOrders = 2_000
const atOnce = 500

/** Tells orders already paid that another version of the policy holds for them. */
export const applyRules = queue<{ version: number }>("policy.apply", { triesForSeconds: 3600 })

/** Queues that the newest type rules hold for the orders that have not left, too; answers the version. */
export function applyTypeRules(world: EngineWorld, by: { name: string }): Promise<number> {
  return transaction(world.db, async (tx) => {
    const at = await world.instant(tx)
    const { version } = await newestPolicy(tx)
    await note(tx, { who: by.name, what: "policy.apply", subject: `policy/${version}` }, at)
    await world.jobs.send(tx, applyRules, { version }, { key: String(version) })
    return version
  })
}

/**
 * Tells each order that has not left and would have another type by a version that this version holds for it (R12), as an event
 * of its own: what was is still there to read. Done again it finds none. Answers how many orders it told.
 */
export async function carryOutApplying(world: EngineWorld, version: number): Promise<number> {
  let told = 0
  for await (const orders of retyped(world, world.db.pool, version))
    for (let i = 0; i < orders.length; i += atOnce) {
      const some = orders.slice(i, i + atOnce)
      const at = await world.instant(world.db.pool)
      await record(
        world,
        some.map((each) => ({ key: each, event: applied(each, version, at) })),
        { within: true },
      )
      told += some.length
    }
  return told
}

/** How many orders that have not left would have another type by the newest rules than by those they were paid under. */
export async function countRetyped(world: EngineWorld): Promise<number> {
  const { version } = await newestPolicy(world.db.pool)
  let n = 0
  for await (const orders of retyped(world, world.db.pool, version)) n += orders.length
  return n
}

async function* retyped(world: EngineWorld, session: Session, version: number) {
  const { policies } = await world.ruleBook(session)
  const rulesOf = (wanted: number) => policies.find((each) => each.version === wanted)?.typeRules ?? []
  // Most versions change other parts; orders of those need not be read.
  const of = [0, ...policies.map((each) => each.version)].filter(
    (each) => !sameJson(rulesOf(each), rulesOf(version)),
  )
  if (of.length === 0) return
  let last: Unshipped | undefined
  do {
    const page = await listUnshipped(session, { of, after: last ?? null, limit: pageOrders })
    yield page.filter((each) => isRetyped(each, rulesOf, version))
    last = page.length < pageOrders ? undefined : page.at(-1)
  } while (last)
}

type RulesOf = (version: number) => Policy["typeRules"]

const isRetyped = ({ policy, details }: Unshipped, rulesOf: RulesOf, version: number): boolean =>
  !isSet(details.type) && typeBy(rulesOf(policy ?? 0), details) !== typeBy(rulesOf(version), details)

/** The event; it is told with the order's latest word, since it is none about where the order is. */
const applied = ({ toldAt }: Unshipped, version: number, at: Instant) => ({
  type: "policy_applied" as const,
  at,
  observedAt: Math.min(toldAt ?? at, at),
  version,
  source: "policy",
  eventId: `policy_applied ${version}`,
})
