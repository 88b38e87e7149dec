import { orderTables } from "./orders.ts"
import { run, type Session, statement } from "./statement.ts"

/** A count and what it counts. */
export type Cell = { name: string; n: number }

const stages = statement(
  "recount.stages",
  `select concat_ws(' ', 'stage', stage, channel, shop) as name, count(*)::int as n from ${orderTables}
   where watched and told_at is not null group by stage, channel, shop`,
)
const cases = statement(
  "recount.cases",
  `select concat_ws(' ', 'case', case when withdrawn then 'withdrawn' else state end, coalesce(department, '')) as name,
     count(*)::int as n from cases group by 1`,
)
/** Orders by stage and shop, and cases by state and department, counted one by one. */
export const countCells = async (session: Session): Promise<Cell[]> => [
  ...(await run<Cell>(session, stages)),
  ...(await run<Cell>(session, cases)),
]
