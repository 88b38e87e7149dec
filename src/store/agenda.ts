import type { Basis } from "../core/clocks.ts"
import type { Instant } from "../core/instants.ts"
import type { Plain } from "../core/plainBreach.ts"
import type { PlainShipment } from "../core/plainShipment.ts"
import type { ClockKind } from "../core/policy.ts"
import { bulkUpdate, type Column, send } from "./bulk.ts"
import type { Place } from "./keys.ts"
import {
  appointments,
  arraysOf,
  keyNames,
  orderTables,
  places,
  type StoredOrder,
  selected,
  within,
} from "./orders.ts"
import { run, type Session, statement, touch } from "./statement.ts"

/** When to look at an order again, and what is foreseen of it. */
export type Appointment = Place &
  Plain &
  PlainShipment &
  Pick<StoredOrder, "version" | "judgedAt" | "recheckAt" | "nextAt" | "caseNextAt" | "nextDueAt" | "stuck">
const readAgenda = statement(
  "agenda.read",
  `select ${selected(appointments, "a")} from agenda a join ${places} on a.bucket = k.bucket and a.id = k.id`,
)

/** When orders are looked at again. */
export const readAppointments = (tx: Session, wanted: readonly Place[]): Promise<Appointment[]> =>
  run(tx, readAgenda, arraysOf(wanted))

/** What a tick from stored rows can change of an order. */
const ticking = (appointments as readonly Column<Appointment>[]).filter(
  ([name]) => !["recheck_at", "next_due_at", "ships_after", "ships_by", "ships_told"].includes(name),
)
const tick = bulkUpdate("agenda.tick", "agenda", ticking, keyNames)
/** Writes what a tick from stored rows changed of claimed orders: when they were judged and when to look again. */
export const touchOrders = (tx: Session, orders: readonly Appointment[]): Promise<number> =>
  send(tx, tick, ticking, orders)

// Headed by the instant: by bucket it took 155 ms at 2 million open orders, so 0.6. What is claimed comes back as arrays, which
// go into the next statements as they are.
const claim = statement(
  "agenda.claim",
  `with claimed as materialized (
     select a.bucket, a.id, a.ctid as place, a.next_at, a.breaks_kind, a.breaks_basis, a.breaks_round, a.breaks_as, a.breaks_at,
       coalesce(a.breaks_at <= to_timestamp($3::float8 / 1000), false) and (a.then_at is null or a.then_at > to_timestamp($3::float8 / 1000)) as plain
     from agenda a where a.bucket between $1 and $2 and a.next_at <= to_timestamp($3::float8 / 1000)
     order by a.next_at limit $4 for no key update skip locked)
   select c.plain, p.kind, p.basis, p.counts_as as "countsAs", count(*)::int as n, array_agg(c.bucket)::text as buckets,
     array_agg(c.id)::text as ids, array_agg(c.place)::text as places, array_agg(c.breaks_round)::text as rounds,
     array_agg(round(date_part('epoch', c.breaks_at) * 1000) - 1)::text as "dueAts"
   from (select * from claimed order by bucket, id) c
   left join lateral (select c.breaks_kind as kind, c.breaks_basis as basis, c.breaks_as as counts_as,
     floor((date_part('epoch', c.breaks_at) - 0.001) / 900) as slot) p on c.plain
   group by c.plain, p.kind, p.basis, p.counts_as, p.slot`,
)

/** Orders that a tick took, as PostgreSQL's arrays. */
export type Claim = { n: number; buckets: string; ids: string }
/** Orders to which nothing but a plain breach happens (core/plainBreach.ts), and that count alike: the same clock and counts, due in one quarter of an hour. */
export type PlainGroup = Claim & {
  kind: ClockKind
  basis: Basis
  /** what they count as, as core/plainBreach.ts wrote it */
  countsAs: string
  places: string
  rounds: string
  dueAts: string
}
/** All of them, as arrays for one statement. */
export type PlainClaim = Claim & {
  groups: PlainGroup[]
  places: string
  kinds: string
  bases: string
  rounds: string
}

/** Takes the orders of some buckets whose next instant has come; what somebody else holds is left to them. */
export async function claimOrders(
  tx: Session,
  due: { from: number; to: number; now: Instant; limit: number },
): Promise<{ plain: PlainClaim | null; other: Claim | null }> {
  const rows = await run<PlainGroup & { plain: boolean }>(tx, claim, [due.from, due.to, due.now, due.limit])
  const groups = rows.filter(({ plain }) => plain)
  return {
    plain: groups.length === 0 ? null : gathered(groups),
    other: rows.find(({ plain }) => !plain) ?? null,
  }
}

