import type pg from "pg"
import { byTelling } from "../../core/details.ts"
import type { Json } from "../../core/events.ts"
import type { Instant } from "../../core/instants.ts"
import { validAt } from "../../core/ledger.ts"
import { casePlace } from "../../store/keys.ts"
import { wholeDetails } from "../../store/orders.ts"
import { inOrder } from "./handling.ts"
import {
  type Effective,
  type Inner,
  isWatched,
  judged,
  keep,
  type Life,
  nameOf,
  type RulesBy,
  type Said,
} from "./life.ts"

/** What stands in the database of one order, as plain values. */
export type Rows = {
  order: Plain
  clocks: Record<string, Plain>
  cases: Plain[]
  lines: Plain[]
  parcels: Plain[]
  /** its cases as the subjects of their clocks */
  caseIds: string[]
}
type Plain = Record<string, unknown>
type Asked = (Plain & { id: string })[]

const ofOrders = `select o.bucket, o.id, a.stage, o.end_at, o.created_at, o.paid_at, a.facts, ${wholeDetails} as details, o.anomalies, o.live_session,
    o.warehouse, o.policy, o.settings, o.watched, o.unwatched is not null as unwatched, o.cases_from, a.told_at, o.received_at,
    a.version, a.judged_at, a.recheck_at, a.next_at, a.case_next_at, a.next_due_at, a.stuck ->> 'error' as stuck
  from orders o join agenda a using (bucket, id) where o.id = any($1::uuid[])`
const ofClocks = `select subject_id as id, kind, basis, round, standard, policy, start_at, due_at, due_since, warnings, state, outcome,
    closed_at, stopped_by, paused_until, observed, unconfirmed, gone, fired, breach_due_at, breach_fired_at, breach_standing,
    breach_withdrawn_at, breach_why ->> 'reason' as breach_why, case_n
  from clocks where subject_kind = 'order' and subject_id = any($1::uuid[])`
const ofCases = `select c.order_id as id, c.bucket, c.n, c.version, c.state, c.department, c.assignee, c.cause, c.contested, c.hand_ons, c.eta_at,
    c.eta_changes, c.resolved_by is not null as resolved, c.resolvable is not null as resolvable, c.opened_at, c.archived_at,
    c.withdrawn, c.reopened, c.successor_of, (select i.n from incidents i where i.id = c.incident) as incident, c.incident_seq, c.exempt,
    c.owed, c.owed_by, c.owed_from_at, c.owed_near_at, c.owed_due_at,
    (select json_agg(json_build_array(l.what, l.who, round(extract(epoch from l.at) * 1000)) order by l.at, l.seq, l.id)
     from case_log l where l.bucket = c.bucket and l.case_n = c.n) as log
  from cases c where c.order_id = any($1::uuid[]) order by c.n`
const ofInner = `select c.order_id as id, c.n, k.kind, k.basis, k.round, k.standard, k.start_at, k.due_at, k.due_since, k.state, k.outcome,
    k.closed_at, k.stopped_by, k.gone, k.fired, k.breach_due_at, k.breach_fired_at, k.breach_standing, k.breach_withdrawn_at,
    k.breach_why ->> 'reason' as breach_why
  from clocks k join cases c on c.bucket = k.bucket and c.n = k.case_n where k.subject_kind = 'case' and c.order_id = any($1::uuid[])`
const ofLines = `select order_id as id, line, sku, name, quantity, amount, kind from lines where order_id = any($1::uuid[]) order by line`
const ofParcels = `select order_id as id, carrier, tracking_no, lines from parcels where order_id = any($1::uuid[]) order by carrier, tracking_no`

/** Reads what stands of some orders, by their ids. */
export async function readRows(pool: pg.Pool, ids: readonly string[]): Promise<Map<string, Rows>> {
  const rows = new Map<string, Rows>()
  if (ids.length === 0) return rows
  const ask = async (sql: string) => (await pool.query<Plain & { id: string }>(sql, [ids])).rows
  const asked = [ofOrders, ofCases, ofInner, ofClocks, ofLines, ofParcels].map(ask)
  const [orders, cases, inner, clocks, lines, parcels] = (await Promise.all(asked)) as [
    Asked,
    Asked,
    Asked,
    Asked,
    Asked,
    Asked,
  ]
  for (const { id, bucket: _, ...order } of orders)
    rows.set(id, { order, clocks: {}, cases: [], lines: [], parcels: [], caseIds: [] })
  const counts = new Map<string, number[]>()
  for (const { id, bucket, n, ...each } of cases) {
    counts.set(id, [...(counts.get(id) ?? []), n as number])
    const successorOf =
      each.successor_of === null ? null : counts.get(id)!.indexOf(each.successor_of as number)
    rows.get(id)!.cases.push({ ...each, successor_of: successorOf, log: each.log ?? [], inner: {} })
    rows.get(id)!.caseIds.push(casePlace({ bucket: bucket as number, n: n as number }).id)
  }
  for (const { id, n, kind, basis, round, fired, ...each } of inner) {
    const clock = { kind: kind as string, basis: basis as string, round: round as number }
    const own = rows.get(id)!.cases[counts.get(id)!.indexOf(n as number)]!
    Object.assign(own.inner as Plain, { [nameOf(clock)]: { ...each, fired: levelsOf(fired) } })
  }
  for (const { id, kind, basis, round, case_n, fired, ...each } of clocks) {
    const clock = { kind: kind as string, basis: basis as string, round: round as number }
    const ownCase = case_n === null ? null : (counts.get(id) ?? []).indexOf(case_n as number)
    rows.get(id)!.clocks[nameOf(clock)] = { ...each, fired: levelsOf(fired), case: ownCase }
  }
  for (const { id, ...line } of lines) rows.get(id)!.lines.push(line)
  for (const { id, ...parcel } of parcels) rows.get(id)!.parcels.push(parcel)
  return rows
}

