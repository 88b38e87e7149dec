import { orderTables } from "./orders.ts"
import { run, type Session, statement } from "./statement.ts"

/** A count and what it counts. */
export type Cell = { name: string; n: number }

const stages = statement(
  "recount.stages",
  `select concat_ws(' ', 'stage', stage, channel, shop) as name, count(*)::int as n from ${orderTables}
   where watched and told_at is not null group by stage, channel, shop`,
)
const named = statement(
  "recount.named",
  `select concat_ws(' ', topic, name, stage) as name, count(*)::int as n from ${orderTables}
     cross join lateral (values ('session', live_session), ('warehouse', warehouse)) as k(topic, name)
   where watched and told_at is not null and name <> '' group by topic, name, stage`,
)
const open = statement(
  "recount.open",
  `select concat_ws(' ', 'open', c.kind, c.basis, case when c.unconfirmed then 'unconfirmed' else c.state end, o.channel, o.shop) as name,
     count(*)::int as n from orders o join clocks c on c.bucket = o.bucket and c.subject_kind = 'order' and c.subject_id = o.id
   where o.watched and c.observed and not c.gone and c.closed_at is null group by 1`,
)
const cases = statement(
  "recount.cases",
  `select concat_ws(' ', 'case', case when withdrawn then 'withdrawn' else state end, coalesce(department, '')) as name,
     count(*)::int as n from cases group by 1`,
)
/** Orders by stage and shop, session and warehouse, their open clocks by state and shop, and cases by state and department, counted one by one. */
export const countCells = async (session: Session): Promise<Cell[]> => [
  ...(await run<Cell>(session, stages)),
  ...(await run<Cell>(session, named)),
  ...(await run<Cell>(session, open)),
  ...(await run<Cell>(session, cases)),
]
