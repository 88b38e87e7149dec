import type { Count } from "../core/board.ts"
import { countClock, countOrder, slotOf, Tally, type Topic, topics } from "../core/rollups.ts"
import { listClocks } from "../store/clocks.ts"
import type { Database } from "../store/database.ts"
import { orderFields, orderTables, type StoredOrder } from "../store/orders.ts"
import { readTallies } from "../store/rollups.ts"

/** All counts that rows tell of, as they are kept and as they are counted afresh. Warnings stand in no row of their own. */
export async function recountAll(
  db: Database,
): Promise<[kept: Map<string, number>, counted: Map<string, number>]> {
  const tally = new Tally()
  const { rows: orders } = await db.pool.query<StoredOrder>(`select ${orderFields} from ${orderTables}`)
  const clocks = await listClocks(db.pool, orders)
  for (const order of orders) {
    const own = clocks.get(order.id) ?? []
    const inAnswer = own.filter(({ gone }) => !gone)
    countOrder(tally, { ...order, spokenOf: order.toldAt !== null }, inAnswer, 1)
    for (const clock of inAnswer) countClock(tally, order, clock, 1)
    for (const { kind, basis, breachStanding, breachDueAt, breachFiredAt } of own) {
      if (!breachStanding) continue
      tally.add(1, "breach", slotOf(breachDueAt), [kind, basis, order.channel, order.shop])
      tally.add(1, "fired", slotOf(breachFiredAt), [kind, basis, order.channel, order.shop])
    }
  }
  const { rows: cases } = await db.pool.query<{
    state: string
    department: string | null
    withdrawn: boolean
  }>("select state, department, withdrawn from cases")
  for (const each of cases)
    tally.add(1, "case", -1, [each.withdrawn ? "withdrawn" : each.state, each.department])
  const wanted = (Object.keys(topics) as Topic[]).filter((topic) => topic !== "warning")
  const kept = await readTallies(db.pool, wanted)
  const key = ({ topic, slot, parts }: Count) => `${topic} ${slot} ${parts.join("/")}`
  return [
    new Map(kept.map((each) => [key(each), each.n])),
    new Map(
      tally.rows().map(({ topic, slot, dim, n }) => [`${topic} ${slot} ${dim.replaceAll("\u001f", "/")}`, n]),
    ),
  ]
}

/** Where counts differ from what rows tell. */
export function tallyDifferences(
  kept: ReadonlyMap<string, number>,
  counted: ReadonlyMap<string, number>,
): string[] {
  return [...new Set([...kept.keys(), ...counted.keys()])]
    .filter((key) => (kept.get(key) ?? 0) !== (counted.get(key) ?? 0))
    .map((key) => `count of ${key}: ${kept.get(key) ?? 0} is kept, ${counted.get(key) ?? 0} are there`)
}
