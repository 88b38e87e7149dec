import { typeBy } from "../core/compiledPolicy.ts"
import { isoOf } from "../core/instants.ts"
import { isSet, type JsonObject } from "../core/json.ts"
import { type Policy, policySchema } from "../core/policy.ts"
import { note } from "../store/audit.ts"
import { transaction } from "../store/database.ts"
import { countAllOrders, listOpenDetails } from "../store/orderLists.ts"
import { newestPolicy, publishPolicy, replacePolicy } from "../store/rules.ts"
import { earliestStart } from "./publishing.ts"
import type { EngineWorld } from "./world.ts"

export type TypeRules = Policy["typeRules"]
const lookedMax = 20_000
const examplesMax = 3

/**
 * Publishes the policy with other type rules, in force for orders paid from now on, or from when a planned version begins: the past is judged as it was. While there are no
 * orders the company's first version is written anew instead. Answers the version.
 */
export async function changeTypeRules(
  world: EngineWorld,
  typeRules: TypeRules,
  by: { name: string },
): Promise<number> {
  return transaction(world.db, async (tx) => {
    const at = await world.instant(tx)
    const before = await newestPolicy(tx)
    const isFirst = before.version === 1 && (await countAllOrders(tx)) === 0
    const document = policySchema.parse({
      ...before,
      typeRules,
      ...(isFirst
        ? {}
        : { version: before.version + 1, effectiveAt: isoOf(earliestStart(before, at)), revertsAt: null }),
    })
    if (isFirst) await replacePolicy(tx, document, at)
    else await publishPolicy(tx, document, at, { who: by.name, reason: null })
    await note(
      tx,
      {
        who: by.name,
        what: "policy.type_rules",
        subject: `policy/${document.version}`,
        before: before.typeRules,
        after: typeRules,
      },
      at,
    )
    return document.version
  })
}

/** What rules would take of the orders that are open: by rule its count and some examples, and how many would change their type. */
export async function tryTypeRules(world: EngineWorld, rules: TypeRules) {
  const { typeRules: inForce } = await newestPolicy(world.db.pool)
  const looked = await listOpenDetails(world.db.pool, lookedMax)
  const tried = rules.map(() => ({
    takes: 0,
    examples: [] as { channel: string; shop: string; orderNo: string; title: string }[],
  }))
  let changed = 0
  for (const { channel, shop, orderNo, details } of looked) {
    if (isSet(details.type)) continue
    const index = rules.findIndex((rule) => typeBy([rule], details) !== null)
    if (index >= 0) {
      const own = tried[index]!
      own.takes += 1
      if (own.examples.length < examplesMax)
        own.examples.push({ channel, shop, orderNo, title: titleOf(details) })
    }
    if ((rules[index]?.type ?? null) !== typeBy(inForce, details)) changed += 1
  }
  return { looked: looked.length, whole: looked.length < lookedMax, rules: tried, changed }
}

function titleOf(details: JsonObject): string {
  const [item] = Array.isArray(details.items) ? (details.items as JsonObject[]) : []
  const title = item?.name ?? details.title
  return typeof title === "string" ? title : ""
}
