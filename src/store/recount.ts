import { orderTables } from "./orders.ts"
import { run, type Session, statement } from "./statement.ts"

/** A count and what it counts. */
export type Cell = { name: string; n: number }

// In one reading of all orders, since that is what takes long.
const orders = statement(
  "recount.orders",
  `select case when grouping(channel) = 0 then concat_ws(' ', 'stage', stage, channel, shop)
       when grouping(live_session) = 0 then concat_ws(' ', 'session', live_session, stage)
       else concat_ws(' ', 'warehouse', warehouse, stage) end as name, count(*)::int as n
   from ${orderTables} where watched and told_at is not null
   group by grouping sets ((stage, channel, shop), (live_session, stage), (warehouse, stage))
   having grouping(channel) = 0 or live_session <> '' or warehouse <> ''`,
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
  ...(await run<Cell>(session, orders)),
  ...(await run<Cell>(session, open)),
  ...(await run<Cell>(session, cases)),
]
