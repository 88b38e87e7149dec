import type { Instant } from "../core/instants.ts"
import { giveHandover } from "../engine/handovers.ts"
import type { EngineWorld } from "../engine/world.ts"
import { listCases } from "../store/caseLists.ts"
import { caseNumber } from "../store/keys.ts"
import { minute } from "./calendar.ts"
import { people } from "./people.ts"

/** How long ago it was given. */
const ago = 10 * minute

/** One handover that waits: whoever of the departments with shifts has the most in hand gave it some minutes ago. */
export async function handOver(
  world: EngineWorld,
  ids: ReadonlyMap<string, string>,
  now: Instant,
): Promise<void> {
  const held = await Promise.all(
    people
      .filter(({ department }) => department === "warehouse" || department === "service")
      .map(async ({ name, department }) => {
        const staff = ids.get(name)!
        const filter = { now, assignee: staff, state: "unarchived" }
        const cases = await listCases(world.db, filter, { limit: 6, after: null, sort: "owed" })
        return { name, department, staff, cases: cases.filter(({ state }) => state !== "reported") }
      }),
  )
  const most = held.reduce((one, other) => (other.cases.length > one.cases.length ? other : one))
  if (most.cases.length === 0) return
  const { name, department, staff, cases } = most
  await giveHandover(
    { ...world, instant: async () => now - ago },
    {
      id: null,
      department,
      staff,
      note: "打包线下午停过一刻钟，后面的都按到期先后排好了。",
      items: cases.map(({ bucket, n, product, orderNo, owedDueAt }, i) => ({
        kind: "case",
        subject: caseNumber(n, bucket),
        title: product ?? orderNo,
        number: caseNumber(n, bucket),
        link: `/cases/${caseNumber(n, bucket)}`,
        dueAt: owedDueAt === Infinity ? null : owedDueAt,
        note: i === 0 ? "客户问过两次，先办这件" : "",
      })),
    },
    { name },
  )
}