const levelsOf = (fired: unknown) =>
  ((fired ?? []) as [string, number, number][]).map((one) => [...one]).sort(byText)

const byText = (one: unknown, other: unknown): number =>
  JSON.stringify(one) < JSON.stringify(other) ? -1 : JSON.stringify(one) > JSON.stringify(other) ? 1 : 0

const text = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null)

/** What ought to stand in the database of an order. Clocks that are gone keep only what took effect of them. */
export function rowsOf(life: Life, rules: RulesBy): Omit<Rows, "caseIds"> {
  const at = life.judgedAt
  const answer = judged(life, rules, at)
  const isWatchedNow = isWatched(life, answer)
  const dues = answer.clocks
    .filter((each) => each.state !== "closed" && each.observed && each.dueAt !== null)
    .map((each) => each.dueAt!)
  const order = {
    stage: answer.stage,
    end_at: answer.endAt,
    created_at: answer.facts.created ?? null,
    paid_at: answer.facts.paid ?? null,
    facts: answer.facts,
    details: answer.details,
    anomalies: answer.anomalies,
    live_session: text(answer.details.liveSession),
    warehouse: text(answer.details.warehouse),
    policy: answer.policy,
    settings: life.settings,
    watched: isWatchedNow,
    unwatched: life.unwatched,
    cases_from: life.casesFrom,
    told_at: answer.greatestToldAt,
    received_at: life.receivedAt,
    version: life.version,
    judged_at: at,
    recheck_at: answer.recheckAt,
    next_at: life.nextAt,
    case_next_at: life.caseNextAt,
    next_due_at: isWatchedNow && dues.length > 0 ? Math.min(...dues) : null,
    stuck: null,
  }
  const clocks: Rows["clocks"] = {}
  for (const [name, due] of life.dues) {
    const clock = answer.clocks.find((each) => nameOf(each) === name)
    clocks[name] = {
      ...(clock ? saidOf(clock, answer.policy) : { gone: true }),
      due_since: due.since,
      ...effectsOf(life, name),
    }
  }
  const cases = life.cases.map((each) => ({
    version: each.version,
    state: each.state,
    department: each.department,
    assignee: each.assignee,
    cause: each.cause,
    contested: each.contested,
    hand_ons: each.handOns,
    eta_at: each.etaAt,
    eta_changes: each.etaChanges,
    resolved: each.isResolved,
    resolvable: each.isResolvable,
    opened_at: each.openedAt,
    archived_at: each.archivedAt,
    withdrawn: each.withdrawn,
    reopened: each.reopened,
    successor_of: each.successorOf,
    incident: each.incident,
    incident_seq: each.incidentSeq,
    exempt: each.exempt,
    inner: innerOf(each.inner),
    ...(each.archivedAt === null ? owedOf(each.inner) : {}),
    log: inOrder(each.log).map(({ what, who, at }) => [what, who, at]),
  }))
  return { order, clocks, cases, lines: linesOf(answer.details.items), parcels: parcelsOf(life) }
}

function saidOf(clock: ReturnType<typeof judged>["clocks"][number], policy: number | null): Plain {
  return {
    standard: clock.standard,
    policy,
    start_at: clock.startAt,
    due_at: clock.dueAt,
    warnings: clock.warnLevels.map((level, i) => [level, clock.warnAt[i] ?? null]),
    state: clock.state,
    outcome: clock.outcome,
    closed_at: clock.closedAt,
    stopped_by: clock.stoppedBy,
    paused_until: clock.pausedUntil,
    observed: clock.observed,
    unconfirmed: clock.unconfirmed,
    gone: false,
  }
}

function innerOf({ clocks, ...effective }: Inner): Plain {
  const rows = [...clocks].map(([name, { clock, since, gone }]) => {
    const { case: _, ...effects } = effectsOf(effective, name)
    const { standard, startAt, dueAt, state, outcome, closedAt, stoppedBy } = clock
    const said = { standard, start_at: startAt, due_at: dueAt, state, outcome, closed_at: closedAt }
    return [name, { ...said, stopped_by: stoppedBy, due_since: since, gone, ...effects }]
  })
  return Object.fromEntries(rows)
}

const owedOf = ({ owed: [what, by, fromAt, nearAt, dueAt] }: Inner): Plain => ({
  owed: what,
  owed_by: by,
  owed_from_at: fromAt,
  owed_near_at: nearAt,
  owed_due_at: dueAt,
})