function gathered(groups: PlainGroup[]): PlainClaim {
  const joined = (field: "buckets" | "ids" | "places" | "rounds") =>
    `{${groups.map((group) => group[field].slice(1, -1)).join(",")}}`
  const repeated = (field: "kind" | "basis") =>
    `{${groups
      .map((group) => `${group[field]},`.repeat(group.n))
      .join("")
      .slice(0, -1)}}`
  return {
    groups,
    n: groups.reduce((n, group) => n + group.n, 0),
    buckets: joined("buckets"),
    ids: joined("ids"),
    places: joined("places"),
    rounds: joined("rounds"),
    kinds: repeated("kind"),
    bases: repeated("basis"),
  }
}

const pass = statement(
  "agenda.pass",
  `update agenda t set version = t.version + 1, judged_at = to_timestamp($3::float8 / 1000),
     case_next_at = to_timestamp($4::float8 / 1000), next_at = nullif(least(t.then_at, to_timestamp($4::float8 / 1000)), 'infinity'),
     breaks_kind = null, breaks_basis = null, breaks_round = null,
     breaks_as = null, breaks_at = null, then_at = null, ships_as = null
   from unnest($1::tid[], $2::uuid[]) as k(place, id) where t.ctid = k.place and t.id = k.id`,
)
/** Moves orders whose plain breach took effect on to their next instant, or to that of the cases opened; answers how many. */
export const passOrders = (
  tx: Session,
  { places, ids }: PlainClaim,
  at: Instant,
  caseNextAt: Instant | null,
): Promise<number> => touch(tx, pass, [places, ids, at, caseNextAt])

const appointing = (appointments as readonly Column<Appointment>[]).filter(([name]) =>
  [...keyNames, "next_at", "case_next_at"].includes(name),
)
const appoint = bulkUpdate("agenda.appoint", "agenda", appointing, keyNames)
/** Writes when to look again at orders of which an act changed nothing but their cases. */
export const appointOrders = (tx: Session, orders: readonly Appointment[]): Promise<number> =>
  send(tx, appoint, appointing, orders)

/** What a tick has to know of an order when its clocks are carried on as they are stored. */
const glance = {
  o: ["channel", "shop", "order_no", "settings", "watched", "cases_from"],
  a: ["stage", "told_at"],
}
/** A claimed order with what its clocks as stored need beside them. */
export type Glance = Appointment &
  Pick<
    StoredOrder,
    "channel" | "shop" | "orderNo" | "stage" | "settings" | "watched" | "casesFrom" | "toldAt"
  >
const glanceAt = statement(
  "orders.glance",
  `select ${selected(appointments, "a")}, ${selected(within(...glance.a), "a")}, ${selected(within(...glance.o), "o")}
   from ${orderTables} join ${places} on o.bucket = k.bucket and o.id = k.id`,
)
/** What a tick has to know of orders that it claimed. */
export const glanceOrders = (tx: Session, { buckets, ids }: Claim): Promise<Glance[]> =>
  run(tx, glanceAt, [buckets, ids])

const sample = statement(
  "agenda.sample",
  `select ${selected(appointments, "a")} from agenda a where (a.bucket, a.id) > ($1, $2::uuid) order by a.bucket, a.id limit $3`,
)
/** The orders that follow a place, in the order of (bucket, id). */
export const listAppointments = (session: Session, after: Place, limit: number): Promise<Appointment[]> =>
  run(session, sample, [after.bucket, after.id, limit])

const earliest = statement(
  "orders.earliest",
  `select least((select min(a.next_at) from agenda a where a.next_at is not null and a.bucket = any($1::int2[])),
     (select min(d.next_at) from duties d where d.next_at is not null and d.bucket = any($1::int2[]))) as "nextAt"`,
)

/** The earliest instant at which something happens to an order or a duty of these buckets. */
export async function nextInstant(session: Session, buckets: readonly number[]): Promise<Instant | null> {
  const rows = await run<{ nextAt: Instant | null }>(session, earliest, [`{${buckets.join(",")}}`])
  return rows[0]?.nextAt ?? null
}