function effectsOf({ fired: levels, breaches }: Effective, name: string): Plain {
  const breach = breaches.get(name)
  const fired = [...levels]
    .filter(([each]) => each.startsWith(`${name} `))
    .map(([each, { at, firedAt }]) => [each.slice(name.length + 1), at, firedAt])
  return {
    fired: fired.sort(byText),
    breach_due_at: breach?.dueAt ?? null,
    breach_fired_at: breach?.firedAt ?? null,
    breach_standing: breach?.standing ?? null,
    breach_withdrawn_at: breach?.withdrawnAt ?? null,
    breach_why: breach?.why ?? null,
    case: breach?.ownCase ?? null,
  }
}

function linesOf(items: Json | undefined): Plain[] {
  if (!Array.isArray(items)) return []
  const lines = new Map<string, Plain>()
  for (const item of items as Record<string, unknown>[]) {
    const line = (item.line ?? item.sku ?? null) as string | null
    if (line === null || lines.has(line)) continue
    const { sku = null, name = null, quantity = null, amount = null, kind = null } = item
    lines.set(line, { line, sku, name, quantity, amount, kind })
  }
  return [...lines.values()].sort((one, other) => byText(one.line, other.line))
}

/** Each parcel that a valid event states; of several that state it, the last in the order of R11. */
function parcelsOf(life: Life): Plain[] {
  const parcels = new Map<string, Plain>()
  for (const { event } of validAt(keep(life.arrivals).told, life.judgedAt).sort(byTelling)) {
    const { carrier, trackingNo } = event.order ?? {}
    if (typeof trackingNo !== "string") continue
    const parcel = {
      carrier: typeof carrier === "string" ? carrier : "",
      tracking_no: trackingNo,
      lines: event.lines ?? null,
    }
    parcels.set(`${parcel.carrier}|${trackingNo}`, parcel)
  }
  return [...parcels.values()].sort((one, other) =>
    byText([one.carrier, one.tracking_no], [other.carrier, other.tracking_no]),
  )
}

/** Where the rows of an order differ from what they ought to be: path, what stands and what ought to; clocks that are gone by their effects alone. */
export function differences(found: Rows | undefined, wanted: Omit<Rows, "caseIds">): string[] {
  if (!found) return ["the order is not there"]
  const differing: string[] = []
  const compare = (path: string, one: unknown, other: unknown) => {
    if (sameText(one) !== sameText(other))
      differing.push(`${path}: ${shown(one)} stands, ${shown(other)} ought to`)
  }
  for (const field in wanted.order) compare(field, found.order[field], wanted.order[field])
  compare("clocks", Object.keys(found.clocks).sort(), Object.keys(wanted.clocks).sort())
  for (const [name, clock] of Object.entries(wanted.clocks))
    for (const field in clock) compare(`${name} ${field}`, found.clocks[name]?.[field], clock[field])
  compare("number of cases", found.cases.length, wanted.cases.length)
  for (const [i, own] of wanted.cases.entries())
    for (const field in own) compare(`case ${i} ${field}`, found.cases[i]?.[field], own[field])
  compare("lines", found.lines, wanted.lines)
  compare("parcels", found.parcels, wanted.parcels)
  return differing
}

/** The same whatever the order of keys; Infinity is no null. */
const sameText = (value: unknown): string =>
  JSON.stringify(value, (_, each) =>
    each === Infinity
      ? "infinity"
      : each !== null && typeof each === "object" && !Array.isArray(each)
        ? Object.fromEntries(Object.entries(each).sort(([one], [other]) => (one < other ? -1 : 1)))
        : each,
  ) ?? "nothing"

const isInstant = (value: unknown): value is Instant =>
  typeof value === "number" && value > 1e12 && value !== Infinity
const shown = (value: unknown): string => (isInstant(value) ? new Date(value).toISOString() : sameText(value))

/** What was said of an order and its cases, to be held against the outbox: one text each. */
export const sayings = (id: string, { caseIds }: Pick<Rows, "caseIds">, said: readonly Said[]): string[] =>
  said.map(({ kind, department, standard, clock, basis, level, ownCase, round, dueAt, at }) =>
    [
      kind,
      department,
      standard,
      clock,
      basis,
      level,
      ownCase === null ? id : caseIds[ownCase],
      round,
      dueAt,
      at,
    ].join("|"),
  )

/** Takes what waits to leave the process out of its box: by order or case, one text for each thing said. */
export async function emptyOutbox(pool: pg.Pool): Promise<Map<string, string[]>> {
  const { rows } = await pool.query<Plain & { about: [number, string, number, number | null][] }>(
    `delete from outbox returning kind, department, standard, clock, basis, level, about, created_at`,
  )
  const byOrder = new Map<string, string[]>()
  for (const { about, kind, department, standard, clock, basis, level, created_at } of rows)
    for (const [, id, round, dueAt] of about) {
      const said = [kind, department, standard, clock, basis, level, id, round, dueAt, created_at].join("|")
      byOrder.set(id, [...(byOrder.get(id) ?? []), said])
    }
  return byOrder
}
